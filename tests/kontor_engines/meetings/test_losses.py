"""What interpreters who need pauses cannot serve is lost in every plan, no more and no less."""

import itertools
import random

import pytest

from kontor_engines.meetings import read_problem
from kontor_engines.meetings._losses import least_lost
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._seating import plan_of

PAIRS = ["de-zh", "zh-en"]


def event(days, team, pairs, priorities):
    """Nothing is scarce but interpreters: each meeting has people and a table of its own."""
    return read_problem(
        {
            "format": "kontor-meetings/1",
            "name": "pauses",
            "gap_rule": "day",
            "slots": [{"day": day} for day in days],
            "halls": [{"id": "E", "tables": len(pairs)}],
            "people": [{"id": f"p{n}"} for n in range(2 * len(pairs))],
            "interpreters": [{"id": f"i{n}", **who} for n, who in enumerate(team)],
            "meetings": [
                {"id": f"m{n}", "people": [f"p{2 * n}", f"p{2 * n + 1}"], "pair": pair, "priority": worth}
                for n, (pair, worth) in enumerate(zip(pairs, priorities, strict=True))
            ],
        }
    )


def surely_lost(problem):
    """As seen from a plan that places nothing."""
    model, index = build_model(problem)
    return least_lost(model, plan_of(index, {}))


def most_meetings(problem, who):
    """The most slots of an interpreter with no more than `max_run` in a row, by trying all sets."""

    def is_too_long(slots):
        return any(
            all(t in slots and (t == first or problem.is_adjacent(t - 1, t)) for t in run)
            for first in slots
            for run in [range(first, first + who.max_run + 1)]
        )

    return max(
        size
        for size in range(len(who.slots) + 1)
        for slots in itertools.combinations(sorted(who.slots), size)
        if who.max_run is None or not is_too_long(slots)
    )


@pytest.mark.parametrize("number", range(60))
def test_interpreters_of_one_pair_lose_what_their_pauses_cost(number):
    rnd = random.Random(number)
    days = sorted(rnd.choices([0, 1], k=rnd.randint(1, 7)))
    team = [
        {
            "pairs": PAIRS[:1],
            "max_run": rnd.choice([None, 1, 2, 3]),
            "unavailable": rnd.sample(range(len(days)), rnd.randint(0, 2) if len(days) > 2 else 0),
        }
        for _ in range(rnd.randint(1, 2))
    ]
    priorities = [rnd.choice([1, 2, 5]) for _ in range(rnd.randint(1, 12))]
    problem = event(days, team, PAIRS[:1] * len(priorities), priorities)
    served = sum(most_meetings(problem, who) for who in problem.interpreters)
    assert surely_lost(problem) == sum(sorted(priorities)[: max(0, len(priorities) - served)])


@pytest.mark.parametrize("number", range(60))
def test_no_choice_of_pairs_and_slots_serves_more_than_the_pauses_leave(number):
    rnd = random.Random(number)
    days = sorted(rnd.choices([0, 1], k=rnd.randint(2, 4)))
    team = [
        {"pairs": rnd.sample(PAIRS, rnd.randint(1, 2)), "max_run": rnd.choice([1, 2])}
        for _ in range(rnd.randint(1, 2))
    ]
    pairs = [rnd.choice(PAIRS) for _ in range(rnd.randint(2, 7))]
    problem = event(days, team, pairs, [1.0] * len(pairs))
    assert surely_lost(problem) <= len(pairs) - most_served(problem)


def most_served(problem):
    """By trying for each interpreter and slot every pair, or a pause."""
    most = 0
    places = [(who, slot) for who in problem.interpreters for slot in range(len(problem.slots))]
    wanted = {pair: sum(meeting.pair == pair for meeting in problem.meetings) for pair in PAIRS}
    for served in itertools.product(*([None, *sorted(who.pairs)] for who, _ in places)):
        busy = {(who.id, slot): pair for (who, slot), pair in zip(places, served, strict=True) if pair}
        if any(
            all(
                (who.id, t) in busy and (t == slot or problem.is_adjacent(t - 1, t))
                for t in range(slot, slot + who.max_run + 1)
            )
            for who, slot in places
        ):
            continue
        counts = {pair: list(busy.values()).count(pair) for pair in PAIRS}
        most = max(most, sum(min(counts[pair], wanted[pair]) for pair in PAIRS))
    return most
