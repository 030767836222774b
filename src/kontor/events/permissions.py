"""Who may do what with an event."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from kontor.accounts.models import User
from kontor.events.models import Event, Organiser
from kontor.prepared import PreparedRows, instance

_COLUMNS = tuple(field.attname for field in Event._meta.concrete_fields)  # noqa: SLF001 -- the public API of models


def can_organise(user: User, event: Event) -> bool:
    """Change the event, its people, requests and plan."""
    return user.is_superuser or Organiser.objects.filter(event=event, user=user).exists()


def can_create_events(user: User) -> bool:
    """Open a new event and become its organiser."""
    return user.may_organise or user.is_superuser


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEvent:
    """An event as one reader meets it."""

    event: Event
    is_organiser: bool


def seen_event_or_404(user: User, slug: str) -> SeenEvent:
    """The event with this slug for somebody who may know of it, and whether they organise it; one statement."""
    event = Event.objects.visible_to(user).annotate(organises=_organises(user.pk)).filter(slug=slug).first()
    if event is None:
        raise Http404
    return SeenEvent(event=event, is_organiser=user.is_superuser or vars(event)["organises"])


def organised_event_or_404(user: User, slug: str) -> Event:
    """The event with this slug, for somebody who organises it; Http404 for everybody else."""
    for organises, *values in _EVENT.read(user=user.pk, slug=slug):
        if organises or user.is_superuser:
            return instance(Event, _COLUMNS, values)
    raise Http404


def _organises(user: int) -> Exists:
    return Exists(Organiser.objects.filter(event=OuterRef("pk"), user=user))


def _event(user: int, slug: str) -> QuerySet[Event, tuple[Any, ...]]:
    rows = Event.objects.filter(slug=slug).order_by().annotate(organises=_organises(user))
    return rows.values_list("organises", *_COLUMNS)


_EVENT = PreparedRows(_event)
