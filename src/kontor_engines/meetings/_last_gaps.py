"""The last gaps: somebody who waits is seated where nobody of the circle need wait, and the rest of the event gives way.

Annealing moves one meeting after the other, and who may wait nowhere but in few ways to spend two days is hardly ever brought
there by chance. So a SAT solver chooses slots for all meetings of one such person, moving few of them (`Circle`); they are held
there, and a short annealing settles everybody else anew. If the circle cannot be without waiting, that is a bound.
"""

import random
from collections import Counter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._anneal import Best, anneal, load, new_best, seat_as_before
from kontor_engines.meetings._circles import Circle, Refused
from kontor_engines.meetings._least_gaps import least_gaps_with_rivals
from kontor_engines.meetings._memory import FIXED, SLOT, Memory, new_memory
from kontor_engines.meetings._model import NONE, Ints, Model
from kontor_engines.meetings._patterns import people_with_gaps
from kontor_engines.meetings._rivals import Rivals
from kontor_engines.meetings._slot_formula import agenda_of, members_of, met_by

MOST_MEETINGS = 1_000
"""Circles with more meetings are not looked at. Somebody with thirty meetings in an event of 5,000 people has one of 420."""
KEPT = 6_000
"""Meetings of all formulas that are kept, some forty kilobytes each."""
SHARE_TO_PLACE = 0.5
"""Of the tries while something is left out that could be placed as far as is known."""
TRIES_IN_VAIN = 5
"""After so many it is asked whether somebody must wait, with those whom the people met meet, too."""
STEP = 20_000
"""Moves between two looks at how the others settle anew."""


class Settling(NamedTuple):
    """How the others settle anew when one of them has been freed of waiting."""

    temperature: float
    steps: int
    """Looks after which it is given up."""
    hope: int
    """Gaps more than in the best plan that may be left at the first look; half as many at the second, a third at the third."""


class Bound(NamedTuple):
    """What no plan can avoid."""

    lost: float
    """Every plan leaves out that much priority."""
    gaps: int
    """Every plan that leaves out no more has at least so many gaps."""


