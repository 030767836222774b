"""A draft at a glance: its quality beside the bounds, the board of one block and hall, the other drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kontor.events.models import Event, Slot
from kontor.i18n import Text
from kontor.meetings.models import DraftMeeting, Meeting, PlanRun


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
    num_unplaced: int
    limit: str
    """the hard rule that stops most of the unplaced meetings; empty where no rule stops half of them"""
    is_proved: bool
    seconds: float


def measure_quality(instance: Mapping[str, Any], plan: Mapping[str, Any]) -> Quality:
    """Counted from the files of a draft, once, when it is stored."""
    measures, bounds = plan["measures"], plan["bounds"]
    placed = {meeting for meeting, place in plan["meetings"].items() if place is not None}
    people: set[str] = set()
    waiting: set[str] = set()
    for meeting in instance["meetings"]:
        (people if meeting["id"] in placed else waiting).update(meeting["people"])
    num_slots = len(instance["slots"])
    rules = [entry["rule"] for entry in plan["unplaced"].values()]
    most = max(sorted(set(rules)), key=rules.count, default="")
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
        num_unplaced=len(plan["meetings"]) - len(placed),
        limit=most if rules.count(most) * 2 >= len(rules) else "",
        is_proved=plan["proved"],
        seconds=plan["wall_s"],
    )


def quality_of(run: PlanRun) -> Quality:
    """As it was counted when the draft was stored."""
    return Quality(**run.quality)


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
    columns = {slot.pk: column for column, slot in enumerate(slots)}
    here = DraftMeeting.objects.filter(
        run=run, hall__public_id=hall.public_id, slot__in=columns, meeting__state=Meeting.State.AGREED
    )
    found: dict[str, tuple[int, str, bool, bool, list[Text]]] = {}
    for public_id, slot, table, booth, interpreter, is_locked, name in here.order_by(
        "slot__position", "meeting", "meeting__parties__side", "meeting__parties"
    ).values_list(
        "meeting__public_id",
        "slot",
        "table__name",
        "meeting__booth__name",
        "interpreter",
        "meeting__is_locked",
        "meeting__parties__participation__organisation__name",
    ):
        facts: tuple[int, str, bool, bool, list[Text]] = (
            columns[slot],
            table or booth or "",
            interpreter is not None,
            is_locked,
            [],
        )
        found.setdefault(public_id, facts)[4].append(name)
    rows: dict[str, list[BoardMeeting | None]] = {name: [None] * len(slots) for name in hall.tables.values()}
    for public_id, (column, label, has_interpreter, is_locked, names) in found.items():
        cell = BoardMeeting(
            public_id=public_id, names=tuple(names), has_interpreter=has_interpreter, is_locked=is_locked
        )
        row = rows.setdefault(label, [None] * len(slots))
        if row[column] is not None:  # two exhibitors at one booth
            row = rows.setdefault(f"{label} ", [None] * len(slots))
        row[column] = cell
    return BoardData(
        slots=tuple(slot.starts_at for slot in slots),
        rows=tuple((label, tuple(cells)) for label, cells in rows.items()),
    )


NUM_DRAFTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """The newest drafts of an event, and which plan people know."""

    rows: Sequence[PlanRun]
    publication: int | None
    """number of the newest publication"""
    published_run: int | None
    """key of its run"""
    published_edits: int | None
    """changes by hand that it holds; those made since are in the draft only"""


def drafts(event: Event) -> Drafts:
    """The drafts without their files, in one statement."""
    newest = event.plan_runs.select_related("job").order_by("-number")
    rows = list(newest.without_files().with_publication()[:NUM_DRAFTS])
    for row in rows:
        row.event = event
    known = vars(rows[0]) if rows else {}
    return Drafts(
        rows=rows,
        publication=known.get("publication"),
        published_run=known.get("published_run"),
        published_edits=known.get("published_edits"),
    )
