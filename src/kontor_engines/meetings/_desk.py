"""A published plan on the desk: the kernel's state of it, the quick repair, and moves within a budget of changes."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._anneal import anneal, load, new_best, seat_fixed
from kontor_engines.meetings._chains import Work, new_work
from kontor_engines.meetings._losses import least_lost, must_lose
from kontor_engines.meetings._memory import (
    AT,
    HALL,
    INTERPRETER,
    MAX_CHANGES,
    PLACED,
    SLOT,
    SUM_CHANGES,
    SUM_GAPS,
    Memory,
    new_memory,
)
from kontor_engines.meetings._model import NONE, Index, Ints, Model, build_model
from kontor_engines.meetings._passes import keep, seat_waiting, settle, tidy
from kontor_engines.meetings._problem import Problem
from kontor_engines.meetings._seating import plan_of

STEPS = ((0, 400), (2, 1_000))
"""(further changes allowed for one meeting, places looked at in all)."""
MOVES, COOL = 4_000, 0.05
"""Moves of annealing, and their temperature, for what has no seat after these steps."""
EFFORT = 15_000
"""Attempts and places looked at to lose and to change less then."""
ROUNDS = 3
"""How often places are chosen anew, as long as that gains something."""
CHUNK = 25_000
"""Moves of annealing, or places looked at to settle, between two questions to `stop`."""
HOT, COLD = 0.15, 0.1
"""Temperatures near a plan that is good already."""
SHAKEN = (20.0, 12.0, 8.0, 5.0, 3.0, 2.0)
"""Temperatures far from it: a meeting of the least worth counts 12, a change 3."""
FIRST = 3_000
"""Moves at each of them the first time, when little may be amiss; afterwards CHUNK."""


class Score(NamedTuple):
    """Smaller is better: minus the placed priority, changes, gaps."""

    missing: float
    changes: int
    gaps: int


@dataclass(slots=True)
class Desk:
    """One problem with a published plan. `plan` is the best found so far."""

    problem: Problem
    seed: int
    model: Model = field(init=False)
    index: Index = field(init=False)
    memory: Memory = field(init=False)
    work: Work = field(init=False)
    plan: Ints = field(init=False)
    score: Score = field(init=False)
    owed: npt.NDArray[np.bool_] = field(init=False)
    """(M) meetings that are new or had a place."""
    looked: int = 0
    """Places looked at and moves tried: the iterations that `stop` is asked with."""

    def __post_init__(self) -> None:
        self.model, self.index = build_model(self.problem)
        self.memory = new_memory(self.model, self.seed)
        self.memory.o[MAX_CHANGES] = NONE
        self.work = new_work(self.model)
        before = self.problem.published or {}
        published = plan_of(self.index, before)
        self.owed = np.array([before.get(name, True) is not None for name in self.index.meetings], bool)
        seat_fixed(*self.memory, plan_of(self.index, self.problem.kept_seats()))
        keep(*self.memory, self.work, published[2])
        self._refresh()
        self.plan, self.score = self._present(), self._score()

    def quick(self) -> None:
        """Seat what was displaced with as few further changes as a search of some milliseconds finds."""
        waiting = self._waiting()
        order = self._in_order(waiting)
        for more, left in STEPS:
            self.looked += seat_waiting(*self.memory, self.work, order, more, left)
        self._remember(None)
        if len(self._waiting()):
            self.anneal_within(None, MOVES, temperatures=(COOL, COOL))
            self._take_up(self.plan)
        self._settle(waiting, EFFORT)

    def deeper(self, stop: Callable[[int], bool], attempts: int | None = None) -> None:
        """Go on for meetings that are left out without a proof, until they are seated, it is proved, or time is up."""
        for attempt in itertools.count() if attempts is None else range(attempts):
            self._take_up(self.plan)
            waiting = self._waiting()
            if not len(waiting) or self._owes_nothing(self.plan) or stop(self.looked):
                return
            self._settle(waiting, CHUNK)
            if not self._owes_nothing(self.plan):
                self._shake(stop, CHUNK if attempt else FIRST)

    def _shake(self, stop: Callable[[int], bool], moves: int) -> None:
        """Move thousands, giving up meetings for others, and then all home again that can: what is scarce is shared out anew."""
        self._take_up(self.plan)
        best = new_best(len(self.model.fixed))
        for temperature in SHAKEN:
            if stop(self.looked):
                return
            anneal(*self.memory, *best, moves, temperature, temperature, 0, 1)
            self.looked += moves
        if best.score[1] > self.score.missing - 1e-6:
            return
        self._take_up(best.plan)
        changes = len(self.model.fixed) + 1
        while self._score().changes < changes:
            if stop(self.looked):
                return
            changes = self._score().changes
            self._go_home(self._waiting(), CHUNK)
        self._remember(None)

    def anneal_within(
        self,
        max_changes: int | None,
        moves: int,
        stop: Callable[[int], bool] = lambda _: False,
        temperatures: tuple[float, float] = (HOT, COLD),
    ) -> None:
        """Look for a better plan with at most so many changes (those that are forced by closed tables not counted)."""
        self._take_up(self.plan)
        self.memory.o[MAX_CHANGES] = NONE if max_changes is None else max_changes
        best = new_best(len(self.model.fixed))
        for begin in range(0, moves, CHUNK):
            if begin and stop(self.looked):
                break
            anneal(*self.memory, *best, min(CHUNK, moves - begin), *temperatures, begin, moves)
            self.looked += min(CHUNK, moves - begin)
        self.memory.o[MAX_CHANGES] = NONE
        self._take_up(best.plan)
        self._remember(max_changes)

    @property
    def all_priority(self) -> float:
        """The worth of everything that H8 does not keep from being placed."""
        out = (self.model.fixed == 1) & (self.plan[0] == NONE)
        return float(self.model.priority[~out].sum())

    def priority_bound(self) -> float:
        """No valid plan places more."""
        return max(-self.score.missing, self.all_priority - least_lost(self.model, self.plan))

    def _owes_nothing(self, plan: Ints) -> bool:
        """Whether each meeting left out had no place before either, or is proved to be lost."""
        out = (plan[0] == NONE) & (self.model.fixed == 0) & self.owed
        return must_lose(self.model, plan, np.flatnonzero(out).astype(np.int32))

    def _settle(self, order: Ints, effort: int) -> None:
        """Lose and change less, and remember the plan if it is the best."""
        self._go_home(order, effort)
        self._remember(None)

    def _go_home(self, order: Ints, effort: int) -> None:
        """Lose and change less, and choose the best places for what has changed anyway."""
        self.looked += settle(*self.memory, self.work, self._changed(order), effort)
        self._refresh()
        for _ in range(ROUNDS):
            if not tidy(*self.memory, self.work, self._changed(order)):
                break

    def _changed(self, order: Ints) -> Ints:
        """These meetings and all others that are not where they were published."""
        moved = (self.model.was_slot != NONE) & (
            (self._part(SLOT) != self.model.was_slot) | (self._part(HALL) != self.model.was_hall)
        )
        return np.union1d(order, np.flatnonzero(moved)).astype(np.int32)

    def _remember(self, max_changes: int | None) -> None:
        score = self._score()
        if max_changes is None:
            better = score < self.score
        else:
            better = score.changes <= max_changes and (score.missing, score.gaps) < (
                self.score.missing,
                self.score.gaps,
            )
        if better:
            self.plan, self.score = self._present(), score

    def _in_order(self, waiting: Ints) -> Ints:
        """The meetings with the fewest free slots first."""
        num_people, num_slots = self.model.position.shape
        at = self.memory.part(AT, num_people * num_slots).reshape(num_people, num_slots)
        free = []
        for m in waiting:
            people = self.model.members[self.model.member_start[m] : self.model.member_start[m + 1]]
            free.append(np.count_nonzero(self.model.domain[m] & (at[people] < 0).all(axis=0)))
        key = np.array(free, np.float64) - 0.001 * self.model.priority[waiting]
        return waiting[np.argsort(key, kind="stable")]

    def _waiting(self) -> Ints:
        """Meetings without a seat that have a slot."""
        some = self.model.option_start[1:] > self.model.option_start[:-1]
        return np.flatnonzero((self._part(SLOT) == NONE) & (self.model.fixed == 0) & some).astype(np.int32)

    def _part(self, entry: int) -> Ints:
        return self.memory.part(entry, len(self.model.fixed))

    def _present(self) -> Ints:
        return np.stack([self._part(SLOT), self._part(HALL), self._part(INTERPRETER)])

    def _score(self) -> Score:
        o = self.memory.o
        return Score(
            missing=-round(float(self.memory.f[o[PLACED]]), 6),
            changes=int(o[SUM_CHANGES]),
            gaps=int(o[SUM_GAPS]),
        )

    def _take_up(self, plan: Ints) -> None:
        load(*self.memory, plan)

    def _refresh(self) -> None:
        """Count everybody's gaps."""
        load(*self.memory, self._present())
