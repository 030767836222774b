"""Paper: personal schedules, interpreters' sheets and table tent cards, each kind in one run of typst.

All words go to the templates as data, so that nothing that people typed can become markup.
"""

import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext, override, pgettext

from kontor.i18n import Words
from kontor.meetings.agenda import (
    Agenda,
    AgendaDay,
    AgendaEntry,
    AgendaHall,
    AgendaPerson,
    AssignedInterpreter,
    TwoScripts,
    Zone,
    amount_words,
    format_day,
    local_time,
    pair_name,
    state_words,
)
from kontor.meetings.documents.fonts import document_fonts
from kontor.ui.formatting import language_name

CONTENT_TYPE = "application/pdf"
_LAST_FONT = "Libertinus Serif"
_TEMPLATES = Path(__file__).parent / "typst"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalCode:
    """What opens somebody's own day without an e-mail address: typed, or scanned as the address behind it."""

    code: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    agenda: Agenda
    personal_code: PersonalCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One meeting at a table, as its tent card names it: organisations, not people."""

    starts_at: datetime
    organisations: tuple[TwoScripts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TentCard:
    table: str
    hall: AgendaHall
    sittings: tuple[Sitting, ...] = ()


def print_schedules(schedules: Sequence[Schedule], *, title: str = "") -> bytes:
    """Schedules of participants or interpreters, in the given order, each in its reader's own language."""
    languages = dict.fromkeys(schedule.agenda.language for schedule in schedules)
    data = {
        "title": title or ", ".join(dict.fromkeys(str(one.agenda.owner.name) for one in schedules)),
        "labels": {language: _labels(language) for language in languages},
        "schedules": [_schedule(schedule) for schedule in schedules],
    }
    as_of = max((one.agenda.as_of for one in schedules if one.agenda.as_of), default=None)
    # A schedule that one person opens is tagged for screen readers; the pile is for the printer.
    return _compile("schedule.typ", data, at=as_of, is_tagged=len(schedules) == 1)


def print_tent_cards(
    cards: Sequence[TentCard], *, event: Words, place: Zone, language: str, as_of: datetime, is_sample: bool
) -> bytes:
    """One card per table, to be folded once: the table's name on both sides, and who sits there when."""
    with override(language):
        data = {
            "title": gettext("Tent cards"),
            "language": language[:2],
            "event": _words(event),
            "sample": gettext("Sample data") if is_sample else "",
            "label": " · ".join(dict.fromkeys(_in_every_language())),
            "as-of": _as_of(as_of, place),
            "cards": [
                _card(card, place)
                for card in sorted(cards, key=lambda card: _table_key(card.hall, card.table))
            ],
        }
    return _compile("tent.typ", data, at=as_of, is_tagged=False)


def order_by_table(schedules: Sequence[Schedule]) -> list[Schedule]:
    """In the order in which they are laid out: by the hall, table and time of the first meeting; the idle last."""

    def key(schedule: Schedule) -> tuple[object, ...]:
        meetings = (e for e in schedule.agenda.entries if e.takes_place and e.kind == "meeting" and e.hall)
        first = next(meetings, None)
        name = schedule.agenda.owner.name.reading.text
        if first is None or first.hall is None:
            return (1, (0, ()), "", name)
        place = _table_key(first.hall, first.table or first.booth)
        return (0, place, first.starts_at.isoformat(), name)

    return sorted(schedules, key=key)


