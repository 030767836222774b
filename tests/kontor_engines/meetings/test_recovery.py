"""After a no-show the people who are stranded get offers that hold, the best set of them first."""

import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import Match, Plan, apply_offer, check, read_plan, read_problem, recover

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def event(**more):
    """Two slots, two tables; m0 of a and b does not take place, c and d sit together in slot 1."""
    return {
        "format": "kontor-meetings/1",
        "name": "day",
        "gap_rule": "day",
        "slots": [{"day": 0}, {"day": 0}],
        "halls": [{"id": "E", "tables": 2}],
        "people": [{"id": name} for name in "acdef"],
        "interpreters": [{"id": "i", "pairs": ["de-zh"]}],
        "meetings": [{"id": "m1", "people": ["c", "d"]}, {"id": "m2", "people": ["a", "e"], "pair": "de-zh"}],
        **more,
    }


def published(problem, **seats):
    plan = {meeting.id: None for meeting in problem.meetings}
    plan |= {key: {"hall": "E", "interpreter": None, "table": 1, **seat} for key, seat in seats.items()}
    return read_plan({"format": "kontor-plan/1", "instance": "day", "meetings": plan}, problem)


def test_an_agreed_request_comes_before_an_introduction():
    problem = read_problem(event())
    plan = published(problem, m1={"slot": 1})
    offers = recover(problem, plan, slot=0, people=["a"], matches=[Match(people=("a", "f"), score=0.9)])
    assert [(offer.people, offer.meeting, offer.together) for offer in offers] == [
        (("a", "e"), "m2", True),
        (("a", "f"), None, False),
    ]
    assert (offers[0].seat.slot, offers[0].seat.table, offers[0].seat.interpreter) == (0, 1, "i")


def test_the_best_set_is_better_than_the_best_offer():
    problem = read_problem(event(meetings=[]))
    scores = {("a", "c"): 0.9, ("a", "d"): 0.8, ("c", "e"): 0.8}
    matches = [Match(people=pair, score=score) for pair, score in scores.items()]
    offers = recover(problem, Plan(seats={}), slot=0, people=["a", "c"], matches=matches)
    assert [(offer.people, offer.together) for offer in offers] == [
        (("a", "d"), True),
        (("c", "e"), True),
        (("a", "c"), False),
    ]
    assert [offer.seat.table for offer in offers] == [1, 2, 1]


@pytest.mark.parametrize(
    ("change", "slot"),
    [
        ({"frozen_before": 1, "published": {}}, 0),
        ({"halls": [{"id": "E", "tables": 0}]}, 0),
        ({"interpreters": []}, 0),
        ({"people": [{"id": name, "unavailable": [0] if name == "e" else []} for name in "acdef"]}, 0),
    ],
    ids=["over", "no table", "no interpreter", "not there"],
)
def test_what_is_not_possible_now_is_not_offered(change, slot):
    problem = read_problem(event(**change))
    assert recover(problem, Plan(seats={}), slot=slot, people=["a"]) == ()


def test_only_offers_for_the_stranded_are_made_and_bad_slots_refused():
    problem = read_problem(event())
    plan = published(problem)
    assert recover(problem, plan, slot=0, people=["f"]) == ()
    with pytest.raises(ValueError, match="slot must be one of the 2 slots, got 2"):
        recover(problem, plan, slot=2, people=["a"])


def test_an_introduction_needs_a_name_of_its_own():
    problem = read_problem(event())
    (offer,) = recover(
        problem, published(problem), slot=0, people=["f"], matches=[Match(people=("f", "d"), score=0.5)]
    )
    with pytest.raises(ValueError, match="the event has a meeting 'm1' already"):
        apply_offer(problem, published(problem), offer, key="m1")


@QUICK
@given(st.integers(0, 10**6))
def test_every_offer_holds_alone_and_the_best_set_together_and_no_set_is_better(seed):
    rnd = random.Random(seed)
    names = "abcdefg"
    problem = read_problem(
        event(
            people=[
                {"id": name, "unavailable": rnd.sample(range(2), rnd.choice([0, 0, 1]))} for name in names
            ],
            halls=[{"id": "E", "tables": rnd.randint(0, 2)}, {"id": "F", "tables": 1}],
            apart=rnd.choice([[], [["E", "F"]]]),
            interpreters=[
                {"id": f"i{n}", "pairs": rnd.sample(["de-zh", "de-en"], rnd.randint(1, 2)), "max_run": 1}
                for n in range(2)
            ],
            meetings=[
                {
                    "id": f"m{n}",
                    "people": rnd.sample(names, 2),
                    "pair": rnd.choice([None, "de-zh", "de-en"]),
                    "hall": rnd.choice([None, "E", "F"]),
                    "priority": rnd.randint(1, 3),
                    "after": [f"m{rnd.randrange(n)}"] if n and rnd.random() < 0.3 else [],
                }
                for n in range(4)
            ],
        )
    )
    plan = Plan(seats=dict.fromkeys(meeting.id for meeting in problem.meetings))
    slot = rnd.randrange(2)
    matches = [
        Match(people=tuple(rnd.sample(names, 2)), score=rnd.random(), pair=rnd.choice([None, "de-zh"]))
        for _ in range(3)
    ]
    offers = recover(problem, plan, slot=slot, people=rnd.sample(names, 3), matches=matches)

    def valid(chosen):
        after, seats = problem, plan
        for number, offer in enumerate(chosen):
            after, seats = apply_offer(after, seats, offer, key=f"offer{number}")
        return check(after, seats) == []

    for offer in offers:
        assert valid([offer])
    together = [offer for offer in offers if offer.together]
    assert valid(together)
    best = sum(offer.score for offer in together)
    for size in range(1, len(offers) + 1):
        for chosen in itertools.combinations(offers, size):
            if valid(chosen):  # with these very seats; the best set may choose others
                assert sum(offer.score for offer in chosen) <= best + 1e-9
