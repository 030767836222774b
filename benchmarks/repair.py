"""Measure the repair of a published plan: `python benchmarks/repair.py [--seeds 20] [--events S2000 M2000] [--bound 0]`.

Each event is planned once, for a minute if that is needed; then, for each seed, something happens until 1 % of its meetings are
displaced: people come late or fall ill, tables are closed, interpreters are missing; or (*day*) people cancel, others miss half a
day, and 3 % of the tables are lost, which displaces 1 % by people and as many again by their tables. One line per event, kind of
trouble and method, all in the same run:

- *repair*: `kontor_engines.meetings.repair` as the site calls it, from the problem to the checked answer's measures;
- *search*: the part of it that is no building of arrays and no answer in names;
- *greedy*: each displaced meeting into the first slot that is free for it, nothing else moved, what tools do;
- *solve anew*: the whole event planned again, as good as 2 s allow (three seeds).

With `--bound N`, an integer program gives, for the first N seeds, the changes that no repair of the same worth can go below. CPU
time, not wall time, since other work may share the machine; what the benchmark itself keeps is no garbage to be looked for.
"""

import argparse
import gc
import itertools
import json
import math
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from instances.meetings import Instance, make
from repair_bound import fewest_changes

from kontor_engines.meetings import Meeting, Plan, Problem, Seat, check, measure, read_problem, repair, solve
from kontor_engines.meetings._board import Board
from kontor_engines.meetings._desk import Desk
from kontor_engines.meetings._losses import must_lose
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._seating import plan_of
from kontor_engines.stop import MaxSeconds

