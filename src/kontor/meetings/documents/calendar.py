"""An agenda as an iCalendar feed: stable UIDs, sequence numbers, and cancellations that calendars understand."""

import re
from datetime import UTC, timedelta

from django.utils.translation import gettext, override
from icalendar import Calendar, Event

from kontor.meetings.agenda import (
    Agenda,
    AgendaEntry,
    AgendaPerson,
    both_times,
    language_name,
    pair_name,
    place_words,
    title_words,
)

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(minutes=15)

# icalendar escapes CR and LF; what other programs take for the end of a line goes here, with all control characters.
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def build_calendar(agenda: Agenda, *, url: str = "") -> bytes:
    """The whole agenda as one published calendar, in the reader's language; free time stays out of it."""
    with override(agenda.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Kontor//Meeting plan//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        name = _line(gettext("My day: %(event)s") % {"event": agenda.event.text})
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", agenda.place_zone.key)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT15M")
        for entry in agenda.entries:
            if entry.kind != "free":
                calendar.add_component(_event(entry, agenda, url=url))
        return bytes(calendar.to_ical())


def _event(entry: AgendaEntry, agenda: Agenda, *, url: str) -> Event:
    changed_at = (entry.changed_at or agenda.as_of or entry.starts_at).astimezone(UTC)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    # UTC, so that no calendar has to know the rules of the place's zone; the description names both clocks.
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", _line(_summary(entry)))
    event.add("description", _lines(_description(entry, agenda)))
    event.add("status", "CANCELLED" if entry.state == "cancelled" else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.state == "cancelled" else "OPAQUE")
    if place := _line(place_words(entry)):
        event.add("location", place)
    if url:
        event.add("url", url)
    return event


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
