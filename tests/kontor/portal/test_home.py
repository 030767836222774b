"""The home page: visitors learn what this is, everybody else finds the page of their event that they need most."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.directory.models import Cluster, ClusterStaff, Person
from kontor.directory.services.people import add_affiliation
from kontor.events.models import Event, Interpreter, Participation
from kontor.i18n import Text
from kontor.portal.queries import my_events

pytestmark = pytest.mark.usefixtures("now")


def test_the_bare_address_leads_to_the_home_page_in_the_language_of_the_reader(
    anna: Participation, browse: Callable[..., Client]
) -> None:
    visitor = browse()
    for wish, home in (("zh-CN,zh;q=0.9", "/zh-hans/"), ("de-AT", "/de/"), ("fi", "/en/")):
        assert visitor.get("/", headers={"Accept-Language": wish})["Location"] == home
    own = browse(anna.person.user).get("/", headers={"Accept-Language": "zh-CN"})
    assert (own["Location"], own["Vary"]) == ("/de/", "Accept-Language, Cookie")


def test_visitors_see_announced_events_only(smec: Event, forum: Event, browse: Callable[..., Client]) -> None:
    Event.objects.filter(pk=forum.pk).update(is_announced=True)
    text = browse().get("/en/").content.decode()
    assert "Event forum-2018" in text
    assert "Event smec-2018" not in text


def test_somebody_with_one_event_goes_straight_to_their_day(
    anna: Participation, lin: Interpreter, browse: Callable[..., Client]
) -> None:
    for person in (anna.person, lin.person):
        assert browse(person.user).get("/en/")["Location"] == "/en/events/smec-2018/day/"


def test_somebody_without_an_event_is_not_sent_away(
    smec: Event, stranger: User, browse: Callable[..., Client]
) -> None:
    answer = browse(stranger).get("/en/")
    assert answer.context["my_events"] == []
    assert "Event smec-2018" not in answer.content.decode()


def test_the_network_is_where_visitors_are_at_home_and_nobody_else(
    smec: Event, mara: User, browse: Callable[..., Client]
) -> None:
    here = 'href="/en/network/" aria-current="page"'
    assert here in browse().get("/en/").content.decode()
    assert here not in browse(mara).get("/en/").content.decode()


def test_an_organiser_chooses_among_the_events_they_organise_and_attend(
    smec: Event, forum: Event, mara: User, browse: Callable[..., Client]
) -> None:
    mine = my_events(mara)
    assert [one.role for one in mine] == ["organiser"]
    assert mine[0].url.endswith("/events/smec-2018/")
    text = browse(mara).get("/en/").content.decode()
    assert "Event smec-2018" in text
    assert "Event forum-2018" not in text


def test_the_newest_event_comes_first_and_each_once(
    smec: Event, forum: Event, anna: Participation, now: datetime
) -> None:
    user = anna.person.user
    assert user is not None
    Event.objects.filter(pk=forum.pk).update(starts_on="2019-05-01", ends_on="2019-05-02")
    Participation.objects.create(
        event=forum, person=anna.person, organisation=anna.organisation, sort_key="b"
    )
    Interpreter.objects.create(event=forum, person=anna.person, pairs=["de-en"])
    assert [(str(one.name), one.role) for one in my_events(user)] == [
        ("Event forum-2018", "participant"),
        ("Event smec-2018", "participant"),
    ]


def test_a_visitor_of_a_demonstration_meets_its_door(
    smec: Event, browse: Callable[..., Client], settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert browse().get("/en/")["Location"] == "/en/demo/"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "There is nothing here for you"),
        ("de", "Hier ist nichts zu finden"),
        ("zh-hans", "此处没有可查看的内容"),
    ],
)
def test_what_is_not_there_is_said_in_the_language_of_the_reader(
    smec: Event, browse: Callable[..., Client], language: str, words: str
) -> None:
    answer = browse().get(f"/{language}/no-such-page/")
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "heading"),
    [("de", "Das war nicht möglich"), ("en", "That was not possible"), ("zh-hans", "操作未能完成")],
)
def test_a_form_that_was_open_for_too_long_is_refused_in_the_language_of_the_reader(
    language: str, heading: str, browse: Callable[..., Client]
) -> None:
    answer = browse(checks_csrf=True).post(f"/{language}/accounts/link/", {"email": "anna@example.org"})
    assert answer.status_code == 403
    assert f"<h1>{heading}</h1>" in answer.content.decode()


def test_who_writes_for_an_organisation_or_a_cluster_starts_there(
    anna: Participation, stranger: User, browse: Callable[..., Client], now: datetime
) -> None:
    writer = Person.objects.create(family="Fremd", user=stranger)
    add_affiliation(writer, organisation=anna.organisation, is_editor=True, by=None, at=now)
    cluster = Cluster.objects.create(slug="saxony", name=Text.of("de", de="Netz Sachsen"))
    ClusterStaff.objects.create(cluster=cluster, user=stranger)
    page = browse(stranger).get("/en/").content.decode()
    assert "<h1>My organisations</h1>" in page
    assert f'href="/en/organisations/{anna.organisation.public_id}/edit/"' in page
    assert "Netz Sachsen" in page
    assert 'href="/en/organisations/claims/"' in page
    assert "No events yet" not in page
