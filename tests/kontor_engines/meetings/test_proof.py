"""Bounds of the SAT formulas hold, and the published optima of eight events are reached and proved."""

import itertools
import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kontor_engines.meetings import _prover, check, read_problem, solve
from kontor_engines.meetings._bounds import placeable
from kontor_engines.meetings._formula import gap_formula
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._prover import keep_limit, relax_cores
from kontor_engines.meetings._race import CONFLICTS, UNLIMITED, Race, Seeker
from kontor_engines.meetings._seating import plan_of
from kontor_engines.stop import MaxIterations, MaxSeconds

JAIR = Path(os.environ.get("KONTOR_SHARED", "../shared")) / "instances" / "jair"
needs_files = pytest.mark.skipif(
    not JAIR.is_dir(), reason=f"the published events are not in {JAIR} (no licence)"
)
OPTIMA = {"tic-12": 0, "tic-13": 0, "tic-13crafc": 4, "forumt-14": 5, "forum-13": 0}
HARD = {"ticf-13crafb": 3, "forum-13crafc": 1, "forum-14": 2}


@needs_files
@pytest.mark.parametrize(("name", "optimum"), OPTIMA.items())
def test_published_optimum_is_found_and_proved(name, optimum):
    problem = read_problem(json.loads((JAIR / f"{name}.json").read_bytes()))
    result = solve(problem, stop=MaxIterations(8_000_000))
    assert check(problem, result) == []
    assert (result.measures.gaps, result.proved) == (optimum, True)


@needs_files
@pytest.mark.parametrize(("name", "optimum"), HARD.items())
def test_bounds_never_pass_the_published_optimum(name, optimum):
    problem = read_problem(json.loads((JAIR / f"{name}.json").read_bytes()))
    result = solve(problem, stop=MaxSeconds(2), workers=2)
    assert check(problem, result) == []
    assert result.bounds.gaps <= optimum <= result.measures.gaps
    assert result.measures.placed == len(problem.meetings)


def triangle(num_slots, **changes):
    """Three people who all meet each other: two slots are too few, in three nobody needs to wait."""
    return {
        "format": "kontor-meetings/1",
        "name": "triangle",
        "gap_rule": "timeline",
        "slots": [{"day": 0}] * num_slots,
        "halls": [{"id": "E", "tables": 3}],
        "people": [{"id": name} for name in "abc"],
        "meetings": [{"id": a + b, "people": [a, b]} for a, b in ("ab", "bc", "ac")],
        **changes,
    }


def test_solvers_prove_how_many_cannot_be_placed():
    result = solve(read_problem(triangle(2)), stop=MaxSeconds(300), workers=2)
    assert (result.measures.placed, result.bounds.priority) == (2, 2.0)


def test_both_ways_of_the_race_say_the_same(capsys):
    model, index = build_model(read_problem(triangle(3)))
    formula = gap_formula(model, placeable(model, plan_of(index, {})), 3)
    places = set(formula.places.values())
    for limit in (0, 1):
        keep_limit([*formula.clauses, [formula.at_most[limit]]], limit, UNLIMITED, places)
    relax_cores(formula.clauses, formula.wishes, places)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[:2] for line in lines] == [["no", "0"], ["yes", "1"]] * 2
    assert [len(line) for line in lines] == [
        2,
        5,
        5,
        5,
    ]  # the three wishes that contradict each other; three places


@pytest.mark.parametrize("in_pairs", [False, True])
@pytest.mark.parametrize(
    ("suspects", "answers"), [("", []), ("a", [1]), ("b", [1]), ("ab", [1]), ("abc", [1])]
)
def test_only_suspects_may_have_gaps_whichever_way_tables_are_counted(capsys, suspects, answers, in_pairs):
    model, index = build_model(read_problem(triangle(3)))
    people = frozenset("abc".index(name) for name in suspects)
    formula = gap_formula(model, placeable(model, plan_of(index, {})), 3, people, in_pairs=in_pairs)
    places = set(formula.places.values())
    for limit in (0, 1):
        kept = [[literal] for literal in formula.at_most[limit : limit + 1]]
        keep_limit(formula.clauses + kept, limit, UNLIMITED, places)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [int(limit) for word, limit, *_ in lines if word == "yes"] == answers
    for word, _, *true in lines:
        if word == "yes":
            slots = {m: t for (m, t), variable in formula.places.items() if str(variable) in true}
            assert has_gap(slots) <= people


def has_gap(slots):
    """The people of the triangle with meetings in the first and the last of three slots only."""
    meetings = [{0, 1}, {1, 2}, {0, 2}]
    return {p for p in range(3) if {slots[m] for m in range(3) if p in meetings[m]} == {0, 2}}


