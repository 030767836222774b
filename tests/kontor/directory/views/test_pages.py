"""The public pages of organisations and clusters: what they show, to whom, and how many statements they take."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kontor.accounts.models import User
from kontor.directory.models import (
    Cluster,
    ClusterPartnership,
    ClusterStaff,
    Membership,
    Organisation,
    Site,
)
from kontor.directory.services.merging import merge_organisations
from kontor.directory.services.organisations import (
    NameData,
    add_organisation,
    add_registry_number,
    set_names,
)
from kontor.i18n import Text


@pytest.fixture
def quanxin(now: datetime, db: None) -> Organisation:
    """A published maker of power semiconductors with names in both scripts."""
    row = Organisation(
        name=Text.of("zh", zh="济南泉芯半导体有限公司", en="Jinan Quanxin Semiconductor Co., Ltd."),
        capability=Text.of("zh", zh="功率半导体模块", en="Power modules; tested, packed"),
        topics=["power-electronics"],
        country="CN",
        kind="sme",
        place="济南",
        state="published",
    )
    return add_organisation(row, by=None, at=now)


def text_of(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return answer.content.decode()


def listed(client: Client, query: str = "") -> list[str]:
    """Public ids in the order of the list."""
    page = text_of(client, f"/en/organisations/{query}")
    return re.findall(r'<td role="cell"[^>]*><a href="/en/organisations/(\w+)/">', page)


def test_only_published_organisations_are_listed_by_their_reading(
    now: datetime, quanxin: Organisation, browse: Callable[..., Client]
) -> None:
    rows = [
        add_organisation(Organisation(name=Text.of("de", de=name), state=state), by=None, at=now)
        for name, state in (("Zeta GmbH", "published"), ("Ältere Werke", "published"), ("Hidden AG", "draft"))
    ]
    assert listed(browse()) == [rows[1].public_id, quanxin.public_id, rows[0].public_id]


def test_the_list_is_limited_by_country_kind_and_topic(
    now: datetime, quanxin: Organisation, browse: Callable[..., Client]
) -> None:
    add_organisation(
        Organisation(name=Text.of("de", de="Elbe AG"), country="DE", kind="large", state="published"),
        by=None,
        at=now,
    )
    client = browse()
    for query in ("?country=CN", "?kind=sme", "?topic=power-electronics"):
        assert listed(client, query) == [quanxin.public_id], query
    assert len(listed(client, "?country=%00&kind=nothing&topic=nothing")) == 2


def test_the_list_goes_on_where_it_stopped(now: datetime, db: None, browse: Callable[..., Client]) -> None:
    Organisation.objects.bulk_create(
        Organisation(
            name=Text.of("en", en=f"Firm {number:03}"),
            name_key=f"firm{number:03}",
            sort_key=f"firm {number:03}",
            state="published",
        )
        for number in range(60)
    )
    client = browse()
    first = listed(client)
    after = re.search(r'rel="next" href="(\?[^"]+)"', text_of(client, "/en/organisations/"))
    assert after is not None
    assert len(first) == 50
    assert len({*first, *listed(client, after[1])}) == 60


@pytest.mark.parametrize("num", [1, 3])
def test_pages_take_at_most_eight_statements(
    now: datetime,
    num: int,
    saxony: Cluster,
    browse: Callable[..., Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(num):
        row = add_organisation(
            Organisation(name=Text.of("en", en=f"Firm {number}"), country="DE", state="published"),
            names=[NameData(language="de", text=f"Firma {number}")],
            by=None,
            at=now,
        )
        Membership.objects.create(cluster=saxony, organisation=row, state="active", is_listed=True)
        Site.objects.create(organisation=row, source="S", country="DE", latitude=51 + number, longitude=13)
    client = browse()
    for path in ("/en/organisations/", f"/en/organisations/{row.public_id}/", "/en/clusters/elbe-valley/"):
        client.get(path)
        with django_assert_max_num_queries(8):
            client.get(path)


def test_strangers_get_404_for_what_is_not_published(
    now: datetime, stranger: User, browse: Callable[..., Client]
) -> None:
    hidden = add_organisation(Organisation(name=Text.of("de", de="Hidden AG")), by=None, at=now)
    Cluster.objects.create(slug="secret", name=Text.of("en", en="Secret"))
    for client in (browse(), browse(stranger)):
        for path in (f"/en/organisations/{hidden.public_id}/", "/en/clusters/secret/"):
            assert client.get(path).status_code == 404
            assert client.get(f"/en/organisations/{hidden.public_id}/card.vcf").status_code == 404


def test_the_profile_shows_both_scripts_former_names_and_its_numbers(
    now: datetime, quanxin: Organisation, stranger: User, browse: Callable[..., Client]
) -> None:
    set_names(
        quanxin,
        [NameData(language="en", text="Quanxin Works", kind="former", valid_until=date(2014, 3, 1))],
        by=stranger,
        at=now,
    )
    add_registry_number(quanxin, scheme="uscc", text="91350100M000100Y43", by=None, at=now)
    page = text_of(browse(), f"/en/organisations/{quanxin.public_id}/")
    for words in (
        "济南泉芯半导体有限公司",
        "Jinan Quanxin",
        "Quanxin Works",
        "Former name",
        "91350100M000100Y43",
        "not checked",
    ):
        assert words in page
    assert re.search(r'<span lang="zh-Hans">济南泉芯半导体有限公司</span>', page)
    assert "?q=power%20electronics&amp;kind=organisation" in page


def test_forty_aliases_stand_on_one_page(
    now: datetime, quanxin: Organisation, stranger: User, browse: Callable[..., Client]
) -> None:
    names = [NameData(language="en", text=f"Alias {number:02}") for number in range(40)]
    set_names(quanxin, names, by=stranger, at=now)
    page = text_of(browse(), f"/en/organisations/{quanxin.public_id}/")
    assert page.count("Also known as") == 40


def test_a_site_that_nobody_checked_is_shown_as_a_claim_of_its_source(
    now: datetime, quanxin: Organisation, browse: Callable[..., Client]
) -> None:
    """A laboratory in Sicily that a press text named stands in Italy."""
    Site.objects.create(
        organisation=quanxin, kind="lab", place=Text.of("en", en="Catania"), country="IT",
        latitude="37.50220", longitude="15.08710", source="Press release of 1 November 2018",
    )  # fmt: skip
    page = text_of(browse(), f"/en/organisations/{quanxin.public_id}/")
    assert '<span class="chip warn">claimed</span>' in page
    assert "Press release of 1 November 2018" in page
    assert "Italy" in page
    assert "<circle" not in page  # one place is no map
    assert '"location"' not in page


def test_machines_read_names_topics_and_other_languages(
    quanxin: Organisation, browse: Callable[..., Client]
) -> None:
    page = text_of(browse(), f"/en/organisations/{quanxin.public_id}/")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert (data["@type"], data["name"], data["alternateName"], data["knowsAbout"]) == (
        "Organization",
        "Jinan Quanxin Semiconductor Co., Ltd.",
        ["济南泉芯半导体有限公司"],
        ["power electronics"],
    )
    assert sorted(re.findall(r'hreflang="([^"]+)" href="http[^"]+organisations/', page)) == [
        "de",
        "en",
        "zh-Hans",
    ]


def test_the_business_card_holds_both_scripts_in_short_lines(
    quanxin: Organisation, browse: Callable[..., Client]
) -> None:
    answer = browse().get(f"/en/organisations/{quanxin.public_id}/card.vcf")
    card = answer.content.decode()
    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:org\r\n")
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
    whole = card.replace("\r\n ", "")
    assert "FN;ALTID=1;LANGUAGE=zh-Hans:济南泉芯半导体有限公司\r\n" in whole
    assert "FN;ALTID=1;LANGUAGE=en:Jinan Quanxin Semiconductor Co.\\, Ltd.\r\n" in whole
    assert "NOTE;ALTID=1;LANGUAGE=en:Power modules\\; tested\\, packed\r\n" in whole
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"


def test_the_address_of_a_merged_organisation_leads_to_its_survivor(
    now: datetime, quanxin: Organisation, stranger: User, browse: Callable[..., Client]
) -> None:
    double = add_organisation(
        Organisation(name=Text.of("en", en="Quanxin"), state="published"), by=None, at=now
    )
    merge_organisations(quanxin, duplicate=double, by=stranger, at=now)
    answer = browse().get(f"/en/organisations/{double.public_id}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/en/organisations/{quanxin.public_id}/")


def test_a_member_of_two_clusters_names_both_and_each_lists_it_once(
    saxony: Cluster, quanxin: Organisation, browse: Callable[..., Client]
) -> None:
    zone = Cluster.objects.create(slug="zone", name=Text.of("en", en="The Zone"), is_published=True)
    for cluster in (saxony, zone):
        Membership.objects.create(cluster=cluster, organisation=quanxin, state="active", is_listed=True)
    client = browse()
    page = text_of(client, f"/en/organisations/{quanxin.public_id}/")
    assert ("Elbe Valley Cluster" in page, "The Zone" in page) == (True, True)
    for slug in ("elbe-valley", "zone"):
        assert text_of(client, f"/en/clusters/{slug}/").count(quanxin.public_id) == 1


def test_made_up_members_are_marked_on_the_page_of_a_real_cluster(
    saxony: Cluster, quanxin: Organisation, browse: Callable[..., Client]
) -> None:
    Membership.objects.create(cluster=saxony, organisation=quanxin, state="active", is_listed=True)
    assert "sample data" not in text_of(browse(), "/en/clusters/elbe-valley/")
    Organisation.objects.filter(pk=quanxin.pk).update(is_sample=True)
    assert text_of(browse(), "/en/clusters/elbe-valley/").count("sample data") == 1


def test_members_who_did_not_agree_are_seen_by_the_staff_of_the_cluster_only(
    saxony: Cluster, clara: User, quanxin: Organisation, browse: Callable[..., Client]
) -> None:
    Membership.objects.create(cluster=saxony, organisation=quanxin, state="active", is_listed=False)
    assert quanxin.public_id not in text_of(browse(), "/en/clusters/elbe-valley/")
    assert quanxin.public_id in text_of(browse(clara), "/en/clusters/elbe-valley/")


def test_a_cluster_leads_to_the_story_with_its_partner(
    saxony: Cluster, browse: Callable[..., Client]
) -> None:
    zone = Cluster.objects.create(slug="zone", name=Text.of("zh", zh="高新区"), is_published=True)
    hidden = Cluster.objects.create(slug="hidden", name=Text.of("en", en="Hidden"))
    for other in (zone, hidden):
        ClusterPartnership.objects.create(first=saxony, second=other, since_year=2014)
    page = text_of(browse(), "/en/clusters/elbe-valley/")
    assert reverse("agreements:relation-show", args=["elbe-valley", "zone"]) in page
    assert "Hidden" not in page


def test_an_unpublished_cluster_is_seen_by_its_staff(db: None, browse: Callable[..., Client]) -> None:
    draft = Cluster.objects.create(slug="draft", name=Text.of("en", en="Draft"))
    rita = User.objects.create_user("rita@example.org")
    ClusterStaff.objects.create(cluster=draft, user=rita)
    assert "Draft" in text_of(browse(rita), "/en/clusters/draft/")


def test_a_member_of_two_clusters_stands_on_both_pages_and_names_both(
    now: datetime, quanxin: Organisation, saxony: Cluster, browse: Callable[..., Client]
) -> None:
    zone = Cluster.objects.create(slug="zone", name=Text.of("en", en="Zone Jinan"), is_published=True)
    for cluster in (saxony, zone):
        Membership.objects.create(cluster=cluster, organisation=quanxin, state="active", is_listed=True)
    client = browse()
    page = text_of(client, f"/en/organisations/{quanxin.public_id}/")
    assert ("Elbe Valley Cluster" in page, "Zone Jinan" in page) == (True, True)
    for cluster in (saxony, zone):
        assert quanxin.public_id in text_of(client, f"/en/clusters/{cluster.slug}/"), cluster.slug


def test_titles_hold_words_and_no_markup(
    quanxin: Organisation, saxony: Cluster, clara: User, browse: Callable[..., Client]
) -> None:
    Membership.objects.create(cluster=saxony, organisation=quanxin, state="active")
    client, one = browse(clara), f"/de/organisations/{quanxin.public_id}/"
    cluster = "/de/clusters/elbe-valley/"
    for path in (
        one,
        f"{one}edit/",
        f"{one}details/",
        f"{one}claim/",
        cluster,
        f"{cluster}edit/",
        f"{cluster}parts/",
    ):
        title = re.search(r"<title>(.*?)</title>", text_of(client, path), re.DOTALL)
        assert title is not None, path
        assert ("<" in title[1], "Quanxin" in title[1] or "Elbtal-Cluster" in title[1]) == (False, True), path
