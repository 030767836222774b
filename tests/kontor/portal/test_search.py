"""The search page: results with both scripts and the reason, also while one types, and never more than one may see."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kontor.accounts.models import User
from kontor.directory.models import Organisation
from kontor.directory.names import organisation_key
from kontor.events.models import Event, Participation
from kontor.i18n import Text
from kontor.search import services


@pytest.fixture
def quanxin(db: None) -> Organisation:
    """A published organisation that makes power semiconductors, with a name in two scripts."""
    name = Text.of("zh", zh="济南泉芯半导体有限公司", en="Jinan Quanxin Semiconductor Co., Ltd.")
    row = Organisation.objects.create(
        name=name,
        name_key=organisation_key(str(name)),
        country="CN",
        place="济南",
        capability=Text.of("zh", zh="功率半导体模块"),
        state="published",
        is_sample=True,
    )
    services.index("organisation", row.public_id)
    return row


def page(client: Client, query: str, *, language: str = "de", **headers: str) -> str:
    return client.get(f"/{language}/search/", {"q": query}, headers=headers).content.decode()


def test_visitors_read_both_scripts_the_place_and_why_it_was_found(quanxin: Organisation) -> None:
    html = page(Client(), "Leistungselektronik")
    assert '<span lang="en">Jinan Quanxin Semiconductor Co., Ltd.</span>' in html
    assert '<span class="quiet" lang="zh-Hans">济南泉芯半导体有限公司</span>' in html
    assert '<span lang="de">Jinan</span>, China' in html
    assert "Gefunden über das Thema „Leistungselektronik“." in html
    assert "Beispieldaten" in html


def test_without_words_the_page_says_what_to_write(db: None) -> None:
    html = page(Client(), "", language="en")
    assert "Write a name, a place or what somebody can do." in html


def test_without_results_the_page_says_what_to_try(quanxin: Organisation) -> None:
    html = page(Client(), "zzzzzz", language="en")
    assert "Nothing found" in html
    assert "Try fewer words" in html


def test_while_one_types_only_the_results_are_sent(quanxin: Organisation) -> None:
    html = page(Client(), "Jinan Quanx", **{"HX-Request": "true"})
    assert html.startswith('<div id="search-results"')
    assert "Jinan Quanxin Semiconductor" in html
    assert "<html" not in html


def test_markup_in_a_query_stays_text(quanxin: Organisation) -> None:
    html = page(Client(), '"><script>alert(1)</script> Leistungshalbleiter')
    assert "<script>alert" not in html


def test_filters_limit_the_results(quanxin: Organisation) -> None:
    client = Client()
    for filters, is_found in (
        ({"country": "CN"}, True),
        ({"country": "DE"}, False),
        ({"kind": "organisation"}, True),
        ({"kind": "event"}, False),
        ({"topic": "microelectronics"}, True),
        ({"topic": "food-agriculture"}, False),
        ({"topic": "no-such-topic", "kind": "nothing", "page": "x"}, True),
    ):
        html = client.get("/en/search/", {"q": "quanxin", **filters}).content.decode()
        assert ("Jinan Quanxin Semiconductor" in html) is is_found, filters


def test_profiles_of_an_event_are_found_by_those_who_attend_it_and_listed_ones_only(
    smec: Event,
    mara: User,
    anna: Participation,
    wentao: Participation,
    shy: Participation,
    outsider: Participation,
    stranger: User,
    operator: User,
    now: datetime,
    browse: Callable[..., Client],
) -> None:
    services.index("profile", wentao.public_id, shy.public_id)

    def sees(user: User | None, query: str, name: str) -> bool:
        return name in page(browse(user), query, language="en")

    everybody = {
        "visitor": None, "stranger": stranger, "participant": anna.person.user, "organiser": mara,
        "elsewhere": outsider.person.user, "operator": operator,
    }  # fmt: skip
    listed = {who for who, user in everybody.items() if sees(user, "Lü Wentao", "吕文涛")}
    hidden = {who for who, user in everybody.items() if sees(user, "Quill", "Shy Quill")}
    assert listed == {"participant", "organiser", "operator"}
    assert hidden == {"organiser", "operator"}


def test_an_event_leads_organisers_to_the_preparation_and_participants_to_their_day(
    smec: Event, mara: User, anna: Participation, now: datetime, browse: Callable[..., Client]
) -> None:
    services.index("event", smec.public_id)
    assert 'href="/en/events/smec-2018/"' in page(browse(mara), "smec-2018", language="en")
    assert 'href="/en/events/smec-2018/day/"' in page(browse(anna.person.user), "smec-2018", language="en")
    assert "Event smec-2018" not in page(browse(), "smec-2018", language="en")


def test_a_search_takes_at_most_eight_statements_even_when_nothing_has_all_words(
    quanxin: Organisation, anna: Participation, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(anna.person.user)
    page(client, "quanxin")
    for query in ("quanxin", "功率半导体", "quanxin nowhere else"):
        with CaptureQueriesContext(connection) as captured:
            html = page(client, query)
        # the test clock is a row; the real one is none
        own = [one["sql"] for one in captured if "jobs_clockshift" not in one["sql"]]
        assert "Jinan Quanxin Semiconductor" in html
        assert len(own) <= 8, "\n".join(own)
