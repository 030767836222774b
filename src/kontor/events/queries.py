"""What pages of an event show, read in few statements."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from kontor.events.models import Event, Participation


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFigures:
    """How far the preparation of an event is."""

    num_participants: int
    num_with_profile: int
    num_interpreters: int
    num_slots: int
    num_blocks: int
    num_tables: int
    num_booths: int


def event_figures(event: Event) -> EventFigures:
    """One statement per kind of row, whatever their number."""
    people = event.participations.filter(state=Participation.State.CONFIRMED).aggregate(
        all=Count("id"), with_profile=Count("id", filter=~Q(offers__texts={}) | ~Q(seeks__texts={}))
    )
    setting = Event.objects.filter(pk=event.pk).aggregate(
        slots=Count("slots", distinct=True),
        blocks=Count("blocks", distinct=True),
        interpreters=Count("interpreters", distinct=True),
    )
    places = event.halls.aggregate(
        tables=Count("tables", distinct=True), booths=Count("booths", distinct=True)
    )
    return EventFigures(
        num_participants=people["all"],
        num_with_profile=people["with_profile"],
        num_interpreters=setting["interpreters"],
        num_slots=setting["slots"],
        num_blocks=setting["blocks"],
        num_tables=places["tables"],
        num_booths=places["booths"],
    )


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
