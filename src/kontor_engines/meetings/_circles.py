"""Whether somebody and everybody whom the person meets could wait no longer than each must alone, as a SAT formula.

Somebody with a booth in one hall and a meeting in a hall too far away may avoid waiting alone, but only in slots in which those
who come would wait instead. The formula seats all meetings of such a circle and leaves out tables, interpreters and what
everybody else needs. So what it refuses is impossible, and where it seats the person is a good place to begin from.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._model import NONE, Ints, Model, days_of

CONFLICTS = 2_000
"""How long the solver tries one question: some hundredths of a second."""
PAIRS = 8
"""Up to so many of which at most one may be true, every two exclude each other."""

Refused = frozenset[int]
"""People of whom at least one must wait longer than each must alone."""


class Circle:
    """The meetings of some people, on which each of them can be asked to wait no longer than must be."""

    def __init__(
        self, model: Model, placeable: npt.NDArray[np.bool_], least: Ints, people: Collection[int]
    ) -> None:
        from pysat.solvers import Glucose4  # slow to import, and most plans never need it

        self._model = model
        self._top = 0
        self._clauses: list[list[int]] = []
        self._lies: dict[int, dict[int, int]] = {}
        self._content: dict[int, int] = {}
        agendas = {p: [m for m in agenda_of(model, p) if placeable[m]] for p in sorted(people)}
        for m in sorted({m for agenda in agendas.values() for m in agenda}):
            slots = model.options[model.option_start[m] : model.option_start[m + 1]].tolist()
            self._lies[m] = {slot: self._new() for slot in slots}
            self._clauses.append(list(self._lies[m].values()))
            self._never_together(self._lies[m].values())
        for p, agenda in agendas.items():
            self._content[p] = self._seat(p, agenda, int(least[p]))
        self._unlike = self._new()
        self._solver = Glucose4(bootstrap_with=self._clauses)
        self._clauses = []

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
        while True:
            self._solver.conf_budget(CONFLICTS)
            answer = self._solver.solve_limited(assumptions=wishes + sorted(stay), expect_interrupt=True)
            if answer:
                true = set(self._solver.get_model())
                chosen = {m: next(slot for slot, v in self._lies[m].items() if v in true) for m in meetings}
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

    def _new(self) -> int:
        self._top += 1
        return self._top

    def _never_together(self, variables: Collection[int]) -> None:
        """Pair by pair, or one after the other beside “one of those before”: far fewer clauses where they are many."""
        if len(variables) <= PAIRS:
            self._clauses += [[-a, -b] for a, b in itertools.combinations(variables, 2)]
            return
        before, *others = variables
        for variable in others:
            self._clauses.append([-before, -variable])
            before = self._any_of([before, variable])

    def _at_most(self, literals: list[int], limit: int) -> None:
        from pysat.card import CardEnc, EncType

        if limit < len(literals):
            card = CardEnc.atmost(literals, bound=limit, top_id=self._top, encoding=EncType.seqcounter)
            self._top = max(self._top, card.nv)
            self._clauses += card.clauses

    def _seat(self, p: int, agenda: list[int], least: int) -> int:
        """One meeting at a time (H1), no walk between halls that are apart (H5); the wish to have the least gaps."""
        at: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for m in agenda:
            hall = NONE if self._model.fixed[m] else int(self._model.hall_wanted[m])
            for slot, variable in self._lies[m].items():
                at[slot].append((hall, variable))
        busy: dict[int, int] = {}
        for slot, entries in at.items():
            variables = [variable for _, variable in entries]
            self._never_together(variables)
            busy[slot] = self._any_of(variables)
        self._at_most([-some for some in busy.values()], max(0, len(busy) - len(agenda)))
        for a, b in self._too_far(at):
            self._clauses.append([-a, -b])
        content = self._new()
        gaps: list[int] = []
        for day in days_of(self._model, p):
            for end in self._ends_of_gaps([busy.get(slot, 0) for slot in day]):
                gaps += [self._new()] if least else []
                self._clauses.append([*end, -content, *gaps[-1:]])
        self._at_most(gaps, least)
        return content

    def _any_of(self, literals: list[int]) -> int:
        some = self._new()
        self._clauses += [[some, -literal] for literal in literals]
        self._clauses.append([-some, *literals])
        return some

    def _too_far(self, at: dict[int, list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
        """Meetings of one person in adjacent slots and halls that are apart."""
        for slot, entries in at.items():
            if self._model.joined[slot]:
                for (hall, a), (other, b) in itertools.product(entries, at.get(slot + 1, ())):
                    if NONE not in (hall, other) and self._model.far[hall, other]:
                        yield a, b

    def _ends_of_gaps(self, day: list[int]) -> Iterator[list[int]]:
        """For each place of a day the clause that it is not the end of a gap: busy after an idle place and a busy one before."""
        before = last = 0
        for now in day:
            if now and before:
                yield [-now, -before, *([last] if last else [])]
            if last:
                before = self._any_of([before, last]) if before else last
            last = now


def agenda_of(model: Model, p: int) -> list[int]:
    """The meetings of a person."""
    return [int(m) for m in model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]]]


def members_of(model: Model, m: int) -> list[int]:
    """The people of a meeting."""
    return [int(p) for p in model.members[model.member_start[m] : model.member_start[m + 1]]]
