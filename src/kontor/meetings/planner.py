"""The bridge to the planning engine: rows of an event → problem; plan → seats, quality, causes and remedies."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kontor.events.models import Event, HallsApart, InterpreterUnavailability, TableClosure, Unavailability
from kontor.meetings.models import Meeting, MeetingParty, Publication, Seat
from kontor_engines.meetings import (
    Plan,
    Problem,
    Progress,
    Result,
    Violation,
    bounds,
    check,
    explain,
    measure,
    read_plan,
    read_problem,
    repair,
    solve,
)
from kontor_engines.stop import AnyOf, MaxSeconds

__all__ = ["Violation", "build_instance", "edited_plan", "free_places", "search", "violations_of"]


def build_instance(event: Event, *, at: datetime, may_move_published: bool = False) -> dict[str, Any]:
    """The event's agreed meetings as kontor-meetings/1; ids are public ids, tables their numbers in the hall.

    With a published plan, meetings keep their places where possible (fewest changes), and what lies before `at`
    is frozen. `may_move_published` forgets the published plan, except for its past.
    """
    slots = list(event.slots.select_related("block").order_by("position"))
    blocks = {
        block_id: number for number, block_id in enumerate(dict.fromkeys(slot.block_id for slot in slots))
    }
    halls = list(event.halls.prefetch_related("tables"))
    meetings = list(event.meetings.agreed().select_related("hall", "booth__hall", "fixed_slot"))
    people: dict[int, list[str]] = {meeting.pk: [] for meeting in meetings}
    participants: dict[int, str] = {}
    parties = MeetingParty.objects.filter(meeting__in=event.meetings.agreed()).order_by(
        "meeting", "side", "id"
    )
    for meeting_id, pk, public_id in parties.values_list(
        "meeting", "participation", "participation__public_id"
    ):
        people[meeting_id].append(public_id)
        participants[pk] = public_id
    times = [(slot.position, slot.starts_at, slot.ends_at) for slot in slots]
    busy_people = _busy(
        Unavailability.objects.filter(participation__event=event).values_list(
            "participation", "starts_at", "ends_at"
        ),
        times,
    )
    busy_interpreters = _busy(
        InterpreterUnavailability.objects.filter(interpreter__event=event).values_list(
            "interpreter", "starts_at", "ends_at"
        ),
        times,
    )
    instance: dict[str, Any] = {
        "format": "kontor-meetings/1",
        "name": event.slug,
        "gap_rule": "day",
        "slots": [
            {
                "day": blocks[slot.block_id],
                "start": slot.starts_at.astimezone(event.tzinfo).isoformat(),
                "minutes": int((slot.ends_at - slot.starts_at).total_seconds()) // 60,
            }
            for slot in slots
        ],
        "halls": _halls(event, halls),
        "apart": [
            [first, second]
            for first, second in HallsApart.objects.filter(first__event=event).values_list(
                "first__public_id", "second__public_id"
            )
        ],
        "people": [
            {"id": public_id, "unavailable": sorted(busy_people.get(pk, ()))}
            for pk, public_id in sorted(participants.items())
        ],
        "interpreters": [
            {
                "id": interpreter.public_id,
                "pairs": interpreter.pairs,
                "unavailable": sorted(busy_interpreters.get(interpreter.pk, ())),
                "max_run": interpreter.max_run,
            }
            for interpreter in event.interpreters.order_by("id")
        ],
        "meetings": [_meeting(meeting, people[meeting.pk]) for meeting in meetings],
    }
    frozen_before = sum(slot.starts_at <= at for slot in slots)
    published = published_places(event)
    if published is not None and (frozen_before or not may_move_published):
        instance["published"] = published
        instance["frozen_before"] = frozen_before
        instance["locked"] = [
            meeting.public_id
            for meeting in meetings
            if meeting.is_locked and _can_stay(published.get(meeting.public_id), people[meeting.pk], instance)
        ]
        if may_move_published:
            instance["max_changes"] = len(meetings)
    return instance


def _busy(
    stretches: Iterable[tuple[int, datetime, datetime]], times: list[tuple[int, datetime, datetime]]
) -> dict[int, set[int]]:
    """Positions of the slots that overlap somebody's stretches of time."""
    busy: dict[int, set[int]] = {}
    for pk, start, end in stretches:
        touched = {position for position, begins, ends in times if begins < end and ends > start}
        busy.setdefault(pk, set()).update(touched)
    return busy


def _halls(event: Event, halls: list[Any]) -> list[dict[str, Any]]:
    closed: dict[int, dict[int, list[int | None]]] = {}
    closures = TableClosure.objects.filter(table__hall__event=event)
    for hall_id, number, position in closures.values_list("table__hall", "table__number", "slot__position"):
        slots = closed.setdefault(hall_id, {}).setdefault(number, [])
        slots.append(position)
    return [
        {
            "id": hall.public_id,
            "tables": len(hall.tables.all()),
            "closed": [
                {"table": number, "slots": None if None in slots else slots}
                for number, slots in sorted(closed.get(hall.pk, {}).items())
            ],
        }
        for hall in halls
    ]


