"""What a plan amounts to: placed meetings, gaps, idle slots, hall changes, changes against the published plan."""

import itertools
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._plan import Measures, Plan, Result
from kontor_engines.meetings._problem import Problem, Seat

NOWHERE = -1


class Agendas(NamedTuple):
    """Who is in which meeting, and when people can meet: what is needed of an event to count gaps."""

    sizes: npt.NDArray[Any]
    """(M) people of each meeting."""
    people: npt.NDArray[Any]
    """The numbers of these people, meeting after meeting."""
    counts: npt.NDArray[Any]
    """(P, T) nonzero: the slot is part of a gap of the person if nothing is there."""


def measure(problem: Problem, plan: Plan | Result, agendas: Agendas | None = None) -> Measures:
    """Count everything the format defines under *Words*; quicker with the `agendas` of the event at hand."""
    gaps, idle, hall_changes = _waits(problem, plan.seats, agendas or agendas_of(problem))
    changes, interpreter_changes = _changes(problem, plan.seats)
    placed = [meeting.priority for meeting in problem.meetings if plan.seats.get(meeting.id) is not None]
    return Measures(
        placed=len(placed),
        priority=math.fsum(placed),
        gaps=int(gaps.sum()),
        max_gaps=int(gaps.max(initial=0)),
        idle_slots=int(idle.sum()),
        hall_changes=int(hall_changes.sum()),
        changes=changes,
        interpreter_changes=interpreter_changes,
    )


def agendas_of(problem: Problem) -> Agendas:
    """Read from the event itself."""
    number = {person.id: p for p, person in enumerate(problem.people)}
    names = itertools.chain.from_iterable(meeting.people for meeting in problem.meetings)
    counts = np.zeros((len(number), len(problem.slots)), bool)
    own = [len(person.slots) for person in problem.people]
    free = np.fromiter(itertools.chain.from_iterable(person.slots for person in problem.people), np.int64)
    counts[np.repeat(np.arange(len(number)), own), free] = True
    if problem.gap_rule == "timeline":
        counts[:] = True
    return Agendas(
        sizes=np.array([len(meeting.people) for meeting in problem.meetings], np.int64),
        people=np.fromiter(map(number.__getitem__, names), np.int64),
        counts=counts,
    )


def _waits(
    problem: Problem, seats: Mapping[str, Seat | None], agendas: Agendas
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(gaps, idle slots, hall changes) of each person, walking through the slots with all people at once."""
    sizes, people, counts = agendas
    num_people = len(counts)
    now = [seats.get(meeting.id) for meeting in problem.meetings]
    hall = {name: h for h, name in enumerate(dict.fromkeys(seat.hall for seat in now if seat is not None))}
    slots = np.array([NOWHERE if seat is None else seat.slot for seat in now], np.int64)
    halls = np.array([NOWHERE if seat is None else hall[seat.hall] for seat in now], np.int64)
    placed = np.repeat(slots != NOWHERE, sizes)
    where = np.full((num_people, len(problem.slots)), NOWHERE, np.int64)
    where[people[placed], np.repeat(slots, sizes)[placed]] = np.repeat(halls, sizes)[placed]
    gaps, idle, hall_changes, waiting = (np.zeros(num_people, np.int64) for _ in range(4))
    seen = np.zeros(num_people, bool)
    last = np.full(num_people, NOWHERE, np.int64)
    for slot, entry in enumerate(problem.slots):
        if slot and entry.day != problem.slots[slot - 1].day:
            last[:] = NOWHERE
            if problem.gap_rule == "day":
                seen[:] = False
        here = where[:, slot]
        busy = here != NOWHERE
        after_waiting = busy & seen & (waiting > 0)
        gaps += after_waiting
        idle += np.where(after_waiting, waiting, 0)
        hall_changes += busy & (last != NOWHERE) & (here != last)
        waiting = np.where(busy, 0, waiting + counts[:, slot])
        seen |= busy
        last = np.where(busy, here, last)
    return gaps, idle, hall_changes


def _changes(problem: Problem, seats: Mapping[str, Seat | None]) -> tuple[int, int]:
    """(meetings that people must be told about, meetings that only got another interpreter)."""
    changes = interpreters = 0
    published = problem.published or {}
    for meeting in problem.meetings if published else ():
        before, now = published.get(meeting.id), seats.get(meeting.id)
        if before is None or now is before:
            continue
        changes += is_changed(before, now)
        interpreters += now is not None and now.interpreter != before.interpreter
    return changes, interpreters


def is_changed(before: Seat, now: Seat | None) -> bool:
    """Whether a published meeting is now unplaced or differs in slot, hall or table."""
    return now is None or (before.slot, before.hall, before.table) != (now.slot, now.hall, now.table)
