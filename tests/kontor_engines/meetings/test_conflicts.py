"""What cannot all be placed is named before any planning, by the smallest set that shows it."""

import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import CONFLICT_TEXTS, FACT_TEXTS, Fact, conflicts, read_problem, solve
from kontor_engines.meetings._conflicts import smallest_conflict
from kontor_engines.meetings._crowds import find_crowd, fits
from kontor_engines.stop import MaxIterations


def event(meetings, people=None, **more):
    names = sorted({name for row in meetings for name in row["people"]})
    return read_problem(
        {
            "format": "kontor-meetings/1",
            "name": "conflicts",
            "gap_rule": "day",
            "slots": [{"day": 0}] * 3,
            "halls": [{"id": "E", "tables": 9}],
            "people": [{"id": name, "slots": (people or {}).get(name)} for name in names],
            "meetings": [{"id": f"m{i}", **row} for i, row in enumerate(meetings)],
            **more,
        }
    )


def rows(*pairs, **more):
    return [{"people": list(pair), **more} for pair in pairs]


def told(problem):
    return [(found.rule, str(found.facts[0]), found.meetings, found.excess) for found in conflicts(problem)]


def test_an_event_with_room_for_all_has_no_conflict():
    assert conflicts(event(rows("ab", "cd", "ac"))) == ()


def test_a_person_with_more_meetings_than_slots():
    problem = event(rows("ab", "ac", "ad"), {"a": [0, 2]})
    assert told(problem) == [("H1", "a has 3 meetings but only 2 slots", ("m0", "m1", "m2"), 1)]


def test_only_the_meetings_that_conflict_are_named():
    problem = event(rows("ab", "ac", "ad"), {"b": [1], "c": [1]})
    assert told(problem) == [("H1", "2 meetings of a share only the slots 1", ("m0", "m1"), 1)]


def test_a_meeting_without_a_common_slot():
    problem = event(rows("ab"), {"a": [0], "b": [1]})
    assert told(problem) == [("H2", "the people of this meeting have no slot in common", ("m0",), 1)]


def test_a_language_pair_with_too_few_hours():
    team = [{"id": "i", "pairs": ["de-zh"], "unavailable": [0]}]
    problem = event(rows("ab", "cd", "ef", pair="de-zh"), interpreters=team)
    assert told(problem) == [
        (
            "H4",
            "3 meetings need de-zh in slots 0, 1 and 2, where its interpreters can serve 2",
            ("m0", "m1", "m2"),
            1,
        )
    ]


def test_pauses_of_interpreters_cost_hours():
    team = [{"id": "i", "pairs": ["de-zh"], "max_run": 1}]
    problem = event(rows("ab", "cd", "ef", pair="de-zh"), interpreters=team)
    assert [found.excess for found in conflicts(problem)] == [1]
    assert conflicts(event(rows("ab", "cd", pair="de-zh"), interpreters=team)) == ()


def test_a_hall_and_all_halls_with_too_few_tables():
    halls = [{"id": "E", "tables": 1}, {"id": "F", "tables": 0}]
    problem = event(rows("ab", "cd", slots=[0], hall="E"), halls=halls)
    assert told(problem)[0] == (
        "H3",
        "2 meetings need a table of hall E in slots 0, which has 1 in all",
        ("m0", "m1"),
        1,
    )
    problem = event(rows("ab", "cd", "ef", "gh"), halls=[{"id": "E", "tables": 1}])
    assert told(problem) == [
        (
            "H3",
            "4 meetings need a table in slots 0, 1 and 2, of which there are 3 in all",
            ("m0", "m1", "m2", "m3"),
            1,
        )
    ]


def test_an_order_that_no_slots_allow():
    meetings = [
        {"people": ["a", "b"], "slots": [2]},
        {"people": ["c", "d"], "slots": [1, 2], "after": ["m0"]},
    ]
    assert told(event(meetings)) == [("H6", "it can never lie after m0", ("m1", "m0"), 1)]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_the_smallest_conflict_is_the_smallest_and_what_is_left_out_the_least(seed):
    rnd = random.Random(seed)
    slots = range(rnd.randint(1, 4))
    options = {m: rnd.sample(slots, rnd.randint(1, len(slots))) for m in range(rnd.randint(1, 7))}
    room = {t: rnd.randint(0, 2) for t in slots}
    worth = {m: float(rnd.randint(1, 3)) for m in options}
    parts = [part for n in range(len(options) + 1) for part in itertools.combinations(options, n)]
    possible = [part for part in parts if fits(options, room, part)]
    crowd = find_crowd(options, room, worth)
    most = max(sum(worth[m] for m in part) for part in possible)
    assert sum(worth.values()) - sum(worth[m] for m in crowd.left_out) == pytest.approx(most)
    impossible = [part for part in parts if not fits(options, room, part)]
    assert bool(crowd.left_out) == bool(impossible)
    if impossible:
        members = smallest_conflict({m: options[m] for m in crowd.members}, room)
        assert not fits(options, room, members)
        assert len(members) == min(len(part) for part in impossible)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_no_plan_places_what_is_in_conflict(seed):
    rnd = random.Random(seed)
    names = "abcdef"
    meetings = [
        {
            "people": rnd.sample(names, 2),
            "pair": rnd.choice([None, "de-zh"]),
            "slots": rnd.choice([None, rnd.sample(range(3), 2)]),
        }
        for _ in range(rnd.randint(1, 9))
    ]
    problem = event(
        meetings,
        {name: rnd.sample(range(3), rnd.randint(1, 3)) for name in names},
        interpreters=[{"id": "i", "pairs": ["de-zh"], "max_run": rnd.choice([None, 1, 2])}],
        halls=[{"id": "E", "tables": rnd.randint(1, 2)}],
    )
    result = solve(problem, stop=MaxIterations(100_000))
    found = conflicts(problem)
    for conflict in found:
        assert any(result.seats[key] is None for key in conflict.meetings)
        assert sum(seat is None for seat in result.seats.values()) >= conflict.excess
        assert str(conflict.facts[0])


def test_every_fact_of_a_conflict_has_words_for_its_parameters():
    sample = {
        "person": "p",
        "meeting": "m",
        "meetings": 3,
        "slots": (1, 2),
        "seats": 2,
        "hall": "E",
        "pair": "de-zh",
        "slot": 1,
    }
    for code in CONFLICT_TEXTS:
        assert "{" not in str(Fact(code=code, params=sample))
        assert CONFLICT_TEXTS[code] == FACT_TEXTS.get(code, CONFLICT_TEXTS[code])