def _can_stay(place: Mapping[str, Any] | None, people: list[str], instance: Mapping[str, Any]) -> bool:
    """Whether somebody, the interpreter and the table are there still: a lock does not hold what cannot take place."""
    if place is None:
        return False
    busy = {one["id"]: one["unavailable"] for one in (*instance["people"], *instance["interpreters"])}
    closed = next((hall["closed"] for hall in instance["halls"] if hall["id"] == place["hall"]), ())
    return not any(place["slot"] in busy.get(one, ()) for one in (*people, place["interpreter"])) and not any(
        entry["table"] == place["table"] and (entry["slots"] is None or place["slot"] in entry["slots"])
        for entry in closed
    )


def _meeting(meeting: Meeting, people: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": meeting.public_id, "people": people, "priority": meeting.priority}
    if meeting.pair:
        row["pair"] = meeting.pair
    if meeting.booth is not None:
        row |= {"hall": meeting.booth.hall.public_id, "table": False}
    elif meeting.hall is not None:
        row["hall"] = meeting.hall.public_id
    if meeting.fixed_slot is not None:
        row["slot"] = meeting.fixed_slot.position
    return row


def published_places(event: Event) -> dict[str, dict[str, Any]] | None:
    """The published plan as the "published" of an instance; None before the first publication."""
    if not Publication.objects.filter(event=event).exists():
        return None
    rows = Seat.objects.filter(meeting__event=event).values_list(
        "meeting__public_id", "slot__position", "hall__public_id", "table__number", "interpreter__public_id"
    )
    return {
        meeting: {"slot": slot, "hall": hall, "table": table, "interpreter": interpreter}
        for meeting, slot, hall, table, interpreter in rows
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchProgress:
    """How far a search is; bounds are what no plan can beat."""

    placed: int
    gaps: int
    bound_priority: float
    bound_gaps: int
    seconds: float


def search(
    instance: Mapping[str, Any],
    *,
    seconds: float,
    seed: int,
    start: Mapping[str, Any] | None,
    is_cancelled: Callable[[], bool],
    on_progress: Callable[[SearchProgress], None],
    is_repair: bool = False,
) -> dict[str, Any]:
    """Search a plan, or repair the published one; the answer is kontor-plan/1, checked by the checker.

    Raises AssertionError when the checker refuses it: a bug of the solver, never stored.
    """
    problem = read_problem(instance)

    def report(progress: Progress) -> None:
        on_progress(
            SearchProgress(
                placed=progress.placed,
                gaps=progress.gaps,
                bound_priority=progress.bound_priority,
                bound_gaps=progress.bound_gaps,
                seconds=progress.seconds,
            )
        )

    stop = AnyOf((MaxSeconds(seconds), lambda _iterations: is_cancelled()))
    if is_repair:
        result = repair(problem, stop=stop, seed=seed, on_progress=report)
    else:
        begin = read_plan(_only_known(start, problem), problem) if start else None
        result = solve(problem, stop=stop, seed=seed, start=begin, on_progress=report, workers=1)
    found = check(problem, result)
    if found:
        raise AssertionError("; ".join(violation.message for violation in found[:5]))
    return with_structured_reasons(result)


def _only_known(plan: Mapping[str, Any], problem: Problem) -> dict[str, Any]:
    """A plan restricted to the meetings of this problem; new ones unplaced."""
    known = [meeting.id for meeting in problem.meetings]
    return {**plan, "meetings": {meeting: plan["meetings"].get(meeting) for meeting in known}, "unplaced": {}}


def with_structured_reasons(result: Result) -> dict[str, Any]:
    """The plan file, with each cause also as data, so that it can be said in the reader's language."""
    data: dict[str, Any] = result.to_json()
    for meeting, unplaced in result.unplaced.items():
        data["unplaced"][meeting]["causes"] = [
            {
                "code": fact.code,
                "params": {
                    key: list(value) if isinstance(value, tuple) else value
                    for key, value in fact.params.items()
                },
            }
            for fact in unplaced.facts
        ]
    return data


def violations_of(
    instance: Mapping[str, Any], places: Mapping[str, Mapping[str, Any] | None]
) -> list[Violation]:
    """What the checker says of a plan given by its places only."""
    problem, plan = _problem_and_plan(instance, places)
    return check(problem, plan)


def edited_plan(
    instance: Mapping[str, Any], old: Mapping[str, Any], places: Mapping[str, Any]
) -> dict[str, Any]:
    """A draft after a change by hand: measures counted anew, bounds that are still true, causes of what is unplaced."""
    problem, plan = _problem_and_plan(instance, places)
    measures = measure(problem, plan)
    limits = bounds(problem, plan)
    reasons = explain(problem, plan)
    result = Result(
        instance=problem.name,
        seats=plan.seats,
        unplaced=reasons,
        measures=measures,
        bounds=limits,
        proved=abs(measures.priority - limits.priority) < 1e-6 and measures.gaps == limits.gaps,
        seed=old["seed"],
        iterations=old["iterations"],
        wall_s=old["wall_s"],
        cpu_s=old["cpu_s"],
    )
    return with_structured_reasons(result)


def _problem_and_plan(instance: Mapping[str, Any], places: Mapping[str, Any]) -> tuple[Problem, Plan]:
    problem = read_problem(instance)
    plan = read_plan(
        _only_known({"format": "kontor-plan/1", "instance": problem.name, "meetings": places}, problem),
        problem,
    )
    return problem, plan


def free_places(instance: Mapping[str, Any], places: Mapping[str, Any], meeting: str) -> list[dict[str, Any]]:
    """Where one meeting of a plan could go without breaking a rule while the others stay: one place per slot and hall.

    Each is tried with the checker, on the meetings that share somebody with this one; where an interpreter is needed,
    the first three free ones are tried.
    """
    row = next(one for one in instance["meetings"] if one["id"] == meeting)
    others = {one: place for one, place in places.items() if place is not None and one != meeting}
    surroundings = _Surroundings(instance, others, row)
    found = []
    for position in range(len(instance["slots"])):
        then = [place for place in others.values() if place["slot"] == position]
        taken_tables = {(place["hall"], place["table"]) for place in then}
        taken_interpreters = {place["interpreter"] for place in then}
        interpreters: list[str | None] = [None]
        if pair := row.get("pair"):
            interpreters = [
                one["id"]
                for one in instance["interpreters"]
                if pair in one["pairs"]
                and position not in one["unavailable"]
                and one["id"] not in taken_interpreters
            ][:3]
        for hall in instance["halls"]:
            if row.get("hall") not in (None, hall["id"]):
                continue
            table = _free_table(hall, position, taken_tables) if row.get("table", True) else None
            if table is None and row.get("table", True):
                continue
            for interpreter in interpreters:
                place = {"slot": position, "hall": hall["id"], "table": table, "interpreter": interpreter}
                if surroundings.allow(place):
                    found.append(place)
                    break
    return found


def _free_table(hall: Mapping[str, Any], position: int, taken: set[tuple[str, int | None]]) -> int | None:
    closed = {
        entry["table"] for entry in hall["closed"] if entry["slots"] is None or position in entry["slots"]
    }
    numbers = (one for one in range(1, hall["tables"] + 1) if one not in closed)
    return next((one for one in numbers if (hall["id"], one) not in taken), None)


class _Surroundings:
    """What a meeting can clash with: the meetings of its people, and those of the interpreter it would have.

    Tables are not looked at here. A small problem per interpreter keeps a check short however large the event is; what
    the cut alone breaks (people whose other meetings lie outside) is broken before the meeting is set, and not held
    against it.
    """

    def __init__(
        self, instance: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]], row: Mapping[str, Any]
    ) -> None:
        self._instance, self._others, self._row = instance, others, row
        self._rows = {one["id"]: one for one in instance["meetings"]}
        people = set(row["people"])
        self._with_them = {one for one in others if people & set(self._rows[one]["people"])}
        self._problems: dict[str | None, tuple[Problem, dict[str, Any], set[str]]] = {}

    def allow(self, place: Mapping[str, Any]) -> bool:
        """Whether the meeting breaks nothing there."""
        interpreter = place["interpreter"]
        if interpreter not in self._problems:
            self._problems[interpreter] = self._cut(interpreter)
        problem, near, broken_by_cut = self._problems[interpreter]
        broken = self._broken(problem, {**near, self._row["id"]: place})
        return {violation.message for violation in broken} <= broken_by_cut

    def _cut(self, interpreter: str | None) -> tuple[Problem, dict[str, Any], set[str]]:
        near = {
            one: place
            for one, place in self._others.items()
            if one in self._with_them or (interpreter is not None and place["interpreter"] == interpreter)
        }
        rows = [self._row, *(self._rows[one] for one in near)]
        people = {one for row in rows for one in row["people"]}
        interpreting = {interpreter, *(place["interpreter"] for place in near.values())}
        cut = {key: value for key, value in self._instance.items() if key != "max_changes"} | {
            "meetings": rows,
            "people": [one for one in self._instance["people"] if one["id"] in people],
            "interpreters": [one for one in self._instance["interpreters"] if one["id"] in interpreting],
        }
        known = {row["id"] for row in rows}
        if "published" in self._instance:
            cut["published"] = {
                one: place for one, place in self._instance["published"].items() if one in known
            }
            cut["locked"] = [one for one in self._instance["locked"] if one in known]
        problem = read_problem(cut)
        broken = self._broken(problem, {**near, self._row["id"]: None})
        return (
            problem,
            near,
            {violation.message for violation in broken if not self._is_about_them(violation)},
        )

    def _broken(self, problem: Problem, places: Mapping[str, Any]) -> list[Violation]:
        file = {"format": "kontor-plan/1", "instance": problem.name, "meetings": places, "unplaced": {}}
        return check(problem, read_plan(file, problem))

    def _is_about_them(self, violation: Violation) -> bool:
        """The meeting itself, or gaps of its people, all of whose meetings are here: that is no fault of the cut."""
        if violation.rule == "H9":
            return violation.message.startswith(tuple(f"{one} " for one in self._row["people"]))
        return self._row["id"] in violation.meetings
