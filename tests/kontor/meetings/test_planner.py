"""The bridge to the engine: what the page of one meeting offers is what the checker allows."""

from random import Random
from typing import Any

import pytest

from kontor.meetings.planner import free_places, search, violations_of


def an_instance(seed: int) -> dict[str, Any]:
    """Ten people with about three meetings each in two halls that lie apart, half of them interpreted."""
    random = Random(seed)
    pairs = [(first, second) for first in range(10) for second in range(first)]
    return {
        "format": "kontor-meetings/1",
        "name": "small",
        "gap_rule": "day",
        "max_gaps": 2,
        "slots": [{"day": 0}] * 4 + [{"day": 1}] * 4,
        "halls": [
            {"id": "A", "tables": 2, "closed": [{"table": 1, "slots": [2, 5]}]},
            {"id": "B", "tables": 3, "closed": [{"table": 3, "slots": None}]},
        ],
        "apart": [["A", "B"]],
        "people": [{"id": f"p{number}", "unavailable": [number % 8]} for number in range(10)],
        "interpreters": [
            {"id": f"i{number}", "pairs": ["de-zh"], "unavailable": [number], "max_run": 2}
            for number in range(3)
        ],
        "meetings": [
            {"id": f"m{number}", "people": [f"p{first}", f"p{second}"]}
            | ({"pair": "de-zh"} if number % 2 else {})
            for number, (first, second) in enumerate(random.sample(pairs, 14))
        ],
    }


@pytest.mark.parametrize("is_published", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_places_on_offer_are_those_that_the_checker_of_the_whole_plan_allows(
    seed: int, is_published: bool
) -> None:
    instance = an_instance(seed)
    plan = search(
        instance,
        seconds=1,
        seed=seed,
        start=None,
        is_cancelled=lambda: False,
        on_progress=lambda _progress: None,
    )["meetings"]
    if is_published:
        instance |= {
            "published": {one: place for one, place in plan.items() if place},
            "frozen_before": 1,
            "locked": [],
        }
    for row in instance["meetings"]:
        offered = free_places(instance, plan, row["id"])
        assert [place for place in offered if violations_of(instance, plan | {row["id"]: place})] == []
        missing = {(slot, hall) for slot in range(8) for hall in "AB"}
        missing -= {(place["slot"], place["hall"]) for place in offered}
        tried = [
            {"slot": slot, "hall": hall, "table": table, "interpreter": interpreter}
            for slot, hall in missing
            for table in (1, 2, 3)
            for interpreter in (("i0", "i1", "i2") if "pair" in row else (None,))
            if not (hall == "A" and table == 3)
        ]
        assert [place for place in tried if not violations_of(instance, plan | {row["id"]: place})] == []
