"""How hot a search begins and how long it stays so, by what stands in the way of the moves."""

from typing import NamedTuple

import numpy as np

from kontor_engines.meetings._last_gaps import Settling
from kontor_engines.meetings._model import Model
from kontor_engines.meetings._problem import Problem

HOLD, SHORTEST_HOLD, LONG_HOLD = 100, 20_000, 250_000
"""Moves for each meeting, and at least in all, before the temperature begins to fall; beyond a long hold half as many suffice."""
HINDERED_HOLD = 400_000
"""Where most moves fail, four times as many, up to this number."""
GROUPS = 0.02
"""Share of meetings for three or more beyond which an event is searched hotter."""
TIGHT, FULL = 0.4, 0.6
"""Meetings for each place in which people are available, from which on there is little room to move, and hardly any."""
TO_LAST_GAPS, TO_LAST_GAPS_OF_SOME = 5, 20
"""Holds after which people who wait longer than they must are looked at one by one: if everything is placed, and if not."""
SETTLING = Settling(temperature=0.19, steps=20, hope=10)
SETTLING_HINDERED = Settling(temperature=0.25, steps=100, hope=30)


class Schedule(NamedTuple):
    """Temperatures in gaps, numbers of moves."""

    hot: float
    """At first."""
    hottest: float
    """Of later legs at most."""
    cold: float
    """At last."""
    settling: Settling
    hold: int
    """Moves before the temperature begins to fall."""
    to_bound: int
    """Moves after which the priority is bounded, if something is left out."""
    to_last_gaps: int
    to_last_gaps_of_some: int
    """If something is left out."""


def schedule_of(problem: Problem, model: Model) -> Schedule:
    """As measured to be good. A repair stays near the published plan."""
    is_hindered = _is_hindered(model)
    size = HOLD * len(model.fixed)
    size = max(SHORTEST_HOLD, min(size, max(LONG_HOLD, size // 2)))
    hold = size
    if is_hindered and problem.published is None:
        hold = max(size, min(4 * size, HINDERED_HOLD))
    hot, hottest, cold = _temperatures(problem, model, is_hindered)
    return Schedule(
        hot=hot,
        hottest=hottest,
        cold=cold,
        settling=SETTLING_HINDERED if is_hindered else SETTLING,
        hold=hold,
        to_bound=size,
        to_last_gaps=TO_LAST_GAPS * size,
        to_last_gaps_of_some=TO_LAST_GAPS_OF_SOME * hold,
    )


def _temperatures(problem: Problem, model: Model, is_hindered: bool) -> tuple[float, float, float]:
    """(at first, of later legs at most, at last): where most moves fail or days are full, only a hotter search gets anywhere."""
    if problem.published is not None:
        return 0.15, 0.15, 0.1
    if problem.gap_rule == "timeline":
        return 0.8, 0.8, 0.12
    fill = len(model.agenda) / max(1, int(model.counts.sum()))
    if is_hindered:
        return (0.7 if fill > FULL else 0.5), 0.8, 0.1
    return (0.45 if fill > TIGHT else 0.35), 0.6, 0.1


def _is_hindered(model: Model) -> bool:
    """Whether a group or a walk is so often in the way of somebody that most moves fail."""
    has_groups = bool(len(model.fixed)) and np.mean(np.diff(model.member_start) > 2) > GROUPS
    return bool(has_groups or model.capacity[model.has_far == 1].any())
