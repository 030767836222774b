"""The planning problem as read from `kontor-meetings/1`: who wants to meet whom, when and where that is possible."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

GapRule = Literal["day", "timeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place in the order of time; its number is its position in `Problem.slots`."""

    day: int
    """A block without a long break: the slots before and after lunch may carry different numbers."""
    start: str | None = None
    """ISO 8601 with offset, only for the reader."""
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A room with numbered tables, or one that holds only booths."""

    id: str
    tables: tuple[int, ...]
    """One number per slot: tables 1 to n stand there in that slot."""
    closed: frozenset[tuple[int, int]] = frozenset()
    """(table, slot) that cannot be used."""

    def is_open(self, table: int, slot: int) -> bool:
        return 1 <= table <= self.tables[slot] and (table, slot) not in self.closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who meets others."""

    id: str
    slots: frozenset[int]
    """The slots in which the person may meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """Somebody who interprets one meeting per slot."""

    id: str
    pairs: frozenset[str]
    """Language pairs, each with its languages in alphabetical order: `de-zh`."""
    slots: frozenset[int]
    max_run: int | None = None
    """Most meetings in adjacent slots without a pause; None: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Two or more people who want to sit together once."""

    id: str
    people: tuple[str, ...]
    priority: float = 1.0
    slots: frozenset[int] | None = None
    slot: int | None = None
    after: tuple[str, ...] = ()
    """Meetings that, if placed, must lie strictly earlier."""
    pair: str | None = None
    hall: str | None = None
    table: bool = True
    """False: held at a booth of `hall`, takes no table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where a placed meeting is."""

    slot: int
    hall: str
    table: int | None = None
    interpreter: str | None = None

    def to_json(self) -> dict[str, object]:
        return {"slot": self.slot, "hall": self.hall, "table": self.table, "interpreter": self.interpreter}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One event to plan. Build it with `read_problem`, which checks that everything fits together."""

    name: str
    gap_rule: GapRule = "day"
    max_gaps: int | None = None
    slots: tuple[Slot, ...]
    halls: tuple[Hall, ...]
    apart: frozenset[frozenset[str]] = frozenset()
    people: tuple[Person, ...]
    interpreters: tuple[Interpreter, ...] = ()
    meetings: tuple[Meeting, ...]
    published: Mapping[str, Seat | None] | None = None
    """The plan people already know; entries of meetings that no longer exist are kept and mean nothing."""
    frozen_before: int = 0
    locked: frozenset[str] = field(default_factory=frozenset)
    max_changes: int | None = None

    def is_adjacent(self, first: int, second: int) -> bool:
        """Whether two slots follow each other on the same day."""
        return abs(first - second) == 1 and self.slots[first].day == self.slots[second].day

    def kept_seats(self) -> dict[str, Seat]:
        """Placed meetings that must stay as published (H8): those that are over and the locked ones."""
        if self.published is None or not (self.frozen_before or self.locked):
            return {}
        return {
            meeting.id: seat
            for meeting in self.meetings
            if (seat := self.published.get(meeting.id)) is not None
            and (seat.slot < self.frozen_before or meeting.id in self.locked)
        }
