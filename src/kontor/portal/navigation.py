"""The menus: what works here and what this reader may do, at most six short words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext_lazy

from kontor.accounts.models import User
from kontor.events.models import Event, Interpreter, Organiser, Participation
from kontor.meetings.models import MeetingRequest
from kontor.prepared import PreparedRows
from kontor.ui.addresses import address
from kontor.ui.rows import Menus, draw_menus

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the menu."""

    label: str
    url: str
    is_current: bool
    badge: int = 0


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: `navigation` gives the menus, which are read where a template shows them, and only once."""
    return {"navigation": cache(lambda: _menus(request)), "LANGUAGE_CODE": get_language()}


def _menus(request: HttpRequest) -> Menus:
    match = request.resolver_match
    if match is None:
        return draw_menus(())
    user = getattr(request, "user", None)
    slug = match.kwargs.get("slug")
    menu, waiting = "everybody", 0
    if isinstance(user, User) and slug:
        menu, waiting = _menu_in_event(user, slug)
    here = f"{match.namespace}:{match.url_name}"
    if menu == "everybody" and isinstance(user, User) and user.is_superuser and here.startswith(_OPERATORS):
        menu = "operator"
    if here == "portal:home" and not isinstance(user, User):
        here = "portal:network-show"  # which is what visitors see there
    of_event = slug if menu in _OF_EVENTS else None
    return _drawn(menu, of_event, here, waiting, get_language(), settings.ROOT_URLCONF)


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


def _menu_in_event(user: User, slug: str) -> tuple[str, int]:
    """What this reader is in this event, and how many requests wait for their answer; one statement."""
    for organises, takes_part, interprets, waiting in _ROLES.read(user=user.pk, slug=slug):
        if organises or user.is_superuser:
            return "organiser", 0
        if takes_part:
            return "participant", waiting or 0
        if interprets:
            return "interpreter", 0
    return "everybody", 0


REQUESTS = "meetings:request-"


@lru_cache(maxsize=1024)
def _drawn(
    menu: str, slug: str | None, here: str, waiting: int, _language: str | None, _site: object
) -> Menus:
    """What the menus depend on is named, so that none is kept for another page, reader or language."""
    return draw_menus(
        [
            NavItem(
                label=str(label),
                url=address(name, *([slug] if slug else [])),
                is_current=here.startswith(starts),
                badge=waiting if REQUESTS in starts else 0,
            )
            for label, name, starts in _MENUS[menu]
        ]
    )


_AROUND_REQUESTS = (REQUESTS, "meetings:pairs-", "meetings:meeting-", "matching:")
_OPERATORS = ("jobs:", "portal:", "topics:proposal-")
_OF_EVENTS = frozenset({"organiser", "participant", "interpreter"})
_MY_DAY = (pgettext_lazy("menu", "My day"), "meetings:day-show", ("meetings:day-",))
_MENUS: "Mapping[str, Sequence[tuple[StrOrPromise, str, tuple[str, ...]]]]" = {
    "organiser": (
        (pgettext_lazy("menu", "Overview"), "meetings:event-show", ("meetings:event-", "events:event-")),
        (
            pgettext_lazy("menu", "Participants"),
            "events:participant-list",
            ("events:participant-", "events:import-"),
        ),
        (pgettext_lazy("menu", "Requests"), "meetings:request-list", _AROUND_REQUESTS),
        (pgettext_lazy("menu", "Meeting plan"), "meetings:plan-show", ("meetings:plan-", "meetings:run-")),
        (pgettext_lazy("menu", "Interpreters"), "events:interpreter-list", ("events:interpreter-",)),
    ),
    "participant": (
        _MY_DAY,
        (pgettext_lazy("menu", "Matches"), "matching:match-list", ("matching:",)),
        (pgettext_lazy("menu", "Requests"), "meetings:request-list", (REQUESTS,)),
        (pgettext_lazy("menu", "My profile"), "events:profile-edit", ("events:profile-",)),
    ),
    "interpreter": (_MY_DAY,),
    "everybody": (
        (pgettext_lazy("menu", "Network"), "portal:network-show", ("portal:network-",)),
        (pgettext_lazy("menu", "Organisations"), "directory:organisation-list", ("directory:",)),
        (pgettext_lazy("menu", "Figures"), "figures:figure-list", ("figures:",)),
        (pgettext_lazy("menu", "Agreements"), "agreements:agreement-list", ("agreements:",)),
        (pgettext_lazy("menu", "News"), "news:article-list", ("news:",)),
        (pgettext_lazy("menu", "Search"), "portal:search-show", ("portal:search-",)),
    ),
    "operator": (
        (pgettext_lazy("menu", "Events"), "portal:home", ("portal:",)),
        (pgettext_lazy("menu", "Jobs"), "jobs:job-list", ("jobs:job-",)),
        (pgettext_lazy("menu", "Mails"), "jobs:mail-list", ("jobs:mail-",)),
        (pgettext_lazy("menu", "Labels"), "topics:proposal-list", ("topics:proposal-",)),
    ),
}
