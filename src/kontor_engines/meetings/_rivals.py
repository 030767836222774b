"""Meetings that crowd each other out: sets of which every plan leaves out at least one.

Two meetings of one person that both demand slot 3 are such a set; so may be five, with an order and a walk between halls that
are apart. Around each meeting that a plan leaves out, a SAT solver is asked to place everything of the people concerned, and the
core of its refusal is a set of rivals. Sets that share no meeting add up: where they lose as much as a plan does, no plan loses
less, and every plan as good leaves out one of each set, of the least worth, and nothing else.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._model import NONE, Ints, Model
from kontor_engines.meetings._slot_formula import SlotFormula, agenda_of, members_of, met_by

MOST_AGENDAS = 2_500
"""People who have more meetings, those of two counted twice, are not asked about together."""
EQUAL = 1e-5
"""Priorities that differ by less are one: plans are as good as each other up to 1e-6 in all."""
CONFLICTS, CONFLICTS_TO_SHORTEN = 20_000, 2_000
"""How long the solver tries to place everything, and to do so without one of the rivals."""


class Rivals:
    """What is known about a problem: sets of rivals of the least worth in their set, and what they lose in all."""

    def __init__(self, model: Model, placeable: npt.NDArray[np.bool_]) -> None:
        self.lost = 0.0
        """Priority that every plan leaves out at least."""
        self.sets: list[frozenset[int]] = []
        """Which of them a plan leaves out is open, where it loses no more than that: one of each set."""
        self._model, self._placeable = model, placeable
        self._members: set[int] = set()
        self._asked: set[int] = set()

    def look_around(self, plan: Ints, is_closed: Callable[[], bool] = lambda: False) -> bool:
        """Look for rivals of what this plan leaves out, until none are found for one (that takes longest) or the search is
        closed; whether no plan loses less, as far as is known."""
        out = np.flatnonzero(self._placeable & (plan[0] == NONE)).tolist()
        for m in out:
            if m in self._asked or m in self._members:
                continue
            if is_closed():
                break
            self._asked.add(m)
            if not self._has_rivals(m):
                break
        return float(self._model.priority[out].sum()) <= self.lost + 1e-6

    def _has_rivals(self, m: int) -> bool:
        """Ask about its people and those they meet; if that explains nothing, about everybody whom these meet, too."""
        related = [m, *_in_order_with(self._model, m)]
        people = met_by(
            self._model, self._placeable, {p for x in related for p in members_of(self._model, x)}
        )
        return self._find_among(people) or self._find_among(met_by(self._model, self._placeable, people))

    def _find_among(self, people: set[int]) -> bool:
        from pysat.solvers import Glucose4  # slow to import, and most plans never need it

        known = len(self.sets)
        if sum(len(agenda_of(self._model, p)) for p in people) > MOST_AGENDAS:
            return False
        formula = SlotFormula(self._model, self._placeable, people)
        placed = {x: formula.any_of(list(row.values())) for x, row in formula.lies.items()}
        formula.clauses += [[v] for x, v in placed.items() if self._model.fixed[x]]
        with Glucose4(bootstrap_with=formula.clauses) as solver:
            while rivals := _core(solver, {v: x for x, v in placed.items() if self._may_be_rival(x)}):
                self._members |= rivals
                least = min(self._model.priority[x] for x in rivals)
                self.sets.append(frozenset(x for x in rivals if self._model.priority[x] <= least + EQUAL))
                self.lost += float(least)
        return len(self.sets) > known

    def _may_be_rival(self, m: int) -> bool:
        """Not what is kept, and nothing twice."""
        return not self._model.fixed[m] and m not in self._members


def _in_order_with(model: Model, m: int) -> list[int]:
    """The meetings that must be earlier or later."""
    earlier = model.before[model.before_start[m] : model.before_start[m + 1]]
    later = model.after[model.after_start[m] : model.after_start[m + 1]]
    return [*earlier.tolist(), *later.tolist()]


def _core(solver, meetings: dict[int, int]) -> set[int]:  # type: ignore[no-untyped-def]
    """Some of these meetings (by the variable that says: placed) that cannot all be placed, as few as are soon found."""
    solver.conf_budget(CONFLICTS)
    if solver.solve_limited(assumptions=list(meetings), expect_interrupt=True) is not False:
        return set()
    core: list[int] = solver.get_core() or []
    for variable in list(core):
        solver.conf_budget(CONFLICTS_TO_SHORTEN)
        rest = [other for other in core if other != variable]
        if solver.solve_limited(assumptions=rest, expect_interrupt=True) is False:
            core = rest
    return {meetings[variable] for variable in core}
