"""SAT solvers that race in processes of their own for a bound and a plan, while the search goes on."""

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(slots=True, kw_only=True)
class Seeker:
    """A solver that looks for a plan at the bound, again and again."""

    in_pairs: bool
    """Whether people at tables are counted two by two, or hosts: each way finds plans that the other one does not."""
    trial: int = 0
    round: int = 0
    process: subprocess.Popen[bytes] | None = None
    talk: threading.Thread | None = None

    @property
    def is_at_work(self) -> bool:
        return self.talk is not None and self.talk.is_alive()

    def next_trial(self, near: Suspects, samples: Sequence[Suspects]) -> tuple[Suspects, int]:
        """Suspects and conflicts: those of one, two, four … samples who are near, then all who are; and so on with more time."""
        conflicts = CONFLICTS[self.in_pairs] * (1 + self.round)
        while near and (size := 1 << self.trial) < 2 * len(samples):
            self.trial += 1
            suspects = near & frozenset().union(*samples[:size])
            if suspects and suspects != near:
                return suspects, conflicts
        self.trial, self.round = 0, self.round + 1
        return near, conflicts

    def end(self) -> None:
        """Stop the solver."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Race:
    """Solvers at work in different ways, since none is the quickest everywhere; `low` and `found` say how far they are.

    Glucose is guided by cores and raises the bound; at the bound, only people of the cores so far can have gaps. CaDiCaL, the
    seeker, looks for a solution at the bound and begins anew when that has risen. It has the limit as a clause: then it may
    simplify the formula by it, and is several times as quick as with an assumption that it may have to take back. With
    `narrowed`, it first lets only few people have gaps; and if a first round led to nothing, a second seeker takes the place of
    Glucose, which has proved what it can by then.
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
        self._limit, self._near = first, self._people_of(formula.people)
        self._guided, _ = self._start(formula, None, is_proof=True)
        self._seekers = [Seeker(in_pairs=False)]

    def follow(self, samples: Sequence[Suspects]) -> None:
        """Let the seekers go on: at the bound, if that has risen or has been explained, and with other suspects, if the last ones
        led to nothing.

        `samples` are the people with gaps in good plans, those of the best first.
        """
        if self.is_over:
            return
        limit, near = self._relaxed
        if limit < self.low:
            limit, near = self.low, self._people_of(self.formula.people)
        if (limit, near) != (self._limit, self._near):
            self._limit, self._near = limit, near
            self._stop_seekers()
            self._seekers = [Seeker(in_pairs=False)]
        hosts = self._seekers[0]
        if hosts.round and not hosts.is_at_work and len(self._seekers) == 1:
            self._guided.kill()  # one core for each seeker
            self._seekers.append(Seeker(in_pairs=True))
        for seeker in self._seekers:
            if not seeker.is_at_work:
                self._go_on(seeker, samples)

    def _go_on(self, seeker: Seeker, samples: Sequence[Suspects]) -> None:
        seeker.end()
        if self._narrowed is None:
            task, formula, is_proof = (self._limit, UNLIMITED, 0), self.formula, True
        else:
            near = self._near if self._limit else frozenset()
            order = seeker.round
            suspects, conflicts = seeker.next_trial(near, samples)
            task, formula = (
                (self._limit, conflicts, order),
                self._narrowed(suspects, in_pairs=seeker.in_pairs),
            )
            is_proof = suspects >= near
        seeker.process, seeker.talk = self._start(formula, task, is_proof=is_proof)

    def _people_of(self, wishes: Iterable[int]) -> Suspects:
        return frozenset(self.formula.people[wish] for wish in wishes if wish in self.formula.people)

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

    def _stop_seekers(self) -> None:
        for seeker in self._seekers:
            seeker.end()

    def end(self) -> None:
        """Stop the solvers."""
        self._guided.kill()
        self._guided.wait()
        self._stop_seekers()
