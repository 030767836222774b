"""Who gets what answer: every address of the site for every role, as declared in the register of routes."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.agreements.models import Agreement
from kontor.events.models import Event, Interpreter, Participation
from kontor.figures.models import Claim
from kontor.matching.models import Recommendation
from kontor.meetings.models import (
    Meeting,
    MeetingRequest,
    PlanRun,
    Seat,
)
from kontor.routes import Route, routes
from kontor.topics.models import LabelProposal

OPEN_PAGES = {
    "/calendar/<str:token>.ics",
    "/",
    "/en/",
    "/en/search/",
    "/en/accounts/link/",
    "/en/accounts/link/sent/",
    "/en/accounts/link/<str:token>/",
    "/en/accounts/code/",
    "/en/accounts/code/<slug:code>/",
    "/en/demo/",
    "/en/demo/sign-in/",
    "/en/organisations/",
    "/en/organisations/<str:organisation>/",
    "/en/organisations/<str:organisation>/card.vcf",
    "/en/people/",
    "/en/people/<str:person>/",
    "/en/people/<str:person>/card.vcf",
    "/en/clusters/",
    "/en/clusters/<slug:cluster>/",
    "/en/agreements/",
    "/en/agreements/<str:agreement>/",
    "/en/relations/<slug:first>/<slug:second>/",
    "/en/events/<slug:event>/about/",
    "/en/network/",
    "/en/news/",
    "/en/news/feed.atom",
    "/en/news/<slug:article>/",
    "/en/news/photos/<str:photo>.jpg",
    "/sitemap.xml",
    "/sitemaps/<slug:section>-<int:number>.xml",
    "/en/figures/",
    "/en/figures/<str:kind>/<str:subject>/",
    "/en/figures/claims/<str:claim>/",
    "/topics/",
    "/topics/vocabulary.<slug:form>",
    "/topics/<slug:concept>.<slug:form>",
    "/topics/<slug:concept>/",
    "/en/topics/",
    "/en/topics/<slug:concept>/",
}
"""what visitors may open; a new entry is a decision, not an accident"""

OF_EVERYBODY = {
    "accounts:settings-edit",
    "topics:label-propose",
    "directory:claim-new",
    "directory:person-edit",
}
"""pages that whoever is signed in may open, whatever their part"""

ABSENT = "0" * 24
"""a public id that nobody has"""


def own_routes() -> list[Route]:
    """The addresses of our own pages; those of allauth are allauth's to test, and /healthz and /readyz name nobody."""
    return [route for route in routes() if ":" in route.name]


def roles_at(route: Route) -> dict[str, bool]:
    """Who is let in: the declared roles where they hold this role in this very event."""
    declared = set(route.declaration.roles)
    is_operators = route.path.startswith("/en/operate/")
    takes_part = "participant" in declared
    # creating events is for whoever may organise, wherever they do
    may_create = route.name == "events:event-new"
    everybody_signed_in = "visitor" in declared or route.name in OF_EVERYBODY
    return {
        "participant of this event": takes_part or everybody_signed_in,
        "participant of another event": everybody_signed_in,
        "interpreter": "interpreter" in declared or everybody_signed_in,
        "organiser": ("organiser" in declared and not is_operators) or everybody_signed_in,
        "organiser of another event": may_create or everybody_signed_in,
        "editor": "editor" in declared or everybody_signed_in,
        "staff of a cluster": "staff" in declared or everybody_signed_in,
        "operator": "operator" in declared or everybody_signed_in,
        "stranger": everybody_signed_in,
    }


@pytest.fixture
def people(
    anna: Participation,
    outsider: Participation,
    lin: Interpreter,
    mara: User,
    ines: User,
    clara: User,
    elsa: User,
    operator: User,
    stranger: User,
) -> dict[str, User]:
    """One user per role."""
    return {
        "participant of this event": anna.person.user,
        "participant of another event": outsider.person.user,
        "interpreter": lin.person.user,
        "organiser": mara,
        "organiser of another event": ines,
        "editor": elsa,
        "staff of a cluster": clara,
        "operator": operator,
        "stranger": stranger,
    }  # type: ignore[dict-item]


