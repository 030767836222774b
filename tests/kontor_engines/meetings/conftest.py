"""A small event whose every rule can be broken by hand, and the random events of the property tests."""

import copy
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import pytest

Instance = dict[str, Any]

EVENT: Instance = {
    "format": "kontor-meetings/1",
    "name": "example",
    "gap_rule": "day",
    "slots": [{"day": 0}, {"day": 0}, {"day": 0}, {"day": 1}, {"day": 1}],
    "halls": [
        {"id": "E", "tables": 2, "closed": [{"table": 2, "slots": [4]}]},
        {"id": "B", "tables": 1},
        {"id": "C", "tables": 0},
    ],
    "apart": [["E", "C"]],
    "people": [{"id": "anna"}, {"id": "li", "unavailable": [0]}, {"id": "max"}, {"id": "wang"}],
    "interpreters": [
        {"id": "i1", "pairs": ["zh-de"], "max_run": 1},
        {"id": "i2", "pairs": ["de-en"], "unavailable": [1]},
    ],
    "meetings": [
        {"id": "m1", "people": ["anna", "li"], "pair": "de-zh", "hall": "E"},
        {"id": "m2", "people": ["max", "wang"], "pair": "de-zh", "priority": 2.0},
        {"id": "m3", "people": ["anna", "max"], "after": ["m1"], "slots": [2, 3, 4]},
        {"id": "m4", "people": ["li", "wang"], "hall": "C", "table": False, "slot": 4},
    ],
}
PLAN: dict[str, Any] = {
    "m1": {"slot": 1, "hall": "E", "table": 1, "interpreter": "i1"},
    "m2": {"slot": 3, "hall": "B", "table": 1, "interpreter": "i1"},
    "m3": {"slot": 2, "hall": "E", "table": 2, "interpreter": None},
    "m4": {"slot": 4, "hall": "C", "table": None, "interpreter": None},
}


def fair(meetings: list[dict[str, Any]], slots: list[set[int]], num_slots: int = 4) -> Instance:
    """People p0, p1 … with these slots meet at booths of halls E and C, which are apart, within one day.

    Each meeting has numbers as `people` and whatever else the format knows; it takes place in hall E unless it says so."""
    return {
        "format": "kontor-meetings/1",
        "name": "fair",
        "gap_rule": "day",
        "slots": [{"day": 0}] * num_slots,
        "halls": [{"id": "E", "tables": 0}, {"id": "C", "tables": 0}],
        "apart": [["E", "C"]],
        "people": [{"id": f"p{p}", "slots": sorted(own)} for p, own in enumerate(slots)],
        "meetings": [
            {"id": f"m{m}", "hall": "E", "table": False}
            | meeting
            | {"people": [f"p{p}" for p in meeting["people"]]}
            for m, meeting in enumerate(meetings)
        ],
    }


class Questions:
    """A stop whose clock counts questions: it says yes from question number `last` on."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.asked_at: list[int] = []
        """Iterations at each question."""

    def __call__(self, iterations: int) -> bool:
        self.asked_at.append(iterations)
        return len(self.asked_at) >= self.last

    @property
    def longest_step(self) -> int:
        """Most iterations between two questions."""
        return max((b - a for a, b in itertools.pairwise([0, *self.asked_at])), default=0)


@pytest.fixture
def questions() -> type[Questions]:
    """Stops whose clock counts questions."""
    return Questions


@pytest.fixture
def event() -> Instance:
    """Two days of 3 and 2 slots, a hall with tables, a small one, one with booths only, four people, two interpreters."""
    return copy.deepcopy(EVENT)


@pytest.fixture
def plan() -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A valid plan of the event as a file, with some seats replaced."""

    def make(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        seats = copy.deepcopy(PLAN)
        for key, change in (changes or {}).items():
            seats[key] = None if change is None else {**(seats[key] or {}), **change}
        return {"format": "kontor-plan/1", "instance": "example", "meetings": seats}

    return make
