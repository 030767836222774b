"""Agendas of what is published, in the words and the zone of their reader."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from kontor.directory.models import Person
from kontor.directory.names import PersonName, display, display_other_script
from kontor.events.models import Event, Interpreter, Participation
from kontor.i18n import Text, Words, content_language
from kontor.meetings.agenda.entries import (
    Agenda,
    AgendaDay,
    AgendaEntry,
    AgendaHall,
    AgendaPerson,
    AssignedInterpreter,
    EntryState,
    TwoScripts,
    Zone,
    arrange_days,
)
from kontor.meetings.agenda.published import (
    KEPT_AGENDAS,
    KnownMeetings,
    MeetingInterpreter,
    Party,
    Place,
    PlaceChange,
    PublishedMeeting,
    meetings_of_interpreter,
    meetings_of_participant,
    published_at,
)
from kontor.meetings.models import SeatChange
from kontor.ui.formatting import city_of


def load_participant_agenda(participation: Participation, *, language: str, zone: str) -> Agenda:
    """One participant's agenda in three statements."""
    known, place = meetings_of_participant(participation.pk), place_of(participation.event, language)
    days = _days(_entries_of_participant, known, participation.pk, place, language)
    as_of = published_at(participation.event)
    return _agenda(participation, days, event=participation.event, as_of=as_of, language=language, zone=zone)


def load_interpreter_agenda(interpreter: Interpreter, *, language: str, zone: str) -> Agenda:
    """One interpreter's agenda in three statements; meetings that went to somebody else show as cancelled."""
    known, place = meetings_of_interpreter(interpreter.pk), place_of(interpreter.event, language)
    days = _days(_entries_of_interpreter, known, interpreter.pk, place, language)
    as_of = published_at(interpreter.event)
    return _agenda(interpreter, days, event=interpreter.event, as_of=as_of, language=language, zone=zone)


def participant_agenda(
    participation: Participation,
    meetings: Iterable[PublishedMeeting],
    *,
    event: Event,
    as_of: datetime | None,
    language: str,
    zone: str,
) -> Agenda:
    """What these meetings are to one of those who meet."""
    entries = _entries_of_participant(meetings, participation.pk, language)
    days = arrange_days(entries, place_of(event, language))
    return _agenda(participation, days, event=event, as_of=as_of, language=language, zone=zone)


def interpreter_agenda(
    interpreter: Interpreter,
    meetings: Iterable[PublishedMeeting],
    *,
    event: Event,
    as_of: datetime | None,
    language: str,
    zone: str,
) -> Agenda:
    """What these meetings are to an interpreter: theirs, or given to somebody else by the last change."""
    entries = _entries_of_interpreter(meetings, interpreter.pk, language)
    days = arrange_days(entries, place_of(event, language))
    return _agenda(interpreter, days, event=event, as_of=as_of, language=language, zone=zone)


_ReadEntries = Callable[[Iterable[PublishedMeeting], int, str], Iterator[AgendaEntry]]


@lru_cache(maxsize=KEPT_AGENDAS)
def _days(
    read_entries: _ReadEntries, known: KnownMeetings, whose: int, place: Zone, language: str
) -> tuple[AgendaDay, ...]:
    return arrange_days(read_entries(known.meetings, whose, language), place)


def _entries_of_participant(
    meetings: Iterable[PublishedMeeting], participation: int, language: str
) -> Iterator[AgendaEntry]:
    for known in meetings:
        others = [party for party in known.parties if party.participation != participation]
        entry = _entry(known, known.place, known.interpreter, known.change, others=others, language=language)
        if entry is not None:
            yield entry


def _entries_of_interpreter(
    meetings: Iterable[PublishedMeeting], interpreter: int, language: str
) -> Iterator[AgendaEntry]:
    for known in meetings:
        is_mine = known.interpreter is not None and known.interpreter.interpreter == interpreter
        was_mine = known.change is not None and known.change.interpreter_before == interpreter
        entry = _entry(
            known,
            known.place if is_mine else None,
            known.interpreter if is_mine else None,
            known.change if was_mine else None,
            others=known.parties,
            language=language,
        )
        if entry is not None:
            yield entry


def _agenda(
    owner: Participation | Interpreter,
    days: tuple[AgendaDay, ...],
    *,
    event: Event,
    as_of: datetime | None,
    language: str,
    zone: str,
) -> Agenda:
    return Agenda(
        owner=_person_of(owner, language),
        event=event.name.for_reader(language),
        place_zone=place_of(event, language),
        reader_zone=Zone(key=zone, city=city_of(zone, language)),
        language=language,
        days=days,
        as_of=as_of,
        interprets=isinstance(owner, Interpreter),
        is_sample=owner.is_sample,
    )


