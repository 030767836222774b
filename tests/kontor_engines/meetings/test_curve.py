"""The curve of gaps against changes: valid plans, within their budgets, never more gaps for more changes."""

import itertools
import random
from dataclasses import replace

import pytest

from kontor_engines.meetings import check, curve, read_problem, repair, solve
from kontor_engines.stop import MaxIterations


def published_event(seed):
    """Twelve people who meet over eight slots; one of them comes late."""
    rnd = random.Random(seed)
    names = [f"p{i}" for i in range(12)]
    pairs = rnd.sample(list(itertools.combinations(names, 2)), 24)
    event = {
        "format": "kontor-meetings/1",
        "name": "curve",
        "gap_rule": "day",
        "slots": [{"day": 0}] * 8,
        "halls": [{"id": "E", "tables": 6}],
        "people": [{"id": name, "unavailable": rnd.sample(range(8), 1)} for name in names],
        "meetings": [{"id": f"m{i}", "people": list(pair)} for i, pair in enumerate(pairs)],
    }
    event["published"] = solve(read_problem(event), stop=MaxIterations(200_000)).to_json()["meetings"]
    event["people"][0]["unavailable"] = [0, 1, 2]
    event["halls"][0]["closed"] = [{"table": 1, "slots": [5]}]
    return event


@pytest.mark.parametrize("seed", range(5))
def test_more_changes_never_mean_more_gaps(seed):
    problem = read_problem(published_event(seed))
    points = curve(problem, budgets=[8, 0, 2, 2], stop=MaxIterations(10_000_000))
    fewest = repair(problem, stop=MaxIterations(100_000)).measures
    assert [point.max_changes - points[0].max_changes for point in points] == [0, 2, 8]
    assert points[0].measures.changes == fewest.changes
    for point in points:
        assert check(replace(problem, max_changes=point.max_changes), point.plan) == []
        assert point.measures.placed == fewest.placed
    gaps = [point.measures.gaps for point in points]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] <= fewest.gaps


def test_the_same_seed_gives_the_same_curve_and_time_only_ends_it():
    problem = read_problem(published_event(1))
    assert curve(problem, stop=MaxIterations(10**7)) == curve(problem, stop=MaxIterations(10**7))
    assert len({point.measures for point in curve(problem, stop=MaxIterations(0))}) == 1


def test_a_curve_needs_a_published_plan_and_budgets_that_make_sense():
    event = published_event(1)
    with pytest.raises(ValueError, match="budgets must not be negative, got -1"):
        curve(read_problem(event), budgets=[-1])
    del event["published"]
    with pytest.raises(ValueError, match="curve needs a problem with `published`"):
        curve(read_problem(event))
