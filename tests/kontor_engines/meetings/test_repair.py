"""A repaired plan is valid, loses nothing that could be kept, and changes as few meetings as possible."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import Plan, Seat, _desk, check, measure, read_problem, repair, solve
from kontor_engines.meetings._desk import Desk
from kontor_engines.stop import MaxIterations

STOP = MaxIterations(100_000)
DEEP = MaxIterations(400_000)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(QUICK, max_examples=15)
PAIRS = ["de-zh", "de-en"]


def any_event(rnd, *, slots=6, people=7, meetings=9):
    """Anything the format allows: tight tables, few interpreters, pauses, walks, order, fixed slots, priorities."""
    num_slots = rnd.randint(1, slots)
    names = [f"p{i}" for i in range(rnd.randint(2, people))]

    def some(limit=2):
        return sorted(rnd.sample(range(num_slots), rnd.randint(0, min(limit, num_slots))))

    rows = []
    for number in range(rnd.randint(1, meetings)):
        hall = rnd.choice([None, None, "A", "B"])
        rows.append(
            {
                "id": f"m{number}",
                "people": rnd.sample(names, min(len(names), rnd.choice([2, 2, 2, 3]))),
                "priority": rnd.choice([1, 1, 2, 0.5]),
                "pair": rnd.choice([None, None, *PAIRS]),
                "hall": hall,
                "table": hall is None or rnd.random() < 0.7,
                "slots": rnd.choice([None, None, some(6)]),
                "after": [f"m{rnd.randrange(number)}"] if number and rnd.random() < 0.3 else [],
            }
        )
    return {
        "format": "kontor-meetings/1",
        "name": "any",
        "gap_rule": rnd.choice(["day", "timeline"]),
        "slots": [{"day": int(2 * slot >= num_slots)} for slot in range(num_slots)],
        "halls": [{"id": "A", "tables": rnd.randint(0, 2)}, {"id": "B", "tables": rnd.randint(0, 2)}],
        "apart": rnd.choice([[], [["A", "B"]]]),
        "people": [{"id": name, "unavailable": some()} for name in names],
        "interpreters": [
            {
                "id": f"i{number}",
                "pairs": rnd.sample(PAIRS, rnd.randint(1, 2)),
                "unavailable": some(1),
                "max_run": rnd.choice([None, 1, 2]),
            }
            for number in range(rnd.randint(0, 2))
        ],
        "meetings": rows,
    }


def disturbed(seed, **sizes):
    """An event whose published plan was good before somebody was late, a table closed, or an interpreter missing."""
    rnd = random.Random(seed)
    event = any_event(rnd, **sizes)
    event["published"] = solve(read_problem(event), stop=STOP).to_json()["meetings"]
    meetings, slots = event["meetings"], range(len(event["slots"]))
    for what in rnd.sample(["late", "table", "interpreter", "cancelled", "added"], rnd.randint(0, 3)):
        when = rnd.sample(slots, rnd.randint(1, len(slots)))
        if what == "late":
            late = rnd.choice(event["people"])
            late["unavailable"] = sorted({*late["unavailable"], *when})
        elif what == "table" and event["halls"][0]["tables"]:
            event["halls"][0]["closed"] = [{"table": 1, "slots": when}]
        elif what == "interpreter" and event["interpreters"]:
            event["interpreters"].pop()
        elif what == "cancelled" and len(meetings) > 1:
            gone = meetings.pop()["id"]
            for meeting in meetings:
                meeting["after"] = [key for key in meeting["after"] if key != gone]
        elif what == "added":
            meetings.append({**meetings[0], "id": "added", "after": []})
    return event


def every_valid_plan(problem):
    """What all valid plans amount to."""
    choices = []
    for meeting in problem.meetings:
        fits = [None]
        for slot, hall in itertools.product(range(len(problem.slots)), problem.halls):
            tables = range(1, hall.tables[slot] + 1) if meeting.table else [None]
            served = [who.id for who in problem.interpreters] if meeting.pair else [None]
            for table, who in itertools.product(tables, served):
                seat = Seat(slot=slot, hall=hall.id, table=table, interpreter=who)
                alone = {**dict.fromkeys(other.id for other in problem.meetings), meeting.id: seat}
                if check(replace(problem, max_changes=None), Plan(seats=alone)) == []:
                    fits.append(seat)
        choices.append(fits)
    names = [meeting.id for meeting in problem.meetings]
    for seats in itertools.product(*choices):
        plan = Plan(seats=dict(zip(names, seats, strict=True)))
        if check(problem, plan) == []:
            yield measure(problem, plan)


@QUICK
@given(st.integers(0, 10**6))
def test_every_repair_is_valid_and_keeps_its_bounds(number):
    problem = read_problem(disturbed(number))
    result = repair(problem, stop=STOP)
    assert check(problem, result) == []
    assert check(problem, result.to_json()) == []
    assert set(result.unplaced) == {key for key, seat in result.seats.items() if seat is None}


@QUICK
@given(st.integers(0, 10**6))
def test_no_plan_places_more_or_changes_less_and_none_beats_the_bound(number):
    problem = read_problem(disturbed(number, slots=3, people=4, meetings=3))
    result = repair(problem, stop=DEEP)
    every = list(every_valid_plan(problem))
    best = min(every, key=lambda measures: (-round(measures.priority, 6), measures.changes))
    assert result.measures.priority == pytest.approx(best.priority)
    assert result.bounds.priority >= best.priority - 1e-6
    assert result.measures.changes == best.changes


@FEW
@given(st.integers(0, 10**6))
def test_a_plan_that_is_still_valid_stays_as_it_is(number):
    event = any_event(random.Random(number))
    event["published"] = solve(read_problem(event), stop=STOP).to_json()["meetings"]
    result = repair(read_problem(event), stop=MaxIterations(0))
    assert result.measures.changes == 0
    assert {
        key: seat and seat.to_json() for key, seat in result.seats.items() if event["published"][key]
    } == {key: seat for key, seat in event["published"].items() if seat}


@FEW
@given(st.integers(0, 10**6))
def test_the_same_seed_gives_the_same_repair(number):
    problem = read_problem(disturbed(number))
    first, second = (repair(problem, stop=STOP, seed=number) for _ in range(2))
    assert first.seats == second.seats


@FEW
@given(st.integers(0, 10**6))
def test_what_is_over_or_locked_is_not_touched_by_a_repair(number):
    rnd, event = random.Random(number), disturbed(number)
    placed = [m["id"] for m in event["meetings"] if event["published"].get(m["id"])]
    event["frozen_before"] = rnd.randint(0, len(event["slots"]))
    event["locked"] = rnd.sample(placed, rnd.randint(0, len(placed)))
    problem = read_problem(event)
    result = repair(problem, stop=STOP)
    assert check(problem, result) == []
    kept = problem.kept_seats()
    assert {key: result.seats[key] for key in kept} == kept


@pytest.mark.parametrize("last", [1, 2, 3, 5, 8])
def test_nothing_more_is_looked_at_once_stop_has_said_so(questions, last):
    for number in range(25):
        clock = questions(last)
        result = repair(read_problem(disturbed(number)), stop=clock)
        if len(clock.asked_at) >= last:
            assert result.iterations == clock.asked_at[last - 1]
        assert clock.longest_step <= 30_000


def test_a_repair_needs_a_published_plan(event):
    with pytest.raises(ValueError, match="repair needs a problem with `published`"):
        repair(read_problem(event))


def small(people, meetings, published, slots=3, tables=5, **more):
    return read_problem(
        {
            "format": "kontor-meetings/1",
            "name": "small",
            "gap_rule": "day",
            "slots": [{"day": 0}] * slots,
            "halls": [{"id": "E", "tables": tables}],
            "people": [{"id": name, "slots": free} for name, free in people.items()],
            "meetings": [
                {"id": f"m{i}", "people": list(names), "pair": dict(more.get("pairs", {})).get(i)}
                for i, names in enumerate(meetings)
            ],
            "interpreters": more.get("interpreters", []),
            "published": {
                f"m{i}": {"slot": t, "hall": "E", "table": i + 1, "interpreter": who}
                for i, (t, who) in enumerate(
                    zip(published, more.get("served", [None] * len(published)), strict=True)
                )
            },
        }
    )


def test_a_displaced_meeting_takes_a_free_slot_and_nobody_else_moves():
    problem = small({"a": [1, 2], "b": None, "c": None}, ["ab", "bc"], [0, 1])
    result = repair(problem, stop=MaxIterations(0))
    assert (result.seats["m0"].slot, result.seats["m1"].slot) == (2, 1)
    assert result.measures.changes == 1


def test_a_displaced_meeting_moves_one_other_if_it_must():
    problem = small({"a": [1], "b": None, "c": None}, ["ab", "bc"], [0, 1])
    result = repair(problem, stop=MaxIterations(0))
    assert result.seats["m0"].slot == 1
    assert (result.measures.placed, result.measures.changes) == (2, 2)


def test_a_chain_over_several_people_is_found():
    people = {"a": [1], "b": [0, 1], "c": [1, 2], "d": [2, 3], "e": [3, 4]}
    problem = small(people, ["ab", "bc", "cd", "de"], [0, 1, 2, 3], slots=5)
    result = repair(problem, stop=MaxIterations(0))
    assert result.measures.placed == 3
    assert result.bounds.priority == 3


@pytest.mark.parametrize("seed", range(10))
def test_one_meeting_makes_room_for_two_before_a_second_one_moves(seed):
    """m1 and m2 are new: m1 could take the slot of m0 or of m3, m2 only that of m0."""
    people = {"a": None, "b": [0, 2, 3], "c": [0, 1], "d": [0], "e": None}
    problem = small(people, ["ab", "ac", "bd", "ae"], [0, 0, 0, 1], slots=4)
    published = {name: seat for name, seat in problem.published.items() if name in ("m0", "m3")}
    result = repair(replace(problem, published=published), stop=MaxIterations(0), seed=seed)
    assert [result.seats[name].slot for name in ("m1", "m2", "m3")] == [0, 0, 1]
    assert (result.measures.placed, result.measures.changes) == (4, 1)


def test_a_lost_meeting_is_proved_by_the_crowd_around_a_person():
    people = {"a": [2], "b": None, "c": None, "d": None}
    problem = small(people, ["ab", "ac", "ad"], [0, 1, 2])
    result = repair(problem, stop=MaxIterations(0))
    assert (result.measures.placed, result.bounds.priority) == (1, 1.0)


def test_the_worthier_meeting_takes_the_last_slot():
    problem = small({"a": [2], "b": None, "c": None}, ["ab", "ac"], [0, 2], slots=3)
    meetings = tuple(replace(m, priority=5.0 if m.id == "m0" else 1.0) for m in problem.meetings)
    result = repair(replace(problem, meetings=meetings), stop=MaxIterations(0))
    assert result.seats["m0"].slot == 2
    assert result.seats["m1"] is None


def test_interpreters_are_passed_on_before_a_meeting_moves():
    problem = small(
        {"a": [0], "b": [0], "c": [0], "d": [0]},
        ["ab", "cd"],
        [0, 0],
        slots=1,
        pairs={0: "de-zh", 1: "de-en"},
        interpreters=[{"id": "i", "pairs": ["de-zh", "de-en"]}, {"id": "j", "pairs": ["de-zh"]}],
        served=["i", "gone"],
    )
    result = repair(problem, stop=MaxIterations(0))
    assert (result.seats["m0"].interpreter, result.seats["m1"].interpreter) == ("j", "i")
    assert (result.measures.changes, result.measures.interpreter_changes) == (0, 2)


def test_a_budget_of_changes_buys_fewer_gaps():
    people = {"a": None, "b": None, "c": None}
    problem = small(people, ["ab", "bc"], [0, 3], slots=4)
    assert repair(problem, stop=STOP).measures.gaps == 1
    better = repair(replace(problem, max_changes=1), stop=STOP)
    assert (better.measures.gaps, better.measures.changes) == (0, 1)
    assert check(replace(problem, max_changes=1), better) == []


def test_a_meeting_in_the_wrong_order_does_not_lend_its_slot():
    """m1 must be later than m0; the slot of m0 is one that m1 cannot have."""
    problem = small({"a": [2], "b": None, "c": [0, 1], "d": None}, ["bd", "ac"], [2, 0])
    late = tuple(replace(m, after=("m0",)) if m.id == "m1" else m for m in problem.meetings)
    people = tuple(replace(p, slots=frozenset({1})) if p.id in "ac" else p for p in problem.people)
    problem = replace(problem, meetings=late, people=people)
    result = repair(problem, stop=MaxIterations(0))
    assert check(problem, result) == []
    assert (result.seats["m0"].slot, result.seats["m1"].slot) == (0, 1)


@pytest.mark.parametrize("number", [1, 24])
def test_shaking_shares_out_interpreters_anew_until_every_loss_is_proved(number, monkeypatch):
    problem = scarce_interpreters(number)
    before = Desk(problem, 0)
    monkeypatch.setattr(_desk, "SHAKEN", ())
    before.quick()
    before.deeper(lambda _: False, attempts=4)
    monkeypatch.undo()
    after = Desk(problem, 0)
    after.quick()
    after.deeper(lambda _: False, attempts=4)
    assert before.score.missing > after.score.missing == -after.priority_bound()
    assert not check(problem, repair(problem, stop=MaxIterations(10**6)))


def scarce_interpreters(number):
    """An event as good as solved, in which one of six interpreters is then away for a quarter of the time."""
    rnd = random.Random(number)
    pairs = ["de-zh", "zh-en", "de-en"]
    problem = read_problem(
        {
            "format": "kontor-meetings/1",
            "name": "scarce",
            "gap_rule": "day",
            "slots": [{"day": 0} for _ in range(12)],
            "halls": [{"id": "E", "tables": 30}],
            "people": [{"id": f"p{n}"} for n in range(40)],
            "interpreters": [{"id": f"i{n}", "pairs": rnd.sample(pairs, 2), "max_run": 3} for n in range(6)],
            "meetings": [
                {
                    "id": f"m{n}",
                    "people": [f"p{p}" for p in rnd.sample(range(40), 2)],
                    "pair": rnd.choice(pairs) if n % 3 == 0 else None,
                }
                for n in range(160)
            ],
        }
    )
    seats = solve(problem, stop=MaxIterations(100_000)).seats
    first, *others = problem.interpreters
    late = replace(first, slots=first.slots - frozenset(range(3)))
    return replace(problem, interpreters=(late, *others), published=seats)
