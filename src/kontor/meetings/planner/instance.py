"""Rows of an event → problem of the planning engine, as kontor-meetings/1."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kontor.events.models import Event, HallsApart, InterpreterUnavailability, TableClosure, Unavailability
from kontor.meetings.models import Meeting, MeetingParty, Publication, Seat


def build_instance(event: Event, *, at: datetime, may_move_published: bool = False) -> dict[str, Any]:
    """The event's agreed meetings as kontor-meetings/1; ids are public ids, tables their numbers in the hall.

    With a published plan, meetings keep their places where possible (fewest changes), and what lies before `at`
    is frozen. `may_move_published` forgets the published plan, except for its past.
    """
    slots = list(event.slots.select_related("block").order_by("position"))
    blocks = {
        block_id: number for number, block_id in enumerate(dict.fromkeys(slot.block_id for slot in slots))
    }
    halls = list(event.halls.prefetch_related("tables"))
    meetings = list(event.meetings.agreed().select_related("hall", "booth__hall", "fixed_slot"))
    people: dict[int, list[str]] = {meeting.pk: [] for meeting in meetings}
    participants: dict[int, str] = {}
    parties = MeetingParty.objects.filter(meeting__in=event.meetings.agreed()).order_by(
        "meeting", "side", "id"
    )
    for meeting_id, pk, public_id in parties.values_list(
        "meeting", "participation", "participation__public_id"
    ):
        people[meeting_id].append(public_id)
        participants[pk] = public_id
    times = [(slot.position, slot.starts_at, slot.ends_at) for slot in slots]
    busy_people = busy_slots(
        Unavailability.objects.filter(participation__event=event).values_list(
            "participation", "starts_at", "ends_at"
        ),
        times,
    )
    busy_interpreters = busy_slots(
        InterpreterUnavailability.objects.filter(interpreter__event=event).values_list(
            "interpreter", "starts_at", "ends_at"
        ),
        times,
    )
    instance: dict[str, Any] = {
        "format": "kontor-meetings/1",
        "name": event.slug,
        "gap_rule": "day",
        "slots": [
            {
                "day": blocks[slot.block_id],
                "start": slot.starts_at.astimezone(event.tzinfo).isoformat(),
                "minutes": int((slot.ends_at - slot.starts_at).total_seconds()) // 60,
            }
            for slot in slots
        ],
        "halls": _halls(event, halls),
        "apart": [
            [first, second]
            for first, second in HallsApart.objects.filter(first__event=event).values_list(
                "first__public_id", "second__public_id"
            )
        ],
        "people": [
            {"id": public_id, "unavailable": sorted(busy_people.get(pk, ()))}
            for pk, public_id in sorted(participants.items())
        ],
        "interpreters": [
            {
                "id": interpreter.public_id,
                "pairs": interpreter.pairs,
                "unavailable": sorted(busy_interpreters.get(interpreter.pk, ())),
                "max_run": interpreter.max_run,
            }
            for interpreter in event.interpreters.order_by("id")
        ],
        "meetings": [_meeting(meeting, people[meeting.pk]) for meeting in meetings],
    }
    frozen_before = sum(slot.starts_at <= at for slot in slots)
    published = published_places(event)
    if published is not None and (frozen_before or not may_move_published):
        instance["published"] = published
        instance["frozen_before"] = frozen_before
        instance["locked"] = [
            meeting.public_id
            for meeting in meetings
            if meeting.is_locked and _can_stay(published.get(meeting.public_id), people[meeting.pk], instance)
        ]
        if may_move_published:
            instance["max_changes"] = len(meetings)
    return instance


def busy_slots(
    stretches: Iterable[tuple[int, datetime, datetime]], times: list[tuple[int, datetime, datetime]]
) -> dict[int, set[int]]:
    """Positions of the slots that overlap somebody's stretches of time."""
    busy: dict[int, set[int]] = {}
    for pk, start, end in stretches:
        touched = {position for position, begins, ends in times if begins < end and ends > start}
        busy.setdefault(pk, set()).update(touched)
    return busy


def _halls(event: Event, halls: list[Any]) -> list[dict[str, Any]]:
    closed: dict[int, dict[int, list[int | None]]] = {}
    closures = TableClosure.objects.filter(table__hall__event=event)
    for hall_id, number, position in closures.values_list("table__hall", "table__number", "slot__position"):
        slots = closed.setdefault(hall_id, {}).setdefault(number, [])
        slots.append(position)
    return [
        {
            "id": hall.public_id,
            "tables": len(hall.tables.all()),
            "closed": [
                {"table": number, "slots": None if None in slots else slots}
                for number, slots in sorted(closed.get(hall.pk, {}).items())
            ],
        }
        for hall in halls
    ]


def _can_stay(place: Mapping[str, Any] | None, people: list[str], instance: Mapping[str, Any]) -> bool:
    """Whether somebody, the interpreter and the table are there still: a lock does not hold what cannot take place."""
    if place is None:
        return False
    busy = {one["id"]: one["unavailable"] for one in (*instance["people"], *instance["interpreters"])}
    closed = next((hall["closed"] for hall in instance["halls"] if hall["id"] == place["hall"]), ())
    return not any(place["slot"] in busy.get(one, ()) for one in (*people, place["interpreter"])) and not any(
        entry["table"] == place["table"] and (entry["slots"] is None or place["slot"] in entry["slots"])
        for entry in closed
    )


def _meeting(meeting: Meeting, people: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": meeting.public_id, "people": people, "priority": meeting.priority}
    if meeting.pair:
        row["pair"] = meeting.pair
    if meeting.booth is not None:
        row |= {"hall": meeting.booth.hall.public_id, "table": False}
    elif meeting.hall is not None:
        row["hall"] = meeting.hall.public_id
    if meeting.fixed_slot is not None:
        row["slot"] = meeting.fixed_slot.position
    return row


def published_places(event: Event) -> dict[str, dict[str, Any]] | None:
    """The published plan as the "published" of an instance; None before the first publication."""
    if not Publication.objects.filter(event=event).exists():
        return None
    rows = Seat.objects.filter(meeting__event=event).values_list(
        "meeting__public_id", "slot__position", "hall__public_id", "table__number", "interpreter__public_id"
    )
    return {
        meeting: {"slot": slot, "hall": hall, "table": table, "interpreter": interpreter}
        for meeting, slot, hall, table, interpreter in rows
    }
