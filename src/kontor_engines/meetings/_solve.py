"""The search as a whole: greedy start, annealing legs on one chain per worker, bounds, and the finished answer."""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._anneal import (
    Best,
    anneal,
    load,
    new_best,
    seat_as_before,
    seat_fixed,
    seat_greedily,
)
from kontor_engines.meetings._bounding import Bounding
from kontor_engines.meetings._bounds import placeable, priority_bound
from kontor_engines.meetings._exact import Exact
from kontor_engines.meetings._explain import explain_seats
from kontor_engines.meetings._last_gaps import LastGaps
from kontor_engines.meetings._least_gaps import least_gaps, spared_gaps
from kontor_engines.meetings._limits import keep_within_gap_limit
from kontor_engines.meetings._measures import measure
from kontor_engines.meetings._memory import new_memory
from kontor_engines.meetings._model import NONE, Ints, Model, build_model
from kontor_engines.meetings._patterns import pattern_gaps, people_with_gaps
from kontor_engines.meetings._plan import Bounds, Measures, Plan, Progress, Result
from kontor_engines.meetings._problem import Problem
from kontor_engines.meetings._race import is_small_enough
from kontor_engines.meetings._schedule import SHORTEST_HOLD, schedule_of
from kontor_engines.meetings._seating import plan_of, seats_of
from kontor_engines.stop import Stop

CHUNK = 25_000
"""Moves between two questions to `stop`: some 10 ms, ten times as much while many meetings are left out."""
LEG = 100
"""Holds until everything begins anew from the best plan: then the temperature has fallen to two fifths."""
WARMER = 1.3
"""How much hotter each further leg begins, since it lasts twice as long."""
ALONE = 4_000_000
"""Moves after which a small event is left to the SAT solvers: from then on, the search only takes a tenth of a core."""
REST_S = 0.1
FEW, FEW_OUT = 12, 50
"""Gaps beyond those that must be, and meetings left out, up to which the people who wait are looked at one by one."""
TO_RACE = 250_000
"""Moves after which solvers are started: some tenths of a second, in which easy events are done."""
WORTHLESS = 1e-5
"""With meetings worth less than some times what plans are compared to, no gap is sure: a plan as good may leave one out."""
QUICK_TO_BOUND = 50_000
"""(meeting, slot) pairs up to which the priority is bounded within a second or two; beyond, a process of its own does it."""


def solve(
    problem: Problem,
    *,
    stop: Stop,
    seed: int = 0,
    start: Plan | Result | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    workers: int = 1,
) -> Result:
    """The best plan found until `stop` says so or it is proved best.

    The same problem, seed and iteration limit give the same plan. An exception raised by `on_progress` ends the search and
    passes through.
    """
    search = _Search(problem, seed=seed, start=start, workers=workers, on_progress=on_progress)
    search.run(stop)
    return search.result()


