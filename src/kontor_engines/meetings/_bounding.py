"""The bound on the placed priority of a large event, in a process of its own: the search need not wait for it, nor its end."""

import pickle
import subprocess
import sys
import threading

from kontor_engines.meetings._bounds import PriorityBound, priority_bound
from kontor_engines.meetings._model import Ints, Model
from kontor_engines.meetings._prover import die_with_parent


class Bounding:
    """A process at work; `bound` is None until it has an answer."""

    def __init__(self, model: Model, kept: Ints) -> None:
        self.bound: PriorityBound | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._converse, args=(pickle.dumps((model, kept)),), daemon=True).start()

    def _converse(self, task: bytes) -> None:
        """Hand over the task and note the answer, if there is one: the process may have been ended meanwhile."""
        answer, _ = self._process.communicate(task)
        if answer:
            self.bound = pickle.loads(answer)  # noqa: S301 -- from our own child

    def end(self) -> None:
        """Give up."""
        self._process.kill()
        self._process.wait()


def main() -> None:
    """Bound the problem that stands in standard input."""
    die_with_parent()
    model, kept = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from our own parent
    sys.stdout.buffer.write(pickle.dumps(priority_bound(model, kept)))


if __name__ == "__main__":
    main()
