"""Copies at several temperatures: when they change places, and the search that goes on with them."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor_engines.meetings import _solve, check, read_problem, solve
from kontor_engines.meetings._anneal import anneal, new_best, seat_greedily
from kontor_engines.meetings._memory import SUM_GAPS, new_memory
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._tempering import STEP, Tempering
from kontor_engines.stop import MaxIterations
from tests.kontor_engines.meetings.conftest import crowded
from tests.kontor_engines.meetings.test_solve import FEW, events


def tempering_at(temperatures, seed=0):
    """Copies of a greedy plan of the crowded event."""
    model, _ = build_model(read_problem(crowded()))
    memory, best = new_memory(model, 0), new_best(len(model.fixed))
    seat_greedily(*memory, np.arange(len(model.fixed), dtype=np.int32))
    anneal(*memory, *best, 0, 1.0, 1.0, 0, 1)
    return Tempering(lambda number: new_memory(model, number), best, temperatures, seed)


def in_the_cold(tempering, rounds):
    """The copy in the coldest place after each round."""
    with ThreadPoolExecutor(2) as pool:
        rows = []
        for _ in range(rounds):
            assert tempering.run(pool) == STEP * len(tempering.copies)
            rows.append(id(tempering.copies[0]))
    return rows


def test_neighbours_at_nearly_the_same_temperature_change_places_often():
    rows = in_the_cold(tempering_at([0.3, 0.31]), 20)
    assert sum(one != other for one, other in itertools.pairwise(rows)) >= 5


def test_a_bad_plan_stays_in_the_heat():
    tempering = tempering_at([0.2, 50.0])
    assert len(set(in_the_cold(tempering, 10))) == 1
    cold, hot = (copy.o[SUM_GAPS] for copy in tempering.copies)
    assert cold < hot


def test_what_a_copy_has_seen_goes_along_with_it():
    tempering = tempering_at([0.3, 0.31, 0.32])
    pairs = {id(copy): best for copy, best in zip(tempering.copies, tempering.bests, strict=True)}
    in_the_cold(tempering, 9)
    assert all(pairs[id(copy)] is best for copy, best in zip(tempering.copies, tempering.bests, strict=True))


def test_several_temperatures_gain_more_than_the_coldest_alone():
    def best_score(temperatures, rounds):
        tempering = tempering_at(temperatures)
        in_the_cold(tempering, rounds)
        return min(tuple(best.score) for best in tempering.bests)

    assert best_score([0.25, 0.3, 0.37, 0.45], 25) < best_score([0.25], 100)


@pytest.fixture
def at_once():
    """Searches go on at several temperatures from their first move."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_solve, "TO_TEMPERING", 0)
        yield


@pytest.mark.parametrize("workers", [1, 2])
def test_the_best_plan_of_all_copies_is_the_answer(at_once, monkeypatch, workers):
    tempering = []
    monkeypatch.setattr(_solve, "Tempering", lambda *how: tempering.append(Tempering(*how)) or tempering[-1])
    problem = read_problem(crowded())
    result = solve(problem, stop=MaxIterations(800_000), workers=workers)
    assert check(problem, result) == []
    assert len(tempering) == 1
    best = min(tuple(best.score) for best in tempering[0].bests)
    assert (-result.measures.priority, result.measures.gaps) == (best[1], best[3])


def test_with_several_temperatures_the_same_seed_gives_the_same_plan(at_once):
    problem = read_problem(crowded())
    one, other = (solve(problem, stop=MaxIterations(400_000), seed=3) for _ in range(2))
    assert one.seats == other.seats


def test_an_event_in_which_moves_seldom_fail_only_cools(at_once, monkeypatch):
    monkeypatch.setattr(_solve, "Tempering", None)
    event = crowded()
    event["apart"] = []
    event["meetings"] = [meeting for meeting in event["meetings"] if len(meeting["people"]) == 2]
    assert solve(read_problem(event), stop=MaxIterations(200_000)).iterations > 0


@FEW
@given(events(), st.integers(1, 2))
def test_every_plan_is_valid_and_keeps_its_bounds(event, workers):
    problem = read_problem(event)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_solve, "TO_TEMPERING", 0)
        result = solve(problem, stop=MaxIterations(100_000), workers=workers)
    assert check(problem, result) == []
    assert result.measures.priority <= result.bounds.priority + 1e-6
