"""The bound of large events comes from a process of its own, and is the same."""

import time

from kontor_engines.meetings import read_problem
from kontor_engines.meetings._bounding import Bounding
from kontor_engines.meetings._bounds import priority_bound
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._seating import plan_of


def model_of(event):
    problem = read_problem(event)
    model, index = build_model(problem)
    return model, plan_of(index, problem.kept_seats())


def test_a_process_of_its_own_says_the_same_bound(event):
    event["halls"] = [{"id": "E", "tables": 1}, {"id": "B", "tables": 0}, {"id": "C", "tables": 0}]
    model, kept = model_of(event)
    bounding = Bounding(model, kept)
    for _ in range(600):
        if bounding.bound is not None:
            break
        time.sleep(0.1)
    bounding.end()
    bound = priority_bound(model, kept)
    assert bounding.bound is not None
    assert bounding.bound[:2] == bound[:2]
    assert bounding.bound.worth.tolist() == bound.worth.tolist()
