"""Whatever the event: the plan is valid, never above its bounds, the same for the same seed, the best where we can tell."""

import copy
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import (
    Plan,
    Seat,
    apply_remedy,
    bounds,
    check,
    measure,
    read_plan,
    read_problem,
    solve,
)
from kontor_engines.stop import AnyOf, MaxIterations

Instance = dict[str, Any]
PAIRS = ["de-zh", "de-en"]


@st.composite
def events(draw, *, max_slots: int = 6, max_people: int = 7, max_meetings: int = 9) -> Instance:
    """Anything the format allows: tight tables, few interpreters, pauses, walks, order, fixed slots, priorities."""
    num_slots = draw(st.integers(1, max_slots))
    first_day = draw(st.integers(1, num_slots))
    people = [f"p{i}" for i in range(draw(st.integers(2, max_people)))]
    slots = st.lists(st.integers(0, num_slots - 1), unique=True)
    some_slots = st.one_of(st.none(), slots)
    event: Instance = {
        "format": "kontor-meetings/1",
        "name": "random",
        "gap_rule": draw(st.sampled_from(["day", "timeline"])),
        "max_gaps": draw(st.sampled_from([None, None, 0, 1])),
        "slots": [{"day": int(slot >= first_day)} for slot in range(num_slots)],
        "halls": [
            {"id": "A", "tables": draw(st.integers(0, 2)), "closed": []},
            {"id": "B", "tables": draw(st.lists(st.integers(0, 2), min_size=num_slots, max_size=num_slots))},
        ],
        "apart": draw(st.sampled_from([[], [["A", "B"]]])),
        "people": [
            {"id": name, "unavailable": draw(st.one_of(st.just([]), slots.map(lambda row: row[:2])))}
            for name in people
        ],
        "interpreters": [
            {
                "id": f"i{number}",
                "pairs": draw(st.lists(st.sampled_from(PAIRS), min_size=1, max_size=2, unique=True)),
                "unavailable": draw(slots.map(lambda row: row[:1])),
                "max_run": draw(st.sampled_from([None, 1, 2])),
            }
            for number in range(draw(st.integers(0, 2)))
        ],
    }
    if event["halls"][0]["tables"] > 1:
        event["halls"][0]["closed"] = [{"table": 1, "slots": draw(some_slots)}]
    meetings = []
    for number in range(draw(st.integers(0, max_meetings))):
        size = min(len(people), draw(st.sampled_from([2, 2, 2, 3])))
        hall = draw(st.sampled_from([None, None, "A", "B"]))
        meetings.append(
            {
                "id": f"m{number}",
                "people": draw(st.lists(st.sampled_from(people), min_size=size, max_size=size, unique=True)),
                "priority": draw(st.sampled_from([1, 1, 2, 0.5])),
                "pair": draw(st.sampled_from([None, None, *PAIRS])),
                "hall": hall,
                "table": draw(st.booleans()) if hall else True,
                "slots": draw(st.one_of(st.none(), st.none(), slots)),
                "slot": draw(st.one_of(*[st.none()] * 4, st.integers(0, num_slots - 1))),
                "after": [f"m{draw(st.integers(0, number - 1))}"] if number and draw(st.booleans()) else [],
            }
        )
    event["meetings"] = meetings
    return event


@st.composite
def tiny_events(draw) -> Instance:
    """Small enough to try every plan."""
    return draw(events(max_slots=3, max_people=4, max_meetings=3))


QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(QUICK, max_examples=15)
STOP = MaxIterations(100_000)


@QUICK
@given(events())
def test_every_plan_is_valid_and_keeps_its_bounds(event):
    problem = read_problem(event)
    result = solve(problem, stop=STOP)
    assert check(problem, result) == []
    assert check(problem, result.to_json()) == []
    assert set(result.unplaced) == {key for key, seat in result.seats.items() if seat is None}


@FEW
@given(events(), st.integers(0, 5))
def test_the_same_seed_gives_the_same_plan(event, seed):
    problem = read_problem(event)
    first, second = (solve(problem, stop=STOP, seed=seed) for _ in range(2))
    assert first.seats == second.seats
    assert first.measures == second.measures


@FEW
@given(events())
def test_names_do_not_matter_for_what_is_proved(event):
    renamed = copy.deepcopy(event)
    for person in renamed["people"]:
        person["id"] = f"x-{person['id']}"
    for meeting in renamed["meetings"]:
        meeting["people"] = [f"x-{name}" for name in reversed(meeting["people"])]
    renamed["people"].reverse()
    one, other = (solve(read_problem(each), stop=STOP) for each in (event, renamed))
    if one.proved and other.proved:
        assert one.measures.priority == pytest.approx(other.measures.priority)
        assert one.measures.gaps == other.measures.gaps


