"""What is published of meetings: read in a fixed number of statements, whatever the size of the event."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from kontor.directory.names import NameOrder, PersonName
from kontor.events.models import Event
from kontor.i18n import Text
from kontor.meetings.models import Meeting, MeetingParty, Publication, Seat, SeatChange
from kontor.prepared import PreparedRows

KEPT_AGENDAS = 512
"""of so many people what was made of the same rows before is at hand; a person's rows take some 30 kB"""


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownMeetings:
    """What the database says of one person's meetings: one object for as long as it says the same.

    It is read anew for each page, and only what is made of it is kept: so a room that changed is never shown as it was.
    """

    meetings: tuple[PublishedMeeting, ...]


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


def published_at(event: Event) -> datetime | None:
    """When the plan that people know was published; one statement."""
    rows = _PUBLISHED.read(event=event.pk)
    return rows[0][0] if rows else None


def meetings_of_participant(participation: int) -> KnownMeetings:
    """The meetings of one participant, by primary key, with those they meet; two statements."""
    return _known(_OF_PARTICIPANT, *_OF_PARTICIPANT.fetch(participation))


def meetings_of_interpreter(interpreter: int) -> KnownMeetings:
    """The meetings that an interpreter has or had, by primary key; two statements."""
    return _known(_OF_INTERPRETER, *_OF_INTERPRETER.fetch(interpreter))


def load_event_plan(event: Event) -> EventPlan:
    """All meetings of an event in three statements."""
    meetings = _made_of(_OF_EVENT, *_OF_EVENT.fetch(event.pk))
    return EventPlan(event=event, published_at=published_at(event), meetings=meetings)


# Statements and rows


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


def _beside_participant(key: int) -> Q:
    return _of_participant(key) & ~Q(participation=key)


def _of_interpreter(key: int) -> Q:
    given = Seat.objects.filter(interpreter=key).values("meeting")
    taken = SeatChange.objects.filter(old_interpreter=key).values("meeting")
    return Q(meeting__in=given) | Q(meeting__in=taken)


def _of_event(key: int) -> Q:
    return Q(meeting__event=key)


_Rows = tuple[tuple[Any, ...], ...]
"""as the database has them"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reads:
    """The two statements that read some meetings."""

    parties: PreparedRows
    changes: PreparedRows

    def fetch(self, key: int) -> tuple[_Rows, _Rows]:
        return self.parties.fetch(key=key), self.changes.fetch(key=key)


def _reads(which: Callable[[int], Q], whose: Callable[[int], Q] | None = None) -> _Reads:
    """`which` names the meetings and, where not all parties are wanted, `whose` those parties."""

    def parties(key: int) -> QuerySet[MeetingParty, tuple[Any, ...]]:
        rows = MeetingParty.objects.filter((whose or which)(key)).order_by("meeting_id", "side", "id")
        return rows.values_list(*_PARTY_COLUMNS)

    def changes(key: int) -> QuerySet[SeatChange, tuple[Any, ...]]:
        rows = SeatChange.objects.filter(which(key)).order_by("publication__number")
        return rows.values_list(*_CHANGE_COLUMNS)

    return _Reads(parties=PreparedRows(parties), changes=PreparedRows(changes))


def _published(event: int) -> QuerySet[Publication, tuple[Any, ...]]:
    return Publication.objects.filter(event=event).order_by("-number").values_list("published_at")[:1]


_OF_PARTICIPANT = _reads(_of_participant, whose=_beside_participant)
_OF_INTERPRETER = _reads(_of_interpreter)
_OF_EVENT = _reads(_of_event)
_PUBLISHED = PreparedRows(_published)


@lru_cache(maxsize=KEPT_AGENDAS)
def _known(reads: _Reads, parties: _Rows, changes: _Rows) -> KnownMeetings:
    return KnownMeetings(meetings=_made_of(reads, parties, changes))


def _made_of(reads: _Reads, parties: _Rows, changes: _Rows) -> tuple[PublishedMeeting, ...]:
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for meeting, *row in reads.parties.converted(parties):
        rows[meeting].append(tuple(row))
    newest = {meeting: _change(*row) for meeting, *row in reads.changes.converted(changes)}
    return tuple(_meeting(of_meeting, newest.get(meeting)) for meeting, of_meeting in rows.items())


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


@lru_cache(maxsize=8192)
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
