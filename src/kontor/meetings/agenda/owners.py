"""Whose agenda it is: a row at an event, with what a page or a calendar shows of it, read in one or two statements."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet

from kontor.accounts.models import User
from kontor.directory.models import Organisation, Person
from kontor.events.models import Event, Interpreter, Participation
from kontor.meetings.models import CalendarAddress
from kontor.prepared import PreparedRows

Owner = Participation | Interpreter

# Columns in the order of the model, as `from_db` takes them.
_EVENT = ("id", "slug", "name", "place", "zone", "is_sample")
_PERSON = (
    "id", "user_id", "family", "given", "native_family", "native_given", "name_order", "title", "language",
)  # fmt: skip
_USER = ("id", "language", "time_zone")
_PARTICIPATION = ("id", "public_id", "function", "offers", "seeks", "is_sample")
_INTERPRETER = ("id", "public_id", "is_sample")
_ORGANISATION = ("id", "name")
_ADDRESS = ("id", "token")


def _columns(**parts: Sequence[str]) -> list[str]:
    return [f"{path}__{name}" if path != "own" else name for path, names in parts.items() for name in names]


def _participations(**whose: object) -> QuerySet[Participation, tuple[Any, ...]]:
    rows = Participation.objects.filter(**whose).order_by()
    return rows.values_list(
        *_columns(
            own=_PARTICIPATION,
            event=_EVENT,
            person=_PERSON,
            person__user=_USER,
            calendar_address=_ADDRESS,
            organisation=_ORGANISATION,
        )
    )


def _interpretings(**whose: object) -> QuerySet[Interpreter, tuple[Any, ...]]:
    rows = Interpreter.objects.filter(**whose).order_by()
    return rows.values_list(
        *_columns(
            own=_INTERPRETER, event=_EVENT, person=_PERSON, person__user=_USER, calendar_address=_ADDRESS
        )
    )


def _own_participation(user: int, slug: str) -> QuerySet[Participation, tuple[Any, ...]]:
    return _participations(event__slug=slug, person__user=user)


def _own_interpreting(user: int, slug: str) -> QuerySet[Interpreter, tuple[Any, ...]]:
    return _interpretings(event__slug=slug, person__user=user)


def _participation_of_calendar(token: str) -> QuerySet[Participation, tuple[Any, ...]]:
    return _participations(calendar_address__token=token)


def _interpreting_of_calendar(token: str) -> QuerySet[Interpreter, tuple[Any, ...]]:
    return _interpretings(calendar_address__token=token)


_OWN_PARTICIPATION = PreparedRows(_own_participation)
_OWN_INTERPRETING = PreparedRows(_own_interpreting)
_PARTICIPATION_OF_CALENDAR = PreparedRows(_participation_of_calendar)
_INTERPRETING_OF_CALENDAR = PreparedRows(_interpreting_of_calendar)


def load_owner(user: User, slug: str) -> Owner | None:
    """One's own row with what the page shows of it; other columns are read when somebody asks for them."""
    return _first(_OWN_PARTICIPATION, _OWN_INTERPRETING, user=user.pk, slug=slug)


def load_owner_of_calendar(token: str) -> Owner | None:
    """Whose calendar has this secret address."""
    return _first(_PARTICIPATION_OF_CALENDAR, _INTERPRETING_OF_CALENDAR, token=token)


def _first(participations: PreparedRows, interpretings: PreparedRows, **values: int | str) -> Owner | None:
    owner: Owner
    if rows := participations.read(**values):
        found = iter(rows[0])
        owner = _row(Participation, _PARTICIPATION, found)
        _attach(owner, found)
        owner.organisation = _row(Organisation, _ORGANISATION, found)
    elif rows := interpretings.read(**values):
        found = iter(rows[0])
        owner = _row(Interpreter, _INTERPRETER, found)
        _attach(owner, found)
    else:
        return None
    return owner


_Row = TypeVar("_Row", bound=Model)


def _row(model: type[_Row], columns: Sequence[str], values: Iterator[Any]) -> _Row:
    return model.from_db(DEFAULT_DB_ALIAS, columns, [next(values) for _ in columns])


def _attach(owner: Owner, values: Iterator[Any]) -> None:
    owner.event = _row(Event, _EVENT, values)
    owner.person = _row(Person, _PERSON, values)
    user = _row(User, _USER, values)
    owner.person.user = user if user.pk else None
    address = _row(CalendarAddress, _ADDRESS, values)
    # None is remembered too, so that nobody asks again for an address that does not exist.
    cache = owner._state.fields_cache  # noqa: SLF001 -- as select_related does
    cache["calendar_address"] = address if address.pk else None