SHARE = 0.01
TROUBLE = ("late", "ill", "table", "interpreter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One repair."""

    displaced: int
    changes: int
    lost: int
    proved: bool
    seconds: float
    priority: float = 0.0


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--events", nargs="+", default=["S2000", "M2000"])
    parser.add_argument("--seconds", type=float, default=60.0, help="for the plan that is then disturbed")
    parser.add_argument("--bound", type=int, default=0, help="seeds for which the fewest changes are bounded")
    parser.add_argument("--bound-seconds", type=float, default=60.0, help="for each of these bounds")
    arguments = parser.parse_args()
    for name in arguments.events:
        instance = make(name[0], int(name[1:]), 1)
        plan = solve(read_problem(instance), stop=MaxSeconds(arguments.seconds), workers=2).to_json()[
            "meetings"
        ]
        for kind in ("late", "mixed", "day"):
            problems = [disturb(instance, plan, kind, seed) for seed in range(arguments.seeds)]
            gc.collect()
            gc.freeze()
            lines = [_lines(problems), _bounds(problems[: arguments.bound], arguments.bound_seconds)]
            for line in itertools.chain(*lines):
                sys.stdout.write(f"{name} {kind:6} {line}\n")
                sys.stdout.flush()
    return 0


def _lines(problems: list[Problem]) -> Iterator[str]:
    repair(problems[0])  # compiled code is loaded once per process
    yield f"repair       {_summary([_repaired(problem, seed) for seed, problem in enumerate(problems)])}"
    searches = [_searched(problem, seed) for seed, problem in enumerate(problems)]
    yield f"search       {_times(searches)}"
    yield f"greedy       {_summary([_greedy(problem) for problem in problems])}"
    yield f"solve anew   {_summary([_anew(problem) for problem in problems[:3]])}"


def _bounds(problems: list[Problem], seconds: float) -> Iterator[str]:
    for seed, problem in enumerate(problems):
        found = _repaired(problem, seed)
        least = least_changes(problem, found, seconds)
        yield f"seed {seed}: displaced {found.displaced}, changes {found.changes}, at least {least}"


def _summary(outcomes: list[Outcome]) -> str:
    displaced = sum(outcome.displaced for outcome in outcomes)
    more = [100 * (outcome.changes / outcome.displaced - 1) for outcome in outcomes]
    lost = sum(outcome.lost for outcome in outcomes)
    unproved = sum(outcome.lost for outcome in outcomes if not outcome.proved)
    return (
        f"{displaced / len(outcomes):.0f} displaced, changes {statistics.median(more):+.1f} % (p95 {_p95(more):+.1f} %), "
        f"{lost} lost in all, {unproved} of them without proof, {_times([o.seconds for o in outcomes])}"
    )


def _times(seconds: list[float]) -> str:
    return f"{1000 * statistics.median(seconds):.0f} CPU-ms (p95 {1000 * _p95(seconds):.0f})"


def _p95(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def disturb(instance: Instance, plan: object, kind: str, seed: int) -> Problem:
    """The published plan after troubles that displace 1 % of the meetings."""
    rnd = random.Random(f"{instance['name']}/{kind}/{seed}")
    changed: Instance = json.loads(json.dumps(instance))
    changed["published"] = plan
    problem = read_problem(changed)
    if kind == "day":
        return _bad_day(problem, rnd)
    num_slots = len(problem.slots)
    people = {person.id: person for person in problem.people}
    team = {who.id: who for who in problem.interpreters}
    halls = {hall.id: hall for hall in problem.halls}
    target = SHARE * len(problem.meetings)
    while count_displaced(problem) < target:
        trouble = rnd.choice(TROUBLE) if kind == "mixed" else kind
        begin = rnd.randrange(num_slots)
        when = frozenset(range(begin, min(num_slots, begin + num_slots // 6)))
        if trouble == "late":
            name = rnd.choice(sorted(people))
            when = frozenset(range(num_slots // 4))
            people[name] = replace(people[name], slots=people[name].slots - when)
        elif trouble == "ill":
            name = rnd.choice(sorted(people))
            people[name] = replace(people[name], slots=people[name].slots - when)
        elif trouble == "interpreter":
            name = rnd.choice(sorted(team))
            team[name] = replace(team[name], slots=team[name].slots - when)
        else:
            name = rnd.choice([hall.id for hall in problem.halls if max(hall.tables)])
            table = rnd.randint(1, max(halls[name].tables))
            halls[name] = replace(halls[name], closed=halls[name].closed | {(table, slot) for slot in when})
        problem = replace(
            problem,
            people=tuple(people.values()),
            interpreters=tuple(team.values()),
            halls=tuple(halls.values()),
        )
    return problem


def _bad_day(problem: Problem, rnd: random.Random) -> Problem:
    """1 % of the people cancel, 2 % miss the first half of some day, and of the tables 3 % are lost from the second day on."""
    names = sorted(person.id for person in problem.people)
    chosen = rnd.sample(names, 3 * len(names) // 100)
    away, late = set(chosen[: len(names) // 100]), set(chosen[len(names) // 100 :])
    kept = [meeting for meeting in problem.meetings if not away.intersection(meeting.people)]
    ids = {meeting.id for meeting in kept}
    days = [[t for t, slot in enumerate(problem.slots) if slot.day == day] for day in _days(problem)]
    halls = []
    for hall in problem.halls:
        most = max(hall.tables)
        lost = rnd.sample(range(1, most + 1), round(0.03 * most))
        shut = {(table, slot) for table in lost for day in days[1:] for slot in day}
        halls.append(replace(hall, closed=hall.closed | shut))
    people = []
    for person in problem.people:
        day = rnd.choice(days)
        missed = frozenset(day[: len(day) // 2]) if person.id in late else frozenset()
        people.append(replace(person, slots=person.slots - missed))
    return replace(
        problem,
        people=tuple(people),
        halls=tuple(halls),
        meetings=tuple(replace(m, after=tuple(name for name in m.after if name in ids)) for m in kept),
        published={name: seat for name, seat in (problem.published or {}).items() if name in ids},
    )


def _days(problem: Problem) -> list[int]:
    return list(dict.fromkeys(slot.day for slot in problem.slots))


def displaced_meetings(problem: Problem) -> Iterator[Meeting]:
    """Meetings that cannot stay as they are published, be it only with another interpreter."""
    free = {person.id: person.slots for person in problem.people}
    duty = {who.id: who.slots for who in problem.interpreters}
    halls = {hall.id: hall for hall in problem.halls}
    for meeting in problem.meetings:
        seat = (problem.published or {}).get(meeting.id)
        if seat is None:
            continue
        gone = any(seat.slot not in free[name] for name in meeting.people)
        closed = seat.table is not None and not halls[seat.hall].is_open(seat.table, seat.slot)
        if gone or closed or (seat.interpreter is not None and seat.slot not in duty[seat.interpreter]):
            yield meeting


def count_displaced(problem: Problem) -> int:
    return sum(1 for _ in displaced_meetings(problem))


def _repaired(problem: Problem, seed: int) -> Outcome:
    displaced, before = count_displaced(problem), _unplaced(problem)
    begun = time.process_time()
    result = repair(problem, seed=seed)
    seconds = time.process_time() - begun
    if check(problem, result):
        raise AssertionError(f"{problem.name}: {check(problem, result)[0].message}")
    lost = max(0, len(result.unplaced) - before)
    model, index = build_model(problem)
    owed = [
        index.meetings.index(name)
        for name, seat in result.seats.items()
        if seat is None and (problem.published or {}).get(name) is not None
    ]
    proved = must_lose(model, plan_of(index, result.seats), np.array(owed, np.int32))
    return Outcome(
        displaced=displaced,
        changes=result.measures.changes,
        lost=lost,
        proved=proved,
        seconds=seconds,
        priority=result.measures.priority,
    )


def _unplaced(problem: Problem) -> int:
    return sum((problem.published or {}).get(meeting.id) is None for meeting in problem.meetings)


def _searched(problem: Problem, seed: int) -> float:
    desk = Desk(problem, seed)
    begun = time.process_time()
    desk.quick()
    return time.process_time() - begun


def _greedy(problem: Problem) -> Outcome:
    """First free slot, nothing else moved."""
    displaced = list(displaced_meetings(problem))
    begun = time.process_time()
    seats: dict[str, Seat | None] = dict(problem.published or {})
    seats.update(dict.fromkeys((meeting.id for meeting in displaced), None))
    board = Board(problem, seats)
    seats.update(board.place_all(displaced))
    seconds = time.process_time() - begun
    lost = sum(seats[meeting.id] is None for meeting in displaced)
    changes = sum(_moved(problem, meeting, seats[meeting.id]) for meeting in displaced)
    return Outcome(displaced=len(displaced), changes=changes, lost=lost, proved=False, seconds=seconds)


def _moved(problem: Problem, meeting: Meeting, seat: Seat | None) -> bool:
    old = (problem.published or {})[meeting.id]
    return seat is None or old is None or (seat.slot, seat.hall) != (old.slot, old.hall)


def _anew(problem: Problem) -> Outcome:
    begun = time.process_time()
    result = solve(replace(problem, published=None), stop=MaxSeconds(2.0))
    seconds = time.process_time() - begun
    changes = measure(problem, Plan(seats=result.seats)).changes
    lost = max(0, len(result.unplaced) - _unplaced(problem))
    return Outcome(
        displaced=count_displaced(problem), changes=changes, lost=lost, proved=False, seconds=seconds
    )


def least_changes(problem: Problem, found: Outcome, seconds: float) -> int:
    """No repair that places as much has fewer; all meetings of the people who are concerned may move."""
    free = {person.id: person.slots for person in problem.people}
    published = problem.published or {}
    displaced = list(displaced_meetings(problem))
    concerned = {
        name
        for meeting in displaced
        for name in meeting.people
        if (seat := published[meeting.id]) is not None and seat.slot not in free[name]
    }
    near = {meeting.id for meeting in problem.meetings if concerned.intersection(meeting.people)}
    return fewest_changes(problem, near.union(m.id for m in displaced), found.priority, seconds)


if __name__ == "__main__":
    sys.exit(main())
