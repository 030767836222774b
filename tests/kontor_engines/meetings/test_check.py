"""The checker knows every rule by its number."""

import random

import pytest

from kontor_engines.meetings import FormatError, check, measure, read_plan, read_problem, solve
from kontor_engines.stop import MaxIterations

KEPT = {"m1": {"slot": 1, "hall": "E", "table": 1, "interpreter": "i1"}}


def rules(event, plan):
    return sorted({violation.rule for violation in check(read_problem(event), plan)})


def test_a_valid_plan_has_no_violations(event, plan):
    assert rules(event, plan()) == []


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("H1", {"m3": {"slot": 2}, "m1": {"slot": 2}}),  # anna twice in slot 2 (and the order is broken)
        ("H1", {"m2": {"slot": 2, "hall": "B"}}),  # max twice in slot 2
        ("H2", {"m1": {"slot": 0}}),  # li is not there yet
        ("H2", {"m3": {"slot": 1}}),  # not among its slots
        ("H2", {"m4": {"slot": 3}}),  # not its slot
        ("H3", {"m3": {"table": None}}),  # no number
        ("H3", {"m3": {"table": 3}}),  # no such table
        ("H3", {"m3": {"slot": 4, "table": 2}}),  # closed
        ("H3", {"m2": {"slot": 1, "hall": "E", "table": 1}}),  # taken
        ("H4", {"m1": {"interpreter": None}}),
        ("H4", {"m1": {"interpreter": "i2"}}),  # another pair
        ("H4", {"m1": {"interpreter": "nobody"}}),
        ("H4", {"m3": {"interpreter": "i2"}}),  # needs none
        ("H4", {"m2": {"slot": 1}}),  # i1 twice
        ("H4", {"m2": {"slot": 0}}),  # i1 twice in a row
        ("H5", {"m3": None, "m2": {"slot": 3, "hall": "E", "table": 2}}),  # wang walks from E to C
        ("H6", {"m1": {"slot": 3}, "m2": None}),
        ("H7", {"m1": {"hall": "B"}}),
        ("H7", {"m4": {"table": 1}}),
        ("H7", {"m3": {"hall": "X"}}),
    ],
)
def test_a_broken_rule_is_reported_by_its_number(event, plan, rule, changes):
    assert rule in rules(event, plan(changes))


def test_interpreters_too_walk_between_halls(event, plan):
    event["meetings"][3]["pair"] = "de-zh"
    event["interpreters"][0]["max_run"] = 2
    event["people"] += [{"id": "x"}, {"id": "y"}]
    event["meetings"][3]["people"] = ["x", "y"]
    seats = {"m4": {"interpreter": "i1"}, "m2": {"hall": "E"}}
    assert rules(event, plan(seats)) == ["H5"]
    assert rules(event, plan({"m4": {"interpreter": "i1"}})) == []


def test_what_is_over_or_locked_stays_and_nothing_new_lies_there(event, plan):
    event |= {"published": {**KEPT, "m2": None}, "frozen_before": 2}
    assert rules(event, plan()) == []
    assert rules(event, plan({"m1": {"table": 2}})) == ["H8"]
    assert rules(event, plan({"m1": None})) == ["H8"]
    assert "H8" in rules(event, plan({"m2": {"slot": 1}}))
    event |= {"frozen_before": 0, "locked": ["m1"]}
    assert rules(event, plan({"m1": {"table": 2}, "m3": None})) == ["H8"]


def test_frozen_meetings_are_not_judged_by_other_rules(event, plan):
    event |= {
        "published": {"m1": {"slot": 0, "hall": "old", "table": 9, "interpreter": "gone"}},
        "frozen_before": 1,
    }
    assert rules(event, plan({"m1": event["published"]["m1"]})) == []


def test_gap_limit_counts_only_without_a_published_plan(event, plan):
    event |= {"max_gaps": 0, "gap_rule": "timeline"}
    assert rules(event, plan()) == ["H9"]
    event["published"] = {}
    assert rules(event, plan()) == []


def test_budget_of_changes(event, plan):
    event |= {"published": plan()["meetings"], "max_changes": 1}
    assert rules(event, plan({"m2": None})) == []
    assert rules(event, plan({"m2": None, "m3": {"table": 1}})) == ["H10"]
    assert rules(event, plan({"m2": {"interpreter": None}, "m3": {"table": 1}})) == ["H4"]