def body_without(names: dict[str, str], answer: HttpResponse) -> str:
    """The page without the tokens of its forms and without the address that was asked for (as in links to other languages)."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", answer.content.decode())
    for name in filter(None, {*names.values(), ABSENT}):
        text = re.sub(rf"(?<=/){re.escape(name)}(?=[/.])", "…", text)
    text = re.sub(r'<p class="print-only">.*?</p>', "", text)  # the minute may pass between two requests
    return re.sub(r"/operate/\S+", "/operate/…", text)


# Whoever is let in may still have nothing there: an organiser has no day or profile of their own.
NOTHING_OF_THEIR_OWN = {
    ("organiser", "meetings:day-show"),
    ("organiser", "meetings:day-print"),
    ("operator", "meetings:day-show"),
    ("operator", "meetings:day-print"),
    # documents are for people of the parties
    ("participant of this event", "agreements:document-show"),
    ("interpreter", "agreements:document-show"),
    ("organiser", "agreements:document-show"),
    ("editor", "agreements:document-show"),
}
NEEDS_A_DEMO = {"demo:demo-show", "demo:demo-sign-in"}


def test_the_pages_that_are_open_to_visitors_are_these() -> None:
    assert {route.path for route in own_routes() if "visitor" in route.declaration.roles} == OPEN_PAGES


def test_every_page_answers_every_role_as_declared(
    stage: Any, people: dict[str, User], browse: Callable[..., Client]
) -> None:
    clients = {role: browse(user) for role, user in people.items()}
    wrong = []
    for route in own_routes():
        if "GET" not in route.declaration.methods or route.name in NEEDS_A_DEMO:
            continue
        for role, is_let_in in roles_at(route).items():
            answer = clients[role].get(stage.address(route))
            expected = is_let_in and (role, route.name) not in NOTHING_OF_THEIR_OWN
            found = answer.status_code != 404
            if found != expected or answer.status_code in (403, 500):
                wrong.append((route.path, role, answer.status_code))
    assert wrong == []


def test_every_act_answers_those_who_may_not_like_something_that_is_not_there(
    stage: Any, people: dict[str, User], browse: Callable[..., Client]
) -> None:
    clients = {role: browse(user) for role, user in people.items()}
    before = everything()
    wrong = []
    for route in own_routes():
        if "POST" not in route.declaration.methods or "visitor" in route.declaration.roles:
            continue
        for role, is_let_in in roles_at(route).items():
            if is_let_in:
                continue
            answer = clients[role].post(stage.address(route))
            if answer.status_code != 404:
                wrong.append((route.path, role, answer.status_code))
    assert wrong == []
    assert everything() == before


def test_what_is_not_theirs_looks_like_what_is_not_there(
    stage: Any, stranger: User, ines: User, browse: Callable[..., Client]
) -> None:
    """The same status and the same body, so that nobody learns from it that something exists."""
    absent = {name: "1" if name == "number" else ABSENT for name in (*stage.names, "public_id")}
    names = stage.names | {"pair_list": stage.pair_list}
    for client in (browse(stranger), browse(ines)):
        for route in own_routes():
            if "<" not in route.path or "visitor" in route.declaration.roles or route.name in OF_EVERYBODY:
                continue
            act = client.get if "GET" in route.declaration.methods else client.post
            theirs = act(stage.address(route))
            missing = act(stage.address(route, **absent))
            assert (theirs.status_code, body_without(names, theirs)) == (
                missing.status_code,
                body_without(names, missing),
            ), route.path


def test_an_organiser_finds_no_rows_of_another_event_under_their_own_address(
    stage: Any, forum: Event, ines: User, browse: Callable[..., Client]
) -> None:
    """The slug is theirs, the rest of the address belongs to the conference."""
    client = browse(ines)
    before = everything()
    names = {"slug": forum.slug}
    wrong = []
    for route in own_routes():
        if "<slug:slug>" not in route.path or route.path.count("<") < 2:
            continue
        for method in route.declaration.methods:
            answer = (client.get if method == "GET" else client.post)(stage.address(route, **names))
            if answer.status_code != 404:
                wrong.append((method, route.path, answer.status_code))
    assert wrong == []
    assert everything() == before


def test_visitors_are_asked_to_sign_in_and_led_on_afterwards(
    stage: Any, browse: Callable[..., Client]
) -> None:
    client = browse()
    for route in own_routes():
        if "visitor" in route.declaration.roles:
            continue
        path = stage.address(route)
        act = client.get if "GET" in route.declaration.methods else client.post
        answer = act(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/en/accounts/login/?next={path}")


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of our own tables, but for when somebody was last here."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model.__module__.startswith("kontor.")
    }


def test_reading_changes_nothing(stage: Any, people: dict[str, User], browse: Callable[..., Client]) -> None:
    for role in ("participant of this event", "interpreter", "organiser", "operator"):
        client = browse(people[role])
        for route in own_routes():
            if "GET" not in route.declaration.methods:
                continue
            before = everything()
            client.get(stage.address(route))
            changed = [label for label, rows in everything().items() if rows != before[label]]
            assert set(changed) <= WRITTEN_BY_READING.get(route.name, set()), (route.path, role)


WRITTEN_BY_READING = {
    # whoever takes names out of the site is remembered
    "meetings:papers-schedules": {"audit.Disclosure", "audit.Entry"},
    "meetings:papers-interpreters": {"audit.Disclosure", "audit.Entry"},
    "meetings:papers-tents": {"audit.Disclosure", "audit.Entry"},
    "meetings:papers-spreadsheet": {"audit.Disclosure", "audit.Entry"},
    "meetings:day-print": {"audit.Disclosure", "audit.Entry"},
    # the secret address of a calendar comes to be when its owner first looks for it
    "meetings:day-show": {"meetings.CalendarAddress"},
}


def test_nothing_is_done_without_the_token_of_a_form(
    stage: Any, people: dict[str, User], browse: Callable[..., Client]
) -> None:
    clients = [browse(people[role], checks_csrf=True) for role in ("participant of this event", "operator")]
    clients.append(browse(checks_csrf=True))
    before = everything()
    for route in own_routes():
        if "POST" not in route.declaration.methods:
            continue
        for client in clients:
            assert client.post(stage.address(route)).status_code == 403, route.path
    assert everything() == before


def test_other_methods_are_refused(stage: Any, operator: User, browse: Callable[..., Client]) -> None:
    client = browse(operator)
    for route in own_routes():
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(route.declaration.methods):
            answer = client.generic(method, stage.address(route))
            assert answer.status_code == 405, (method, route.path)


def test_personal_pages_are_kept_by_nobody_on_the_way(
    stage: Any, operator: User, browse: Callable[..., Client]
) -> None:
    client = browse(operator)
    for route in own_routes():
        if "GET" in route.declaration.methods and "visitor" not in route.declaration.roles:
            assert "private" in client.get(stage.address(route))["Cache-Control"], route.path


def test_every_model_that_an_address_names_exists() -> None:
    for route in own_routes():
        if route.declaration.of is not None:
            apps.get_model(route.declaration.of)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


CAST = ("anna", "wentao", "shy", "lin", "mara", "ines", "outsider", "stranger", "operator")
PRIVATE: dict[type[models.Model], tuple[int, ...]] = {
    # how many of the rows on the stage each of the cast may see
    # the conference for its people, and a fair that is announced to everybody
    Event: (2, 2, 2, 2, 2, 2, 2, 1, 3),
    Agreement: (1, 1, 1, 1, 1, 1, 1, 1, 1),
    Claim: (1, 1, 1, 1, 1, 1, 1, 1, 1),
    Participation: (4, 4, 5, 0, 5, 1, 1, 0, 6),
    MeetingRequest: (2, 1, 0, 0, 2, 0, 0, 0, 2),
    Meeting: (1, 1, 0, 1, 1, 0, 0, 0, 1),
    Seat: (1, 1, 0, 1, 1, 0, 0, 0, 1),
    PlanRun: (0, 0, 0, 0, 1, 0, 0, 0, 1),
    Recommendation: (2, 0, 0, 0, 2, 0, 0, 0, 2),
    LabelProposal: (1, 0, 0, 0, 0, 0, 0, 0, 1),
}


@pytest.mark.parametrize("model", PRIVATE, ids=lambda model: model.__name__)
def test_each_sees_exactly_the_private_rows_that_concern_them(
    model: type[models.Model], stage: Any, request: pytest.FixtureRequest
) -> None:
    cast = [request.getfixturevalue(name) for name in CAST]
    users = [one if isinstance(one, User) else one.person.user for one in cast]
    assert tuple(model._default_manager.visible_to(user).count() for user in users) == PRIVATE[model]  # type: ignore[attr-defined]


def test_who_cancelled_sees_only_their_own_row(stage: Any, jonas: Participation) -> None:
    jonas.state = Participation.State.CANCELLED
    jonas.save()
    assert jonas.person.user is not None
    assert list(Participation.objects.visible_to(jonas.person.user)) == [jonas]


def pages_of(client: Client, stage: Any) -> Iterator[tuple[str, str]]:
    """The text of every page that this reader gets."""
    for route in own_routes():
        if "GET" in route.declaration.methods:
            answer = client.get(stage.address(route), follow=True)
            if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
                yield route.path, answer.content.decode()


def test_an_unlisted_participant_appears_on_no_page_of_the_others(
    stage: Any,
    anna: Participation,
    lin: Interpreter,
    shy: Participation,
    mara: User,
    browse: Callable[..., Client],
) -> None:
    for one in (anna, lin):
        seen = [path for path, text in pages_of(browse(one.person.user), stage) if "Quill" in text]
        assert seen == []
    organiser = [path for path, text in pages_of(browse(mara), stage) if "Quill" in text]
    assert "/en/events/<slug:slug>/participants/" in organiser  # there is something that could leak


def test_an_unlisted_participant_cannot_be_asked_by_address(
    stage: Any, anna: Participation, shy: Participation, browse: Callable[..., Client]
) -> None:
    path = f"/en/events/{stage.event.slug}/requests/to/{shy.public_id}/"
    assert browse(anna.person.user).get(path).status_code == 404


def test_addresses_of_others_are_on_no_page_before_a_meeting_is_agreed(
    stage: Any, anna: Participation, aino: Participation, mara: User, browse: Callable[..., Client]
) -> None:
    """Aino and Anna have no meeting; the organiser sees how to reach both."""
    ways = ("anna@example.org", "+49 351 555 0101", "anna_elbtal")
    seen = [
        (path, way) for path, text in pages_of(browse(aino.person.user), stage) for way in ways if way in text
    ]
    assert seen == []
    path = f"/en/events/{stage.event.slug}/participants/{anna.public_id}/"
    text = browse(mara).get(path).content.decode()
    assert [way for way in ways if way not in text] == []


def test_public_pages_name_nobody(stage: Any, browse: Callable[..., Client], settings: Settings) -> None:
    settings.DEMO = False
    Event.objects.update(is_announced=True)
    names = ("Brückner", "Wentao", "Korhonen", "example.org")
    seen = [
        (path, name)
        for path, text in pages_of(browse(), stage)
        for name in names
        if name in text and path != "/calendar/<str:token>.ics"
    ]
    assert seen == []
