"""A process of its own that proves how few wishes must fail: `python _prover.py` reads a pickled task from stdin.

It imports nothing of Kontor, so that it starts at once. One way asks for a solution within the limit k = first, first + 1 …; the
other, guided by cores (RC2, Ignatiev, Morgado, Marques-Silva, JSAT 2019, doi 10.3233/SAT190116), assumes that all wishes come
true and relaxes only sets of wishes that contradict each other. Both print `no k` when no solution keeps limit k, and at last
`yes k` with the true ones of the variables asked for.
"""

import pickle
import sys
from collections.abc import Iterable


def main() -> None:
    """Answer one task (name of the solver, clauses, assumptions for each k, first k, wishes or None, variables to report)."""
    name, clauses, at_most, first, wishes, variables = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from our own parent
    if wishes is None:
        raise_limit(name, clauses, at_most, first, variables)
    else:
        relax_cores(name, clauses, wishes, variables)


def raise_limit(
    name: str, clauses: list[list[int]], at_most: list[int], first: int, variables: set[int]
) -> None:
    """Refute one limit after the other, with all that was learnt, until there is a solution."""
    from pysat.solvers import Solver  # after the task has arrived

    with Solver(name=name, bootstrap_with=clauses) as solver:
        for k in range(first, len(at_most) + 1):
            if solver.solve(assumptions=[at_most[k]] if k < len(at_most) else []):
                report("yes", k, variables.intersection(solver.get_model()))
                return
            report("no", k)


def relax_cores(name: str, clauses: list[list[int]], wishes: list[int], variables: set[int]) -> None:
    """Relax core after core; each raises the number of wishes that must fail by one."""
    from pysat.examples.rc2 import RC2  # after the task has arrived
    from pysat.formula import WCNF

    class Reporting(RC2):  # type: ignore[misc, no-any-unimported, unused-ignore]
        def process_core(self) -> None:
            super().process_core()
            report("no", self.cost - 1)

    formula = WCNF()
    formula.extend(clauses)
    formula.extend([[wish] for wish in wishes], weights=[1] * len(wishes))
    with Reporting(formula, solver=name) as solver:
        model = solver.compute()
        if model is not None:
            report("yes", solver.cost, variables.intersection(model))


def report(word: str, limit: int, true: Iterable[int] = ()) -> None:
    """One line for the parent."""
    sys.stdout.write(f"{word} {limit} {' '.join(str(variable) for variable in true)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
