"""Compile the search and keep it on disk, so that nobody waits later: `python -m kontor_engines.meetings.compile`.

The byte code of all modules that a search imports is kept as well, even where the environment says otherwise: without it each
start of `kontor plan` spends two seconds on translating Numba.
"""

import sys

sys.dont_write_bytecode = False

from kontor_engines.meetings import read_problem, repair, solve  # noqa: E402 -- after the line above
from kontor_engines.stop import MaxIterations  # noqa: E402 -- after the line above


def compile_kernels() -> None:
    """Solve a tiny event, then repair its plan."""
    instance = {
        "format": "kontor-meetings/1",
        "name": "compile",
        "gap_rule": "day",
        "slots": [{"day": 0}, {"day": 0}],
        "halls": [{"id": "a", "tables": 1}],
        "people": [{"id": name} for name in ("p", "q", "r")],
        "meetings": [{"id": "1", "people": ["p", "q"]}, {"id": "2", "people": ["p", "r"]}],
    }
    plan = solve(read_problem(instance), stop=MaxIterations(1000)).to_json()
    late = {"id": "p", "unavailable": [0]}
    changed = {**instance, "published": plan["meetings"], "people": [late, {"id": "q"}, {"id": "r"}]}
    repair(read_problem(changed), stop=MaxIterations(1000))


if __name__ == "__main__":
    compile_kernels()
