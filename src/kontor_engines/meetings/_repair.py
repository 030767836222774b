"""Repair of a published plan: valid again with the fewest changes, then, within a budget of changes, fewer gaps."""

import os
import time
from collections.abc import Callable

import numpy as np

from kontor_engines.meetings._desk import CHUNK, Desk
from kontor_engines.meetings._explain import explain_seats
from kontor_engines.meetings._measures import Agendas, measure
from kontor_engines.meetings._model import NONE
from kontor_engines.meetings._plan import Bounds, Plan, Progress, Result
from kontor_engines.meetings._problem import Problem
from kontor_engines.meetings._seating import seats_of
from kontor_engines.stop import MaxSeconds, Stop

SECONDS = 2.0
"""For what the quick repair leaves open, if the caller sets no limit."""


def repair(
    problem: Problem,
    *,
    stop: Stop | None = None,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
) -> Result:
    """The published plan brought to validity with the fewest changes that were found.

    `stop` limits only what takes longer than some milliseconds: the search for seats of meetings that are left out although
    nothing proves that they must be, and, with `max_changes`, for a plan with fewer gaps within that budget.
    """
    if problem.published is None:
        raise ValueError("repair needs a problem with `published`")
    begun = (time.perf_counter(), _cpu_s())
    stop = stop or MaxSeconds(SECONDS)
    desk = Desk(problem, seed)
    report = _Reporter(desk, on_progress, begun[0])
    desk.quick()
    report()
    desk.deeper(lambda looked: _asked(stop, looked, report))
    if problem.max_changes is not None:
        while not _asked(stop, desk.looked, report):
            desk.anneal_within(
                desk.model.max_changes, 20 * CHUNK, lambda looked: _asked(stop, looked, report)
            )
            if desk.score.gaps == 0:
                break
    seats = seats_of(problem, desk.index, desk.plan)
    model = desk.model
    agendas = Agendas(np.diff(model.member_start), model.members, model.counts)
    measures = measure(problem, Plan(seats=seats), agendas)
    bounds = Bounds(priority=max(desk.priority_bound(), measures.priority), gaps=0)
    return Result(
        instance=problem.name,
        seats=seats,
        unplaced=explain_seats(problem, seats),
        measures=measures,
        bounds=bounds,
        proved=measures.priority >= bounds.priority - 1e-6 and measures.gaps <= bounds.gaps,
        seed=seed,
        iterations=desk.looked,
        wall_s=time.perf_counter() - begun[0],
        cpu_s=_cpu_s() - begun[1],
    )


class _Reporter:
    """Tells the caller how far the repair is."""

    def __init__(self, desk: Desk, tell: Callable[[Progress], None] | None, begun: float) -> None:
        self.desk, self.tell, self.begun = desk, tell, begun

    def __call__(self) -> None:
        if self.tell is None:
            return
        desk = self.desk
        self.tell(
            Progress(
                placed=int(np.count_nonzero(desk.plan[0] != NONE)),
                priority=-desk.score.missing,
                gaps=desk.score.gaps,
                bound_priority=desk.priority_bound(),
                bound_gaps=0,
                iterations=desk.looked,
                seconds=time.perf_counter() - self.begun,
            )
        )


def _asked(stop: Stop, looked: int, report: _Reporter) -> bool:
    report()
    return stop(looked)


def _cpu_s() -> float:
    return sum(os.times()[:2])
