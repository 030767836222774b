"""Published meetings that cannot take place as planned, after something happened."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, Window

from kontor.events.models import Event, InterpreterUnavailability, TableClosure
from kontor.i18n import Text
from kontor.meetings.models import PersonSeat, Seat
from kontor.meetings.queries.parties import organisations_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """A published meeting that lost one of its people, its interpreter or its table."""

    public_id: str
    names: tuple[Text, ...]
    starts_at: datetime
    hall: Text
    table: str
    """or booth"""
    lost: str
    """person, interpreter or table"""


def stranded_meetings(event: Event, *, after: datetime, size: int) -> tuple[list[Stranded], int]:
    """The next of them in order of time, and how many there are; two statements."""
    then = {"starts_at__lt": OuterRef("slot__ends_at"), "ends_at__gt": OuterRef("slot__starts_at")}
    of_person = {f"participation__unavailabilities__{key}": value for key, value in then.items()}
    lost = {
        "person": Exists(PersonSeat.objects.filter(seat=OuterRef("pk"), **of_person)),
        "interpreter": Exists(
            InterpreterUnavailability.objects.filter(interpreter=OuterRef("interpreter"), **then)
        ),
        "table": Exists(
            TableClosure.objects.filter(Q(slot=None) | Q(slot=OuterRef("slot")), table=OuterRef("table"))
        ),
    }
    rows = list(
        Seat.objects.filter(meeting__event=event, slot__starts_at__gt=after)
        .annotate(lost_person=lost["person"], lost_interpreter=lost["interpreter"], lost_table=lost["table"])
        .filter(Q(lost_person=True) | Q(lost_interpreter=True) | Q(lost_table=True))
        .annotate(total=Window(Count("id")))
        .select_related("meeting__booth", "slot", "hall", "table")
        .order_by("slot__position", "id")[:size]
    )
    names = organisations_of(row.meeting_id for row in rows)
    found = [
        Stranded(
            public_id=row.meeting.public_id,
            names=tuple(names.get(row.meeting_id, ())),
            starts_at=row.slot.starts_at,
            hall=row.hall.name,
            table=row.table.name if row.table else row.meeting.booth.name if row.meeting.booth else "",
            lost=next(kind for kind in lost if vars(row)[f"lost_{kind}"]),
        )
        for row in rows
    ]
    return found, vars(rows[0])["total"] if rows else 0
