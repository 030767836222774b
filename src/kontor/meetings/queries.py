"""What the pages of the plan show: quality beside its bounds, the board of one block and hall, what is not placed and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kontor.directory.names import display
from kontor.events.models import Block, Event, Hall, Interpreter, Slot, Table
from kontor.i18n import Text, content_language
from kontor.meetings.models import Meeting, MeetingParty, PlanRun, Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How good a draft is, beside what no plan can beat."""

    placed: int
    total: int
    most: int
    """no plan places more (where all meetings count alike)"""
    gaps: int
    fewest_gaps: int
    max_gaps: int
    num_people: int
    """people with at least one placed meeting"""
    num_without: int
    """people with agreed meetings, none of which is placed"""
    interpreted: int
    interpreter_seats: int
    """interpreters × slots in which they are available"""
    is_proved: bool
    seconds: float


def quality_of(run: PlanRun) -> Quality:
    """Counted from the draft's own files, without a statement."""
    plan, instance = run.plan, run.instance
    measures, bounds = plan["measures"], plan["bounds"]
    placed = {meeting for meeting, place in plan["meetings"].items() if place is not None}
    people: set[str] = set()
    waiting: set[str] = set()
    for meeting in instance["meetings"]:
        (people if meeting["id"] in placed else waiting).update(meeting["people"])
    num_slots = len(instance["slots"])
    return Quality(
        placed=measures["placed"],
        total=len(instance["meetings"]),
        most=min(len(instance["meetings"]), int(bounds["priority"] + 1e-6)),
        gaps=measures["gaps"],
        fewest_gaps=bounds["gaps"],
        max_gaps=measures["max_gaps"],
        num_people=len(people),
        num_without=len(waiting - people),
        interpreted=sum(
            1 for place in plan["meetings"].values() if place is not None and place["interpreter"]
        ),
        interpreter_seats=sum(num_slots - len(one["unavailable"]) for one in instance["interpreters"]),
        is_proved=plan["proved"],
        seconds=plan["wall_s"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMeeting:
    """A meeting on the board."""

    public_id: str
    names: tuple[Text, ...]
    """organisations of both sides"""
    has_interpreter: bool
    is_locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardData:
    """Tables × slots of one block and hall."""

    slots: tuple[datetime, ...]
    rows: tuple[tuple[str, tuple[BoardMeeting | None, ...]], ...]
    """(name of the table or booth, meetings by slot)"""


def board_of(run: PlanRun, block: Block, hall: Hall) -> BoardData:
    """The draft in one block and hall; four statements, whatever the size of the event."""
    slots = list(Slot.objects.filter(block=block).order_by("position"))
    positions = {slot.position: column for column, slot in enumerate(slots)}
    here = {
        meeting: place
        for meeting, place in run.plan["meetings"].items()
        if place is not None and place["hall"] == hall.public_id and place["slot"] in positions
    }
    names = _organisations(here)
    facts = {
        public_id: (is_locked, booth)
        for public_id, is_locked, booth in Meeting.objects.filter(
            event=run.event, public_id__in=here
        ).values_list("public_id", "is_locked", "booth__name")
    }
    tables = {table.number: table.name for table in Table.objects.filter(hall=hall)}
    rows: dict[str, list[BoardMeeting | None]] = {name: [None] * len(slots) for name in tables.values()}
    for public_id, place in sorted(here.items(), key=lambda item: item[1]["slot"]):
        is_locked, booth = facts.get(public_id, (False, None))
        label = tables.get(place["table"], "") if place["table"] is not None else booth or ""
        cell = BoardMeeting(
            public_id=public_id,
            names=tuple(names.get(public_id, ())),
            has_interpreter=place["interpreter"] is not None,
            is_locked=is_locked,
        )
        column = positions[place["slot"]]
        row = rows.setdefault(label, [None] * len(slots))
        if row[column] is not None:  # two exhibitors at one booth
            row = rows.setdefault(f"{label} ", [None] * len(slots))
        row[column] = cell
    return BoardData(
        slots=tuple(slot.starts_at for slot in slots),
        rows=tuple((label, tuple(cells)) for label, cells in rows.items()),
    )


def _organisations(meetings: Iterable[str]) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = {}
    rows = MeetingParty.objects.filter(meeting__public_id__in=list(meetings)).order_by(
        "meeting", "side", "id"
    )
    for meeting, name in rows.values_list("meeting__public_id", "participation__organisation__name"):
        found.setdefault(meeting, []).append(name)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How ids of a plan file are called by people."""

    people: Mapping[str, str] = field(default_factory=dict)
    halls: Mapping[str, str] = field(default_factory=dict)
    slots: Sequence[datetime] = ()
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedRow:
    """A meeting that has no place in a draft."""

    public_id: str
    names: tuple[Text, ...]
    rule: str
    causes: Sequence[Mapping[str, Any]]
    remedy: Mapping[str, Any] | None
    places: int
    """how many unplaced meetings the remedy places"""


def unplaced_rows(run: PlanRun, *, start: int, size: int) -> tuple[list[UnplacedRow], int]:
    """Some of the unplaced meetings, those with the most useful remedy first, and how many there are."""
    entries = sorted(run.plan["unplaced"].items(), key=lambda item: (-item[1].get("places", 0), item[0]))
    shown = entries[start : start + size]
    names = _organisations(meeting for meeting, _ in shown)
    rows = [
        UnplacedRow(
            public_id=meeting,
            names=tuple(names.get(meeting, ())),
            rule=entry["rule"],
            causes=entry.get("causes", ()),
            remedy=entry.get("remedy"),
            places=entry.get("places", 0),
        )
        for meeting, entry in shown
    ]
    return rows, len(entries)


def names_for(event: Event, rows: Iterable[UnplacedRow], language: str) -> Names:
    """The names that causes and remedies of these rows mention; three statements."""
    wanted: set[str] = set()
    for row in rows:
        for cause in row.causes:
            wanted.update(str(value) for key, value in cause["params"].items() if key == "person")
        wanted.update((row.remedy or {}).get("people") or ())
    participations = event.participations.filter(public_id__in=wanted).select_related("person")
    short = content_language(language)
    return Names(
        people={one.public_id: display(one.person.name, short) for one in participations},
        halls={hall.public_id: hall.name.for_reader(language).text for hall in event.halls.all()},
        slots=[slot.starts_at for slot in event.slots.order_by("position")],
        zone=event.zone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMeeting:
    """A meeting whose place differs between the published plan and a draft."""

    kind: str
    """new, moved or removed"""
    names: tuple[Text, ...]
    before: tuple[datetime, str, str] | None
    """(start, hall, table or booth)"""
    after: tuple[datetime, str, str] | None


def moved_meetings(
    run: PlanRun, published: Mapping[str, Mapping[str, Any]], kinds: Mapping[str, str], language: str
) -> list[MovedMeeting]:
    """What moves for whom, in order of the new time; four statements."""
    event = run.event
    names = _organisations(kinds)
    slots = [slot.starts_at for slot in event.slots.order_by("position")]
    halls = {hall.public_id: (hall.pk, hall.name.for_reader(language).text) for hall in event.halls.all()}
    tables = {
        (hall, number): name
        for hall, number, name in Table.objects.filter(hall__event=event).values_list(
            "hall__public_id", "number", "name"
        )
    }

    def where(place: Mapping[str, Any] | None) -> tuple[datetime, str, str] | None:
        if place is None:
            return None
        return slots[place["slot"]], halls[place["hall"]][1], tables.get((place["hall"], place["table"]), "")

    rows = [
        MovedMeeting(
            kind=kind,
            names=tuple(names.get(meeting, ())),
            before=where(published.get(meeting)),
            after=where(run.plan["meetings"].get(meeting)),
        )
        for meeting, kind in kinds.items()
    ]
    return sorted(rows, key=lambda row: (row.after or row.before or (slots[0], "", ""))[0])


def latest_publication(event: Event) -> Publication | None:
    """The plan people know."""
    return event.publications.order_by("-number").first()


def drafts(event: Event) -> QuerySet[PlanRun]:
    """The runs of an event, newest first, without their large files."""
    return event.plan_runs.select_related("job").defer("instance", "plan").order_by("-number")


def interpreter_names(event: Event, language: str) -> dict[str, str]:
    """Interpreters of an event by public id."""
    rows = Interpreter.objects.filter(event=event).select_related("person")
    return {row.public_id: display(row.person.name, content_language(language)) for row in rows}
