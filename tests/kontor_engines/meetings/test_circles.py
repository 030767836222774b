"""Gaps that somebody and everybody whom the person meets cannot avoid together."""

import itertools

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import read_problem, solve
from kontor_engines.meetings._circles import Circles, fewest_gaps
from kontor_engines.meetings._least_gaps import least_gaps
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._patterns import count_gaps
from kontor_engines.stop import MaxIterations


def booths(meetings, slots, num_slots=4):
    """People with these slots meet at booths of halls E and C, which are apart, within one day."""
    return {
        "format": "kontor-meetings/1",
        "name": "booths",
        "gap_rule": "day",
        "slots": [{"day": 0}] * num_slots,
        "halls": [{"id": "E", "tables": 0}, {"id": "C", "tables": 0}],
        "apart": [["E", "C"]],
        "people": [{"id": f"p{p}", "slots": sorted(own)} for p, own in enumerate(slots)],
        "meetings": [
            {"id": f"m{m}", "people": [f"p{a}", f"p{b}"], "hall": hall, "table": False}
            for m, (a, b, hall) in enumerate(meetings)
        ],
    }


BUSY = booths(
    # p1 is at another meeting in slot 0 and would see p0 in slot 1, in which p0 must see p3.
    [(0, 1, "E"), (0, 2, "E"), (0, 3, "E"), (1, 4, "E"), (2, 5, "E")],
    [{0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}, {1}, {0}, {3}],
)


def model_of(event):
    model, index = build_model(read_problem(event))
    return model, np.ones(len(index.meetings), bool)


def test_a_circle_waits_though_nobody_in_it_would_have_to_alone():
    model, everything = model_of(BUSY)
    least = least_gaps(model, everything)
    assert least.tolist() == [0, 0, 0, 0, 0, 0]
    assert Circles(model, everything, least).look_at([0]) == fewest_by_trying(model) == 1
    result = solve(read_problem(BUSY), stop=MaxIterations(2_000_000))
    assert (result.measures.gaps, result.bounds.gaps, result.proved) == (1, 1, True)


def test_circles_that_share_somebody_count_once():
    model, everything = model_of(BUSY)
    circles = Circles(model, everything, least_gaps(model, everything))
    assert circles.look_at([0]) == circles.look_at(range(6)) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["E", "C"])).filter(
            lambda meeting: meeting[0] < meeting[1]
        ),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.sets(st.integers(0, 4), min_size=2), min_size=4, max_size=4),
)
def test_no_way_to_seat_the_meetings_of_people_has_fewer_gaps(meetings, slots):
    model, everything = model_of(booths(meetings, slots, 5))
    fewest = fewest_by_trying(model)
    assert fewest_gaps(model, everything, range(4)) == (0 if fewest is None else fewest)


def fewest_by_trying(model):
    """The fewest gaps of all people over every way to seat all meetings; None: there is no way."""
    choices = [np.flatnonzero(row).tolist() for row in model.domain]
    found = [
        sum(gaps_of(model, p, slots) for p in range(len(model.position)))
        for slots in itertools.product(*choices)
        if all(is_possible(model, p, slots) for p in range(len(model.position)))
    ]
    return min(found, default=None)


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
