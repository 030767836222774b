"""Whose agenda it is: one's own row at an event, with what a page shows of it, read in one or two statements."""

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

_EVENT = ("id", "slug", "name", "place", "zone", "is_sample")
_PERSON = ("id", "user_id", "family", "given", "native_family", "native_given", "name_order", "title")
_PARTICIPATION = ("id", "public_id", "function", "offers", "seeks", "is_sample")
_INTERPRETER = ("id", "public_id", "is_sample")
_ORGANISATION = ("id", "name")
_ADDRESS = ("id", "token")


def _columns(**parts: Sequence[str]) -> list[str]:
    return [f"{path}__{name}" if path != "own" else name for path, names in parts.items() for name in names]


def _own_participation(user: int, slug: str) -> QuerySet[Participation, tuple[Any, ...]]:
    rows = Participation.objects.filter(event__slug=slug, person__user=user)
    return rows.values_list(
        *_columns(
            own=_PARTICIPATION,
            event=_EVENT,
            person=_PERSON,
            calendar_address=_ADDRESS,
            organisation=_ORGANISATION,
        )
    )


def _own_interpreting(user: int, slug: str) -> QuerySet[Interpreter, tuple[Any, ...]]:
    rows = Interpreter.objects.filter(event__slug=slug, person__user=user).order_by()
    return rows.values_list(
        *_columns(own=_INTERPRETER, event=_EVENT, person=_PERSON, calendar_address=_ADDRESS)
    )


_OWN_PARTICIPATION = PreparedRows(_own_participation)
_OWN_INTERPRETING = PreparedRows(_own_interpreting)


def load_owner(user: User, slug: str) -> Owner | None:
    """One's own row with what the page shows of it; other columns are read when somebody asks for them."""
    owner: Owner
    if rows := _OWN_PARTICIPATION.read(user=user.pk, slug=slug):
        values = iter(rows[0])
        owner = _row(Participation, _PARTICIPATION, values)
        _attach(owner, values)
        owner.organisation = _row(Organisation, _ORGANISATION, values)
    elif rows := _OWN_INTERPRETING.read(user=user.pk, slug=slug):
        values = iter(rows[0])
        owner = _row(Interpreter, _INTERPRETER, values)
        _attach(owner, values)
    else:
        return None
    return owner


_Row = TypeVar("_Row", bound=Model)


def _row(model: type[_Row], columns: Sequence[str], values: Iterator[Any]) -> _Row:
    return model.from_db(DEFAULT_DB_ALIAS, columns, [next(values) for _ in columns])


def _attach(owner: Owner, values: Iterator[Any]) -> None:
    owner.event = _row(Event, _EVENT, values)
    owner.person = _row(Person, _PERSON, values)
    address = _row(CalendarAddress, _ADDRESS, values)
    # None is remembered too, so that nobody asks again for an address that does not exist.
    cache = owner._state.fields_cache  # noqa: SLF001 -- as select_related does
    cache["calendar_address"] = address if address.pk else None
