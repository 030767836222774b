"""Over two hundred meetings left out of tight events: every remedy places what it claims, and none of a cheaper kind would do."""

import itertools
import random
from dataclasses import replace

import pytest

from kontor_engines.meetings import (
    REMEDY_KINDS,
    Plan,
    Remedy,
    apply_remedy,
    check,
    explain,
    read_problem,
)
from kontor_engines.meetings._board import Board
from kontor_engines.meetings._remedies import shift_all_for_longer_day

KINDS = ("tables", "interpreters", "people", "wishes", "order", "mixed")
EACH = 35
"""Meetings left out of each kind of event: 210 in all."""


def tight_event(kind, seed):
    """Forty people, eight slots in two days, and too little of one thing, or of everything."""
    rnd = random.Random(f"{kind}/{seed}")
    names = [f"p{i}" for i in range(40)]
    is_mixed = kind == "mixed"
    meetings = []
    for number in range(110):
        hall = rnd.choice([None, None, "A", "B"]) if kind in ("tables", "mixed") else None
        meetings.append(
            {
                "id": f"m{number}",
                "people": rnd.sample(names, 3 if is_mixed and rnd.random() < 0.2 else 2),
                "priority": rnd.choice([1, 1, 2, 5]),
                "hall": hall,
                "pair": rnd.choice(["de-zh", "de-en", None]) if kind in ("interpreters", "mixed") else None,
                "slots": rnd.sample(range(8), 2)
                if kind == "wishes" or (is_mixed and rnd.random() < 0.2)
                else None,
                "after": [f"m{rnd.randrange(number)}"]
                if number and (kind == "order" or is_mixed) and rnd.random() < 0.5
                else [],
            }
        )
    return {
        "format": "kontor-meetings/1",
        "name": f"{kind}-{seed}",
        "gap_rule": "day",
        "max_gaps": rnd.choice([None, 1]) if is_mixed else None,
        "slots": [{"day": int(slot > 3)} for slot in range(8)],
        "halls": [
            {"id": "A", "tables": 6 if kind in ("tables", "mixed") else 20},
            {
                "id": "B",
                "tables": [rnd.randint(2, 6) for _ in range(8)],
                "closed": [{"table": 1, "slots": [2]}],
            },
        ],
        "apart": [["A", "B"]] if is_mixed else [],
        "people": [
            {"id": name, "unavailable": rnd.sample(range(8), 4 if kind == "people" else 1)} for name in names
        ],
        "interpreters": [
            {
                "id": f"i{n}",
                "pairs": ["de-zh", "de-en"][: rnd.randint(1, 2)],
                "max_run": rnd.choice([None, 2]),
            }
            for n in range(5)
        ],
        "meetings": meetings,
    }


def greedy_plan(problem):
    """Each meeting where it fits first, in the order of the file, with table numbers."""
    board = Board(problem, {})
    for meeting in problem.meetings:
        for slot in board.options(meeting):
            seat = board.fit(meeting, slot)
            if seat is not None:
                board.put(meeting, seat)
                break
    return with_tables(problem, board.now)


def with_tables(problem, seats, old=None):
    """The seats with table numbers, those of an old plan kept."""
    named = {meeting.id: (old or {}).get(meeting.id) for meeting in problem.meetings}
    taken = {(seat.hall, seat.slot, seat.table) for seat in named.values() if seat is not None}
    halls = {hall.id: hall for hall in problem.halls}
    for key, seat in seats.items():
        if named[key] is not None:
            continue
        table = None
        if seat.table is not None:
            numbers = range(1, halls[seat.hall].tables[seat.slot] + 1)
            table = next(
                n
                for n in numbers
                if halls[seat.hall].is_open(n, seat.slot) and (seat.hall, seat.slot, n) not in taken
            )
            taken.add((seat.hall, seat.slot, table))
        named[key] = replace(seat, table=table)
    return Plan(seats=named)


def placed_by(problem, plan, remedy, first=None):
    """What can be seated after the remedy, `first` and then the worthiest first; nothing if the plan is not valid then."""
    changed = apply_remedy(problem, remedy)
    old = dict(plan.seats)
    if remedy.kind == "longer_day":
        old = shift_all_for_longer_day(problem, old, remedy.day)
    board = Board(changed, old)
    waiting = sorted(
        (meeting for meeting in changed.meetings if old[meeting.id] is None),
        key=lambda meeting: (meeting.id != first, -meeting.priority),
    )
    now = board.place_all(waiting)
    return set(now) if check(changed, with_tables(changed, now, old)) == [] else set()


def cheaper_remedies(problem, meeting, kind):
    """Every remedy of the kinds before this one that could concern the meeting alone."""
    slots = range(len(problem.slots))
    free = {person.id: person.slots for person in problem.people}
    for cheaper in REMEDY_KINDS[: REMEDY_KINDS.index(kind)]:
        if cheaper == "free_slot":
            for slot in slots:
                missing = tuple(name for name in meeting.people if slot not in free[name])
                yield Remedy(kind=cheaper, slots=(slot,), people=missing, meeting=meeting.id)
        elif cheaper == "other_hall" and meeting.hall is not None and meeting.table:
            for hall in problem.halls:
                yield Remedy(kind=cheaper, meeting=meeting.id, hall=hall.id)
        elif cheaper == "add_table" and meeting.table:
            for hall in problem.halls:
                if meeting.hall in (None, hall.id):
                    yield Remedy(kind=cheaper, hall=hall.id, slots=tuple(slots))
        elif cheaper == "add_interpreter" and meeting.pair:
            yield Remedy(kind=cheaper, pair=meeting.pair, slots=tuple(slots))
        elif cheaper == "drop_after":
            for other in problem.meetings:
                if other.id in meeting.after:
                    yield Remedy(kind=cheaper, meeting=meeting.id, after=other.id)
                if meeting.id in other.after:
                    yield Remedy(kind=cheaper, meeting=other.id, after=meeting.id)


@pytest.mark.parametrize("kind", KINDS)
def test_remedies_place_what_they_claim_and_no_cheaper_kind_would_do(kind):
    explained = 0
    for seed in itertools.count():
        if explained >= EACH:
            break
        problem = read_problem(tight_event(kind, seed))
        plan = greedy_plan(problem)
        assert check(problem, plan) == []
        meetings = {meeting.id: meeting for meeting in problem.meetings}
        for key, reason in explain(problem, plan).items():
            assert reason.facts
            explained += 1
            if reason.remedy is None:
                assert reason.places == 0
            else:
                tries = [placed_by(problem, plan, reason.remedy, first) for first in (None, key)]
                assert any(key in placed and len(placed) >= reason.places > 0 for placed in tries)
            cheapest = reason.remedy.kind if reason.remedy else REMEDY_KINDS[-1]
            for remedy in cheaper_remedies(problem, meetings[key], cheapest):
                assert key not in placed_by(problem, plan, remedy, key), (key, remedy)
