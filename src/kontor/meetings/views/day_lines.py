"""The entries of a day as lines of My day: clocks, whom one meets, where, and who interprets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from kontor.meetings.agenda import (
    KEPT_AGENDAS,
    Agenda,
    AgendaDay,
    AgendaEntry,
    AgendaPerson,
    TwoScripts,
    Zone,
    current_entry,
    local_time,
    next_entry,
    pair_name,
    place_words,
    state_words,
    title_words,
)
from kontor.ui.components import AgendaLine, Chip, Tone
from kontor.ui.formatting import DOT, format_quantity, language_name
from kontor.ui.rows import agenda_lines
from kontor.ui.templatetags.kontor import words, words_beside


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Who reads a day, as far as it changes what they read."""

    place: Zone
    zone: Zone
    language: str
    interprets: bool


def draw_day(day: AgendaDay, agenda: Agenda, *, at: datetime) -> SafeString:
    """The lines of a day in the language of the page; what is now is marked, else what is next."""
    reading = _Reading(
        place=agenda.place_zone,
        zone=agenda.reader_zone,
        language=agenda.language,
        interprets=agenda.interprets,
    )
    now = current_entry(day.entries, at=at)
    coming = next_entry(agenda.entries, at=at) if now is None else None
    return _drawn(day, reading, _position(now, day), _position(coming, day))


def _position(wanted: AgendaEntry | None, day: AgendaDay) -> int | None:
    return next((number for number, entry in enumerate(day.entries) if entry is wanted), None)


@lru_cache(maxsize=KEPT_AGENDAS)
def _drawn(day: AgendaDay, reading: _Reading, now: int | None, coming: int | None) -> SafeString:
    return agenda_lines(
        _line(entry, reading, is_now=number == now, is_next=number == coming)
        for number, entry in enumerate(day.entries)
    )


def _line(entry: AgendaEntry, reading: _Reading, *, is_now: bool, is_next: bool) -> AgendaLine:
    clocks = local_time(entry.starts_at, place=reading.place, reader=reading.zone)
    return AgendaLine(
        kind=entry.kind,
        starts_at=entry.starts_at.isoformat(),
        place_clock=clocks.place,
        home_clock=clocks.reader or "",
        title=_title(entry),
        notes=_notes(entry, reading),
        chips=_chips(entry, reading.place, is_next=is_next),
        is_now=is_now,
        people=[_person(person, entry) for person in entry.counterparts if person.organisation],
        interpreters=[]
        if reading.interprets
        else [(_marked(one.name), pair_name(one.pair, reading.language)) for one in entry.interpreters],
    )


@lru_cache(maxsize=8192)
def _marked(name: TwoScripts) -> str:
    """Names are the same on everybody's day."""
    return words_beside(name.reading, name.original)


def _title(entry: AgendaEntry) -> str:
    if entry.kind == "free":
        return gettext("free · %(minutes)s min") % {"minutes": entry.minutes}
    names = [entry.title] if entry.title is not None else _organisations(entry)
    return _marked(names[0]) if len(names) == 1 else title_words(entry)


def _organisations(entry: AgendaEntry) -> Sequence[TwoScripts]:
    names = [person.organisation or person.name for person in entry.counterparts]
    return names if len(names) == 1 else list(dict.fromkeys(names))


def _person(person: AgendaPerson, entry: AgendaEntry) -> tuple[str, ...]:
    """Name and function; where several people are named, also whom each stands for."""
    organisation = person.organisation if len(entry.counterparts) > 1 else None
    told = (_marked(person.name), words(person.function), _marked(organisation) if organisation else "")
    return tuple(part for part in told if part)


def _notes(entry: AgendaEntry, reading: _Reading) -> str:
    """Where, how long and in which language, in one line."""
    if entry.kind == "free":
        return ""
    language = reading.language
    notes = [place_words(entry), _length(entry.minutes, language)]
    if entry.language:
        notes.append(language_name(entry.language, language))
    if reading.interprets and entry.interpreters:
        notes.append(pair_name(entry.interpreters[0].pair, language))
    if entry.in_other_hall:
        notes.append(gettext("other hall"))
    return DOT.join(note for note in notes if note)


@lru_cache(maxsize=1024)
def _length(minutes: int, language: str) -> str:
    return format_quantity(minutes, pgettext("unit", "min"), language)


def _chips(entry: AgendaEntry, place: Zone, *, is_next: bool) -> tuple[Chip, ...]:
    chips = []
    if is_next:
        chips.append(Chip(text=pgettext("entry", "next")))
    if entry.state != "planned":
        tone: Tone = "no" if entry.state == "cancelled" else "warn"
        chips.append(Chip(text=state_words(entry, place), tone=tone))
    return tuple(chips)