@pytest.mark.parametrize(
    ("near", "tried"),
    [
        ({1, 2, 3, 4}, [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]),
        ({2, 4}, [[2], [2], [2, 4]]),  # plans at the bound have no gaps elsewhere
        ({1}, [[1]]),
        (set(), [[]]),
    ],
)
def test_few_suspects_come_first_and_everybody_who_may_have_gaps_in_the_end(near, tried):
    samples = [frozenset({1}), frozenset({2}), frozenset({3})]
    for in_pairs in (False, True):
        seeker = Seeker(in_pairs=in_pairs)
        first, second = ([seeker.next_trial(frozenset(near), samples) for _ in tried] for _ in range(2))
        assert [sorted(suspects) for suspects, _ in first] == tried
        assert [conflicts for _, conflicts in first] == [CONFLICTS[in_pairs]] * len(tried)
        assert second == [(suspects, 2 * CONFLICTS[in_pairs]) for suspects, _ in first]


def test_solvers_that_race_raise_the_bound_and_find_a_plan_there():
    model, index = build_model(read_problem(triangle(3)))
    race = Race(gap_formula(model, placeable(model, plan_of(index, {})), 3), 0)
    try:
        for _ in range(3_000):
            if race.found is not None:
                break
            race.follow([])
            time.sleep(0.1)
        assert race.found is not None
        assert (race.low, race.found[0], len(race.found[1])) == (1, 1, 3)
    finally:
        race.end()


def test_solvers_prove_gaps_that_no_person_alone_would_need():
    problem = read_problem(triangle(3))
    result = solve(problem, stop=MaxSeconds(300), workers=2)
    assert (result.measures.gaps, result.bounds.gaps, result.proved) == (1, 1, True)
    assert check(problem, result) == []


def test_solvers_say_at_once_that_a_limit_of_gaps_leaves_something_out():
    problem = read_problem(triangle(3, max_gaps=0))
    result = solve(problem, stop=MaxSeconds(300), workers=2)
    assert (result.measures.placed, result.bounds.priority) == (2, 2.0)
    assert (result.measures.gaps, result.proved) == (0, True)
    assert check(problem, result) == []


def test_gaps_are_proved_among_plans_that_leave_out_no_more_worth():
    """Somebody who meets in the first and in the last slot waits, unless the dearest meeting is left out."""
    event = triangle(3, people=[{"id": name} for name in "abcd"], halls=[{"id": "E", "tables": 1}])
    event["meetings"] = [
        {"id": "first", "people": ["a", "b"], "slot": 0, "priority": 9.0},
        {"id": "last", "people": ["a", "c"], "slot": 2, "priority": 9.0},
        {"id": "one", "people": ["b", "d"], "slot": 1},
        {"id": "other", "people": ["c", "d"], "slots": [1]},
    ]
    problem = read_problem(event)
    result = solve(problem, stop=MaxSeconds(300), workers=2)
    assert (result.measures.priority, result.bounds.priority) == (19.0, 19.0)
    assert (result.measures.gaps, result.bounds.gaps, result.proved) == (1, 1, True)


SEARCH_THAT_HANDS_OVER_A_TASK = """
import subprocess, sys, time
prover = subprocess.Popen([sys.executable, sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
prover.stdin.write(sys.stdin.buffer.read())
prover.stdin.close()
print(prover.pid, flush=True)
time.sleep(3600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_solver_at_work_ends_with_the_search_that_was_killed():
    holes = 14
    place = {(i, k): 1 + i * holes + k for i in range(holes + 1) for k in range(holes)}
    clauses = [[place[i, k] for k in range(holes)] for i in range(holes + 1)]
    clauses += [
        [-place[i, k], -place[j, k]]
        for k in range(holes)
        for i, j in itertools.combinations(range(holes + 1), 2)
    ]
    task = pickle.dumps((clauses, (0, UNLIMITED, 0), [], set()))
    search = subprocess.Popen(
        [sys.executable, "-c", SEARCH_THAT_HANDS_OVER_A_TASK, _prover.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with search:
        search.stdin.write(task)
        search.stdin.close()
        prover = int(search.stdout.readline())
        _wait_until(lambda: _state_and_seconds(prover)[1] >= 1)  # it computes, and looks at nothing else
        search.kill()
    _wait_until(lambda: _state_and_seconds(prover)[0] in ("gone", "Z"))


def _state_and_seconds(process):
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return "gone", 0.0
    return after_name[0], int(after_name[11]) / os.sysconf("SC_CLK_TCK")


def _wait_until(condition):
    for _ in range(3_000):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("this never came true")
