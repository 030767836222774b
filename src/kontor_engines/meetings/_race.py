"""Two SAT solvers that race in processes of their own for a bound and a plan, while the search goes on."""

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kontor_engines.meetings._model import Model

if TYPE_CHECKING:
    from kontor_engines.meetings._formula import Formula

MAX_PLACES = 8_000
"""(meeting, slot) pairs up to which a formula is worth building."""
CONFLICTS, UNLIMITED = (10_000, 60_000), -1
"""How long the seeker tries one set of suspects: a second or two while hosts count, ten where people count in pairs."""

Suspects = frozenset[int]
"""People who may have gaps."""


def is_small_enough(model: Model) -> bool:
    """Whether solvers may say something in time."""
    return len(model.options) <= MAX_PLACES and bool((model.fixed == 0).any())


class Race:
    """Two solvers at work in different ways, since neither is the quicker one everywhere; `low` and `found` say how far they are.

    Glucose is guided by cores and raises the bound; at the bound, only people of the cores so far can have gaps. CaDiCaL, the
    seeker, looks for a solution at the bound and begins anew when that has risen. It has the limit as a clause: then it may
    simplify the formula by it, and is several times as quick as with an assumption that it may have to take back. With
    `narrowed`, it first lets only few people have gaps.
    """

    def __init__(
        self, formula: "Formula", first: int, narrowed: "Callable[..., Formula] | None" = None
    ) -> None:
        self.formula = formula
        self.low = first
        """No solution keeps a smaller limit."""
        self.found: tuple[int, dict[int, int]] | None = None
        """(limit, slot of each meeting) of a solution."""
        self.is_over = self.is_impossible = False
        """Whether the least limit is known, and whether there is no solution at all."""
        self._narrowed = narrowed
        self._relaxed: tuple[int, Suspects] = (-1, frozenset())
        """A limit and the only people who have gaps in solutions that keep it."""
        self._limit, self._near = first, self._everybody()
        self._trial = self._round = 0
        self._guided, _ = self._start(formula, None, is_proof=True)
        self._seeker: subprocess.Popen[bytes] | None = None
        self._talk = threading.Thread()

    def follow(self, samples: Sequence[Suspects]) -> None:
        """Let the seeker go on: at the bound, if that has risen or has been explained, and with other suspects, if the last ones
        led to nothing.

        `samples` are the people with gaps in good plans, those of the best first.
        """
        limit, near = self._relaxed
        if limit < self.low:
            limit, near = self.low, self._everybody()
        is_news = (limit, near) != (self._limit, self._near)
        if self.is_over or (self._talk.is_alive() and not is_news):
            return
        if is_news:
            self._limit, self._near = limit, near
            self._trial = self._round = 0
        self._stop_seeker()
        order, in_pairs = divmod(self._round, 2)
        suspects, conflicts = self._next_trial(samples)
        formula = (
            self.formula if self._narrowed is None else self._narrowed(suspects, in_pairs=bool(in_pairs))
        )
        is_proof = suspects >= self._near or not self._limit
        self._seeker, self._talk = self._start(formula, (self._limit, conflicts, order), is_proof=is_proof)

    def _everybody(self) -> Suspects:
        return self._people_of(self.formula.people)

    def _people_of(self, wishes: Iterable[int]) -> Suspects:
        return frozenset(self.formula.people[wish] for wish in wishes if wish in self.formula.people)

    def _next_trial(self, samples: Sequence[Suspects]) -> tuple[Suspects, int]:
        """Suspects and conflicts: those of one, two, four … samples who are near, then all who are; in a second round the same
        with tables counted in the other way, and so on in another order and with more time.
        """
        if self._narrowed is None:
            return self._near, UNLIMITED
        if self._limit == 0:
            return frozenset(), UNLIMITED
        order, in_pairs = divmod(self._round, 2)
        conflicts = CONFLICTS[in_pairs] * (1 + order)
        while (size := 1 << self._trial) < 2 * len(samples):
            self._trial += 1
            suspects = self._near & frozenset().union(*samples[:size])
            if suspects and suspects != self._near:
                return suspects, conflicts
        self._trial, self._round = 0, self._round + 1
        return self._near, conflicts

    def _start(
        self, formula: "Formula", task: tuple[int, int, int] | None, *, is_proof: bool
    ) -> tuple[subprocess.Popen[bytes], threading.Thread]:
        command = [sys.executable, str(Path(__file__).with_name("_prover.py"))]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        kept = [] if task is None else [[literal] for literal in formula.at_most[task[0] : task[0] + 1]]
        order = (formula.clauses + kept, task, formula.wishes, set(formula.places.values()))
        talk = threading.Thread(target=self._converse, args=(process, order, is_proof), daemon=True)
        talk.start()
        return process, talk

    def _converse(self, process: subprocess.Popen[bytes], order: object, is_proof: bool) -> None:
        """Hand over the task, then note what the solver says."""
        if process.stdin is None or process.stdout is None:
            return
        try:
            process.stdin.write(pickle.dumps(order))
            process.stdin.close()
        except OSError:
            return  # ended before it had begun
        for line in process.stdout:
            word, limit, *rest = line.decode().split()
            literals = {int(text) for text in rest}
            if word == "never":
                self.is_over = self.is_impossible = True
            elif word == "no":
                if is_proof:
                    self.low = max(self.low, int(limit) + 1)
                if literals:
                    self._relaxed = (int(limit) + 1, self._people_of(literals))
            elif not self.is_over:
                slots = {m: t for (m, t), variable in self.formula.places.items() if variable in literals}
                self.low = max(self.low, int(limit))  # no smaller limit was left to ask for
                self.found = (int(limit), slots)
                self.is_over = True  # said last: who reads this finds all the rest

    def _stop_seeker(self) -> None:
        if self._seeker is not None:
            self._seeker.kill()
            self._seeker.wait()

    def end(self) -> None:
        """Stop the solvers."""
        self._guided.kill()
        self._guided.wait()
        self._stop_seeker()