@FEW
@given(events(), st.booleans())
def test_one_more_slot_never_hurts_what_is_proved(event, same_day):
    longer = copy.deepcopy(event)
    last = len(event["slots"])
    longer["slots"].append({"day": event["slots"][-1]["day"] if same_day else 9})
    for hall in longer["halls"]:
        if isinstance(hall["tables"], list):
            hall["tables"].append(0)
    for meeting in longer["meetings"]:
        if meeting["slots"] is None:
            meeting["slots"] = list(range(last + 1))
    if event["gap_rule"] == "day" and same_day:
        # Nobody is idle in a slot in which nobody is available, so no plan of the shorter event loses anything.
        for person in longer["people"]:
            person["unavailable"] = [*person["unavailable"], last]
    short, long = (solve(read_problem(each), stop=STOP) for each in (event, longer))
    if short.proved and long.proved:
        assert long.measures.priority >= short.measures.priority - 1e-9
        if long.measures.priority <= short.measures.priority + 1e-9:
            assert long.measures.gaps <= short.measures.gaps


@QUICK
@given(tiny_events())
def test_no_plan_beats_the_one_that_was_found_or_its_bounds(event):
    problem = read_problem(event)
    result = solve(problem, stop=MaxIterations(300_000))
    best = min(_all_valid(problem), key=lambda measures: measures.rank())
    assert result.bounds.priority >= best.priority - 1e-9
    assert result.measures.priority == pytest.approx(best.priority)
    assert result.measures.gaps == best.gaps
    assert result.bounds.gaps <= best.gaps


def _all_valid(problem):
    """The measures of every valid plan (tables are given out in order, which never matters)."""
    choices = []
    for meeting in problem.meetings:
        seats: list[Seat | None] = [None]
        places = itertools.product(range(len(problem.slots)), problem.halls, [None, *problem.interpreters])
        seats += [
            Seat(slot=slot, hall=hall.id, interpreter=who.id if who else None) for slot, hall, who in places
        ]
        fits = [seat for seat in seats if seat is None or _fits(problem, meeting, seat)]
        choices.append(fits)
    for seats in itertools.product(*choices):
        plan = _with_tables(problem, seats)
        if plan is not None and check(problem, plan) == []:
            yield measure(problem, plan)


def _fits(problem, meeting, seat):
    """Whether the meeting alone could have the seat."""
    if (meeting.pair is None) != (seat.interpreter is None) or meeting.hall not in (None, seat.hall):
        return False
    table = _first_table(problem, seat, set()) if meeting.table else None
    if meeting.table and table is None:
        return False
    alone = {other.id: None for other in problem.meetings}
    alone[meeting.id] = Seat(slot=seat.slot, hall=seat.hall, table=table, interpreter=seat.interpreter)
    return check(problem, Plan(seats=alone)) == []


def _first_table(problem, seat, taken):
    hall = next(hall for hall in problem.halls if hall.id == seat.hall)
    free = (
        table
        for table in range(1, hall.tables[seat.slot] + 1)
        if (table, seat.slot) not in hall.closed and (seat.hall, seat.slot, table) not in taken
    )
    return next(free, None)


def _with_tables(problem, seats):
    taken = set()
    named = {}
    for meeting, seat in zip(problem.meetings, seats, strict=True):
        named[meeting.id] = seat
        if seat is not None and meeting.table:
            table = _first_table(problem, seat, taken)
            if table is None:
                return None
            taken.add((seat.hall, seat.slot, table))
            named[meeting.id] = Seat(
                slot=seat.slot, hall=seat.hall, table=table, interpreter=seat.interpreter
            )
    return Plan(seats=named)


@FEW
@given(tiny_events(), st.data())
def test_no_repair_has_fewer_changes_than_the_one_found(event, data):
    event["max_gaps"] = None
    before = solve(read_problem(event), stop=STOP)
    changed = copy.deepcopy(event)
    changed["published"] = before.to_json()["meetings"]
    last = len(event["slots"]) - 1
    late = data.draw(st.sampled_from(changed["people"]))
    late["unavailable"] = sorted({*late["unavailable"], data.draw(st.integers(0, last))})
    if changed["interpreters"]:
        changed["interpreters"].pop()
    problem = read_problem(changed)
    result = solve(problem, stop=STOP)
    assert check(problem, result) == []
    placed, changes = result.measures.priority, result.measures.changes
    best = min(_all_valid(problem), key=lambda measures: (-round(measures.priority, 6), measures.changes))
    assert placed == pytest.approx(best.priority)
    assert changes >= best.changes
    if len(problem.halls) == 1:
        assert changes == best.changes


