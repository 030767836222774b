"""Meeting plans: who meets when, at which table, with which interpreter; repair; proof of quality; why not.

>>> from kontor_engines.meetings import check, read_problem, solve
>>> from kontor_engines.stop import MaxIterations
>>> problem = read_problem({
...     "format": "kontor-meetings/1", "name": "two people", "gap_rule": "day",
...     "slots": [{"day": 0}], "halls": [{"id": "E", "tables": 1}],
...     "people": [{"id": "Li Wei"}, {"id": "Anna Weber"}],
...     "meetings": [{"id": "m1", "people": ["Li Wei", "Anna Weber"]}]})
>>> result = solve(problem, stop=MaxIterations(1))
>>> result.seats["m1"]
Seat(slot=0, hall='E', table=1, interpreter=None)
>>> check(problem, result), result.proved
([], True)
"""

from kontor_engines.meetings._check import Violation, check
from kontor_engines.meetings._conflicts import Conflict, conflicts
from kontor_engines.meetings._curve import CurvePoint, curve
from kontor_engines.meetings._explain import explain
from kontor_engines.meetings._faults import FormatError
from kontor_engines.meetings._measures import measure
from kontor_engines.meetings._plan import (
    CONFLICT_TEXTS,
    FACT_TEXTS,
    REMEDY_KINDS,
    Bounds,
    Fact,
    Measures,
    Plan,
    Progress,
    Remedy,
    Result,
    Unplaced,
)
from kontor_engines.meetings._problem import Hall, Interpreter, Meeting, Person, Problem, Seat, Slot
from kontor_engines.meetings._reading import read_plan, read_problem
from kontor_engines.meetings._recovery import Match, Offer, apply_offer, recover
from kontor_engines.meetings._remedies import apply_remedy
from kontor_engines.meetings._repair import repair
from kontor_engines.meetings._solve import bounds, solve

__all__ = [
    "CONFLICT_TEXTS",
    "FACT_TEXTS",
    "REMEDY_KINDS",
    "Bounds",
    "Conflict",
    "CurvePoint",
    "Fact",
    "FormatError",
    "Hall",
    "Interpreter",
    "Match",
    "Measures",
    "Meeting",
    "Offer",
    "Person",
    "Plan",
    "Problem",
    "Progress",
    "Remedy",
    "Result",
    "Seat",
    "Slot",
    "Unplaced",
    "Violation",
    "apply_offer",
    "apply_remedy",
    "bounds",
    "check",
    "conflicts",
    "curve",
    "explain",
    "measure",
    "read_plan",
    "read_problem",
    "recover",
    "repair",
    "solve",
]
