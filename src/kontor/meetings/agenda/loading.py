"""Reads agendas from the published plan: a fixed number of statements, whatever the size of the event."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet

from kontor.directory.models import Person
from kontor.directory.names import NameOrder, PersonName, display, display_other_script
from kontor.events.models import Event, Interpreter, Participation
from kontor.i18n import Text, Words, content_language
from kontor.meetings.agenda.entries import (
    Agenda,
    AgendaEntry,
    AgendaHall,
    AgendaPerson,
    AssignedInterpreter,
    EntryState,
    TwoScripts,
    Zone,
    arrange_days,
)
from kontor.meetings.models import Meeting, MeetingParty, Publication, Seat, SeatChange
from kontor.prepared import PreparedRows
from kontor.ui.formatting import city_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of those who meet."""

    participation: int
    """primary key"""
    name: PersonName
    organisation: Text
    function: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """When and where a meeting is, or was."""

    starts_at: datetime
    ends_at: datetime
    hall: int
    """primary key"""
    hall_position: int
    hall_name: Text
    table: str
    """empty at a booth"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingInterpreter:
    """Who interprets."""

    interpreter: int
    """primary key"""
    name: PersonName


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChange:
    """What the last publication that touched a meeting changed."""

    kind: str
    published_at: datetime
    before: Place | None
    interpreter_before: int | None
    """primary key"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedMeeting:
    """A meeting with its people, its place and what the last publication changed about it."""

    public_id: str
    is_agreed: bool
    is_locked: bool
    pair: str
    language: str
    sequence: int
    cancelled_at: datetime | None
    booth: str
    parties: tuple[Party, ...]
    place: Place | None
    interpreter: MeetingInterpreter | None
    change: PlaceChange | None

    @property
    def takes_place(self) -> bool:
        return self.place is not None and self.is_agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlan:
    """Everything published for an event, for documents about many people."""

    event: Event
    published_at: datetime | None
    meetings: tuple[PublishedMeeting, ...]

    def of_participants(self) -> Mapping[int, Sequence[PublishedMeeting]]:
        """Meetings by the key of the participation."""
        found: dict[int, list[PublishedMeeting]] = defaultdict(list)
        for known in self.meetings:
            for party in known.parties:
                found[party.participation].append(known)
        return found

    def of_interpreters(self) -> Mapping[int, Sequence[PublishedMeeting]]:
        """Meetings by the key of the interpreter who has them, or had them before the last change."""
        found: dict[int, list[PublishedMeeting]] = defaultdict(list)
        for known in self.meetings:
            now = known.interpreter.interpreter if known.interpreter else None
            before = known.change.interpreter_before if known.change else None
            for interpreter in {now, before}:
                if interpreter is not None:
                    found[interpreter].append(known)
        return found


# Reading


def published_at(event: Event) -> datetime | None:
    """When the plan that people know was published; one statement."""
    rows = _PUBLISHED.read(event=event.pk)
    return rows[0][0] if rows else None


def load_participant_agenda(participation: Participation, *, language: str, zone: str) -> Agenda:
    """One participant's agenda in three statements."""
    meetings = _read(_OF_PARTICIPANT, participation.pk)
    as_of = published_at(participation.event)
    return participant_agenda(
        participation, meetings, event=participation.event, as_of=as_of, language=language, zone=zone
    )


def load_interpreter_agenda(interpreter: Interpreter, *, language: str, zone: str) -> Agenda:
    """One interpreter's agenda in three statements; meetings that went to somebody else show as cancelled."""
    meetings = _read(_OF_INTERPRETER, interpreter.pk)
    as_of = published_at(interpreter.event)
    return interpreter_agenda(
        interpreter, meetings, event=interpreter.event, as_of=as_of, language=language, zone=zone
    )


def load_event_plan(event: Event) -> EventPlan:
    """All meetings of an event in three statements."""
    meetings = tuple(_read(_OF_EVENT, event.pk))
    return EventPlan(event=event, published_at=published_at(event), meetings=meetings)


