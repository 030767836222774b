"""Compile the search and keep it on disk, so that nobody waits later: `python -m kontor_engines.meetings.compile`."""

from kontor_engines.meetings import read_problem, solve
from kontor_engines.stop import MaxIterations


def compile_kernels() -> None:
    """Solve a tiny event that calls every compiled function."""
    problem = read_problem(
        {
            "format": "kontor-meetings/1",
            "name": "compile",
            "gap_rule": "day",
            "max_gaps": 0,
            "slots": [{"day": 0}, {"day": 0}, {"day": 0}],
            "halls": [{"id": "a", "tables": 1}, {"id": "b", "tables": 0}],
            "apart": [["a", "b"]],
            "people": [{"id": name} for name in ("p", "q", "r")],
            "interpreters": [{"id": "i", "pairs": ["de-zh"], "max_run": 1}],
            "meetings": [
                {"id": "1", "people": ["p", "q"], "pair": "de-zh", "after": ["2"]},
                {"id": "2", "people": ["p", "r"]},
                {"id": "3", "people": ["p", "q"]},
                {"id": "4", "people": ["p", "q"], "hall": "b", "table": False},
            ],
        }
    )
    solve(problem, stop=MaxIterations(1000), seed=1)


if __name__ == "__main__":
    compile_kernels()
