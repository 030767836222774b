"""Gaps that people together cannot avoid because tables are few: a true bound that no look at one person shows."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import check, read_problem, solve
from kontor_engines.meetings._bounds import placeable
from kontor_engines.meetings._least_gaps import least_gaps
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._patterns import pattern_gaps
from kontor_engines.meetings._seating import plan_of
from kontor_engines.stop import MaxIterations


def event(pairs, num_slots, tables, rule="timeline", absent=(), **changes):
    """People a, b, c … who meet in pairs on one day; `absent` holds (person, slot)."""
    names = sorted(set("".join(pairs)))
    return {
        "format": "kontor-meetings/1",
        "name": "pairs",
        "gap_rule": rule,
        "slots": [{"day": 0}] * num_slots,
        "halls": [{"id": "E", "tables": tables}],
        "people": [
            {"id": name, "unavailable": [slot for who, slot in absent if who == name]} for name in names
        ],
        "meetings": [{"id": f"{n}{pair}", "people": list(pair)} for n, pair in enumerate(pairs)],
        **changes,
    }


def together(data):
    model, index = build_model(read_problem(data))
    return pattern_gaps(model, placeable(model, plan_of(index, {})))


def test_few_tables_let_people_wait_whom_nothing_else_keeps_apart():
    data = event(["ab", "ab", "cd", "cd"], 3, [2, 1, 2])
    model, index = build_model(read_problem(data))
    assert int(least_gaps(model, placeable(model, plan_of(index, {}))).sum()) == 0
    assert together(data) == 2
    result = solve(read_problem(data), stop=MaxIterations(200_000))
    assert (check(read_problem(data), result), result.measures.gaps, result.proved) == ([], 2, True)


def test_people_meet_two_by_two_so_that_an_even_number_is_busy():
    assert together(event(["ab", "bc", "ac"], 3, 3)) == 1


def test_it_says_nothing_where_people_do_not_only_meet_two_by_two_at_tables():
    three = {"meetings": [{"id": "m", "people": ["a", "b", "c"]}]}
    booth = {"meetings": [{"id": "m", "people": ["a", "b"], "hall": "E", "table": False}]}
    assert together(event(["ab", "bc"], 3, 1, **three)) == 0
    assert together(event(["ab", "bc"], 3, 1, **booth)) == 0


def test_it_says_nothing_where_there_are_too_many_patterns():
    assert together(event(["ab"] * 12, 24, 1)) == 0


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(["ab", "ac", "bc", "cd", "ad"]), min_size=1, max_size=5),
    st.integers(3, 5),
    st.integers(1, 2),
    st.sampled_from(["day", "timeline"]),
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 4)), max_size=3),
)
def test_no_plan_of_a_tiny_event_has_fewer_gaps(pairs, num_slots, tables, rule, absent):
    absent = {(who, slot) for who, slot in absent if slot < num_slots}
    counted = [
        _gaps(pairs, slots, absent, rule)
        for slots in itertools.product(range(num_slots), repeat=len(pairs))
        if _is_valid(pairs, slots, tables, absent)
    ]
    if counted:
        assert together(event(pairs, num_slots, tables, rule, sorted(absent))) <= min(counted)


def _is_valid(pairs, slots, tables, absent):
    busy = [(who, slot) for pair, slot in zip(pairs, slots, strict=True) for who in pair]
    return (
        len(set(busy)) == len(busy)
        and not absent.intersection(busy)
        and all(slots.count(slot) <= tables for slot in set(slots))
    )


def _gaps(pairs, slots, absent, rule):
    gaps = 0
    for who in set("".join(pairs)):
        own = sorted(slot for pair, slot in zip(pairs, slots, strict=True) if who in pair)
        for one, other in itertools.pairwise(own):
            between = range(one + 1, other)
            gaps += any(rule == "timeline" or (who, slot) not in absent for slot in between)
    return gaps
