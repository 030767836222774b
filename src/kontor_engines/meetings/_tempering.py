"""Parallel tempering: copies of the search at fixed temperatures that now and then change places.

A search that cools goes wrong early and freezes there. Here a plan that is stuck in the cold goes back to where it is hot, and
what has become good in the heat takes its place, again and again (Swendsen and Wang 1986; Hukushima and Nemoto 1996).
"""

import math
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

from kontor_engines.meetings._anneal import TO_CREDIT, Best, anneal, load, new_best
from kontor_engines.meetings._memory import Memory

STEP = 20_000
"""Moves of each copy between two exchanges of places."""


class Tempering:
    """Copies of the search, from the coldest place to the hottest; all begin with the same plan."""

    def __init__(
        self, new_copy: Callable[[int], Memory], best: Best, temperatures: Sequence[float], seed: int
    ) -> None:
        """`new_copy` makes the memory of a copy from its number, which decides on its random numbers."""
        self.temperatures = temperatures
        self.copies = [new_copy(number) for number in range(len(temperatures))]
        self.bests = [Best(best.plan.copy(), best.score.copy()) for _ in temperatures]
        """Of what each copy has seen."""
        self._energies = [math.inf for _ in temperatures]
        self._random = random.Random(seed)  # noqa: S311 -- no secret
        self._is_odd = False
        for copy in self.copies:
            load(*copy, best.plan)

    def run(self, pool: Executor) -> int:
        """One step of each copy, then every second pair of neighbours may change places; how many moves that were."""
        list(pool.map(self._step, range(len(self.copies))))
        for cold in range(int(self._is_odd), len(self.copies) - 1, 2):
            if self._may_change(cold, cold + 1):
                self._change(cold, cold + 1)
        self._is_odd = not self._is_odd
        return STEP * len(self.copies)

    def _step(self, place: int) -> None:
        memory, best, temperature = self.copies[place], self.bests[place], self.temperatures[place]
        anneal(*memory, *best, STEP, temperature, temperature, begin=TO_CREDIT, hold=1)
        now = new_best(best.plan.shape[1])
        anneal(*memory, *now, 0, temperature, temperature, begin=0, hold=1)
        self._energies[place] = float(now.score[-1])

    def _may_change(self, cold: int, hot: int) -> bool:
        """Metropolis' rule for both places together: always if the hot copy has less energy."""
        gain = (1 / self.temperatures[cold] - 1 / self.temperatures[hot]) * (
            self._energies[cold] - self._energies[hot]
        )
        return gain >= 0 or self._random.random() < math.exp(gain)

    def _change(self, one: int, other: int) -> None:
        rows: tuple[list[Any], ...] = (self.copies, self.bests)
        for row in rows:
            row[one], row[other] = row[other], row[one]
