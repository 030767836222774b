"""Reads agendas from the published plan: a fixed number of statements, whatever the size of the event."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet

from kontor.directory.models import Person
from kontor.directory.names import NameOrder, display, display_other_script
from kontor.events.models import Event, Hall, Interpreter, Participation
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
from kontor.ui.formatting import city_of

_LONG_COLUMNS = ("offers", "seeks", "topics_offered", "topics_sought", "availability_words")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedMeeting:
    """A meeting with its people and what the last publication changed about it."""

    meeting: Meeting
    parties: tuple[Participation, ...]
    change: SeatChange | None

    @property
    def seat(self) -> Seat | None:
        """Where and when; None if it has no place now."""
        return getattr(self.meeting, "seat", None)

    @property
    def takes_place(self) -> bool:
        return self.seat is not None and self.meeting.state == Meeting.State.AGREED


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
                found[party.pk].append(known)
        return found

    def of_interpreters(self) -> Mapping[int, Sequence[PublishedMeeting]]:
        """Meetings by the key of the interpreter who has them, or had them before the last change."""
        found: dict[int, list[PublishedMeeting]] = defaultdict(list)
        for known in self.meetings:
            now = known.seat.interpreter_id if known.seat else None
            before = known.change.old_interpreter_id if known.change else None
            for interpreter in {now, before}:
                if interpreter is not None:
                    found[interpreter].append(known)
        return found


# Reading


def published_at(event: Event) -> datetime | None:
    """When the plan that people know was published; one statement."""
    newest = Publication.objects.filter(event=event).order_by("-number")
    return newest.values_list("published_at", flat=True).first()


def load_participant_agenda(participation: Participation, *, language: str, zone: str) -> Agenda:
    """One participant's agenda in three statements."""
    meetings = _read(Q(meeting__parties__participation=participation))
    as_of = published_at(participation.event)
    return participant_agenda(
        participation, meetings, event=participation.event, as_of=as_of, language=language, zone=zone
    )


def load_interpreter_agenda(interpreter: Interpreter, *, language: str, zone: str) -> Agenda:
    """One interpreter's agenda in three statements; meetings that went to somebody else show as cancelled."""
    mine = Q(meeting__seat__interpreter=interpreter) | Q(meeting__seat_changes__old_interpreter=interpreter)
    as_of = published_at(interpreter.event)
    return interpreter_agenda(
        interpreter, _read(mine), event=interpreter.event, as_of=as_of, language=language, zone=zone
    )


def load_event_plan(event: Event) -> EventPlan:
    """All meetings of an event in three statements."""
    return EventPlan(
        event=event, published_at=published_at(event), meetings=tuple(_read(Q(meeting__event=event)))
    )


def _read(which: Q) -> list[PublishedMeeting]:
    ids = MeetingParty.objects.filter(which).values("meeting")
    parties: dict[int, list[MeetingParty]] = defaultdict(list)
    for party in _with_places(MeetingParty.objects.filter(meeting__in=ids)):
        parties[party.meeting_id].append(party)
    changes = SeatChange.objects.filter(meeting__in=ids).order_by("publication__number")
    newest = {
        change.meeting_id: change
        for change in changes.select_related("publication", "old_slot", "old_hall", "old_table")
    }
    return [
        PublishedMeeting(
            meeting=of_meeting[0].meeting,
            parties=tuple(party.participation for party in of_meeting),
            change=newest.get(meeting_id),
        )
        for meeting_id, of_meeting in parties.items()
    ]


