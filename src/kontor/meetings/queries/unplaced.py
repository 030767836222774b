"""The meetings without a place, and the names that their causes, remedies and possible places mention."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Window
from django.utils.translation import get_language

from kontor.directory.names import display
from kontor.events.models import Event
from kontor.i18n import Words, content_language
from kontor.meetings.models import DraftMeeting, Meeting, PlanRun
from kontor.meetings.queries.board import halls_with_tables
from kontor.meetings.queries.parties import PartyOf, parties_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How ids of a plan file are called by people."""

    people: Mapping[str, str] = field(default_factory=dict)
    halls: Mapping[str, str] = field(default_factory=dict)
    slots: Sequence[datetime] = ()
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedRow:
    """A meeting that has no place in a draft."""

    public_id: str
    parties: tuple[PartyOf, ...]
    people: Mapping[str, str]
    """names by public id of everybody whom its causes and its remedy may mention"""
    causes: Sequence[Mapping[str, Any]]
    remedy: Mapping[str, Any] | None
    places: int
    """how many unplaced meetings the remedy places"""


def unplaced_rows(run: PlanRun, *, start: int = 0, size: int | None = None) -> tuple[list[UnplacedRow], int]:
    """Some of the unplaced meetings, those with the most useful remedy first, and how many there are; two statements."""
    entries = (
        DraftMeeting.objects.filter(run=run, slot=None, meeting__state=Meeting.State.AGREED)
        .select_related("meeting")
        .annotate(total=Window(Count("id")))
        .order_by("-num_helped", "meeting__public_id")
    )
    shown = list(entries[start:] if size is None else entries[start : start + size])
    remedies = [entry.reason.get("remedy") or {} for entry in shown]
    moved = [one["meeting"] for one in remedies if one.get("meeting")]
    parties = parties_of((entry.meeting_id for entry in shown), named=moved)
    people = {party.public_id: party.name for side in parties.values() for party in side}
    rows = [
        UnplacedRow(
            public_id=entry.meeting.public_id,
            parties=tuple(parties.get(entry.meeting_id, ())),
            people=people,
            causes=entry.reason.get("causes") or (),
            remedy=entry.reason.get("remedy"),
            places=entry.num_helped,
        )
        for entry in shown
    ]
    return rows, vars(shown[0])["total"] if shown else 0


def names_for(event: Event, rows: Iterable[UnplacedRow], language: str) -> Names:
    """The names that causes and remedies of these rows mention; two statements."""
    return Names(
        people={key: name for row in rows for key, name in row.people.items()},
        halls={hall.public_id: hall.name.for_reader(language).text for hall in event.halls.all()},
        slots=list(event.slots.order_by("position").values_list("starts_at", flat=True)),
        zone=event.zone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """A place of a plan file, as people call it."""

    value: str
    """what a form sends back"""
    starts_at: datetime
    hall: Words
    table: str
    """or booth"""
    interpreter: str


def place_words(
    event: Event, *, booth: str, with_interpreters: bool
) -> Callable[[Mapping[str, Any]], PlaceWords]:
    """Names places of one meeting; at most three statements, however many places are named."""
    language = get_language() or "en"
    slots = list(event.slots.order_by("position").values_list("starts_at", flat=True))
    halls = {hall.public_id: hall for hall in halls_with_tables(event)}
    interpreters = {
        row.public_id: display(row.person.name, content_language(language))
        for row in (event.interpreters.select_related("person") if with_interpreters else ())
    }

    def describe(place: Mapping[str, Any]) -> PlaceWords:
        hall = halls[place["hall"]]
        return PlaceWords(
            value=f"{place['slot']}|{place['hall']}|{place['table'] or ''}|{place['interpreter'] or ''}",
            starts_at=slots[place["slot"]],
            hall=hall.name.for_reader(language),
            table=hall.tables[place["table"]] if place["table"] is not None else booth,
            interpreter=interpreters.get(place["interpreter"] or "", ""),
        )

    return describe
