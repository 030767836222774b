"""The solvers are asked what is not known yet, and what they answer is said of no more plans than it holds for."""

import numpy as np
import pytest

from kontor_engines.meetings import _exact, read_problem
from kontor_engines.meetings._bounds import placeable
from kontor_engines.meetings._exact import Exact
from kontor_engines.meetings._model import NONE, build_model
from kontor_engines.meetings._seating import plan_of


class RaceOnPaper:
    """A race that says what the test wants."""

    low, found, is_over, is_impossible, has_ended = 0, None, False, False, False

    def __init__(self, formula, first, narrowed=None):
        self.first, self.is_for_gaps = first, narrowed is not None

    def follow(self, samples):
        self.samples = samples

    def end(self):
        self.has_ended = True


@pytest.fixture
def arm(monkeypatch):
    """Four meetings worth 1, 1, 2 and 3, and the races that were begun."""
    races = []

    def begin(*arguments):
        races.append(RaceOnPaper(*arguments))
        return races[-1]

    monkeypatch.setattr(_exact, "Race", begin)
    worths = (1.0, 3.0, 2.0, 1.0)
    event = {
        "format": "kontor-meetings/1",
        "name": "four",
        "gap_rule": "day",
        "slots": [{"day": 0}] * 4,
        "halls": [{"id": "E", "tables": 2}],
        "people": [{"id": name} for name in "abcde"],
        "meetings": [
            {"id": b, "people": ["a", b], "priority": w} for b, w in zip("bcde", worths, strict=True)
        ],
    }
    model, index = build_model(read_problem(event))
    return Exact(model, placeable(model, plan_of(index, {})), 2), races


def plan_without(*left_out):
    plan = np.zeros((3, 4), np.int32)
    plan[0] = range(4)
    plan[0, list(left_out)] = NONE
    return plan


def test_a_plan_of_all_is_asked_for_gaps(arm):
    exact, races = arm
    exact.note(frozenset({1}), 0.0, 7)
    exact.note(frozenset({2}), 0.0, 5)
    assert exact.follow(plan_without(), 0.0, 5) is None
    assert [(race.is_for_gaps, race.first) for race in races] == [(True, 2)]
    assert races[0].samples == [frozenset({2}), frozenset({1})]  # the best plan first
    races[0].low = 4
    exact.follow(plan_without(), 0.0, 5)
    assert (exact.least_gaps(0.0), exact.least_gaps(1.0), exact.lost) == (4, 0, 0.0)


def test_where_not_everything_fits_it_is_asked_how_much_is_left_out_and_then_how_many_gaps_that_costs(arm):
    exact, races = arm
    exact.follow(plan_without(), 0.0, 99)
    races[0].is_over = races[0].is_impossible = True
    exact.follow(plan_without(), 0.0, 99)
    assert (exact.missing, exact.lost) == (1, 1.0)
    exact.follow(plan_without(), 0.0, 99)
    assert (races[0].has_ended, races[1].is_for_gaps, races[1].first) == (True, False, 1)
    races[1].found, races[1].is_over, races[1].low = (1, {1: 0, 2: 1, 3: 2}), True, 1
    assert exact.follow(plan_without(), 0.0, 99) == {1: 0, 2: 1, 3: 2}
    exact.follow(plan_without(0), 1.0, 3)
    races[2].low = 3
    exact.follow(plan_without(0), 1.0, 3)
    assert [race.is_for_gaps for race in races] == [True, False, True]
    assert (exact.least_gaps(0.0), exact.least_gaps(1.0), exact.least_gaps(2.0)) == (3, 3, 0)


def test_plans_that_leave_out_more_but_cheaper_meetings_count_too(arm):
    exact, races = arm
    exact.follow(plan_without(2), 2.0, 99)  # as much worth as the two that are worth 1
    races[0].low, races[0].is_over = 1, True
    exact.follow(plan_without(2), 2.0, 99)
    exact.follow(plan_without(2), 2.0, 99)
    assert exact._most == 2


def test_a_bound_on_the_gaps_of_a_plan_is_never_above_them(arm):
    exact, races = arm
    exact.follow(plan_without(), 0.0, 5)
    races[0].low = 8
    exact.follow(plan_without(), 0.0, 5)
    assert exact.least_gaps(0.0) == 5
