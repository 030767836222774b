"""Interpreters of an event: save with the times in which they are not there, and take off."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils.translation import ngettext_lazy

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.events.models import Interpreter, InterpreterUnavailability
from kontor.events.services.people.persons import (
    AlreadyTakesPart,
    PersonData,
    known_person,
    without_loss,
    write_person,
)


def write_absences(interpreter: Interpreter, busy: Sequence[tuple[datetime, datetime]]) -> None:
    """Make these stretches the only ones in which the interpreter is not there; the caller holds the transaction."""
    interpreter.unavailabilities.all().delete()
    InterpreterUnavailability.objects.bulk_create(
        InterpreterUnavailability(interpreter=interpreter, starts_at=start, ends_at=end)
        for start, end in busy
    )


class InterpreterHasMeetings(DomainError):
    """The published plan names this interpreter."""

    sentence = ngettext_lazy(
        "%(name)s interprets one published meeting. Publish a plan without them first.",
        "%(name)s interprets %(count)s published meetings. Publish a plan without them first.",
        "count",
    )


@transaction.atomic
def save_interpreter(
    interpreter: Interpreter,
    data: PersonData,
    *,
    busy: Sequence[tuple[datetime, datetime]] | None = None,
    by: User | None,
    at: datetime,
) -> Interpreter:
    """Save an interpreter with their person; `busy` are the stretches of absence, None leaves them as they are.

    Raises AddressTaken, AlreadyTakesPart.
    """
    if interpreter._state.adding and data.email:  # noqa: SLF001 -- Django documents _state.adding for this question
        known = known_person(data.email)
        if known is not None:
            interpreter.person, data = known, without_loss(known, data)
    interpreter.person = write_person(interpreter.person, data)
    try:
        with transaction.atomic():
            interpreter.save()
    except IntegrityError as error:
        raise AlreadyTakesPart(name=str(interpreter.person)) from error
    if busy is not None:
        write_absences(interpreter, busy)
    record("interpreter_saved", by=by, subject=interpreter, at=at)
    return interpreter


@transaction.atomic
def remove_interpreter(interpreter: Interpreter, *, by: User, at: datetime) -> None:
    """Take an interpreter off an event. Raises InterpreterHasMeetings."""
    record("interpreter_removed", by=by, subject=interpreter, at=at)
    try:
        with transaction.atomic():
            interpreter.delete()
    except models.ProtectedError as error:
        raise InterpreterHasMeetings(
            name=str(interpreter.person), count=len(error.protected_objects)
        ) from error
