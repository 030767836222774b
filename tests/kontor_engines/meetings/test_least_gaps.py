"""Gaps that nobody can avoid: a true bound, and the exact one for a person alone."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import read_problem, solve
from kontor_engines.meetings._least_gaps import least_gaps, spared_gaps
from kontor_engines.meetings._model import build_model
from kontor_engines.stop import MaxIterations


def visitor(halls, days=(0, 0, 0, 0), **person):
    """One visitor who sees somebody at a booth of each of these halls (None: at a table); E and C are apart."""
    meetings = [
        {"id": f"m{i}", "people": ["visitor", f"p{i}"], "hall": hall, "table": hall is None}
        for i, hall in enumerate(halls)
    ]
    return {
        "format": "kontor-meetings/1",
        "name": "visitor",
        "gap_rule": "day",
        "slots": [{"day": day} for day in days],
        "halls": [{"id": "floor", "tables": 1}, {"id": "E", "tables": 0}, {"id": "C", "tables": 0}],
        "apart": [["E", "C"]],
        "people": [{"id": "visitor", **person}, *({"id": f"p{i}"} for i in range(len(halls)))],
        "meetings": meetings,
    }


def least(event):
    model, index = build_model(read_problem(event))
    return int(least_gaps(model, np.ones(len(index.meetings), bool))[0])


@pytest.mark.parametrize(
    ("event", "gaps"),
    [
        (visitor(["E", "E", "E"]), 0),
        (visitor(["E", "E", "C"]), 1),  # a pause to walk
        (visitor(["E", None, "C"]), 0),  # the table lies between
        (visitor(["E", "E", "C"], (0, 0, 1, 1)), 0),  # one hall on each day
        (visitor(["E", "E", "C"], (0, 1, 2, 3)), 0),  # nothing is adjacent
        (visitor(["E", "C", "C"], unavailable=[2]), 0),  # walks while not available, which is no gap
        (visitor(["E"] * 4 + ["C"], (0, 0, 0, 1, 1, 1)), 1),  # four do not fit into one day
        (visitor(["E", "E"], unavailable=[0, 2]), 0),
        ({**visitor(["E", "E"], unavailable=[0, 2]), "gap_rule": "timeline"}, 1),
    ],
)
def test_what_a_person_alone_cannot_avoid(event, gaps):
    assert least(event) == gaps
    result = solve(read_problem(event), stop=MaxIterations(200_000))
    assert (result.measures.gaps, result.bounds.gaps, result.proved) == (gaps, gaps, True)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(["E", "C", None]), min_size=1, max_size=5),
    st.lists(st.integers(0, 2), min_size=5, max_size=6),
    st.lists(st.integers(0, 5), max_size=2),
    st.sampled_from(["day", "timeline"]),
)
def test_no_order_of_a_persons_meetings_has_fewer_gaps(halls, days, absent, rule):
    days = sorted(days)
    absent = sorted({slot for slot in absent if slot < len(days)})
    event = {**visitor(halls, tuple(days), unavailable=absent), "gap_rule": rule}
    free = [slot for slot in range(len(days)) if slot not in absent]
    found = [
        _gaps(slots, days, free, rule)
        for slots in itertools.permutations(free, len(halls))
        if _may_walk(dict(zip(slots, halls, strict=True)), days)
    ]
    if found:
        assert least(event) == min(found)


def _may_walk(hall_at, days):
    return not any(
        {hall_at[slot], hall_at.get(slot + 1)} == {"E", "C"} and days[slot] == days[slot + 1]
        for slot in hall_at
        if slot + 1 < len(days)
    )


def _gaps(slots, days, free, rule):
    gaps = 0
    for one, other in itertools.pairwise(sorted(slots)):
        between = range(one + 1, other)
        if rule == "timeline":
            gaps += len(between) > 0
        elif days[one] == days[other]:
            gaps += any(slot in free for slot in between)
    return gaps


@pytest.mark.parametrize("worth", [5.0, 1.0])
def test_what_must_be_left_out_elsewhere_spares_no_gaps(worth):
    event = visitor(["E", "E", "C"])
    for meeting in event["meetings"]:
        meeting["priority"] = worth
    event["people"] += [{"id": "busy", "slots": [0]}, {"id": "q0"}, {"id": "q1"}]
    event["meetings"] += [
        {"id": f"n{i}", "people": ["busy", f"q{i}"], "hall": "E", "table": False} for i in range(2)
    ]
    result = solve(read_problem(event), stop=MaxIterations(50_000))
    assert (result.measures.placed, result.measures.gaps) == (4, 1)
    assert (result.bounds.priority, result.bounds.gaps) == (3 * worth + 1, 1)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(["E", "C", None]), st.integers(1, 3)), min_size=2, max_size=4),
    st.integers(0, 5),
)
def test_no_plan_that_leaves_out_so_much_has_fewer_gaps(visits, missing):
    halls, worths = zip(*visits, strict=True)
    days = (0, 0, 0, 0)
    event = visitor(halls, days)
    for meeting, worth in zip(event["meetings"], worths, strict=True):
        meeting["priority"] = float(worth)
    model, index = build_model(read_problem(event))
    everything = np.ones(len(index.meetings), bool)
    least_of_all = least_gaps(model, everything)
    bound = int(least_of_all.sum()) - spared_gaps(model, everything, least_of_all, model.priority)(
        float(missing)
    )
    found = [
        _gaps(slots, days, [0, 1, 2, 3], "day")
        for number in range(len(halls) + 1)
        for stays in itertools.combinations(range(len(halls)), number)
        if sum(worths) - sum(worths[m] for m in stays) <= missing
        for slots in itertools.permutations(range(4), number)
        if _may_walk(dict(zip(slots, [halls[m] for m in stays], strict=True)), days)
    ]
    assert not found or bound <= min(found)