@FEW
@given(events(), st.data())
def test_what_is_over_or_locked_is_never_touched(event, data):
    event["max_gaps"] = None
    before = solve(read_problem(event), stop=STOP).to_json()["meetings"]
    placed = [key for key, seat in before.items() if seat]
    event |= {
        "published": before,
        "frozen_before": data.draw(st.integers(0, len(event["slots"]))),
        "locked": data.draw(st.lists(st.sampled_from(placed), unique=True)) if placed else [],
    }
    for person in event["people"]:
        person["unavailable"] = data.draw(st.lists(st.integers(0, len(event["slots"]) - 1), unique=True))
    problem = read_problem(event)
    result = solve(problem, stop=STOP)
    assert check(problem, result) == []


def test_a_plan_can_be_continued(event):
    problem = read_problem(event)
    first = solve(problem, stop=MaxIterations(0))
    again = solve(problem, stop=MaxIterations(0), start=first, seed=9)
    assert again.measures.rank() <= first.measures.rank()
    assert again.seats == first.seats


def test_the_search_ends_when_the_plan_is_proved_best(event):
    result = solve(read_problem(event), stop=MaxIterations(10_000_000_000))
    assert result.proved
    assert (result.measures.placed, result.measures.gaps) == (4, 0)


def test_a_cancelled_search_returns_the_best_so_far(event):
    event["people"] = [{"id": name, "unavailable": [1, 4]} for name in ("anna", "li", "max", "wang")]
    calls = []
    stop = AnyOf((lambda iterations: len(calls) > 2,))
    problem = read_problem(event)
    result = solve(problem, stop=stop, on_progress=calls.append)
    assert check(problem, result) == []
    assert all(progress.placed == result.measures.placed for progress in calls[1:])


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("last", [1, 2, 4])
def test_no_move_is_made_once_stop_has_said_so(event, questions, last, workers):
    event["people"][0]["unavailable"] = [0, 1, 2]  # a plan that is not proved at once
    clock = questions(last)
    result = solve(read_problem(event), stop=clock, workers=workers)
    if len(clock.asked_at) >= last:
        assert result.iterations == clock.asked_at[last - 1]
    assert clock.longest_step <= 25_000 * workers


def test_an_exception_in_the_progress_callback_passes_through(event):
    def fail(progress):
        raise KeyError("cancelled")

    with pytest.raises(KeyError, match="cancelled"):
        solve(read_problem(event), stop=STOP, on_progress=fail)


def test_two_workers_find_valid_plans_too(event):
    problem = read_problem(event)
    assert check(problem, solve(problem, stop=STOP, workers=2)) == []
    with pytest.raises(ValueError, match="workers must be at least 1, got 0"):
        solve(problem, stop=STOP, workers=0)


def test_an_event_without_slots_or_meetings_is_planned_too(event):
    event["meetings"] = []
    assert solve(read_problem(event), stop=STOP).proved
    event |= {"slots": [], "halls": [], "apart": [], "interpreters": [], "people": [{"id": "a"}, {"id": "b"}]}
    event["meetings"] = [{"id": "m", "people": ["a", "b"]}]
    result = solve(read_problem(event), stop=STOP)
    assert result.unplaced["m"].rule == "H2"
    assert str(result.unplaced["m"].facts[0]) == "the people of this meeting have no slot in common"


def test_bounds_of_a_plan_hold_for_the_plan(event, plan):
    problem = read_problem(event)
    found = bounds(problem, read_plan(plan(), problem))
    assert (found.priority, found.gaps) == (5.0, 0)


@FEW
@given(events())
def test_every_remedy_places_what_it_claims(event):
    problem = read_problem(event)
    result = solve(problem, stop=STOP)
    for key, reason in result.unplaced.items():
        if reason.remedy is None or reason.remedy.kind == "longer_day":
            continue
        better = apply_remedy(problem, reason.remedy)
        again = solve(better, stop=MaxIterations(200_000), start=result)
        assert check(better, again) == []
        placed = sum(seat is not None for seat in again.seats.values())
        if better.max_gaps is None and len({meeting.priority for meeting in problem.meetings}) == 1:
            assert placed >= result.measures.placed + reason.places, (key, reason)
