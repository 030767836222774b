"""All meetings of some people and the slots they lie in, as clauses for a SAT solver.

The formula knows that nobody is at two meetings (H1), the slots of each meeting (H2), walks between halls that are demanded and
apart (H5) and orders (H6). It leaves out tables, interpreters and what everybody else needs. So what it refuses is impossible.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._clauses import Clauses
from kontor_engines.meetings._model import NONE, Ints, Model

PAIRS = 8
"""Up to so many of which at most one may be true, every two exclude each other."""


class SlotFormula(Clauses):
    """Clauses that say where the meetings of some people may lie, if they are placed; whether they are is open."""

    def __init__(self, model: Model, some: npt.NDArray[np.bool_], people: Collection[int]) -> None:
        super().__init__()
        self.model = model
        self.agendas = {p: _agenda(model, some, p) for p in sorted(people)}
        self.lies: dict[int, dict[int, int]] = {}
        """The variable of each meeting and slot."""
        self.busy: dict[int, dict[int, int]] = {}
        """The variable of each person and slot: somewhere at a meeting."""
        for m in sorted({m for agenda in self.agendas.values() for m in agenda}):
            slots = model.options[model.option_start[m] : model.option_start[m + 1]].tolist()
            self.lies[m] = {slot: self.new() for slot in slots}
            self._never_together(self.lies[m].values())
        for p, agenda in self.agendas.items():
            self.busy[p] = self._seat(agenda)
        self._keep_orders()

    def at_most(self, literals: list[int], limit: int) -> None:
        """No more than so many of them are true."""
        from pysat.card import CardEnc, EncType

        if limit < len(literals):
            self.add(CardEnc.atmost(literals, bound=limit, top_id=self.top, encoding=EncType.seqcounter))

    def _never_together(self, variables: Collection[int]) -> None:
        """Pair by pair, or one after the other beside “one of those before”: far fewer clauses where they are many."""
        if len(variables) <= PAIRS:
            self.clauses += [[-a, -b] for a, b in itertools.combinations(variables, 2)]
            return
        before, *others = variables
        for variable in others:
            self.clauses.append([-before, -variable])
            before = self.any_of([before, variable])

    def _seat(self, agenda: list[int]) -> dict[int, int]:
        """One meeting of a person at a time (H1), no walk between halls that are apart (H5); when the person is busy."""
        at: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for m in agenda:
            hall = NONE if self.model.fixed[m] else int(self.model.hall_wanted[m])
            for slot, variable in self.lies[m].items():
                at[slot].append((hall, variable))
        busy: dict[int, int] = {}
        for slot, entries in at.items():
            variables = [variable for _, variable in entries]
            self._never_together(variables)
            busy[slot] = self.any_of(variables)
        self.clauses += [[-a, -b] for a, b in self._too_far(at)]
        return busy

    def _too_far(self, at: dict[int, list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
        """Meetings of one person in adjacent slots and halls that are apart."""
        for slot, entries in at.items():
            if self.model.joined[slot]:
                for (hall, a), (other, b) in itertools.product(entries, at.get(slot + 1, ())):
                    if NONE not in (hall, other) and self.model.far[hall, other]:
                        yield a, b

    def _keep_orders(self) -> None:
        """What must be later does not lie in the same slot or before (H6). H8 alone judges meetings that are kept."""
        for late, row in self.lies.items():
            for early in self.model.before[self.model.before_start[late] : self.model.before_start[late + 1]]:
                if self.model.fixed[late] or self.model.fixed[early]:
                    continue
                for slot, variable in self.lies.get(int(early), {}).items():
                    self.clauses += [[-variable, -other] for at, other in row.items() if at <= slot]


def agenda_of(model: Model, p: int) -> list[int]:
    """The meetings of a person."""
    return [int(m) for m in model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]]]


def members_of(model: Model, m: int) -> list[int]:
    """The people of a meeting."""
    return [int(p) for p in model.members[model.member_start[m] : model.member_start[m + 1]]]


def met_by(model: Model, some: npt.NDArray[np.bool_], people: Collection[int]) -> set[int]:
    """These people and everybody whom they meet at some meetings."""
    return {q for p in people for m in agenda_of(model, p) if some[m] for q in members_of(model, m)}.union(
        people
    )


def _agenda(model: Model, some: npt.NDArray[np.bool_], p: int) -> list[int]:
    """Some meetings of a person; of several that are kept in one slot the first, since they are not checked against H1."""
    free = [m for m in agenda_of(model, p) if some[m] and not model.fixed[m]]
    kept: Ints = np.array([m for m in agenda_of(model, p) if some[m] and model.fixed[m]], np.int32)
    _, first = np.unique(model.options[model.option_start[kept]], return_index=True)
    return sorted([*free, *kept[first].tolist()])