class _Search:
    """One run: the chains, the best plan, what is known about the best possible."""

    def __init__(
        self,
        problem: Problem,
        *,
        seed: int,
        start: Plan | Result | None,
        workers: int,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        if workers < 1:
            raise ValueError(f"workers must be at least 1, got {workers}")
        self.begun = (time.perf_counter(), _cpu_s())
        self.problem, self.seed, self.on_progress = problem, seed, on_progress
        self.model, self.index = build_model(problem)
        self.kept = plan_of(self.index, problem.kept_seats())
        self.iterations = 0
        num = len(self.model.fixed)
        some = placeable(self.model, self.kept)
        least = least_gaps(self.model, some)
        self.chains = [new_memory(self.model, seed * 1000 + worker, least) for worker in range(workers)]
        self.bests = [new_best(num) for _ in range(workers)]
        self.all_priority = float(self.model.priority[some].sum())
        self.bounds = Bounds(priority=self.all_priority, gaps=0)
        self.placeable = some
        self.least = least
        self.all_gaps = self.lonely_gaps = int(least.sum())
        self.last_gaps = LastGaps(self.model, some, least, seed)
        self.freeing: Future[tuple[Best, int]] | None = None
        self.schedule = schedule_of(problem, self.model)
        self.sparing = [(self.all_priority, spared_gaps(self.model, some, least, self.model.priority))]
        self.exact = Exact(self.model, some, self.all_gaps)
        self.is_gap_bound_final = False
        was = np.flatnonzero(self.model.was_slot != NONE)
        self.forced_changes = int(np.count_nonzero(self.model.domain[was, self.model.was_slot[was]] == 0))
        self.is_priority_bound_final = False
        self.bounding: Bounding | None = None
        wishes = [
            seats
            for seats in (None if start is None else start.seats, problem.published)
            if seats is not None
        ]
        tightness = self.model.domain.sum(axis=1) - 0.001 * self.model.weight
        order = np.argsort(tightness, kind="stable").astype(np.int32)
        for memory, best in zip(self.chains, self.bests, strict=True):
            seat_fixed(*memory, self.kept)
            for seats in wishes:
                seat_as_before(*memory, plan_of(self.index, seats))
            seat_greedily(*memory, order)
            anneal(*memory, *best, 0, 1.0, 1.0, 0, 1)

    @property
    def best(self) -> Best:
        return min(self.bests, key=lambda best: tuple(best.score))

    @property
    def priority(self) -> float:
        return -float(self.best.score[1])

    @property
    def gaps(self) -> int:
        return int(self.best.score[3])

    def is_proved(self) -> bool:
        """Nothing is left to gain before step 4 of the order."""
        over, _, changes, gaps, _ = self.best.score
        return (
            over == 0
            and self._is_all_placed()
            and changes <= self.forced_changes
            and gaps <= self.bounds.gaps
        )

    def _is_all_placed(self) -> bool:
        return self.priority >= self.bounds.priority - 1e-6

    def run(self, stop: Stop) -> None:
        """Legs that cool slowly; each begins with the best plan of all chains and lasts twice as long as the one before. Within
        a leg, the chains take over the best plan whenever the number of moves has doubled."""
        hot, hold = self.schedule.hot, self.schedule.hold
        self._update_bounds()
        self._report()
        try:
            with ThreadPoolExecutor(len(self.chains) + 1) as pool, closing(self.last_gaps):
                while not stop(self.iterations) and not self.is_proved():
                    exchange_at = 2 * hold
                    for begin in range(0, LEG * hold, CHUNK):
                        self._advance(pool, begin, hold, (hot, self.schedule.cold))
                        if self.iterations >= self.schedule.to_bound:
                            self._tighten_priority()
                        if self.iterations >= SHORTEST_HOLD:
                            self._tighten_gaps()
                        self._free_somebody(pool)
                        self._race()
                        self._update_bounds()
                        self._report()
                        if stop(self.iterations) or self.is_proved():
                            break
                        if begin >= exchange_at and len(self.chains) > 1:
                            self._share_best()
                            exchange_at *= 2
                    self._share_best()
                    hold *= 2
                    hot = min(WARMER * hot, self.schedule.hottest)
        finally:
            self.exact.end()
            if self.bounding is not None:
                self.bounding.end()

    def _race(self) -> None:
        """With workers to spare and a small event, let SAT solvers prove bounds and look for a plan at the bound."""
        if len(self.chains) < 2 or self.problem.published is not None or not is_small_enough(self.model):
            return
        self._note_people()
        if self.iterations < TO_RACE:
            return
        over, _, _, gaps, _ = self.best.score
        self.exact.first_gaps = self.all_gaps
        slots = self.exact.follow(
            self.best.plan,
            self.all_priority - self.priority,
            int(gaps) if over == 0 else len(self.model.agenda),
        )
        if slots is not None:
            self._adopt(slots)
        self.bounds = Bounds(
            priority=min(self.bounds.priority, self.all_priority - self.exact.lost), gaps=self.bounds.gaps
        )

    def _note_people(self) -> None:
        """Tell the solvers who has gaps in the best plans so far."""
        for best in self.bests:
            people = frozenset(people_with_gaps(self.model, best.plan))
            self.exact.note(people, self.all_priority + float(best.score[1]), int(best.score[3]))

    def _adopt(self, slots: dict[int, int]) -> None:
        """Seat a plan of which only the slots are known; it is kept if it is better than the best."""
        memory, best = self.chains[0], self.bests[0]
        self._share_best()
        wish = best.plan.copy()
        wish[0] = NONE
        load(*memory, np.where(self.model.fixed == 1, best.plan, NONE).astype(np.int32))
        for m, slot in slots.items():
            wish[0, m] = slot
        seat_as_before(*memory, wish)
        anneal(*memory, *best, 0, 1.0, 1.0, 0, 1)
        self._share_best()

    def _places_everything(self) -> bool:
        return self.priority >= self.all_priority - 1e-6

    def _advance(
        self, pool: ThreadPoolExecutor, begin: int, hold: int, temperatures: tuple[float, float]
    ) -> None:
        """One chunk of moves on every chain."""

        def step(number: int) -> None:
            anneal(*self.chains[number], *self.bests[number], CHUNK, *temperatures, begin, hold)

        active = len(self.chains)
        if self.exact.is_at_work:
            active = 1  # the solvers need the other cores
        elif self.freeing is not None:
            active -= 1
        list(pool.map(step, range(active)))
        if self.exact.is_at_work and self.iterations > ALONE:
            time.sleep(REST_S)
        self.iterations += CHUNK * active

    def _share_best(self) -> None:
        """Every chain goes on from the best plan of all."""
        plan, score = self.best
        for memory, own in zip(self.chains, self.bests, strict=True):
            load(*memory, plan)
            own.plan[:] = plan
            own.score[:] = score

    def _tighten_priority(self) -> None:
        """Once, if something is left out; of a large event when the process that bounds it has an answer."""
        if self.is_priority_bound_final or self._is_all_placed():
            return
        if len(self.model.options) <= QUICK_TO_BOUND:
            bound = priority_bound(self.model, self.kept)
        else:
            if self.bounding is None:
                self.bounding = Bounding(self.model, self.kept)
            if self.bounding.bound is None:
                return
            bound = self.bounding.bound
        self.is_priority_bound_final = True
        self.bounds = Bounds(priority=min(bound.most, self.bounds.priority), gaps=self.bounds.gaps)
        self.sparing.append((bound.loose, spared_gaps(self.model, self.placeable, self.least, bound.worth)))

    def _tighten_gaps(self) -> None:
        """Once, if everything is placed and people together may need more gaps than each alone."""
        if self.is_gap_bound_final or not self._places_everything() or self.gaps <= self.all_gaps:
            return
        self.is_gap_bound_final = True
        self.all_gaps = max(self.all_gaps, min(pattern_gaps(self.model, self.placeable), self.gaps))

    def _free_somebody(self, pool: ThreadPoolExecutor) -> None:
        """If few people wait longer than each must alone, free them one by one: with one worker in turn with the other moves,
        since a search must not depend on the clock, else beside them."""
        is_turn = len(self.chains) > 1 or 2 * self.last_gaps.moves <= self.iterations
        if is_turn and self.freeing is None and self._are_few() and not self.exact.is_at_work:
            best = Best(self.best.plan.copy(), self.best.score.copy())
            self.freeing = pool.submit(self.last_gaps.try_one, best, self.schedule.settling)
        if self.freeing is None or (len(self.chains) > 1 and not self.freeing.done()):
            return
        (found, moves), self.freeing = self.freeing.result(), None
        self.iterations += moves
        before = tuple(self.best.score[:4])
        if tuple(found.score[:4]) < before:
            self.bests[0] = Best(found.plan.copy(), found.score.copy())
            if self._places_everything() or found.score[1] < before[1]:
                self._share_best()
        most = self.all_priority - self.last_gaps.bound.lost
        self.bounds = Bounds(priority=min(most, self.bounds.priority), gaps=self.bounds.gaps)

    def _are_few(self) -> bool:
        """Whether it is time for the last gaps: sooner if everything is placed, and not if much is left out."""
        schedule = self.schedule
        if self.iterations < schedule.to_last_gaps or self.gaps > self.lonely_gaps + FEW:
            return False
        num_out = int(np.count_nonzero(self.placeable & (self.best.plan[0] == NONE)))
        is_late = self.iterations >= schedule.to_last_gaps_of_some and self.problem.published is None
        return not num_out or (num_out <= FEW_OUT and is_late)

    def _update_bounds(self) -> None:
        self.bounds = Bounds(priority=self.bounds.priority, gaps=self._least_gaps(self.priority))

    def _least_gaps(self, priority: float) -> int:
        """Gaps of every plan that places as much: all that are known if this is everything, else those of people alone, less
        what the meetings left out may spare them."""
        if not _all_count(self.model, self.placeable):
            return 0
        lost = self.all_priority - priority
        known = max(self.exact.least_gaps(lost), self.last_gaps.least_gaps(lost))
        if lost <= 1e-6:
            return max(known, self.all_gaps)
        return max(known, self.lonely_gaps - _spared(self.sparing, priority), 0)

    def _report(self) -> None:
        if self.on_progress is None:
            return
        best = self.best
        self.on_progress(
            Progress(
                placed=int(np.count_nonzero(best.plan[0] != NONE)),
                priority=self.priority,
                gaps=self.gaps,
                bound_priority=self.bounds.priority,
                bound_gaps=self.bounds.gaps,
                iterations=self.iterations,
                seconds=time.perf_counter() - self.begun[0],
            )
        )

    def _fill_up(self) -> None:
        """Seat what fits into the best plan as it stands."""
        memory, best = self.chains[0], self.bests[0]
        self._share_best()
        seat_greedily(*memory, np.arange(len(self.model.fixed), dtype=np.int32))
        anneal(*memory, *best, 0, 1.0, 1.0, 0, 1)

    def result(self) -> Result:
        self._fill_up()
        plan: Ints = keep_within_gap_limit(self.model, self.best.plan)
        seats = seats_of(self.problem, self.index, plan)
        measures = measure(self.problem, Plan(seats=seats))
        if len(self.model.options) <= QUICK_TO_BOUND:
            self._tighten_priority()
        bounds = Bounds(
            priority=max(self.bounds.priority, measures.priority), gaps=self._least_gaps(measures.priority)
        )
        return Result(
            instance=self.problem.name,
            seats=seats,
            unplaced=explain_seats(self.problem, seats),
            measures=measures,
            bounds=bounds,
            proved=_is_best(measures, bounds),
            seed=self.seed,
            iterations=self.iterations,
            wall_s=time.perf_counter() - self.begun[0],
            cpu_s=_cpu_s() - self.begun[1],
        )


def _is_best(measures: Measures, bounds: Bounds) -> bool:
    return measures.priority >= bounds.priority - 1e-6 and measures.gaps <= bounds.gaps


def bounds(problem: Problem, plan: Plan | Result) -> Bounds:
    """What no valid plan can beat: priority over all plans, gaps over all that place as much as this one."""
    model, index = build_model(problem)
    kept = plan_of(index, problem.kept_seats())
    some = placeable(model, kept)
    least = least_gaps(model, some)
    bound = priority_bound(model, kept)
    placed = measure(problem, plan).priority
    everything = float(model.priority[some].sum())
    sparing = [
        (everything, spared_gaps(model, some, least, model.priority)),
        (bound.loose, spared_gaps(model, some, least, bound.worth)),
    ]
    gaps = int(least.sum()) - (_spared(sparing, placed) if everything - placed > 1e-6 else 0)
    return Bounds(priority=bound.most, gaps=max(0, gaps) if _all_count(model, some) else 0)


def _all_count(model: Model, some: npt.NDArray[np.bool_]) -> bool:
    """Whether every plan that leaves out one of these meetings more is worse, by more than the 1e-6 plans are compared to."""
    return bool((model.priority[some] > WORTHLESS).all())


def _spared(sparing: list[tuple[float, Callable[[float], int]]], priority: float) -> int:
    """Gaps that a plan of this priority spares at most by what it leaves out, by each way to bound its loss."""
    return min(spared(most - priority) for most, spared in sparing)


def _cpu_s() -> float:
    """CPU seconds of this process and of those it has started and ended."""
    return sum(os.times()[:4])