_NAME_COLUMNS = ("family", "given", "native_family", "native_given", "name_order", "title")
_PLACE_COLUMNS = (
    "slot__starts_at",
    "slot__ends_at",
    "hall",
    "hall__position",
    "hall__name",
    "table__name",
)
_MEETING_COLUMNS = (
    "public_id",
    "state",
    "is_locked",
    "pair",
    "language",
    "sequence",
    "cancelled_at",
    "booth__name",
)
_PARTY_COLUMNS = (
    "meeting",
    *(f"meeting__{column}" for column in _MEETING_COLUMNS),
    *(f"meeting__seat__{column}" for column in _PLACE_COLUMNS),
    "meeting__seat__interpreter",
    *(f"meeting__seat__interpreter__person__{column}" for column in _NAME_COLUMNS),
    "participation",
    *(f"participation__person__{column}" for column in _NAME_COLUMNS),
    "participation__organisation__name",
    "participation__function",
)
_CHANGE_COLUMNS = (
    "meeting",
    "kind",
    "publication__published_at",
    "old_interpreter",
    *(f"old_{column}" for column in _PLACE_COLUMNS),
)


def _of_participant(key: int) -> Q:
    return Q(meeting__in=MeetingParty.objects.filter(participation=key).values("meeting"))


def _of_interpreter(key: int) -> Q:
    given = Seat.objects.filter(interpreter=key).values("meeting")
    taken = SeatChange.objects.filter(old_interpreter=key).values("meeting")
    return Q(meeting__in=given) | Q(meeting__in=taken)