class LastGaps:
    """Tries to free one person after the other of waiting; counts what nobody can avoid."""

    def __init__(self, model: Model, placeable: npt.NDArray[np.bool_], least: Ints, seed: int) -> None:
        self.bound = Bound(0.0, int(least.sum()))
        """What is known by now."""
        self.moves = 0
        self._model, self._placeable, self._least, self._seed = model, placeable, least, seed
        self._random = random.Random(seed)  # noqa: S311 -- no secret
        self._rivals = Rivals(model, placeable)
        self.is_certain = True
        self._basis = (True, 0)
        self._possible = self._some = placeable
        self._must_wait = least
        self._optional: list[frozenset[int]] = []
        self._unexplained: list[int] = []
        self._circles: dict[tuple[str, int], Circle | None] = {}
        self._refused: list[Refused] = []
        self._tries: Counter[int] = Counter()
        self._memory: Memory | None = None
        self._best = new_best(len(model.fixed))
        self._is_closed = False

    def close(self) -> None:
        """Make an end soon, whoever tries in another thread."""
        self._is_closed = True

    def least_gaps(self, lost: float) -> int:
        """Every plan that leaves out no more than that has at least so many gaps, as far as is known."""
        return self.bound.gaps if lost <= self.bound.lost + 1e-6 else 0

    def try_one(self, best: Best, settling: Settling) -> tuple[Best, int]:
        """Free somebody who waits in this plan, or in another as good; the best plan so far and the moves that it took."""
        moves = self.moves
        if _order(best) < _order(self._best):
            self._best = best
        self._choose_meetings()
        if self._unexplained and self._random.random() < SHARE_TO_PLACE:
            self._place_something(settling)
        else:
            self._free_somebody(settling)
        return self._best, self.moves - moves

    def _choose_meetings(self) -> None:
        """Which meetings a circle has: all that every plan as good places, and of rivals all but one; where such plans are not
        known, those that this plan places."""
        self.is_certain = self._rivals.look_around(self._best.plan, lambda: self._is_closed)
        rivals = self._rivals.sets
        out = self._best.plan[0] == NONE
        all_rivals = {m for one in rivals for m in one}
        self._unexplained = [
            m
            for m in np.flatnonzero(self._placeable & out).tolist()
            if not self.is_certain and m not in all_rivals
        ]
        self._possible = self._placeable.copy()
        self._possible[[m for one in rivals if len(one) == 1 for m in one]] = False
        some = self._possible if self.is_certain else self._placeable & ~out
        basis = (self.is_certain, len(rivals))
        if basis[1] != self._basis[1]:
            self._must_wait = least_gaps_with_rivals(self._model, self._placeable, self._least, rivals)
        if basis != self._basis or (some != self._some).any():
            self._basis, self._some = basis, some
            self._optional = [one for one in rivals if len(one) > 1]
            self._circles, self._refused = {}, []
            self._tries.clear()
        self._note_bound()

    def _note_bound(self) -> None:
        more = _at_least(self._refused) if self.is_certain else 0
        gaps = int(self._must_wait.sum()) + more
        if gaps > self.bound.gaps or self._rivals.lost > self.bound.lost:
            self.bound = Bound(self._rivals.lost, gaps)

    def _free_somebody(self, settling: Settling) -> None:
        waiting = self._waiting()
        if not waiting:
            return
        explained = frozenset().union(*self._refused)
        p = self._random.choice([p for p in waiting if p not in explained] or waiting)
        self._tries[p] += 1
        if self._tries[p] == TRIES_IN_VAIN and self.is_certain and self._ask_widely(p):
            return
        circle = self._circle(("free", p), [p], self._some, self._optional if self.is_certain else [])
        if circle is None:
            return
        may_wait = explained.intersection(waiting) - {p}
        slots, refused = circle.seat(self._best.plan, self._agenda(p, self._some), may_wait, self._random)
        if self.is_certain and refused == {p}:
            self._note_wait(p)
        elif refused:
            self._refused.append(refused)
            self._note_bound()
        self._try(slots, settling)

    def _ask_widely(self, p: int) -> bool:
        """Ask whether this person must wait longer than is known, also if everybody else may, and note it; whether that explains
        all that the person waits."""
        people = met_by(self._model, self._some, met_by(self._model, self._some, [p]))
        while p in self._waiting():
            circle = self._new_circle(people, self._some, self._optional)
            if circle is None or not circle.must_wait(p):
                return False
            self._note_wait(p)
        return True

    def _note_wait(self, p: int) -> None:
        """This person must wait once more than was known."""
        self._must_wait = self._must_wait.copy()
        self._must_wait[p] += 1
        self._circles, self._refused = {}, [people for people in self._refused if p not in people]
        self._note_bound()

    def _place_something(self, settling: Settling) -> None:
        """Seat a meeting that is left out though no rivals are in its way, with all other meetings of its people."""
        m = self._random.choice(self._unexplained)
        some = self._possible.copy()
        some[self._unexplained] = False
        some[m] = True
        people = members_of(self._model, m)
        circle = self._circle(("place", m), people, some, self._optional)
        if circle is None:
            return
        meetings = {x for p in people for x in self._agenda(p, some)}
        everybody = range(len(self._least))
        slots, _ = circle.seat(self._best.plan, meetings, everybody, self._random)
        self._try(slots, settling)

    def _try(self, slots: dict[int, int], settling: Settling) -> None:
        """Settle everybody else, and keep the plan if it is as good."""
        if slots:
            found = self._settle(slots, settling)
            if _order(found) <= _order(self._best):
                self._best = found

    def _waiting(self) -> list[int]:
        """Who has more gaps than must be."""
        gaps = people_with_gaps(self._model, self._best.plan)
        return [p for p, number in gaps.items() if number > self._must_wait[p]]

    def _agenda(self, p: int, some: npt.NDArray[np.bool_]) -> list[int]:
        return [m for m in agenda_of(self._model, p) if some[m]]

    def _circle(
        self,
        key: tuple[str, int],
        centre: list[int],
        some: npt.NDArray[np.bool_],
        rivals: list[frozenset[int]],
    ) -> Circle | None:
        """Some people and everybody whom they meet, known by what it is for; None: too many."""
        if key not in self._circles:
            self._circles[key] = self._new_circle(met_by(self._model, some, centre), some, rivals)
            while sum(len(circle) for circle in self._circles.values() if circle) > KEPT:
                del self._circles[next(iter(self._circles))]
        return self._circles[key]

    def _new_circle(
        self, people: set[int], some: npt.NDArray[np.bool_], rivals: list[frozenset[int]]
    ) -> Circle | None:
        if len({m for p in people for m in self._agenda(p, some)}) > MOST_MEETINGS:
            return None
        return Circle(self._model, some, self._must_wait, people, rivals)

    def _settle(self, slots: dict[int, int], how: Settling) -> Best:
        """The best plan found near the present one with these meetings in these slots."""
        if self._memory is None:
            self._memory = new_memory(self._model, self._seed, self._least)
        memory, plan = self._memory, self._best.plan
        load(*memory, self._without_conflicts(slots))
        seat_as_before(*memory, _only(plan.shape, slots))
        fixed = memory.part(FIXED, len(self._model.fixed))
        fixed[[m for m, slot in slots.items() if memory.part(SLOT, len(fixed))[m] == slot]] = 1
        seat_as_before(*memory, plan)
        found = new_best(len(fixed))
        for look in range(1, how.steps + 1):
            anneal(*memory, *found, STEP, how.temperature, how.temperature, 0, 1)
            self.moves += STEP
            is_hopeless = found.score[3] - self._best.score[3] > how.hope / look
            if self._is_closed or is_hopeless or _order(found) < _order(self._best):
                break
        fixed[:] = self._model.fixed
        return found

    def _without_conflicts(self, slots: dict[int, int]) -> Ints:
        """The plan without the meetings that shall move and without what is in their way."""
        plan = self._best.plan.copy()
        for m, slot in slots.items():
            if self._best.plan[0, m] != slot:
                there = [
                    x
                    for p in members_of(self._model, m)
                    for x in agenda_of(self._model, p)
                    if self._best.plan[0, x] == slot
                ]
                plan[:, [m, *there]] = NONE
        return plan


def _only(shape: tuple[int, ...], slots: dict[int, int]) -> Ints:
    """A plan of which nothing but these slots is known."""
    plan: Ints = np.full(shape, NONE, np.int32)
    plan[0, list(slots)] = list(slots.values())
    return plan


def _order(best: Best) -> tuple[float, ...]:
    """Broken limits, priority left out, changes and gaps: smaller is better."""
    over, missing, changes, gaps, _ = best.score.tolist()
    return over, round(missing, 6), changes, gaps


def _at_least(refused: list[Refused]) -> int:
    """Sets of which no two share somebody are so many people who wait (a greedy choice, small sets first)."""
    chosen: list[Refused] = []
    for people in sorted(refused, key=len):
        if not any(people & other for other in chosen):
            chosen.append(people)
    return len(chosen)
