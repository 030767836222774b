"""The entries of an agenda as data, and what follows from their times alone: days, free time, now and next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from kontor.i18n import Words

EntryKind = Literal["meeting", "session", "free"]
EntryState = Literal["planned", "moved", "cancelled"]

FREE_FROM = timedelta(minutes=15)
"""A shorter pause is the way to the next table, not free time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoScripts:
    """A name as this reader reads it and, where that differs, as its owner writes it."""

    reading: Words
    original: Words | None = None

    def __str__(self) -> str:
        if self.original is None:
            return self.reading.text
        return f"{self.reading.text} {self.original.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPerson:
    """Somebody on an agenda: the name in its owner's order, and what they stand for."""

    name: TwoScripts
    organisation: TwoScripts | None = None
    function: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedInterpreter:
    """Who interprets at a table, between which two languages."""

    name: TwoScripts
    pair: tuple[str, str]
    """Language codes, for example ("de", "zh")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaHall:
    position: int
    """Order among the halls of the event, the same for every reader."""
    name: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A time zone and the city that names it to people."""

    key: str
    city: str

    @property
    def info(self) -> ZoneInfo:
        return ZoneInfo(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaEntry:
    kind: EntryKind
    starts_at: datetime
    ends_at: datetime
    uid: str = ""
    """Stays the same for as long as the entry exists, through every move; empty for free time."""
    sequence: int = 0
    """Grows with every change that people have to know."""
    changed_at: datetime | None = None
    title: TwoScripts | None = None
    session_kind: str = ""
    counterparts: tuple[AgendaPerson, ...] = ()
    hall: AgendaHall | None = None
    table: str = ""
    booth: str = ""
    interpreters: tuple[AssignedInterpreter, ...] = ()
    language: str = ""
    """The common language of a meeting; empty where interpreters sit at the table."""
    state: EntryState = "planned"
    moved_from: datetime | None = None
    in_other_hall: bool = False
    """The entry before it on the same day is in another hall."""

    def __post_init__(self) -> None:
        for name, moment in (("starts_at", self.starts_at), ("ends_at", self.ends_at)):
            if moment.tzinfo is None:
                raise ValueError(f"{name} must know its time zone, got {moment!r}.")
        if self.ends_at <= self.starts_at:
            raise ValueError(f"ends_at must be after starts_at {self.starts_at}, got {self.ends_at}.")

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def takes_place(self) -> bool:
        return self.kind != "free" and self.state != "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgendaDay:
    """A day and what happens on it; compared as an object, so that it can stand for its content as a key."""

    on: date
    """The day at the place of the event."""
    entries: tuple[AgendaEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    owner: AgendaPerson
    event: Words
    place_zone: Zone
    reader_zone: Zone
    language: str
    """The interface language of the reader."""
    days: tuple[AgendaDay, ...]
    as_of: datetime | None
    """When the plan behind this agenda was published; None: there is none yet."""
    interprets: bool = False
    """The owner is an interpreter: each meeting names both sides."""
    is_sample: bool = False

    @property
    def is_read_elsewhere(self) -> bool:
        """The reader's clock shows another time than the place's."""
        place, reader = self.place_zone.info, self.reader_zone.info
        return any(
            entry.starts_at.astimezone(place).utcoffset() != entry.starts_at.astimezone(reader).utcoffset()
            for entry in self.entries
        )

    @property
    def entries(self) -> tuple[AgendaEntry, ...]:
        return tuple(entry for day in self.days for entry in day.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTime:
    """One moment on the clock of the place and, where that differs, on the reader's."""

    place: str
    reader: str | None
    reader_day: date | None
    """Set where the reader's calendar shows another day than the place's."""


def arrange_days(entries: Iterable[AgendaEntry], zone: Zone) -> tuple[AgendaDay, ...]:
    """Sort entries into the days of the place, mark changes of hall and show the free time between them."""
    in_order = sorted(entries, key=lambda entry: (entry.starts_at, entry.ends_at, entry.uid))
    by_day = groupby(in_order, key=lambda entry: entry.starts_at.astimezone(zone.info).date())
    return tuple(AgendaDay(on=on, entries=_with_free_time(list(of_day))) for on, of_day in by_day)


def _with_free_time(entries: Sequence[AgendaEntry]) -> tuple[AgendaEntry, ...]:
    arranged: list[AgendaEntry] = []
    busy_until: datetime | None = None
    hall: AgendaHall | None = None
    for entry in entries:
        if not entry.takes_place:
            arranged.append(entry)
            continue
        if busy_until is not None and entry.starts_at - busy_until >= FREE_FROM:
            arranged.append(AgendaEntry(kind="free", starts_at=busy_until, ends_at=entry.starts_at))
        busy_until = entry.ends_at if busy_until is None else max(busy_until, entry.ends_at)
        changes = hall is not None and entry.hall is not None and hall.position != entry.hall.position
        arranged.append(replace(entry, in_other_hall=True) if changes else entry)
        hall = entry.hall or hall
    return tuple(sorted(arranged, key=lambda entry: entry.starts_at))


def current_entry(entries: Iterable[AgendaEntry], *, at: datetime) -> AgendaEntry | None:
    """What is going on now; a meeting before a session that runs at the same time."""
    going_on = [entry for entry in entries if entry.takes_place and entry.starts_at <= at < entry.ends_at]
    return min(going_on, key=lambda entry: entry.kind != "meeting", default=None)


def next_entry(entries: Iterable[AgendaEntry], *, at: datetime) -> AgendaEntry | None:
    """What begins next, meeting or session."""
    to_come = (entry for entry in entries if entry.takes_place and entry.starts_at > at)
    return min(to_come, key=lambda entry: (entry.starts_at, entry.kind != "meeting"), default=None)


def day_to_show(agenda: Agenda, *, at: datetime) -> AgendaDay | None:
    """Today at the place if there is anything today, else the next day with entries, else the last one."""
    today = at.astimezone(agenda.place_zone.info).date()
    return next((day for day in agenda.days if day.on >= today), agenda.days[-1] if agenda.days else None)