def _in_every_language() -> Iterator[str]:
    """A tent card is read by everybody who walks past."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield gettext("Table")


def _table_key(hall: AgendaHall, table: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """A2 before A10."""
    return hall.position, tuple((word, int(number or 0)) for word, number in re.findall(r"(\D*)(\d*)", table))


# Data for the templates


def _compile(template: str, data: Json, *, at: datetime | None, is_tagged: bool) -> bytes:
    fonts = document_fonts()
    # Libertinus comes with typst and has the alphabets that Noto CJK lacks, Hebrew among them.
    data["fonts"] = {"text": [fonts.text, _LAST_FONT], "heading": [fonts.heading, fonts.text, _LAST_FONT]}
    # The time of the plan, not of the printing: the same plan gives the same file.
    timestamp = round(at.timestamp()) if at else None
    return typst.compile(
        _TEMPLATES / template,
        root=_TEMPLATES,
        font_paths=fonts.found,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=timestamp,
        pdf_tags=is_tagged,
    )


def _labels(language: str) -> Mapping[str, str]:
    with override(language):
        return {
            "who": pgettext("column", "With"),
            "where": pgettext("column", "Where"),
            "language": pgettext("column", "Language"),
            "sample": gettext("Sample data"),
            "code": gettext("Your day on the phone"),
        }


def _schedule(schedule: Schedule) -> Json:
    agenda = schedule.agenda
    with override(agenda.language):
        return {
            "kind": gettext("Interpreter's sheet") if agenda.interprets else gettext("Personal schedule"),
            "language": agenda.language,
            "lang": agenda.language[:2],
            "event": _words(agenda.event),
            "is-sample": agenda.is_sample,
            "name": _both(agenda.owner.name),
            "organisation": _both(agenda.owner.organisation),
            "function": _words(agenda.owner.function),
            "as-of": _as_of(agenda.as_of, agenda.place_zone),
            "empty": gettext("Nothing is planned for you yet."),
            "code": _code(schedule.personal_code),
            "days": [_day(day, agenda) for day in agenda.days],
        }


def _code(personal_code: PersonalCode | None) -> Json | None:
    if personal_code is None:
        return None
    shown = re.sub(r"^https?://", "", personal_code.url).split("?")[0].rstrip("/")
    return {"code": personal_code.code, "shown": shown, "qr": list(_qr(personal_code))}


def _qr(personal_code: PersonalCode) -> bytes:
    # A fixed mask: choosing the best of eight takes ten times as long, and every reader copes with each.
    image = io.BytesIO()
    segno.make(personal_code.url, error="m", mask=4, micro=False).save(image, kind="png", scale=4, border=0)
    return image.getvalue()  # a few hundred bytes, which the template gets as numbers


def _day(day: AgendaDay, agenda: Agenda) -> Json:
    place, reader = agenda.place_zone, agenda.reader_zone
    is_elsewhere = any(_time(entry, agenda)[1] for entry in day.entries)
    return {
        "heading": format_day(day.on, with_year=True),
        "amount": amount_words(day),
        "city": place.city,
        "reader-city": reader.city if is_elsewhere else "",
        "entries": [_entry(entry, agenda) for entry in day.entries],
    }


def _entry(entry: AgendaEntry, agenda: Agenda) -> Json:
    time, reader_time = _time(entry, agenda)
    free = gettext("free · %(minutes)s min") % {"minutes": entry.minutes} if entry.kind == "free" else ""
    label = pgettext("place", "Booth") if entry.booth else pgettext("place", "Table")
    return {
        "time": time,
        "ends": f"{entry.ends_at.astimezone(agenda.place_zone.info):%H:%M}",
        "reader-time": reader_time,
        "cancelled": entry.state == "cancelled",
        "mark": state_words(entry, agenda.place_zone),
        "title": _both(entry.title),
        "free": free,
        "people": [_person(person) for person in entry.counterparts],
        "number": entry.table or entry.booth,
        "number-label": label,
        "hall": _words(entry.hall.name) if entry.hall else None,
        "other-hall": gettext("other hall") if entry.in_other_hall else "",
        "language-words": _spoken(entry, agenda),
        "interpreters": [] if agenda.interprets else [_interpreter(person) for person in entry.interpreters],
    }


def _spoken(entry: AgendaEntry, agenda: Agenda) -> str:
    if agenda.interprets and entry.interpreters:
        return pair_name(entry.interpreters[0].pair)
    return language_name(entry.language) if entry.language else ""


def _time(entry: AgendaEntry, agenda: Agenda) -> tuple[str, str]:
    time = local_time(entry.starts_at, place=agenda.place_zone, reader=agenda.reader_zone)
    if time.reader is None or time.reader_day is None:
        return time.place, time.reader or ""
    return time.place, f"{time.reader} ({time.reader_day.day}.)"


def _person(person: AgendaPerson) -> Json:
    return {
        "name": _both(person.name),
        "organisation": _both(person.organisation),
        "function": _words(person.function),
    }


def _interpreter(person: AssignedInterpreter) -> Json:
    label = gettext("Interpreter, %(pair)s") % {"pair": pair_name(person.pair)}
    return {"name": _both(person.name), "label": label}


def _sittings(sittings: Sequence[Sitting], place: Zone) -> list[Json]:
    days: dict[str, list[Json]] = {}
    for sitting in sorted(sittings, key=lambda sitting: sitting.starts_at):
        there = sitting.starts_at.astimezone(place.info)
        organisations = [_both(organisation) for organisation in sitting.organisations]
        days.setdefault(format_day(there.date()), []).append(
            {"time": f"{there:%H:%M}", "organisations": organisations}
        )
    return [{"heading": heading, "sittings": rows} for heading, rows in days.items()]


PRINTS = ((8, True), (7, True), (6, True), (6, False), (5, False), (4, False))
"""(points, with names in their original script): how the plan of a table is set, from the best to the smallest"""
_CARD_WIDTH, _CARD_HEIGHT, _COLUMN_GAP, _MM = 178.0, 66.0, 8.0, 72 / 25.4


def _card(card: TentCard, place: Zone) -> Json:
    days = _sittings(card.sittings, place)
    size, originals = next((one for one in PRINTS if _fits(days, *one)), PRINTS[-1])
    return {
        "table": card.table,
        "hall": _words(card.hall.name),
        "days": days,
        "size": size,
        "originals": originals,
    }


def _fits(days: Sequence[Json], size: int, originals: bool) -> bool:
    """Whether the plan surely fits under the table's name. Reckoned here: setting it to measure it takes longer than
    printing it. Lengths are in em; a line is 0.73 high, 0.5 from the next, and a row has 0.38 above and below."""
    column = (_CARD_WIDTH - _COLUMN_GAP * (len(days) - 1)) / max(len(days), 1) * _MM / size - 4.2
    height = 0.0
    for day in days:
        of_day = 1.8 + 1 * _MM / size
        for sitting in day["sittings"]:
            lines = 0
            for name in sitting["organisations"]:
                texts = [name["reading"], name["original"] if originals else None]
                width = sum(_width(text["text"]) + 0.45 for text in texts if text)
                # the end of a line stays empty where a word does not fit any more
                lines += math.ceil(width / column if width <= column else width * 1.15 / column)
            of_day += 0.76 + lines * 0.73 + (lines - 1) * 0.5
        height = max(height, of_day)
    return height * size <= _CARD_HEIGHT * _MM


def _width(text: str) -> float:
    """Of a line in em, rather too wide than too narrow."""
    return sum(
        1.0 if east_asian_width(one) in "WF" else 0.7 if one.isupper() or one in "&@%mwMW" else 0.57
        for one in text
    )


def _as_of(at: datetime | None, place: Zone) -> str:
    if at is None:
        return gettext("The meeting plan is not published yet.")
    there = at.astimezone(place.info)
    words = {"day": format_day(there.date(), with_year=True), "time": f"{there:%H:%M} {place.city}"}
    return gettext("As of %(day)s, %(time)s. A later plan replaces this sheet.") % words


def _words(words: Words | None) -> Json | None:
    return {"text": words.text, "language": words.language} if words else None


def _both(name: TwoScripts | None) -> Json | None:
    if name is None:
        return None
    return {"reading": _words(name.reading), "original": _words(name.original)}
