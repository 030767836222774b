"""Two SAT solvers that race in processes of their own for a bound and a plan, while the search goes on."""

import pickle
import subprocess
import sys
import threading
from pathlib import Path

from kontor_engines.meetings._formula import Formula

SOLVERS = (("cadical195", False), ("glucose4", True))
"""(solver, whether it is guided by cores): two different ways, since neither is the quicker one everywhere."""


class Race:
    """Solvers at work on one formula; `low` and `found` tell how far they are."""

    def __init__(self, formula: Formula, first: int) -> None:
        self.formula = formula
        self.low = first
        """No solution keeps a smaller limit."""
        self.found: tuple[int, dict[int, int]] | None = None
        """(limit, slot of each meeting) of a solution."""
        self._processes = [self._start(name, first, by_cores=by_cores) for name, by_cores in SOLVERS]

    def _start(self, name: str, first: int, *, by_cores: bool) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(Path(__file__).with_name("_prover.py"))]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        formula = self.formula
        wishes = formula.wishes if by_cores else None
        task = (name, formula.clauses, formula.at_most, first, wishes, set(formula.places.values()))
        threading.Thread(target=self._converse, args=(process, pickle.dumps(task)), daemon=True).start()
        return process

    def _converse(self, process: subprocess.Popen[bytes], task: bytes) -> None:
        """Hand over the task, then note what the solver says."""
        if process.stdin is None or process.stdout is None:
            return
        try:
            process.stdin.write(task)
            process.stdin.close()
        except OSError:
            return  # ended before it had begun
        for line in process.stdout:
            word, limit, *true = line.decode().split()
            if word == "no":
                self.low = max(self.low, int(limit) + 1)
            else:
                variables = {int(text) for text in true}
                slots = {m: t for (m, t), variable in self.formula.places.items() if variable in variables}
                self.low = max(
                    self.low, int(limit)
                )  # `found` is a plan with this limit, so nothing is left to prove
                if self.found is None:
                    self.found = (int(limit), slots)

    def end(self) -> None:
        """Stop the solvers."""
        for process in self._processes:
            process.kill()
            process.wait()
