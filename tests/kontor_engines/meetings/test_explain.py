"""Each meeting left out has the rule that stops it, the facts, and the cheapest remedy."""

import pytest

from kontor_engines.meetings import FACT_TEXTS, REMEDY_KINDS, Fact, apply_remedy, check, read_problem, solve
from kontor_engines.stop import MaxIterations

STOP = MaxIterations(100_000)


def small(**changes):
    """Two slots, one table, four people, one meeting."""
    return {
        "format": "kontor-meetings/1",
        "name": "small",
        "gap_rule": "day",
        "slots": [{"day": 0}, {"day": 0}],
        "halls": [{"id": "E", "tables": 1}, {"id": "F", "tables": 0}],
        "people": [{"id": name} for name in "abcdef"],
        "meetings": [{"id": "m1", "people": ["a", "b"]}],
        **changes,
    }


def rows(*pairs, **more):
    return [{"id": f"m{i + 1}", "people": list(pair), **more} for i, pair in enumerate(pairs)]


@pytest.mark.parametrize(
    ("changes", "rule", "fact", "remedy", "places"),
    [
        (
            {"meetings": rows("ab", "cd", "ef")},
            "H3",
            "all tables of all halls are taken in slots 0 and 1",
            {"kind": "add_table", "hall": "E", "slots": [0]},
            1,
        ),
        (
            {"meetings": rows("ab", pair="de-zh")},
            "H4",
            "there is no de-zh interpreter in slots 0 and 1",
            {"kind": "add_interpreter", "pair": "de-zh", "slots": [0]},
            1,
        ),
        (
            {
                "meetings": rows("ab", "cd", "ef", pair="de-zh"),
                "interpreters": [{"id": "i", "pairs": ["de-zh"], "max_run": 1}],
                "halls": [{"id": "E", "tables": 9}],
            },
            "H4",
            "the free de-zh interpreters need a pause in slots 1",
            {"kind": "add_interpreter", "pair": "de-zh", "slots": [0, 1]},
            2,
        ),
        (
            {"people": [{"id": "a", "slots": [0]}, {"id": "b", "slots": [1]}]},
            "H2",
            "the people of this meeting have no slot in common",
            {"kind": "free_slot", "slots": [0], "people": ["b"]},
            1,
        ),
        (
            {"meetings": rows("ab", slots=[0]), "people": [{"id": "a", "slots": [1]}, {"id": "b"}]},
            "H2",
            "its people share slots 1, but the meeting may not take place in them",
            {"kind": "free_slot", "slots": [0], "people": ["a"]},
            1,
        ),
        (
            {"meetings": rows("ab", hall="F")},
            "H3",
            "all 0 tables of hall F are taken in slots 0 and 1",
            {"kind": "other_hall", "meeting": "m1", "hall": "E"},
            1,
        ),
        (
            {
                "halls": [{"id": "E", "tables": 3}],
                "meetings": [
                    {"id": "m1", "people": ["a", "b"], "slot": 1, "priority": 2},
                    {"id": "m2", "people": ["c", "d"], "slot": 0, "after": ["m1"]},
                ],
            },
            "H6",
            "it must lie after m1, which is in slot 1",
            {"kind": "drop_after", "meeting": "m2", "after": "m1"},
            1,
        ),
        (
            {"meetings": rows("ab", "ac", "ad"), "halls": [{"id": "E", "tables": 3}]},
            "H1",
            "a has 3 meetings but only 2 slots",
            {"kind": "longer_day", "day": 0},
            1,
        ),
    ],
)
def test_rule_fact_and_remedy(changes, rule, fact, remedy, places):
    result = solve(read_problem(small(**changes)), stop=STOP)
    assert result.unplaced
    reasons = [reason.to_json() for reason in result.unplaced.values()]
    assert rule in {reason["rule"] for reason in reasons}
    assert fact in {text for reason in reasons for text in reason["facts"]}
    assert (remedy, places) in [(reason["remedy"], reason["places"]) for reason in reasons]


def test_a_longer_day_is_one_more_slot_for_everybody():
    event = small(
        meetings=rows("ab", "ac", "ad"),
        slots=[{"day": 0}, {"day": 0}, {"day": 1}],
        people=[{"id": "a", "slots": [0, 1]}, *({"id": name} for name in "bcd")],
    )
    problem = read_problem(event)
    result = solve(problem, stop=STOP)
    (reason,) = result.unplaced.values()
    longer = apply_remedy(problem, reason.remedy)
    if reason.remedy.kind == "longer_day":
        assert [slot.day for slot in longer.slots] == [0, 0, 0, 1]
    again = solve(longer, stop=STOP)
    assert again.unplaced == {}
    assert check(longer, again) == []


def test_what_is_locked_as_unplaced_says_so():
    event = small(published={"m1": None}, locked=["m1"])
    (reason,) = solve(read_problem(event), stop=STOP).unplaced.values()
    assert reason.to_json() == {
        "rule": "H8",
        "facts": ["it is locked as not placed"],
        "remedy": None,
        "places": 0,
    }


def test_every_fact_code_has_words_for_its_parameters():
    sample = {
        "slots": (1, 2, 3),
        "slot": 4,
        "person": "p1",
        "meeting": "m1",
        "meetings": 3,
        "tables": 2,
        "hall": "E",
        "pair": "de-zh",
        "count": 12,
        "limit": 1,
    }
    for code in FACT_TEXTS:
        assert "{" not in str(Fact(code=code, params=sample))
    assert str(Fact(code="person_busy", params={"person": "p", "slots": (1, 2, 3)})) == (
        "p is in another meeting in slots 1, 2 and 3"
    )
    assert REMEDY_KINDS[0] == "free_slot"