def test_false_measures_and_beaten_bounds_are_reported(event, plan):
    right = {
        "placed": 4,
        "priority": 5.0,
        "gaps": 0,
        "max_gaps": 0,
        "idle_slots": 0,
        "hall_changes": 1,
        "changes": 0,
        "interpreter_changes": 0,
    }
    assert rules(event, {**plan(), "measures": right, "bounds": {"priority": 5.0, "gaps": 0}}) == []
    for key, value in right.items():
        assert rules(event, {**plan(), "measures": {**right, key: value + 1}}) == ["M1"]
    assert rules(event, {**plan(), "bounds": {"priority": 4.9, "gaps": 0}}) == ["B1"]
    assert rules(event, {**plan(), "bounds": {"priority": 5.0, "gaps": 1}}) == ["B1"]


def test_gaps_of_the_two_rules(event):
    event["meetings"] = [
        {"id": f"m{slot}", "people": ["anna", "li"], "slot": slot, "hall": "E"} for slot in (2, 4)
    ] + [{"id": "m0", "people": ["anna", "max"], "slot": 0, "hall": "B"}]
    seats = {
        "m0": {"slot": 0, "hall": "B", "table": 1},
        "m2": {"slot": 2, "hall": "E", "table": 1},
        "m4": {"slot": 4, "hall": "E", "table": 1},
    }
    file = {"format": "kontor-plan/1", "instance": "example", "meetings": seats}

    def counted():
        problem = read_problem(event)
        measures = measure(problem, read_plan(file, problem))
        return measures.gaps, measures.max_gaps, measures.idle_slots, measures.hall_changes

    assert counted() == (1, 1, 1, 1)
    event["gap_rule"] = "timeline"
    assert counted() == (3, 2, 3, 1)
    event |= {"gap_rule": "day", "people": [{"id": "anna", "unavailable": [1]}, *event["people"][1:]]}
    assert counted() == (0, 0, 0, 1)


def test_a_plan_of_something_else_is_unusable(event, plan):
    file = plan()
    file["instance"] = "another"
    file["meetings"]["m9"] = None
    del file["meetings"]["m1"]
    with pytest.raises(FormatError) as caught:
        check(read_problem(event), file)
    assert caught.value.faults == (
        'instance: must be "example", got "another"',
        "meetings.m9: no such meeting",
        'meetings: meeting "m1" is missing',
    )


def test_a_mutated_plan_is_refused_or_is_still_valid_by_a_plain_count(event):
    """Every seat that another meeting already takes must be refused, whichever meeting is moved onto it."""
    event["meetings"] = [
        {"id": f"m{i}", "people": pair, "pair": "de-zh" if i % 2 else None}
        for i, pair in enumerate(
            [["anna", "li"], ["max", "wang"], ["anna", "max"], ["li", "wang"], ["anna", "wang"]]
        )
    ]
    event["interpreters"].append({"id": "i3", "pairs": ["de-zh"]})
    problem = read_problem(event)
    file = solve(problem, stop=MaxIterations(100_000)).to_json()
    assert check(problem, file) == []
    draw = random.Random(1)
    refused = 0
    for _ in range(300):
        seats = {key: dict(seat) for key, seat in file["meetings"].items() if seat}
        key = draw.choice(sorted(seats))
        what = draw.choice(["slot", "table", "interpreter"])
        value = draw.choice(
            [0, 1, 2, 3, 4] if what == "slot" else [1, 2, 3] if what == "table" else ["i1", "i3", None]
        )
        if seats[key][what] == value:
            continue
        seats[key][what] = value
        found = check(problem, {**file, "meetings": {**file["meetings"], **seats}})
        hard = [violation for violation in found if violation.rule.startswith("H")]
        refused += bool(hard)
        assert bool(hard) == (not _is_valid(problem, seats))
    assert refused > 100


def _is_valid(problem, seats):
    """The rules of this event written down once more, as sets of things that must be different or allowed."""
    meetings = {meeting.id: meeting for meeting in problem.meetings}
    free = {person.id: person.slots for person in problem.people}
    people = [(name, seat["slot"]) for key, seat in seats.items() for name in meetings[key].people]
    tables = [(seat["hall"], seat["slot"], seat["table"]) for seat in seats.values()]
    talks = [(seat["interpreter"], seat["slot"]) for seat in seats.values() if seat["interpreter"]]
    size = {"E": 2, "B": 1, "C": 0}
    return (
        len(set(people)) == len(people)
        and len(set(tables)) == len(tables)
        and len(set(talks)) == len(talks)
        and all(slot in free[name] for name, slot in people)
        and all(table <= size[hall] and (hall, slot, table) != ("E", 4, 2) for hall, slot, table in tables)
        and all(bool(meetings[key].pair) == bool(seat["interpreter"]) for key, seat in seats.items())
        and not any({("i1", a), ("i1", b)} <= set(talks) for a, b in ((0, 1), (1, 2), (3, 4)))
    )