def _with_places(parties: QuerySet[MeetingParty]) -> QuerySet[MeetingParty]:
    return (
        parties.select_related(
            "participation__person",
            "participation__organisation",
            "meeting__booth",
            "meeting__seat__slot",
            "meeting__seat__hall",
            "meeting__seat__table",
            "meeting__seat__interpreter__person",
        )
        .defer(*(f"participation__{column}" for column in _LONG_COLUMNS))
        .order_by("meeting", "side", "id")
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
        others = [party for party in known.parties if party.pk != participation.pk]
        entries.append(_entry(known, known.seat, known.change, others=others, language=language))
    return Agenda(
        owner=agenda_person(participation, language),
        event=event.name.for_reader(language),
        place_zone=place_of(event, language),
        reader_zone=Zone(key=zone, city=city_of(zone, language)),
        language=language,
        days=arrange_days(filter(None, entries), place_of(event, language)),
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
        seat = known.seat if known.seat and known.seat.interpreter_id == interpreter.pk else None
        change = known.change if known.change and known.change.old_interpreter_id == interpreter.pk else None
        entries.append(_entry(known, seat, change, others=known.parties, language=language))
    return Agenda(
        owner=AgendaPerson(name=person_scripts(interpreter.person, language)),
        event=event.name.for_reader(language),
        place_zone=place_of(event, language),
        reader_zone=Zone(key=zone, city=city_of(zone, language)),
        language=language,
        days=arrange_days(filter(None, entries), place_of(event, language)),
        as_of=as_of,
        interprets=True,
        is_sample=interpreter.is_sample,
    )


def _entry(
    known: PublishedMeeting,
    seat: Seat | None,
    change: SeatChange | None,
    *,
    others: Sequence[Participation],
    language: str,
) -> AgendaEntry | None:
    """The entry of a reader whose place is `seat` and for whom `change` was the last news; None without any place."""
    state: EntryState
    moved_from = None
    if seat is not None:
        slot, hall, table, interpreter = seat.slot, seat.hall, seat.table, seat.interpreter
        state = "planned" if known.takes_place else "cancelled"
        if change is not None and change.kind == SeatChange.Kind.MOVED and _is_news(change, seat):
            state = "moved" if known.takes_place else state
            if change.old_slot is not None and change.old_slot_id != seat.slot_id:
                moved_from = change.old_slot.starts_at
    elif change is not None and change.old_slot is not None and change.old_hall is not None:
        slot, hall, table, interpreter = change.old_slot, change.old_hall, change.old_table, None
        state = "cancelled"
    else:
        return None
    meeting = known.meeting
    return AgendaEntry(
        kind="meeting",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        uid=calendar_uid(meeting),
        sequence=meeting.sequence,
        changed_at=_changed_at(known),
        counterparts=tuple(agenda_person(participation, language) for participation in others),
        hall=hall_of(hall, language),
        table=table.name if table else "",
        booth=meeting.booth.name if table is None and meeting.booth else "",
        interpreters=(assigned_interpreter(interpreter, meeting, language),) if interpreter else (),
        language=meeting.language,
        state=state,
        moved_from=moved_from,
    )


def _is_news(change: SeatChange, seat: Seat) -> bool:
    """Another interpreter alone is no news for the others at the table."""
    return (change.old_slot_id, change.old_hall_id, change.old_table_id) != (
        seat.slot_id,
        seat.hall_id,
        seat.table_id,
    )


def _changed_at(known: PublishedMeeting) -> datetime | None:
    moments = (
        known.meeting.cancelled_at,
        known.change.publication.published_at if known.change else None,
    )
    return max((moment for moment in moments if moment is not None), default=None)


def calendar_uid(meeting: Meeting) -> str:
    """The same for everybody at the table, through every move."""
    return f"{meeting.public_id}@{urlsplit(settings.ORIGIN).hostname}"


# Names as this reader reads them, and as their owners write them


def agenda_person(participation: Participation, language: str) -> AgendaPerson:
    """A participant by name, organisation and function."""
    return AgendaPerson(
        name=person_scripts(participation.person, language),
        organisation=text_scripts(participation.organisation.name, language),
        function=participation.function.for_reader(language) or None,
    )


def person_scripts(person: Person, language: str) -> TwoScripts:
    """A name in its owner's order: LYU Wentao 吕文涛 for readers of Latin letters, 吕文涛 Lyu Wentao for Chinese."""
    name = person.name
    needs_mark = name.order is NameOrder.FAMILY_FIRST and bool(name.native)
    shown = display(name, language, family_in_capitals=needs_mark, with_titles=True)
    other = display_other_script(name, language)
    latin = content_language(language) if content_language(language) != "zh" else "en"
    return TwoScripts(
        reading=Words(shown, "zh" if shown == name.native else latin),
        original=Words(other, "zh" if other == name.native else latin) if other else None,
    )


def text_scripts(text: Text, language: str) -> TwoScripts:
    """A name in a script that the reader reads, before the original: an English one rather than none for Germans."""
    wanted = content_language(language)
    choices = (wanted, *(("en", "de") if wanted != "zh" else ()))
    shown = next((choice for choice in choices if text.in_language(choice)), wanted)
    reading, original = text.for_reader(shown), text.original_words()
    return TwoScripts(reading=reading, original=original if original.text != reading.text else None)


def assigned_interpreter(interpreter: Interpreter, meeting: Meeting, language: str) -> AssignedInterpreter:
    """Who interprets a meeting, between which languages."""
    first, _, second = meeting.pair.partition("-")
    return AssignedInterpreter(name=person_scripts(interpreter.person, language), pair=(first, second))


def hall_of(hall: Hall, language: str) -> AgendaHall:
    """A hall in its order among the others."""
    return AgendaHall(position=hall.position, name=hall.name.for_reader(language))


def place_of(event: Event, language: str) -> Zone:
    """The zone of an event under the name of its city."""
    return Zone(key=event.zone, city=event.place.for_reader(language).text or city_of(event.zone, language))


def reader_of(person: Person, event: Event) -> tuple[str, str]:
    """Interface language and zone of somebody's paper and calendar: their own settings, else what is known of them."""
    if person.user is not None:
        return person.user.language, person.user.time_zone
    return ("zh-hans" if person.language == "zh" else person.language), event.zone
