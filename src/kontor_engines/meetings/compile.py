"""Compile search and repair and keep them on disk, so that nobody waits later: `python -m kontor_engines.meetings.compile`.

Either alone with its name behind it.
The byte code of all modules that a search imports is kept as well, even where the environment says otherwise: without it each
start of `kontor plan` spends two seconds on translating Numba.
"""

import sys

sys.dont_write_bytecode = False

from kontor_engines.meetings import read_problem, repair, solve  # noqa: E402 -- after the line above
from kontor_engines.stop import MaxIterations  # noqa: E402 -- after the line above

EVENT = {
    "format": "kontor-meetings/1",
    "name": "compile",
    "gap_rule": "day",
    "slots": [{"day": 0}, {"day": 0}],
    "halls": [{"id": "a", "tables": 1}],
    "people": [{"id": name} for name in ("p", "q", "r")],
    "meetings": [{"id": "1", "people": ["p", "q"]}, {"id": "2", "people": ["p", "r"]}],
}


def compile_search() -> None:
    """Solve a tiny event."""
    solve(read_problem(EVENT), stop=MaxIterations(1000))


def compile_repair() -> None:
    """Repair the plan of a tiny event."""
    seats = {name: {"slot": slot, "hall": "a", "table": 1} for name, slot in (("1", 0), ("2", 1))}
    late = {"id": "p", "unavailable": [0]}
    changed = {**EVENT, "published": seats, "people": [late, {"id": "q"}, {"id": "r"}]}
    repair(read_problem(changed), stop=MaxIterations(1000))


PARTS = {"search": compile_search, "repair": compile_repair}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
