"""Pages of a list by cursor: the place in the order is remembered, so that new rows never shift what somebody reads."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldError, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row")
FORWARD, BACKWARD = "after", "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorPage(Generic[Row]):
    """Some rows of a list and the cursors of its neighbours; an empty cursor means that there is none."""

    rows: Sequence[Row]
    after: str = ""
    before: str = ""


def cursor_page(
    request: HttpRequest, queryset: QuerySet[Any, Row], order: Sequence[str], *, size: int = 50
) -> CursorPage[Row]:
    """The page that `?after=` or `?before=` names, else the first; `order` ends with a unique column without nulls.

    Rows are objects, or named values if `order` is among them.
    An unreadable cursor leads to the first page: old links must not break.
    """
    for direction in (FORWARD, BACKWARD):
        if cursor := request.GET.get(direction):
            try:
                return _page(queryset, order, _decode(cursor, len(order)), direction=direction, size=size)
            except (ValueError, ValidationError, FieldError, binascii.Error):
                break
    return _page(queryset, order, None, direction=FORWARD, size=size)


def _page(
    queryset: QuerySet[Any, Row],
    order: Sequence[str],
    place: list[object] | None,
    *,
    direction: str,
    size: int,
) -> CursorPage[Row]:
    ordering = [*order] if direction == FORWARD else [_reversed(name) for name in order]
    found = queryset.order_by(*ordering)
    if place is not None:
        found = found.filter(_beyond(ordering, place))
    rows = list(found[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if direction == BACKWARD:
        rows.reverse()
    has_next = has_more if direction == FORWARD else bool(rows)
    has_previous = (place is not None and bool(rows)) if direction == FORWARD else has_more
    return CursorPage(
        rows=rows,
        after=_encode(rows[-1], order) if has_next else "",
        before=_encode(rows[0], order) if has_previous else "",
    )


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(ordering: Sequence[str], place: Sequence[object]) -> Q:
    """Rows that come later: greater in one column and equal in all before it."""
    beyond, equal = Q(), Q()
    for name, value in zip(ordering, place, strict=True):
        column = name.removeprefix("-")
        step = "lt" if name.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{column}__{step}": value})
        equal &= Q(**{column: value})
    return beyond


def _encode(row: object, order: Sequence[str]) -> str:
    place = []
    for name in order:
        value: object = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part)
        place.append(value)
    text = json.dumps(place, cls=DjangoJSONEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> list[object]:
    place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if not isinstance(place, list) or len(place) != length or not all(_is_storable(part) for part in place):
        raise ValueError(f"a cursor has {length} simple values, got {place!r}")
    return place


def _is_storable(value: object) -> bool:
    """Whether every database takes the value: no NUL in texts, numbers of 64 bits."""
    if isinstance(value, str):
        return "\0" not in value
    return isinstance(value, int) and abs(value) < 2**63
