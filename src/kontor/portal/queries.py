"""What the home page shows: one's own events, and the organisations and clusters that one writes for."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from kontor.accounts.models import User
from kontor.directory.models import Cluster, Organisation
from kontor.events.models import Event
from kontor.i18n import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MyEvent:
    """An event and the page of it that its reader needs most."""

    name: Text
    place: Text
    starts_on: date
    ends_on: date
    role: str
    """organiser, participant or interpreter"""
    url: str
    is_sample: bool


def my_events(user: User) -> list[MyEvent]:
    """The events this user organises, attends or interprets at; three statements, newest first."""
    roles = (
        ("organiser", "meetings:event-show", Event.objects.organised_by(user)),
        ("participant", "meetings:day-show", Event.objects.filter(participations__person__user=user)),
        ("interpreter", "meetings:day-show", Event.objects.filter(interpreters__person__user=user)),
    )
    found: dict[int, MyEvent] = {}
    for role, url_name, events in roles:
        for event in events:
            found.setdefault(
                event.pk,
                MyEvent(
                    name=event.name,
                    place=event.place,
                    starts_on=event.starts_on,
                    ends_on=event.ends_on,
                    role=role,
                    url=reverse(url_name, args=[event.slug]),
                    is_sample=event.is_sample,
                ),
            )
    return sorted(found.values(), key=lambda mine: mine.starts_on, reverse=True)


def my_organisations(user: User) -> list[Organisation]:
    """Those whose profile this user writes as one of their own people."""
    return list(Organisation.objects.edited_by(user).order_by("sort_key", "id"))


def my_clusters(user: User) -> list[Cluster]:
    """Those for which this user works."""
    return list(Cluster.objects.filter(staff__user=user).order_by("slug"))
