"""A process of its own that works on one SAT formula: `python _prover.py` reads a pickled task from stdin.

It imports nothing of Kontor, so that it starts at once. One way asks whether there is a solution at all; the other, guided by
cores (RC2, Ignatiev, Morgado, Marques-Silva, JSAT 2019, doi 10.3233/SAT190116), assumes that all wishes come true and relaxes
only sets of wishes that contradict each other. Both print `no k` when no solution has k failed wishes or fewer, the second with
the wishes relaxed so far, and at last `yes k` with the true ones of the variables asked for, or `never` if the clauses alone
contradict each other.
"""

import ctypes
import pickle
import random
import signal
import sys
from collections.abc import Iterable

CONFLICTS = 10_000
"""How long it is asked whether there is a solution at all: a second or two."""


def main() -> None:
    """Answer one task (clauses, None or what k they allow, conflicts and order, wishes, variables to report)."""
    die_with_parent()
    clauses, task, wishes, variables = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from our own parent
    if task is None:
        relax_cores(clauses, wishes, variables)
    else:
        limit, conflicts, order = task
        keep_limit(clauses, limit, conflicts, variables, order)


def die_with_parent() -> None:
    """On Linux the kernel ends this process when the search does, however that dies: a solver at work looks at nothing."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def keep_limit(
    clauses: list[list[int]], limit: int, conflicts: int, variables: set[int], order: int = 0
) -> None:
    """Look for a solution of clauses that allow `limit` failed wishes; say nothing if that takes more conflicts.

    How long it takes is the luck of the order of variables and clauses: 0 is the given one, each other number another.
    """
    from pysat.solvers import Cadical195  # after the task has arrived

    names = list(range(max((abs(literal) for clause in clauses for literal in clause), default=0) + 1))
    if order:
        rnd = random.Random(order)  # noqa: S311 -- no secret
        shuffled = names[1:]
        rnd.shuffle(shuffled)
        names[1:] = shuffled
        clauses = [
            [names[literal] if literal > 0 else -names[-literal] for literal in clause] for clause in clauses
        ]
        rnd.shuffle(clauses)
    with Cadical195() as solver:
        solver.configure({"stabilizeonly": 1})  # as for formulas that have a solution
        solver.append_formula(clauses)
        solver.conf_budget(conflicts)
        answer = solver.solve_limited()
        if answer:
            true = set(solver.get_model())
            report("yes", limit, [variable for variable in sorted(variables) if names[variable] in true])
        elif answer is not None:
            report("no", limit)


def relax_cores(clauses: list[list[int]], wishes: list[int], variables: set[int]) -> None:
    """Relax core after core; each raises the number of wishes that must fail by one.

    Cores are smaller if the wishes come in no order, and if single wishes are left away as far as that is quick. Whether there is
    a solution at all is asked first, but not for long.
    """
    from pysat.examples.rc2 import RC2  # after the task has arrived
    from pysat.formula import WCNF

    class Reporting(RC2):  # type: ignore[misc, no-any-unimported, unused-ignore]
        def process_core(self) -> None:
            super().process_core()
            report("no", self.cost - 1, set(wishes).difference(self.sels))

    formula = WCNF()
    formula.extend(clauses)
    soft = [[wish] for wish in wishes]
    random.Random(1).shuffle(soft)  # noqa: S311 -- no secret
    formula.extend(soft, weights=[1] * len(soft))
    with Reporting(formula, solver="glucose4", trim=5, minz=True) as solver:
        solver.oracle.conf_budget(CONFLICTS)
        is_possible = solver.oracle.solve_limited() is not False
        solver.oracle.conf_budget(-1)
        model = solver.compute() if is_possible else None
        if model is None:
            report("never")
        else:
            report("yes", solver.cost, variables.intersection(model))


def report(word: str, limit: int = 0, literals: Iterable[int] = ()) -> None:
    """One line for the parent."""
    sys.stdout.write(f"{word} {limit} {' '.join(str(literal) for literal in literals)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
