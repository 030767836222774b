"""Meetings that crowd each other out, and gaps of plans that leave out no more than they must."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import bounds, check, measure, read_problem, solve
from kontor_engines.meetings._anneal import Best
from kontor_engines.meetings._circles import Circle
from kontor_engines.meetings._last_gaps import TRIES_IN_VAIN, LastGaps, Settling
from kontor_engines.meetings._least_gaps import least_gaps, least_gaps_with_rivals
from kontor_engines.meetings._model import NONE, build_model
from kontor_engines.meetings._plan import Plan
from kontor_engines.meetings._problem import Seat
from kontor_engines.meetings._rivals import Rivals
from kontor_engines.meetings._schedule import SETTLING
from kontor_engines.stop import MaxIterations
from tests.kontor_engines.meetings.conftest import fair

HALLS = ("E", "C")


def rivals_of(event):
    model, index = build_model(read_problem(event))
    return model, Rivals(model, np.ones(len(index.meetings), bool))


def plan_with(*slots):
    return np.array([slots, [0] * len(slots), [-1] * len(slots)], np.int32)


def test_two_meetings_of_one_person_that_demand_one_slot_are_rivals_and_the_less_worthy_is_lost():
    event = fair(
        [{"people": [0, 1], "slot": 1, "priority": 3.0}, {"people": [0, 2], "slot": 1}, {"people": [1, 2]}],
        [{0, 1, 2, 3}] * 3,
    )
    _, rivals = rivals_of(event)
    assert rivals.look_around(plan_with(1, NONE, 2))
    assert (rivals.lost, rivals.sets) == (1.0, [frozenset({1})])
    assert not rivals.look_around(plan_with(NONE, 1, 2))


def test_rivals_of_one_worth_may_each_be_left_out():
    _, rivals = rivals_of(fair([{"people": [0, p]} for p in (1, 2, 3)], [{0, 1}] * 4))
    assert rivals.look_around(plan_with(0, 1, NONE))
    assert (rivals.lost, rivals.sets) == (1.0, [frozenset({0, 1, 2})])


def test_walks_and_orders_make_rivals():
    walk = [{"people": [0, 1], "slot": 0}, {"people": [0, 2], "slot": 1, "hall": "C"}]
    order = [{"people": [3, 4], "slot": 1}, {"people": [5, 6], "slot": 1, "after": ["m2"]}]
    _, rivals = rivals_of(fair([*walk, *order], [{0, 1, 2}] * 7))
    assert rivals.look_around(plan_with(0, NONE, 1, NONE))
    assert (rivals.lost, set(rivals.sets)) == (2.0, {frozenset({0, 1}), frozenset({2, 3})})


def test_what_an_order_allows_in_adjacent_slots_has_no_rivals():
    order = [{"people": [0, 1], "slot": 1}, {"people": [0, 2], "slot": 2, "after": ["m0"]}]
    _, rivals = rivals_of(fair(order, [{1, 2}] * 3))
    assert not rivals.look_around(plan_with(1, NONE))
    assert rivals.lost == 0.0


def test_a_circle_places_all_but_one_of_its_rivals():
    # p0 meets p1 or p2 in slot 0; whoever it is, p0 need not wait if p3 comes in slot 1.
    model, rivals = rivals_of(fair([{"people": [0, p]} for p in (1, 2, 3)], [{0, 1, 2}, {0}, {0}, {1, 2}]))
    assert rivals.look_around(plan_with(NONE, 0, 2))
    everything = np.ones(3, bool)
    least = least_gaps_with_rivals(model, everything, least_gaps(model, everything), rivals.sets)
    circle = Circle(model, everything, least, range(4), rivals.sets)
    slots, refused = circle.seat(plan_with(NONE, 0, 2), range(3), (), random.Random(0))
    assert (slots, refused) == ({1: 0, 2: 1}, frozenset())


def test_what_everybody_has_time_for_has_no_rivals():
    _, rivals = rivals_of(fair([{"people": [0, 1]}, {"people": [0, 2]}], [{0, 1}] * 3))
    assert not rivals.look_around(plan_with(0, NONE))
    assert (rivals.lost, rivals.sets) == (0.0, [])


def test_meetings_that_are_locked_are_no_rivals_of_each_other():
    event = fair([{"people": [0, 1]}, {"people": [0, 2]}, {"people": [0, 3]}], [{0, 1}] * 4)
    event["locked"] = ["m0", "m1"]
    event["published"] = {m: {"slot": 0, "hall": "E"} for m in ("m0", "m1")}
    _, rivals = rivals_of(event)
    assert not rivals.look_around(plan_with(0, 0, NONE))
    assert (rivals.lost, rivals.sets) == (0.0, [])


def test_what_is_kept_crowds_out_and_is_no_rival():
    event = fair([{"people": [0, 1]}, {"people": [0, 2], "slot": 0, "priority": 5.0}], [{0, 1}] * 3)
    event["locked"] = ["m0"]
    event["published"] = {"m0": {"slot": 0, "hall": "E"}}
    _, rivals = rivals_of(event)
    assert rivals.look_around(plan_with(0, NONE))
    assert (rivals.lost, rivals.sets) == (5.0, [frozenset({1})])


def test_nothing_is_asked_once_the_search_is_closed():
    _, rivals = rivals_of(fair([{"people": [0, p]} for p in (1, 2, 3)], [{0, 1}] * 4))
    assert not rivals.look_around(plan_with(0, 1, NONE), lambda: True)
    assert rivals.look_around(plan_with(0, 1, NONE))


def test_a_plan_with_rivals_is_proved_best():
    # p0 must lose one of two meetings in slot 0; with the other, p0 waits until slot 2, whichever it is.
    event = fair(
        [{"people": [0, 1], "slot": 0}, {"people": [0, 2], "slot": 0}, {"people": [0, 3]}],
        [{0, 1, 2, 3}, {0, 1}, {0, 1}, {2, 3}],
    )
    result = solve(read_problem(event), stop=MaxIterations(3_000_000))
    assert (result.measures.priority, result.bounds.priority) == (2.0, 2.0)
    assert (result.measures.gaps, result.bounds.gaps, result.proved) == (1, 1, True)


def test_a_meeting_that_is_hardly_worth_anything_may_be_left_out_to_spare_a_gap():
    # p0 waits between both; without the second, which is worth less than is compared, nobody does.
    problem = read_problem(
        fair(
            [{"people": [0, 1], "slot": 0}, {"people": [0, 2], "slot": 2, "priority": 1e-7}],
            [{0, 1, 2, 3}] * 3,
        )
    )
    result = solve(problem, stop=MaxIterations(100_000))
    assert (result.bounds.gaps, bounds(problem, result).gaps) == (0, 0)


MEETINGS = st.lists(
    st.fixed_dictionaries(
        {"people": st.sampled_from(list(itertools.combinations(range(4), 2))).map(list)},
        optional={
            "hall": st.sampled_from(HALLS),
            "slot": st.integers(0, 3),
            "priority": st.sampled_from([1.0, 2.0, 5.0]),
            "is_later": st.booleans(),
        },
    ),
    min_size=2,
    max_size=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(MEETINGS, st.lists(st.sets(st.integers(0, 3), min_size=1), min_size=4, max_size=4))
def test_no_plan_loses_less_than_rivals_and_none_that_loses_as_little_has_fewer_gaps(
    monkeypatch, meetings, slots
):
    # Wide questions are asked at once.
    monkeypatch.setattr("kontor_engines.meetings._last_gaps.TRIES_IN_VAIN", 1)
    for m, meeting in enumerate(meetings):
        if meeting.pop("is_later", False) and m:
            meeting["after"] = [f"m{m - 1}"]
    event = fair(meetings, slots)
    problem = read_problem(event)
    model, index = build_model(problem)
    plans = [measured for choice in all_choices(model) if (measured := measured_if_valid(problem, choice))]
    everything = float(model.priority.sum())
    some = np.array([model.domain[m].any() for m in range(len(index.meetings))])
    hopeless = float(model.priority[~some].sum())
    best = min(plans, key=lambda plan: (-plan[0], plan[1]))
    as_worthy = max((plan for plan in plans if plan[0] == best[0]), key=lambda plan: plan[1])
    least_lost = everything - hopeless - best[0]
    for priority, gaps, start in (best, as_worthy):
        last = LastGaps(model, some, least_gaps(model, some), 0)
        for _ in range(4 * TRIES_IN_VAIN):
            plan = np.array([start, model.hall_wanted, [NONE] * len(start)], np.int32)
            last.try_one(Best(plan, np.array([0.0, -priority, 0.0, gaps, np.inf])), SETTLING)
        assert last.bound.lost <= least_lost + 1e-9
        assert last.least_gaps(least_lost) <= best[1]
        if last.is_certain:
            assert last.bound.lost == pytest.approx(least_lost)


def all_choices(model):
    return itertools.product(*([NONE, *np.flatnonzero(row)] for row in model.domain))


def measured_if_valid(problem, slots):
    """(priority, gaps, slots) of a plan, if the independent judge has nothing against it."""
    seats = {
        meeting.id: None
        if slot == NONE
        else Seat(slot=int(slot), hall=meeting.hall, table=None, interpreter=None)
        for meeting, slot in zip(problem.meetings, slots, strict=True)
    }
    plan = Plan(seats=seats)
    if check(problem, plan):
        return None
    measures = measure(problem, plan)
    return measures.priority, measures.gaps, slots


def test_what_no_rivals_explain_is_placed_with_the_meetings_of_its_people():
    # For m2, which can only lie in slot 1, m0 must go to slot 2 and m1 from there to slot 3.
    event = fair(
        [{"people": [0, 2]}, {"people": [0, 3]}, {"people": [0, 1], "slot": 1}],
        [{0, 1, 2, 3}, {1}, {1, 2}, {1, 2, 3}],
    )
    model, _ = rivals_of(event)
    everything = np.ones(3, bool)
    last = LastGaps(model, everything, least_gaps(model, everything), 0)
    best = Best(plan_with(1, 2, NONE), np.array([0.0, -2.0, 0.0, 0.0, np.inf]))
    for _ in range(4):
        best, _ = last.try_one(best, Settling(temperature=0.01, steps=1, hope=10))
    assert best.plan[0].tolist() == [2, 3, 1]
    assert (last.is_certain, last.bound) == (True, (0.0, 0))
