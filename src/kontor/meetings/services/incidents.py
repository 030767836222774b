"""What happens on the day: somebody is late, ill or absent, an interpreter is missing, a table is closed."""

from datetime import datetime

from django.db import transaction

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.events.models import (
    Event,
    Interpreter,
    InterpreterUnavailability,
    Participation,
    Slot,
    Table,
    TableClosure,
    Unavailability,
)


@transaction.atomic
def report_incident(
    event: Event,
    thing: Participation | Interpreter | Table,
    *,
    first: Slot,
    last: Slot,
    by: User,
    at: datetime,
) -> None:
    """Write down that somebody is not there, or a table not usable, from one slot to another, both included.

    The published plan stays as it is until a repaired one is published; saying the same twice changes nothing.
    """
    if isinstance(thing, Participation):
        Unavailability.objects.get_or_create(
            participation=thing, starts_at=first.starts_at, ends_at=last.ends_at
        )
    elif isinstance(thing, Interpreter):
        InterpreterUnavailability.objects.get_or_create(
            interpreter=thing, starts_at=first.starts_at, ends_at=last.ends_at
        )
    else:
        for slot in event.slots.filter(position__range=(first.position, last.position)):
            TableClosure.objects.get_or_create(table=thing, slot=slot)
    record(
        "incident_reported",
        by=by,
        subject=thing,
        at=at,
        event=event.public_id,
        data={"first": first.position, "last": last.position},
    )
