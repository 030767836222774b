"""The curve “gaps against changed meetings”: what further changes of a published plan would buy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kontor_engines.meetings._desk import CHUNK, Desk
from kontor_engines.meetings._measures import measure
from kontor_engines.meetings._plan import Measures, Plan
from kontor_engines.meetings._problem import Problem
from kontor_engines.meetings._seating import seats_of
from kontor_engines.stop import MaxSeconds, Stop

SHARES = (0.0, 0.01, 0.02, 0.05, 0.1)
"""Further changes looked at if the caller names none, as shares of the meetings."""
MOVES = 20 * CHUNK
ATTEMPTS = 1
"""Searches for seats of what the quick repair leaves out: the time is for the points, not for the last hopeless meeting."""
SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """A valid plan for one budget of changes."""

    max_changes: int
    """The budget in all (H10)."""
    plan: Plan
    measures: Measures


def curve(
    problem: Problem, *, budgets: Sequence[int] | None = None, stop: Stop | None = None, seed: int = 0
) -> tuple[CurvePoint, ...]:
    """For each number of changes beyond the fewest a plan with as few gaps as were found.

    Budgets rise and each search goes on from the plan of the one before, so gaps never rise along the curve.
    """
    if problem.published is None:
        raise ValueError("curve needs a problem with `published`")
    if budgets is None:
        budgets = [math.ceil(share * len(problem.meetings)) for share in SHARES]
    if any(budget < 0 for budget in budgets):
        raise ValueError(f"budgets must not be negative, got {min(budgets)}")
    stop = stop or MaxSeconds(SECONDS)
    desk = Desk(replace(problem, max_changes=None), seed)
    desk.quick()
    desk.deeper(stop, attempts=ATTEMPTS)
    fewest = desk.score.changes
    points = []
    for budget in sorted(set(budgets)):
        if not stop(desk.looked):
            desk.anneal_within(fewest + budget, MOVES, stop)
        plan = Plan(seats=seats_of(problem, desk.index, desk.plan))
        measures = measure(problem, plan)
        forced = measures.changes - desk.score.changes  # in any plan: their tables are closed
        points.append(CurvePoint(max_changes=fewest + forced + budget, plan=plan, measures=measures))
    return tuple(points)
