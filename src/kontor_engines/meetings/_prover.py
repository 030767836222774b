"""A process of its own that raises a limit until a SAT solver can keep it: `python _prover.py` reads a pickled task from stdin.

It imports nothing of Kontor, so that it starts at once. For k = first, first + 1 … it asks for a solution within the limit and
prints `no k`, or at last `yes k` and the true ones of the variables asked for.
"""

import pickle
import sys


def main() -> None:
    """Answer one task (name of the solver, clauses, assumptions for each k, first k, variables to report)."""
    from pysat.solvers import Solver  # after the task has begun to arrive

    name, clauses, at_most, first, variables, likely = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from our own parent
    with Solver(name=name, bootstrap_with=clauses) as solver:
        if likely:
            solver.set_phases(likely)
        for k in range(first, len(at_most) + 1):
            if solver.solve(assumptions=[at_most[k]] if k < len(at_most) else []):
                true = set(solver.get_model()).intersection(variables)
                sys.stdout.write(f"yes {k} {' '.join(str(variable) for variable in true)}\n")
                return
            sys.stdout.write(f"no {k}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
