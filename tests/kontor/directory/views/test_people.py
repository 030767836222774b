"""The pages of people: only who agreed is found, in both scripts, in the order of family names; namesakes are told apart."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kontor.accounts.models import User
from kontor.directory.models import Affiliation, Organisation, Person, PersonAlias, PersonLanguage
from kontor.directory.names import NameOrder, PersonName, candidate_key, sort_key
from kontor.directory.services.people import set_findable
from kontor.events.models import Participation
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES
from kontor.search.queries import Filters, search


def a_person(family: str, given: str, native: str = "", **fields: object) -> Person:
    order = NameOrder.FAMILY_FIRST if native else NameOrder.GIVEN_FIRST
    name = PersonName(
        family=family, given=given, native_family=native[:1], native_given=native[1:], order=order
    )
    since = timezone.now() if fields.get("findable_by", "nobody") != "nobody" else None
    return Person.objects.create(
        family=family, given=given, native_family=native[:1], native_given=native[1:], name_order=order.value,
        sort_key=sort_key(name), candidate_key=candidate_key(name), findable_since=since, **fields,
    )  # fmt: skip


def works_for(person: Person, name: str, **fields: object) -> Organisation:
    organisation = Organisation.objects.create(
        name=Text.of("zh" if not name.isascii() else "en", **{"zh" if not name.isascii() else "en": name}),
        name_key=name,
        state=str(fields.pop("state", "published")),
    )
    Affiliation.objects.create(person=person, organisation=organisation, **fields)
    return organisation


@pytest.fixture
def wentao_public(db: None) -> Person:
    """Lyu Wentao of Quanxin wishes to be found by everybody."""
    person = a_person(
        "Lyu", "Wentao", "吕文涛", findable_by="everybody", language="zh", romanisation="passport",
        preferred_name="Kevin", channel="wechat", wechat="lyu_wentao", phone="+86 531 555 0102",
        pronunciation="like “lü”", country="CN", title="Dr.",
    )  # fmt: skip
    PersonLanguage.objects.create(person=person, code="zh", level="C2")
    PersonLanguage.objects.create(person=person, code="en", level="B1", is_assumed=True)
    PersonAlias.objects.create(person=person, text="Lv Wentao")
    works_for(person, "泉芯", function=Text.of("zh", zh="总经理", en="Managing director"))
    return person


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def names_in(text: str) -> list[str]:
    """Public ids in the order of the list."""
    return re.findall(r'href="/\w+/people/(\w{20,})/"', text)


def test_a_page_shows_the_parts_of_the_name_and_no_address(
    wentao_public: Person, browse: Callable[..., Client]
) -> None:
    text = page(browse(), f"/en/people/{wentao_public.public_id}/")
    for shown in (
        "Dr. LYU Wentao", "吕文涛", "as in the passport", "family name first", "Kevin", "like “lü”", "Lv Wentao",
        "Chinese C2", "English B1", "(assumed)", "WeChat", "泉芯", "Managing director",
    ):  # fmt: skip
        assert shown in text, shown
    assert ("lyu_wentao" in text, "555 0102" in text) == (False, False)


def test_who_did_not_agree_is_not_there_for_strangers(
    anna: Participation, stranger: User, operator: User, browse: Callable[..., Client]
) -> None:
    path = f"/en/people/{anna.person.public_id}/"
    own = anna.person.user
    for what in ("", "card.vcf"):
        statuses = [browse(one).get(path + what).status_code for one in (None, stranger, own, operator)]
        assert statuses == [404, 404, 200, 200], what
    assert anna.person.public_id not in page(browse(stranger), "/en/people/")
    assert "Only you see this page" in page(browse(own), path)


def test_whoever_agreed_for_people_who_are_signed_in_is_unknown_to_visitors(
    stranger: User, browse: Callable[..., Client]
) -> None:
    row = a_person("Half", "Open", findable_by="signed_in")
    path = f"/en/people/{row.public_id}/"
    assert [browse(one).get(path).status_code for one in (None, stranger)] == [404, 200]
    assert [names_in(page(browse(one), "/en/people/")) for one in (None, stranger)] == [[], [row.public_id]]


def test_people_stand_by_family_name_and_chinese_ones_by_pinyin(
    db: None, browse: Callable[..., Client]
) -> None:
    shown = {"findable_by": "everybody"}
    rows = [
        a_person("Zimmer", "Ada", **shown),
        a_person("", "", "单国强", **shown),  # Shan, not Dan
        a_person("Ärzt", "Uwe", **shown),
        a_person("Lyu", "Wentao", "吕文涛", **shown),
        a_person("Öztürk", "Ines", **shown),
    ]
    expected = [rows[2], rows[3], rows[4], rows[1], rows[0]]
    for language in ("de", "en", "zh-hans"):
        text = browse().get(f"/{language}/people/").content.decode()
        found = re.findall(r'href="/[\w-]+/people/(\w{20,})/"', text)
        assert found == [one.public_id for one in expected], language


def test_two_people_with_one_name_are_told_apart_by_whom_they_work_for(
    wentao_public: Person, browse: Callable[..., Client]
) -> None:
    other = a_person("Lü", "Wentao", "吕文涛", findable_by="everybody")
    works_for(other, "Lunan Power")
    hidden = a_person("Lu", "Wentao", "吕文涛")
    text = page(browse(), "/en/people/")
    assert set(names_in(text)) == {wentao_public.public_id, other.public_id}
    assert ("泉芯" in text, "Lunan Power" in text) == (True, True)
    own = page(browse(), f"/en/people/{wentao_public.public_id}/")
    assert "Other people with a like name" in own
    assert names_in(own.partition("Other people with a like name")[2])[:1] == [other.public_id]
    assert hidden.public_id not in own
    assert Person.objects.count() == 3  # nothing is merged by itself


def test_an_organisation_that_is_not_published_is_not_told_by_its_people(
    now: datetime, stranger: User, browse: Callable[..., Client]
) -> None:
    row = a_person("Open", "Olga")
    works_for(row, "Secret Ltd", state="draft")
    set_findable(row, findable_by="everybody", by=stranger, at=now)
    assert "Secret" not in page(browse(), f"/en/people/{row.public_id}/")
    assert "Secret" not in page(browse(), "/en/people/")
    (hit,) = search("Olga", audiences=("public",), language="en", filters=Filters(), size=5, skip=0).hits
    assert str(hit.place) == ""


def test_search_leads_to_the_page(now: datetime, stranger: User, browse: Callable[..., Client]) -> None:
    row = a_person("Lyu", "Wentao", "吕文涛")
    set_findable(row, findable_by="everybody", by=stranger, at=now)
    for words in ("吕文涛", "Lu Wentao", "lv wentao"):
        text = browse().get("/en/search/", {"q": words}).content.decode()
        assert f'href="/en/people/{row.public_id}/"' in text, words


def test_the_card_has_the_name_in_both_scripts_and_addresses_only_for_oneself(
    wentao_public: Person, browse: Callable[..., Client]
) -> None:
    def lines(client: Client) -> list[str]:
        answer = client.get(f"/en/people/{wentao_public.public_id}/card.vcf")
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
            "text/vcard; charset=utf-8",
            "nosniff",
        )
        return answer.content.decode().replace("\r\n ", "").split("\r\n")  # fmt: skip

    url = f"http://localhost:8000/en/people/{wentao_public.public_id}/"
    card = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:individual",
        f"UID:{url}",
        "FN;ALTID=1;LANGUAGE=en:LYU Wentao",
        "FN;ALTID=1;LANGUAGE=zh-Hans:吕文涛",
        "N;ALTID=1;LANGUAGE=en:Lyu;Wentao;;Dr.;",
        "N;ALTID=1;LANGUAGE=zh-Hans:吕;文涛;;;",
        "NICKNAME:Kevin",
        "ORG;LANGUAGE=zh-Hans:泉芯",
        "TITLE;ALTID=1;LANGUAGE=zh-Hans:总经理",
        "TITLE;ALTID=1;LANGUAGE=en:Managing director",
        "LANG;PREF=1:zh",
        "LANG;PREF=2:en",
    ]
    assert lines(browse()) == [*card, f"SOURCE:{url}", "END:VCARD", ""]
    user = User.objects.create_user("wentao@example.org")
    wentao_public.user, wentao_public.email = user, "wentao@example.org"
    wentao_public.save()
    own = [*card, "EMAIL:wentao@example.org", "TEL;VALUE=text:+86 531 555 0102"]
    assert lines(browse(user)) == [*own, f"SOURCE:{url}", "END:VCARD", ""]


def form_of(client: Client) -> dict[str, str]:
    """What the page would send if nothing were changed."""
    form = client.get("/en/people/me/").context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, Text):
            data |= {f"{bound.name}_{one}": value.in_language(one) for one in LANGUAGES}
        else:
            data[bound.name] = "" if value is None else str(value)
    return data


def test_people_agree_and_withdraw_themselves(
    now: datetime, anna: Participation, stranger: User, browse: Callable[..., Client]
) -> None:
    client = browse(anna.person.user)
    path = f"/en/people/{anna.person.public_id}/"
    data = form_of(client) | {"findable_by": "everybody", "level_zh": "A2", "spellings": "Anna Brueckner\n\n"}
    assert client.post("/en/people/me/", data).status_code == 302
    row = Person.objects.get(pk=anna.person.pk)
    assert (row.findable_by, row.findable_since, str(row), row.country) == (
        "everybody",
        now,
        "Brückner Anna",
        "DE",
    )
    assert [str(one) for one in row.languages.order_by("code")] == ["de C2", "en C1", "zh A2"]
    assert [str(one) for one in row.aliases.all()] == ["Anna Brueckner"]
    assert browse().get(path).status_code == 200
    client.post("/en/people/me/", form_of(client) | {"findable_by": "nobody"})
    assert Person.objects.get(pk=row.pk).findable_since is None
    assert browse(stranger).get(path).status_code == 404


def test_a_name_needs_a_family_name_in_one_script(anna: Participation, browse: Callable[..., Client]) -> None:
    client = browse(anna.person.user)
    data = form_of(client) | {"family": ""}
    answer = client.post("/en/people/me/", data)
    assert (answer.status_code, "in one script at least" in answer.content.decode()) == (422, True)
    assert client.post("/en/people/me/", data | {"native_family": "布"}).status_code == 302


@pytest.mark.parametrize("num", [1, 3])
def test_pages_of_people_take_as_many_statements_for_three_as_for_one(
    num: int, stranger: User, browse: Callable[..., Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:  # fmt: skip
    for number in range(num):
        row = a_person("Like", "Alike", findable_by="everybody")
        works_for(row, f"Firm {number}")
    client = browse(stranger)
    for path in ("/en/people/", f"/en/people/{row.public_id}/"):
        client.get(path)
        with django_assert_max_num_queries(8):
            client.get(path)


def test_an_account_that_is_nobodys_is_told_so(browse: Callable[..., Client], stranger: User) -> None:
    before = Person.objects.count()
    for answer in (browse(stranger).get("/en/people/me/"), browse(stranger).post("/en/people/me/", {})):
        assert "Your account belongs to nobody in the directory" in answer.content.decode()
    assert Person.objects.count() == before