def _person_of(owner: Participation | Interpreter, language: str) -> AgendaPerson:
    name = name_scripts(owner.person.name, language)
    if isinstance(owner, Interpreter):
        return AgendaPerson(name=name)
    return AgendaPerson(
        name=name,
        organisation=text_scripts(owner.organisation.name, language),
        function=owner.function.for_reader(language) or None,
    )


def _entry(
    known: PublishedMeeting,
    place: Place | None,
    interpreter: MeetingInterpreter | None,
    change: PlaceChange | None,
    *,
    others: Sequence[Party],
    language: str,
) -> AgendaEntry | None:
    """The entry of a reader whose place is `place` and for whom `change` was the last news; None without any place."""
    state: EntryState = "cancelled"
    moved_from = None
    before = change.before if change is not None else None
    if place is not None:
        state = "planned" if known.takes_place else "cancelled"
        # Another interpreter alone is no news for the others at the table.
        if change is not None and change.kind == SeatChange.Kind.MOVED and before != place:
            state = "moved" if known.takes_place else state
            if before is not None and before.starts_at != place.starts_at:
                moved_from = before.starts_at
    elif before is not None:
        place, interpreter = before, None
    else:
        return None
    return AgendaEntry(
        kind="meeting",
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        uid=calendar_uid(known),
        sequence=known.sequence,
        changed_at=_changed_at(known),
        counterparts=tuple(agenda_person(party, language) for party in others),
        hall=hall_of(place, language),
        table=place.table,
        booth="" if place.table else known.booth,
        interpreters=(assigned_interpreter(interpreter, known, language),) if interpreter else (),
        language=known.language,
        state=state,
        moved_from=moved_from,
    )


def _changed_at(known: PublishedMeeting) -> datetime | None:
    moments = (known.cancelled_at, known.change.published_at if known.change else None)
    return max((moment for moment in moments if moment is not None), default=None)


def calendar_uid(meeting: PublishedMeeting) -> str:
    """The same for everybody at the table, through every move."""
    return f"{meeting.public_id}@{_host(settings.ORIGIN)}"


@lru_cache(maxsize=16)
def _host(origin: str) -> str | None:
    return urlsplit(origin).hostname


# Names as this reader reads them, and as their owners write them


def agenda_person(party: Party, language: str) -> AgendaPerson:
    """A participant by name, organisation and function."""
    return AgendaPerson(
        name=name_scripts(party.name, language),
        organisation=text_scripts(party.organisation, language),
        function=party.function.for_reader(language) or None,
    )


@lru_cache(maxsize=8192)
def name_scripts(name: PersonName, language: str) -> TwoScripts:
    """A name in its owner's order: LYU Wentao 吕文涛 for readers of Latin letters, 吕文涛 LYU Wentao for Chinese."""
    shown = display(name, language, with_titles=True)
    other = display_other_script(name, language)
    latin = content_language(language) if content_language(language) != "zh" else "en"
    return TwoScripts(
        reading=Words(shown, "zh" if shown == name.native else latin),
        original=Words(other, "zh" if other == name.native else latin) if other else None,
    )


def text_scripts(text: Text, language: str) -> TwoScripts:
    """A name in a script that the reader reads, before the original; the original alone where there is no such name."""
    original = text.original_words()
    own = content_language(language)
    for choice in ("zh",) if own == "zh" else (own, "en", "de"):
        if choice in text.versions:
            reading = text.for_reader(choice)
            return TwoScripts(reading=reading, original=original if original.text != reading.text else None)
    return TwoScripts(reading=original)


def assigned_interpreter(
    interpreter: MeetingInterpreter, meeting: PublishedMeeting, language: str
) -> AssignedInterpreter:
    """Who interprets a meeting, between which languages."""
    first, _, second = meeting.pair.partition("-")
    return AssignedInterpreter(name=name_scripts(interpreter.name, language), pair=(first, second))


def hall_of(place: Place, language: str) -> AgendaHall:
    """A hall in its order among the others."""
    return AgendaHall(position=place.hall_position, name=place.hall_name.for_reader(language))


def place_of(event: Event, language: str) -> Zone:
    """The zone of an event under the name of its city."""
    return Zone(key=event.zone, city=event.place.for_reader(language).text or city_of(event.zone, language))


def reader_of(person: Person, event: Event) -> tuple[str, str]:
    """Interface language and zone of somebody's paper and calendar: their own settings, else what is known of them."""
    if person.user is not None:
        return person.user.language, person.user.time_zone
    return ("zh-hans" if person.language == "zh" else person.language), event.zone