def _of_event(key: int) -> Q:
    return Q(meeting__event=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reads:
    """The two statements that read some meetings."""

    parties: PreparedRows
    changes: PreparedRows


def _reads(which: Callable[[int], Q]) -> _Reads:
    def parties(key: int) -> QuerySet[MeetingParty, tuple[Any, ...]]:
        rows = MeetingParty.objects.filter(which(key)).order_by("meeting_id", "side", "id")
        return rows.values_list(*_PARTY_COLUMNS)

    def changes(key: int) -> QuerySet[SeatChange, tuple[Any, ...]]:
        rows = SeatChange.objects.filter(which(key)).order_by("publication__number")
        return rows.values_list(*_CHANGE_COLUMNS)

    return _Reads(parties=PreparedRows(parties), changes=PreparedRows(changes))


def _published(event: int) -> QuerySet[Publication, tuple[Any, ...]]:
    return Publication.objects.filter(event=event).order_by("-number").values_list("published_at")[:1]


_OF_PARTICIPANT = _reads(_of_participant)
_OF_INTERPRETER = _reads(_of_interpreter)
_OF_EVENT = _reads(_of_event)
_PUBLISHED = PreparedRows(_published)


def _read(reads: _Reads, key: int) -> list[PublishedMeeting]:
    parties: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for meeting, *row in reads.parties.read(key=key):
        parties[meeting].append(tuple(row))
    newest = {meeting: _change(*row) for meeting, *row in reads.changes.read(key=key)}
    return [_meeting(rows, newest.get(meeting)) for meeting, rows in parties.items()]


def _meeting(rows: Sequence[tuple[Any, ...]], change: PlaceChange | None) -> PublishedMeeting:
    """A meeting from the rows of its parties, which all begin with the columns of the meeting."""
    names = len(_NAME_COLUMNS)
    place = len(_MEETING_COLUMNS)
    interpreter = place + len(_PLACE_COLUMNS)
    party = interpreter + 1 + names
    first = rows[0]
    public_id, state, is_locked, pair, language, sequence, cancelled_at, booth = first[:place]
    return PublishedMeeting(
        public_id=public_id,
        is_agreed=state == Meeting.State.AGREED,
        is_locked=is_locked,
        pair=pair,
        language=language,
        sequence=sequence,
        cancelled_at=cancelled_at,
        booth=booth or "",
        parties=tuple(
            Party(
                participation=row[party],
                name=_name(*row[party + 1 : party + 1 + names]),
                organisation=row[-2],
                function=row[-1],
            )
            for row in rows
        ),
        place=_place(*first[place:interpreter]),
        interpreter=MeetingInterpreter(
            interpreter=first[interpreter], name=_name(*first[interpreter + 1 : party])
        )
        if first[interpreter] is not None
        else None,
        change=change,
    )


def _change(kind: str, published: datetime, interpreter: int | None, *place: Any) -> PlaceChange:
    return PlaceChange(
        kind=kind, published_at=published, before=_place(*place), interpreter_before=interpreter
    )


def _place(
    starts_at: datetime | None,
    ends_at: datetime | None,
    hall: int | None,
    position: int | None,
    name: Text,
    table: str | None,
) -> Place | None:
    if starts_at is None or ends_at is None or hall is None or position is None:
        return None
    return Place(
        starts_at=starts_at,
        ends_at=ends_at,
        hall=hall,
        hall_position=position,
        hall_name=name,
        table=table or "",
    )


def _name(
    family: str, given: str, native_family: str, native_given: str, order: str, title: str
) -> PersonName:
    return PersonName(
        family=family,
        given=given,
        native_family=native_family,
        native_given=native_given,
        order=NameOrder(order),
        titles=title,
    )


# Rows to agendas


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
    entries = []
    for known in meetings:
        others = [party for party in known.parties if party.participation != participation.pk]
        entries.append(
            _entry(known, known.place, known.interpreter, known.change, others=others, language=language)
        )
    place = place_of(event, language)
    return Agenda(
        owner=AgendaPerson(
            name=name_scripts(participation.person.name, language),
            organisation=text_scripts(participation.organisation.name, language),
            function=participation.function.for_reader(language) or None,
        ),
        event=event.name.for_reader(language),
        place_zone=place,
        reader_zone=Zone(key=zone, city=city_of(zone, language)),
        language=language,
        days=arrange_days(filter(None, entries), place),
        as_of=as_of,
        is_sample=participation.is_sample,
    )


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
    entries = []
    for known in meetings:
        is_mine = known.interpreter is not None and known.interpreter.interpreter == interpreter.pk
        was_mine = known.change is not None and known.change.interpreter_before == interpreter.pk
        entries.append(
            _entry(
                known,
                known.place if is_mine else None,
                known.interpreter if is_mine else None,
                known.change if was_mine else None,
                others=known.parties,
                language=language,
            )
        )
    place = place_of(event, language)
    return Agenda(
        owner=AgendaPerson(name=name_scripts(interpreter.person.name, language)),
        event=event.name.for_reader(language),
        place_zone=place,
        reader_zone=Zone(key=zone, city=city_of(zone, language)),
        language=language,
        days=arrange_days(filter(None, entries), place),
        as_of=as_of,
        interprets=True,
        is_sample=interpreter.is_sample,
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
    return f"{meeting.public_id}@{urlsplit(settings.ORIGIN).hostname}"


# Names as this reader reads them, and as their owners write them


def agenda_person(party: Party, language: str) -> AgendaPerson:
    """A participant by name, organisation and function."""
    return AgendaPerson(
        name=name_scripts(party.name, language),
        organisation=text_scripts(party.organisation, language),
        function=party.function.for_reader(language) or None,
    )


def name_scripts(name: PersonName, language: str) -> TwoScripts:
    """A name in its owner's order: LYU Wentao 吕文涛 for readers of Latin letters, 吕文涛 Lyu Wentao for Chinese."""
    needs_mark = name.order is NameOrder.FAMILY_FIRST and bool(name.native)
    shown = display(name, language, family_in_capitals=needs_mark, with_titles=True)
    other = display_other_script(name, language)
    latin = content_language(language) if content_language(language) != "zh" else "en"
    return TwoScripts(
        reading=Words(shown, "zh" if shown == name.native else latin),
        original=Words(other, "zh" if other == name.native else latin) if other else None,
    )


def text_scripts(text: Text, language: str) -> TwoScripts:
    """A name in a script that the reader reads, before the original; the original alone where there is no such name."""
    original = text.original_words()
    choices = ("zh",) if content_language(language) == "zh" else (content_language(language), "en", "de")
    shown = next((choice for choice in choices if text.in_language(choice)), None)
    reading = text.for_reader(shown) if shown else original
    return TwoScripts(reading=reading, original=original if original.text != reading.text else None)


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
