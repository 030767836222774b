"""The menus: what works here and what this reader may do, at most six short words."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import pgettext

from kontor.accounts.models import User
from kontor.events.models import Event, Interpreter, Organiser, Participation
from kontor.meetings.models import MeetingRequest
from kontor.prepared import PreparedRows
from kontor.ui.addresses import address


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the menu."""

    label: str
    url: str
    is_current: bool
    badge: int = 0


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: `navigation`, a list of NavItem that is read where a template shows it, and only once."""
    return {"navigation": SimpleLazyObject(lambda: _items(request))}


Entry = tuple[str, str, tuple[str, ...], int]
"""label, URL name, beginnings of the URL names under which it is current, badge"""


def _items(request: HttpRequest) -> list[NavItem]:
    match = request.resolver_match
    user = getattr(request, "user", None)
    if match is None:
        return []
    slug = match.kwargs.get("slug")
    here = f"{match.namespace}:{match.url_name}"
    entries: list[Entry] = []
    if isinstance(user, User):
        is_operating = match.namespace in ("jobs", "portal") and user.is_superuser
        entries = _entries(user, slug) if slug else _operator_entries() if is_operating else []
    if not entries:
        entries, slug = _public_entries(), None
    return [
        NavItem(
            label=label,
            url=address(name, *([slug] if slug else [])),
            is_current=here.startswith(starts),
            badge=badge,
        )
        for label, name, starts, badge in entries
    ]


def _roles(user: int, slug: str) -> QuerySet[Event, tuple[Any, ...]]:
    """What somebody is in an event, and how many requests wait for their answer."""
    waiting = (
        MeetingRequest.objects.filter(event=OuterRef("pk"), recipient__person__user=user)
        .open()
        .order_by()
        .values("event")
        .annotate(num=Count("pk"))
    )
    return (
        Event.objects.filter(slug=slug)
        .order_by()
        .annotate(
            organises=Exists(Organiser.objects.filter(event=OuterRef("pk"), user=user)),
            takes_part=Exists(
                Participation.objects.filter(event=OuterRef("pk"), person__user=user, state="confirmed")
            ),
            interprets=Exists(Interpreter.objects.filter(event=OuterRef("pk"), person__user=user)),
            waiting=Subquery(waiting.values("num")),
        )
        .values_list("organises", "takes_part", "interprets", "waiting")
    )


_ROLES = PreparedRows(_roles)


def _entries(user: User, slug: str) -> list[Entry]:
    """What this reader may do in this event; one statement."""
    roles = _ROLES.read(user=user.pk, slug=slug)
    if not roles:
        return []
    organises, takes_part, interprets, waiting = roles[0]
    if organises or user.is_superuser:
        return [
            (pgettext("menu", "Overview"), "events:event-show", ("events:event-",), 0),
            (
                pgettext("menu", "Participants"),
                "events:participant-list",
                ("events:participant-", "events:import-"),
                0,
            ),
            (pgettext("menu", "Requests"), "meetings:request-list", ("meetings:request-", "matching:"), 0),
            (pgettext("menu", "Meeting plan"), "meetings:plan-show", ("meetings:plan-", "meetings:run-"), 0),
            (pgettext("menu", "Interpreters"), "events:interpreter-list", ("events:interpreter-",), 0),
        ]
    if takes_part:
        return [
            (pgettext("menu", "My day"), "meetings:day-show", ("meetings:day-",), 0),
            (pgettext("menu", "Matches"), "matching:match-list", ("matching:",), 0),
            (pgettext("menu", "Requests"), "meetings:request-list", ("meetings:request-",), waiting or 0),
            (pgettext("menu", "My profile"), "events:profile-edit", ("events:profile-",), 0),
        ]
    if interprets:
        return [(pgettext("menu", "My day"), "meetings:day-show", ("meetings:day-",), 0)]
    return []


def _public_entries() -> list[Entry]:
    """What everybody may read."""
    return [
        (pgettext("menu", "Network"), "portal:network-show", ("portal:network-", "portal:home"), 0),
        (
            pgettext("menu", "Organisations"),
            "directory:organisation-list",
            ("directory:",),
            0,
        ),
        (pgettext("menu", "Figures"), "figures:figure-list", ("figures:",), 0),
        (pgettext("menu", "Agreements"), "agreements:agreement-list", ("agreements:",), 0),
        (pgettext("menu", "News"), "news:article-list", ("news:",), 0),
        (pgettext("menu", "Search"), "portal:search-show", ("portal:search-",), 0),
    ]


def _operator_entries() -> list[Entry]:
    return [
        (pgettext("menu", "Events"), "portal:home", ("portal:",), 0),
        (pgettext("menu", "Jobs"), "jobs:job-list", ("jobs:job-",), 0),
        (pgettext("menu", "Mails"), "jobs:mail-list", ("jobs:mail-",), 0),
        (pgettext("menu", "Labels"), "topics:proposal-list", ("topics:proposal-",), 0),
    ]
