"""What the pages of the plan show: quality beside its bounds, the board of one block and hall, what is not placed and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, JSONField, Q, Subquery, When

from kontor.directory.names import display
from kontor.events.models import Event, Interpreter, Slot, Table
from kontor.i18n import Text, content_language
from kontor.meetings.models import MeetingParty, PlanRun, Publication


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


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardHall:
    """A hall with its tables."""

    public_id: str
    name: Text
    tables: Mapping[int, str]
    """name by number"""


def halls_with_tables(event: Event) -> list[BoardHall]:
    """The halls in order; one statement."""
    found: dict[str, tuple[Text, dict[int, str]]] = {}
    rows = event.halls.order_by("position", "id", "tables__number")
    for public_id, name, number, table in rows.values_list(
        "public_id", "name", "tables__number", "tables__name"
    ):
        tables = found.setdefault(public_id, (name, {}))[1]
        if number is not None:
            tables[number] = table
    return [BoardHall(public_id=key, name=name, tables=tables) for key, (name, tables) in found.items()]


def board_of(run: PlanRun, slots: Sequence[Slot], hall: BoardHall) -> BoardData:
    """The draft in the slots of one block and one hall; one statement, whatever the size of the event."""
    positions = {slot.position: column for column, slot in enumerate(slots)}
    here = {
        meeting: place
        for meeting, place in run.plan["meetings"].items()
        if place is not None and place["hall"] == hall.public_id and place["slot"] in positions
    }
    names: dict[str, list[Text]] = {}
    facts: dict[str, tuple[bool, str | None]] = {}
    parties = MeetingParty.objects.filter(meeting__event=run.event_id, meeting__public_id__in=list(here))
    for public_id, name, is_locked, booth in parties.order_by("meeting", "side", "id").values_list(
        "meeting__public_id",
        "participation__organisation__name",
        "meeting__is_locked",
        "meeting__booth__name",
    ):
        names.setdefault(public_id, []).append(name)
        facts[public_id] = (is_locked, booth)
    tables = hall.tables
    rows: dict[str, list[BoardMeeting | None]] = {name: [None] * len(slots) for name in tables.values()}
    for public_id, place in sorted(here.items(), key=lambda item: item[1]["slot"]):
        is_locked, stand = facts.get(public_id, (False, None))
        label = tables.get(place["table"], "") if place["table"] is not None else stand or ""
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
    """The names that causes and remedies of these rows mention; at most three statements."""
    wanted: set[str] = set()
    halls: set[str] = set()
    for row in rows:
        for cause in row.causes:
            wanted.update(str(value) for key, value in cause["params"].items() if key == "person")
            halls.update(str(value) for key, value in cause["params"].items() if key == "hall")
        remedy = row.remedy or {}
        wanted.update(remedy.get("people") or ())
        halls.update(filter(None, [remedy.get("hall")]))
    participations = event.participations.filter(public_id__in=wanted).select_related("person")
    short = content_language(language)
    return Names(
        people={one.public_id: display(one.person.name, short) for one in participations},
        halls={
            hall.public_id: hall.name.for_reader(language).text
            for hall in event.halls.filter(public_id__in=halls)
        },
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


NUM_DRAFTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """The newest drafts of an event, and which plan people know."""

    rows: Sequence[PlanRun]
    publication: int | None
    """number of the newest publication"""
    published_run: int | None
    """key of its run"""


def drafts(event: Event, number: int | None) -> Drafts:
    """The drafts, with the files of the wanted one (else of the newest), in one statement."""
    newest = PlanRun.objects.filter(event=event).order_by("-number").values("number")[:1]
    is_wanted = Q(number=Subquery(newest) if number is None else number)
    published = Publication.objects.filter(event=event).order_by("-number")
    rows = list(
        event.plan_runs.select_related("job")
        .defer("instance", "plan")
        .annotate(
            shown_plan=Case(When(is_wanted, then="plan"), output_field=JSONField()),
            shown_instance=Case(When(is_wanted, then="instance"), output_field=JSONField()),
            publication=Subquery(published.values("number")[:1]),
            published_run=Subquery(published.values("run")[:1]),
        )
        .order_by("-number")[:NUM_DRAFTS]
    )
    for row in rows:
        annotated = vars(row)
        row.event = event
        row.plan, row.instance = annotated["shown_plan"] or {}, annotated["shown_instance"] or {}
    known = vars(rows[0]) if rows else {"publication": None, "published_run": None}
    return Drafts(rows=rows, publication=known["publication"], published_run=known["published_run"])


def interpreter_names(event: Event, language: str) -> dict[str, str]:
    """Interpreters of an event by public id."""
    rows = Interpreter.objects.filter(event=event).select_related("person")
    return {row.public_id: display(row.person.name, content_language(language)) for row in rows}
