"""What a plan amounts to: placed meetings, gaps, idle slots, hall changes, changes against the published plan."""

import itertools
import math
from collections.abc import Mapping

from kontor_engines.meetings._plan import Measures, Plan, Result
from kontor_engines.meetings._problem import Person, Problem, Seat


def measure(problem: Problem, plan: Plan | Result) -> Measures:
    """Count everything the format defines under *Words*."""
    visits: dict[str, list[Seat]] = {person.id: [] for person in problem.people}
    for meeting in problem.meetings:
        seat = plan.seats.get(meeting.id)
        if seat is not None:
            for name in meeting.people:
                visits[name].append(seat)
    gaps = idle = hall_changes = most = 0
    for person in problem.people:
        own_gaps, own_idle, own_changes = _of_person(problem, person, visits[person.id])
        gaps += own_gaps
        idle += own_idle
        hall_changes += own_changes
        most = max(most, own_gaps)
    changes, interpreter_changes = _changes(problem, plan.seats)
    placed = [meeting.priority for meeting in problem.meetings if plan.seats.get(meeting.id) is not None]
    return Measures(
        placed=len(placed),
        priority=math.fsum(placed),
        gaps=gaps,
        max_gaps=most,
        idle_slots=idle,
        hall_changes=hall_changes,
        changes=changes,
        interpreter_changes=interpreter_changes,
    )


def _of_person(problem: Problem, person: Person, seats: list[Seat]) -> tuple[int, int, int]:
    """(gaps, idle slots, hall changes) of one person."""
    gaps = idle = hall_changes = 0
    days = [slot.day for slot in problem.slots]
    for one, other in itertools.pairwise(sorted(seats, key=lambda seat: seat.slot)):
        same_day = days[one.slot] == days[other.slot]
        hall_changes += same_day and one.hall != other.hall
        between = range(one.slot + 1, other.slot)
        if problem.gap_rule == "timeline":
            waiting = len(between)
        elif same_day:
            waiting = sum(slot in person.slots for slot in between)
        else:
            continue
        gaps += waiting > 0
        idle += waiting
    return gaps, idle, hall_changes


def _changes(problem: Problem, seats: Mapping[str, Seat | None]) -> tuple[int, int]:
    """(meetings that people must be told about, meetings that only got another interpreter)."""
    changes = interpreters = 0
    for meeting in problem.meetings:
        before = (problem.published or {}).get(meeting.id)
        if before is None:
            continue
        now = seats.get(meeting.id)
        changes += is_changed(before, now)
        interpreters += now is not None and now.interpreter != before.interpreter
    return changes, interpreters


def is_changed(before: Seat, now: Seat | None) -> bool:
    """Whether a published meeting is now unplaced or differs in slot, hall or table."""
    return now is None or (before.slot, before.hall, before.table) != (now.slot, now.hall, now.table)
