"""Two SAT solvers that race in processes of their own for a bound and a plan, while the search goes on."""

import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from kontor_engines.meetings._model import Model

if TYPE_CHECKING:
    from kontor_engines.meetings._formula import Formula

GUIDED, SEEKER = "glucose4", "cadical195"
"""The solver that is guided by cores and raises the bound, and the one that looks for a plan at the bound: two different ways,
since neither is the quicker one everywhere."""
MAX_PLACES = 8_000
"""(meeting, slot) pairs up to which a formula is worth building."""


def is_small_enough(model: Model) -> bool:
    """Whether solvers may say something in time."""
    return len(model.options) <= MAX_PLACES and bool((model.fixed == 0).any())


class Race:
    """Solvers at work on one formula; `low` and `found` tell how far they are.

    The seeker begins anew whenever the bound has risen, with the limit as a clause: CaDiCaL may then simplify the formula by it,
    and is several times as quick as when the limit is an assumption that it may have to take back.
    """

    def __init__(self, formula: "Formula", first: int) -> None:
        self.formula = formula
        self.low = first
        """No solution keeps a smaller limit."""
        self.found: tuple[int, dict[int, int]] | None = None
        """(limit, slot of each meeting) of a solution."""
        self._is_over = False
        self._guided = self._start(GUIDED, None)
        self._limit = first
        self._seeker = self._start(SEEKER, first)

    def follow(self) -> None:
        """Let the seeker go on at the bound, if that has risen."""
        if self._limit < self.low and not self._is_over:
            self._seeker.kill()
            self._seeker.wait()
            self._limit = self.low
            self._seeker = self._start(SEEKER, self._limit)

    def _start(self, name: str, limit: int | None) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(Path(__file__).with_name("_prover.py"))]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        formula = self.formula
        kept = [] if limit is None else [[literal] for literal in formula.at_most[limit : limit + 1]]
        task = (name, formula.clauses + kept, limit, formula.wishes, set(formula.places.values()))
        threading.Thread(target=self._converse, args=(process, task), daemon=True).start()
        return process

    def _converse(self, process: subprocess.Popen[bytes], task: object) -> None:
        """Hand over the task, then note what the solver says."""
        if process.stdin is None or process.stdout is None:
            return
        try:
            process.stdin.write(pickle.dumps(task))
            process.stdin.close()
        except OSError:
            return  # ended before it had begun
        for line in process.stdout:
            word, limit, *true = line.decode().split()
            if word == "no":
                self.low = max(self.low, int(limit) + 1)
            elif not self._is_over:
                self._is_over = True
                variables = {int(text) for text in true}
                slots = {m: t for (m, t), variable in self.formula.places.items() if variable in variables}
                self.low = max(self.low, int(limit))  # no smaller limit was left to ask for
                self.found = (int(limit), slots)

    def end(self) -> None:
        """Stop the solvers."""
        for process in (self._guided, self._seeker):
            process.kill()
            process.wait()
