"""An agenda as an iCalendar feed: stable UIDs, sequence numbers, and cancellations that calendars understand."""

import re
from datetime import UTC, datetime

from django.utils.translation import gettext, override

from kontor.meetings.agenda import (
    Agenda,
    AgendaEntry,
    AgendaPerson,
    both_times,
    pair_name,
    place_words,
    title_words,
)
from kontor.ui.formatting import language_name

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = "PT15M"
MAX_BYTES = 75

# What any program takes for the end of a line becomes a blank; control characters go.
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def build_calendar(agenda: Agenda, *, url: str = "") -> bytes:
    """The whole agenda as one published calendar, in the reader's language; free time stays out of it."""
    with override(agenda.language):
        name = _line(gettext("My day: %(event)s") % {"event": agenda.event.text})
        properties = [
            ("BEGIN", "VCALENDAR"),
            ("VERSION", "2.0"),
            ("PRODID", "-//Kontor//Meeting plan//EN"),
            ("CALSCALE", "GREGORIAN"),
            ("METHOD", "PUBLISH"),
            ("NAME", _text(name)),
            ("X-WR-CALNAME", _text(name)),
            ("X-WR-TIMEZONE", _text(agenda.place_zone.key)),
            ("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
            ("X-PUBLISHED-TTL", REFRESH),
        ]
        for entry in agenda.entries:
            if entry.kind != "free":
                properties += _event(entry, agenda, url=url)
        properties.append(("END", "VCALENDAR"))
    return b"".join(_folded(f"{name}:{value}") for name, value in properties)


def _event(entry: AgendaEntry, agenda: Agenda, *, url: str) -> list[tuple[str, str]]:
    is_cancelled = entry.state == "cancelled"
    changed_at = _moment(entry.changed_at or agenda.as_of or entry.starts_at)
    properties = [
        ("BEGIN", "VEVENT"),
        ("UID", _text(entry.uid)),
        ("SEQUENCE", str(entry.sequence)),
        ("DTSTAMP", changed_at),
        ("LAST-MODIFIED", changed_at),
        # UTC, so that no calendar has to know the rules of the place's zone; the description names both clocks.
        ("DTSTART", _moment(entry.starts_at)),
        ("DTEND", _moment(entry.ends_at)),
        ("SUMMARY", _text(_line(_summary(entry)))),
        ("DESCRIPTION", _text(_lines(_description(entry, agenda)))),
        ("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED"),
        ("TRANSP", "TRANSPARENT" if is_cancelled else "OPAQUE"),
    ]
    if place := _line(place_words(entry)):
        properties.append(("LOCATION", _text(place)))
    if url:
        properties.append(("URL", url))
    properties.append(("END", "VEVENT"))
    return properties


def _summary(entry: AgendaEntry) -> str:
    words = {"title": title_words(entry), "time": ""}
    if entry.state == "cancelled":
        return gettext("Cancelled: %(title)s") % words
    return words["title"]


def _description(entry: AgendaEntry, agenda: Agenda) -> list[str]:
    place, reader = agenda.place_zone, agenda.reader_zone
    lines = [both_times(entry.starts_at, place=place, reader=reader)]
    if entry.moved_from is not None:
        moved_from = both_times(entry.moved_from, place=place, reader=reader)
        lines.append(gettext("Moved from %(time)s") % {"time": moved_from})
    lines += [_person(person) for person in entry.counterparts]
    lines += [
        gettext("Interpreter: %(name)s (%(pair)s)") % {"name": person.name, "pair": pair_name(person.pair)}
        for person in entry.interpreters
        if not agenda.interprets
    ]
    if agenda.interprets and entry.interpreters:
        lines.append(gettext("You interpret: %(pair)s") % {"pair": pair_name(entry.interpreters[0].pair)})
    if entry.language:
        lines.append(gettext("Meeting language: %(language)s") % {"language": language_name(entry.language)})
    if agenda.is_sample:
        lines.append(gettext("Sample data"))
    return lines


def _person(person: AgendaPerson) -> str:
    parts = [
        str(person.name),
        person.function.text if person.function else "",
        str(person.organisation or ""),
    ]
    return " · ".join(part for part in parts if part)


def _line(text: str) -> str:
    return _CONTROLS.sub("", _LINE_ENDS.sub(" ", text)).strip()


def _lines(lines: list[str]) -> str:
    return "\n".join(_line(line) for line in lines)


# The form of RFC 5545


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Section 3.3.11: what has a meaning in the format is escaped."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Section 3.1: lines of at most 75 bytes, broken between characters; a broken one goes on behind a blank."""
    data = line.encode()
    parts = []
    while len(data) > MAX_BYTES:
        end = MAX_BYTES
        while data[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        parts.append(data[:end])
        data = b" " + data[end:]
    return b"\r\n".join([*parts, data]) + b"\r\n"
