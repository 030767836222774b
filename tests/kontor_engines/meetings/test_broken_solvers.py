"""Solvers that are broken on purpose, one rule each: the checker catches every one of them."""

import numpy as np
import pytest

from kontor_engines.meetings import Seat, _solve, check, read_problem, solve
from kontor_engines.stop import MaxIterations

THREE = [{"people": pair, "hall": "A"} for pair in ("ab", "cd", "ef")]
TALKS = [{"people": pair, "hall": "A", "pair": "de-zh"} for pair in ("ab", "cd")]


def crowd(meetings):
    """Two adjacent slots, two halls apart with one table each, one interpreter who needs a pause after each meeting."""
    return {
        "format": "kontor-meetings/1",
        "name": "crowd",
        "gap_rule": "day",
        "slots": [{"day": 0}, {"day": 0}, {"day": 0}],
        "halls": [{"id": "A", "tables": 1}, {"id": "B", "tables": 1}],
        "apart": [["A", "B"]],
        "people": [{"id": name, "unavailable": [2]} for name in "abcdef"],
        "interpreters": [{"id": "i", "pairs": ["de-zh"], "max_run": 1}],
        "meetings": [
            {**meeting, "id": meeting["people"], "people": list(meeting["people"])} for meeting in meetings
        ],
    }


def ones(array):
    return np.ones_like(array)


def zeros(array):
    return np.zeros_like(array)


@pytest.mark.parametrize(
    ("rule", "broken", "meetings"),
    [
        ("H2", {"domain": ones}, [{"people": "ab", "slots": [2]}]),
        ("H3", {"capacity": lambda tables: tables + 5}, THREE),
        ("H4", {"pair": lambda pair: pair * 0 - 1}, TALKS),
        ("H4", {"max_run": lambda run: run + 9}, TALKS),
        (
            "H5",
            {"far": zeros, "has_far": zeros},
            [{"people": "ab", "hall": "A"}, {"people": "ac", "hall": "B"}],
        ),
        (
            "H6",
            {"before_start": zeros, "after_start": zeros},
            [{"people": "ab", "slots": [1]}, {"people": "cd", "slots": [0], "after": ["ab"]}],
        ),
        ("H7", {"hall_wanted": lambda hall: hall * 0 - 1}, THREE),
    ],
)
def test_a_solver_that_ignores_a_rule_is_caught(monkeypatch, rule, broken, meetings):
    build = _solve.build_model

    def build_broken(problem):
        model, index = build(problem)
        model = model._replace(**{key: change(getattr(model, key)) for key, change in broken.items()})
        rows = [np.flatnonzero(row) for row in model.domain]
        starts = np.cumsum([0, *map(len, rows)]).astype(np.int32)
        return model._replace(option_start=starts, options=np.concatenate(rows).astype(np.int32)), index

    problem = read_problem(crowd(meetings))
    assert check(problem, solve(problem, stop=MaxIterations(50_000))) == []
    monkeypatch.setattr(_solve, "build_model", build_broken)
    monkeypatch.setattr(_solve, "seats_of", _seats_without_a_check)
    seats = solve(problem, stop=MaxIterations(50_000)).seats
    plan = {
        "format": "kontor-plan/1",
        "instance": "crowd",
        "meetings": {key: seat and seat.to_json() for key, seat in seats.items()},
    }
    assert rule in {violation.rule for violation in check(problem, plan)}


def _seats_without_a_check(problem, index, plan):
    """Table numbers one after the other, whether the hall has them or not."""
    taken: dict[tuple[int, int], int] = {}
    seats = {}
    for m, meeting in enumerate(problem.meetings):
        slot, hall, who = (int(value) for value in plan[:, m])
        seats[meeting.id] = None
        if slot >= 0:
            taken[slot, hall] = taken.get((slot, hall), 0) + 1
            name = None if who < 0 else index.interpreters[who]
            seats[meeting.id] = Seat(
                slot=slot, hall=index.halls[hall], table=taken[slot, hall], interpreter=name
            )
    return seats
