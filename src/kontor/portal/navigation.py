"""The menus: what works here and what this reader may do, at most six short words."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from kontor.accounts.models import User
from kontor.events.models import Event, Interpreter, Participation
from kontor.meetings.models import MeetingRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the menu."""

    label: str
    url: str
    is_current: bool
    badge: int = 0


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: `navigation`, a list of NavItem that is read only where a template shows it."""
    return {"navigation": lambda: _items(request)}


def _items(request: HttpRequest) -> list[NavItem]:
    match = request.resolver_match
    user = getattr(request, "user", None)
    if match is None or not isinstance(user, User):
        return []
    slug = match.kwargs.get("slug")
    event = Event.objects.filter(slug=slug).only("id", "slug").first() if slug else None
    here = f"{match.namespace}:{match.url_name}"
    entries: list[tuple[str, str, tuple[str, ...], int]] = []
    if event is not None and Event.objects.organised_by(user).filter(pk=event.pk).exists():
        entries = [
            (pgettext("menu", "Overview"), "events:event-show", ("events:event-",), 0),
            (
                pgettext("menu", "Participants"),
                "events:participant-list",
                ("events:participant-", "events:import-"),
                0,
            ),
            (pgettext("menu", "Interpreters"), "events:interpreter-list", ("events:interpreter-",), 0),
            (pgettext("menu", "Requests"), "meetings:request-list", ("meetings:request-", "matching:"), 0),
            (pgettext("menu", "Meeting plan"), "meetings:plan-show", ("meetings:plan-", "meetings:run-"), 0),
        ]
    elif event is not None:
        is_participant = Participation.objects.filter(event=event, person__user=user).exists()
        if is_participant:
            waiting = MeetingRequest.objects.filter(event=event, recipient__person__user=user).open().count()
            entries = [
                (pgettext("menu", "My day"), "meetings:day-show", ("meetings:day-",), 0),
                (pgettext("menu", "Matches"), "matching:match-list", ("matching:",), 0),
                (pgettext("menu", "Requests"), "meetings:request-list", ("meetings:request-",), waiting),
                (pgettext("menu", "My profile"), "events:profile-edit", ("events:profile-",), 0),
            ]
        elif Interpreter.objects.filter(event=event, person__user=user).exists():
            entries = [(pgettext("menu", "My day"), "meetings:day-show", ("meetings:day-",), 0)]
    return [
        NavItem(
            label=label,
            url=reverse(name, args=[event.slug] if event else []),
            is_current=here.startswith(starts),
            badge=badge,
        )
        for label, name, starts, badge in entries
    ]
