"""What pages of an event show, read in few statements."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Manager, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from kontor.events.models import Booth, Event, Interpreter, Participation, Slot, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFigures:
    """How far the preparation of an event is."""

    num_participants: int
    num_with_profile: int
    num_interpreters: int
    num_slots: int
    num_tables: int
    num_booths: int


def event_figures(event: Event) -> EventFigures:
    """Two statements, however much there is."""
    people = event.participations.filter(state=Participation.State.CONFIRMED).aggregate(
        all=Count("id"), with_profile=Count("id", filter=~Q(offers__texts={}) | ~Q(seeks__texts={}))
    )
    setting = (
        Event.objects.filter(pk=event.pk)
        .annotate(
            num_interpreters=_number(Interpreter.objects, "event"),
            num_slots=_number(Slot.objects, "event"),
            num_tables=_number(Table.objects, "hall__event"),
            num_booths=_number(Booth.objects, "hall__event"),
        )
        .values("num_interpreters", "num_slots", "num_tables", "num_booths")
        .get()
    )
    return EventFigures(num_participants=people["all"], num_with_profile=people["with_profile"], **setting)


def _number(rows: Manager[Any], event: str) -> Coalesce:
    """How many rows belong to the event that is asked about; `event` leads from a row to it."""
    counted = rows.filter(**{event: OuterRef("pk")}).order_by().values(event).annotate(num=Count("pk"))
    return Coalesce(Subquery(counted.values("num")), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """A block as the page of times shows it, in local time of the place."""

    public_id: str
    day: date
    starts_at: datetime
    ends_at: datetime
    num_slots: int
    slot_min: int
    break_min: int


def block_rows(event: Event) -> list[BlockRow]:
    """The blocks of an event in order of time."""

    zone = event.tzinfo
    return [
        BlockRow(
            public_id=block.public_id,
            day=block.starts_at.astimezone(zone).date(),
            starts_at=block.starts_at,
            ends_at=block.starts_at
            + timedelta(minutes=block.num_slots * (block.slot_min + block.break_min) - block.break_min),
            num_slots=block.num_slots,
            slot_min=block.slot_min,
            break_min=block.break_min,
        )
        for block in event.blocks.all()
    ]
