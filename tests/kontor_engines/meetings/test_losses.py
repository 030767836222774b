"""What is proved to be lost is lost in every plan."""

import itertools
import random

import pytest

from kontor_engines.meetings import Plan, Seat, check, read_problem
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


def gathering(num_slots, meetings):
    """One person, a, is in all meetings; two halls that are apart, without tables."""
    return read_problem(
        {
            "format": "kontor-meetings/1",
            "name": "ways",
            "gap_rule": "day",
            "slots": [{"day": 0} for _ in range(num_slots)],
            "halls": [{"id": "E", "tables": 9}, {"id": "W", "tables": 9}],
            "apart": [["E", "W"]],
            "people": [{"id": name} for name in ("a", *(f"p{n}" for n in range(len(meetings))))],
            "meetings": [
                {"id": f"m{n}", "people": ["a", f"p{n}"], "table": False, "hall": "E", **meeting}
                for n, meeting in enumerate(meetings)
            ],
        }
    )


def most_placed(problem):
    """The highest priority of any valid plan, by trying all."""
    choices = [
        [
            None,
            *(
                Seat(slot=slot, hall=meeting.hall)
                for slot in (range(len(problem.slots)) if meeting.slot is None else [meeting.slot])
            ),
        ]
        for meeting in problem.meetings
    ]
    return max(
        sum(
            meeting.priority
            for meeting, seat in zip(problem.meetings, seats, strict=True)
            if seat is not None
        )
        for seats in itertools.product(*choices)
        if not check(problem, Plan(seats=dict(zip([m.id for m in problem.meetings], seats, strict=True))))
    )


def test_of_two_meetings_too_far_apart_in_a_row_one_is_lost():
    problem = gathering(
        4, [{"slot": 1, "hall": "E", "priority": 2.0}, {"slot": 2, "hall": "W", "priority": 3.0}]
    )
    assert surely_lost(problem) == 2.0


def test_of_two_meetings_whose_slots_are_in_the_wrong_order_one_is_lost():
    problem = gathering(4, [{"slot": 3, "priority": 2.0}, {"slot": 1, "after": ["m0"]}])
    assert surely_lost(problem) == 1.0


def test_meetings_in_order_that_can_change_places_are_not_lost():
    problem = gathering(4, [{"slot": 1, "priority": 2.0}, {"after": ["m0"]}])
    assert surely_lost(problem) == 0.0


def test_a_meeting_is_lost_if_another_is_in_the_way_of_each_of_its_slots():
    problem = gathering(
        4,
        [
            {"slots": [1, 2], "hall": "E", "priority": 3.0},
            {"slot": 0, "hall": "W", "priority": 2.0},
            {"slot": 3, "hall": "W", "priority": 1.0},
        ],
    )
    assert surely_lost(problem) == 1.0


@pytest.mark.parametrize("number", range(80))
def test_no_plan_of_a_person_who_walks_and_keeps_an_order_places_more(number):
    rnd = random.Random(number)
    meetings = []
    for n in range(rnd.randint(2, 4)):
        meeting = {"priority": rnd.choice([1.0, 2.0, 5.0]), "hall": rnd.choice("EW")}
        if rnd.random() < 0.6:
            meeting["slot"] = rnd.randrange(4)
        if n and rnd.random() < 0.4:
            meeting["after"] = [f"m{rnd.randrange(n)}"]
        meetings.append(meeting)
    problem = gathering(4, meetings)
    assert sum(m.priority for m in problem.meetings) - surely_lost(problem) >= most_placed(problem)
