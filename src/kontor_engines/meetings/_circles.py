"""Whether somebody and everybody whom the person meets could wait no longer than each must alone, as a SAT formula.

Somebody with a booth in one hall and a meeting in a hall too far away may avoid waiting alone, but only in slots in which those
who come would wait instead. The formula seats all meetings of such a circle. What it refuses is impossible, and where it seats
the person is a good place to begin from.
"""

import itertools
import random
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._model import Ints, Model, days_of
from kontor_engines.meetings._slot_formula import SlotFormula

CONFLICTS, CONFLICTS_IN_ALL = 2_000, 6_000
"""How long the solver tries one question, some hundredths of a second, and how long all that follow from each other."""
CONFLICTS_ALONE = 10_000
"""How long it tries whether somebody must wait whatever the others do, which is asked once: below a second."""

Refused = frozenset[int]
"""People of whom at least one must wait longer than each must alone."""


class Circle:
    """The meetings of some people, on which each of them can be asked to wait no longer than must be.

    All of them are placed, but for one of each set of rivals at most.
    """

    def __init__(
        self,
        model: Model,
        some: npt.NDArray[np.bool_],
        least: Ints,
        people: Collection[int],
        rivals: Sequence[frozenset[int]] = (),
    ) -> None:
        from pysat.solvers import Glucose4  # slow to import, and most plans never need it

        formula = SlotFormula(model, some, people)
        self._lies = formula.lies
        may_be_out = frozenset[int]().union(*rivals)
        formula.clauses += [list(row.values()) for m, row in self._lies.items() if m not in may_be_out]
        for one in rivals:
            for a, b in itertools.combinations(sorted(one & self._lies.keys()), 2):
                formula.clauses.append([*self._lies[a].values(), *self._lies[b].values()])
        self._content = {}
        for p, agenda in formula.agendas.items():
            most_out = sum(not one.isdisjoint(agenda) for one in rivals)
            self._content[p] = _wish_of(formula, p, int(least[p]), len(agenda) - most_out)
        self._top = formula.top
        self._unlike = self._new()
        self._solver = Glucose4(bootstrap_with=formula.clauses)

    def __len__(self) -> int:
        """Number of its meetings."""
        return len(self._lies)

    def seat(
        self, plan: Ints, meetings: Collection[int], may_wait: Collection[int], rnd: random.Random
    ) -> tuple[dict[int, int], Refused]:
        """Slots for these meetings, as far as possible those of the plan, with which nobody of the circle but who may must wait;
        or people of whom one must; or neither, if nothing was found. Each answer differs from all before."""
        self._solver.set_phases(
            [
                variable if plan[0, m] == slot else -variable
                for m, row in self._lies.items()
                for slot, variable in row.items()
            ]
        )
        wishes = [self._unlike, *(wish for p, wish in self._content.items() if p not in may_wait)]
        stay = {self._lies[m][slot] for m in meetings if (slot := int(plan[0, m])) in self._lies[m]}
        known = self._conflicts()
        while self._conflicts() - known < CONFLICTS_IN_ALL:
            self._solver.conf_budget(CONFLICTS)
            answer = self._solver.solve_limited(assumptions=wishes + sorted(stay), expect_interrupt=True)
            if answer:
                true = set(self._solver.get_model())
                chosen = {m: slot for m in meetings for slot, v in self._lies[m].items() if v in true}
                self._solver.add_clause(
                    [-self._unlike, *(-self._lies[m][slot] for m, slot in chosen.items())]
                )
                return chosen, Refused()
            core = stay if answer is None else set(self._solver.get_core() or ())
            if self._unlike in core and not core & stay:
                self._unlike = self._new()
                return {}, Refused()
            if not core & stay:
                return {}, Refused(p for p, wish in self._content.items() if wish in core)
            named = sorted(core & stay)  # one of them is in the way; if nothing is known, half of all go
            stay.difference_update(rnd.sample(named, 1 if answer is False else (len(named) + 1) // 2))
        return {}, Refused()

    def must_wait(self, p: int) -> bool:
        """Whether this person must wait longer than the least, also if all others may; not, if that is not soon known."""
        self._solver.conf_budget(CONFLICTS_ALONE)
        return self._solver.solve_limited(assumptions=[self._content[p]], expect_interrupt=True) is False

    def _conflicts(self) -> int:
        return int(self._solver.accum_stats()["conflicts"])

    def _new(self) -> int:
        self._top += 1
        return self._top


def _wish_of(formula: SlotFormula, p: int, least: int, placed: int) -> int:
    """A variable that says: this person has no more gaps than the least; so many meetings of the person are placed."""
    busy = formula.busy[p]
    formula.at_most([-some for some in busy.values()], max(0, len(busy) - placed))
    content = formula.new()
    gaps: list[int] = []
    for day in days_of(formula.model, p):
        for end in formula.ends_of_gaps([busy.get(slot, 0) for slot in day]):
            gaps += [formula.new()] if least else []
            formula.clauses.append([*end, -content, *gaps[-1:]])
    formula.at_most(gaps, least)
    return content
