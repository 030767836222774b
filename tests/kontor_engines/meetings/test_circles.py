"""Gaps that somebody and everybody whom the person meets cannot avoid together."""

import itertools
import random

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import read_problem, solve
from kontor_engines.meetings._circles import Circle
from kontor_engines.meetings._least_gaps import least_gaps
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._patterns import count_gaps
from kontor_engines.stop import MaxIterations
from tests.kontor_engines.meetings.conftest import fair

BUSY = fair(
    # p1 is at another meeting in slot 0 and would see p0 in slot 1, in which p0 must see p3.
    [{"people": pair} for pair in ((0, 1), (0, 2), (0, 3), (1, 4), (2, 5))],
    [{0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}, {1}, {0}, {3}],
)


def model_of(event):
    model, index = build_model(read_problem(event))
    return model, np.ones(len(index.meetings), bool)


def circle_of_all(model, everything):
    return Circle(model, everything, least_gaps(model, everything), range(len(model.position)))


NOWHERE = np.full((3, 20), -1, np.int32)


def test_a_circle_waits_though_nobody_in_it_would_have_to_alone():
    model, everything = model_of(BUSY)
    assert least_gaps(model, everything).tolist() == [0, 0, 0, 0, 0, 0]
    assert fewest_by_trying(model) == 1
    slots, refused = circle_of_all(model, everything).seat(NOWHERE, [0, 1, 2], (), random.Random(0))
    assert (slots, fewest_by_trying(model, refused)) == ({}, 1)
    result = solve(read_problem(BUSY), stop=MaxIterations(2_000_000))
    assert (result.measures.gaps, result.bounds.gaps, result.proved) == (1, 1, True)


def test_a_circle_is_seated_where_only_those_wait_who_may():
    model, everything = model_of(BUSY)
    slots, refused = circle_of_all(model, everything).seat(NOWHERE, range(5), {1}, random.Random(0))
    assert refused == frozenset()
    assert [gaps_of(model, p, slots) for p in range(6)] == [0, 1, 0, 0, 0, 0]


def test_meetings_stay_where_they_are_unless_that_makes_somebody_wait():
    meetings = [{"people": [0, p]} for p in (1, 2, 3)]
    model, everything = model_of(fair(meetings, [{0, 1, 2, 3}] * 4))
    plan = np.array([[0, 1, 3], [0, 0, 0], [-1, -1, -1]], np.int32)
    slots, _ = circle_of_all(model, everything).seat(plan, range(3), (), random.Random(0))
    assert gaps_of(model, 0, slots) == 0
    assert any(slots[m] == plan[0, m] for m in range(3))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.fixed_dictionaries(
            {"people": st.sampled_from(list(itertools.combinations(range(4), 2)))},
            optional={"hall": st.just("C")},
        ),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.sets(st.integers(0, 4), min_size=2), min_size=4, max_size=4),
    st.sets(st.integers(0, 3)),
)
@example([{"people": (0, 1)}] * 3, [{0, 3}, {0, 1, 3}, {0, 1}, {0, 1}], set())
def test_people_are_refused_exactly_where_no_way_to_seat_all_meetings_leaves_each_the_least_gaps(
    meetings, slots, may_wait
):
    model, everything = model_of(fair(meetings, slots, 5))
    least = least_gaps(model, everything)
    found, refused = circle_of_all(model, everything).seat(
        NOWHERE, range(len(meetings)), may_wait, random.Random(0)
    )
    must = {p for p in range(4) if p not in may_wait}
    fewest = fewest_by_trying(model, must, least)
    if fewest == 0:
        assert is_possible_for_all(model, found)
        assert all(gaps_of(model, p, found) <= least[p] for p in must)
    else:
        assert found == {}
        assert refused <= must
        if fewest is not None:  # else not all can be seated, and no refusal is wrong
            assert fewest_by_trying(model, refused, least) > 0


def fewest_by_trying(model, people=None, least=None):
    """The fewest gaps, beyond these, of some people or all over every way to seat all meetings; None: there is no way."""
    everybody = range(len(model.position))
    some = everybody if people is None else people
    choices = [np.flatnonzero(row).tolist() for row in model.domain]
    found = [
        sum(max(0, gaps_of(model, p, slots) - (0 if least is None else least[p])) for p in some)
        for slots in itertools.product(*choices)
        if is_possible_for_all(model, slots)
    ]
    return min(found, default=None)


def is_possible_for_all(model, slots):
    return all(is_possible(model, p, slots) for p in range(len(model.position)))


def agenda_of(model, p):
    return model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]].tolist()


def gaps_of(model, p, slots):
    return count_gaps(sorted(slots[m] for m in agenda_of(model, p)), model.position[p], model.day_words)


def is_possible(model, p, slots):
    return not any(
        slots[a] == slots[b]
        or (abs(slots[a] - slots[b]) == 1 and model.far[model.hall_wanted[a], model.hall_wanted[b]])
        for a, b in itertools.combinations(agenda_of(model, p), 2)
    )
