"""What cannot all be placed, with the names of those whom it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kontor.events.models import Event
from kontor.meetings.models import PlanCheck
from kontor.meetings.queries.parties import PartyOf, parties_of_agreed
from kontor.meetings.queries.unplaced import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRow:
    """Meetings that cannot all take place, for one reason."""

    rule: str
    """H1 people, H2 time, H3 tables, H4 interpreters, H6 order"""
    facts: Sequence[Mapping[str, Any]]
    meetings: tuple[tuple[PartyOf, ...], ...]
    """those of them that are shown; a meeting that is called off meanwhile is left out"""
    num_meetings: int
    excess: int
    """so many at least stay out"""
    people: tuple[PartyOf, ...]
    """whose time is short"""


def conflict_rows(event: Event, check: PlanCheck, language: str) -> tuple[list[ConflictRow], Names]:
    """The contradictions in the order in which they were found, and the names their facts mention; three statements."""
    wanted = {meeting for one in check.conflicts for meeting in one["meetings"]}
    parties = parties_of_agreed(event, wanted)
    rows = []
    for one in check.conflicts:
        meetings = tuple(tuple(parties[meeting]) for meeting in one["meetings"] if meeting in parties)
        everybody = {party.public_id: party for meeting in meetings for party in meeting}
        named = {fact["params"].get("person") for fact in one["facts"]}
        rows.append(
            ConflictRow(
                rule=one["rule"],
                facts=one["facts"],
                meetings=meetings,
                num_meetings=one["num_meetings"],
                excess=one["excess"],
                people=tuple(
                    party for key, party in everybody.items() if one["rule"] == "H2" or key in named
                ),
            )
        )
    names = Names(
        people={party.public_id: party.name for people in parties.values() for party in people},
        halls={hall.public_id: hall.name.for_reader(language).text for hall in event.halls.all()},
        slots=list(event.slots.order_by("position").values_list("starts_at", flat=True)),
        zone=event.zone,
    )
    return rows, names
