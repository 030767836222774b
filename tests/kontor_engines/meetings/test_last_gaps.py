"""Freeing one person after the other of waiting, and counting what nobody can avoid."""

import numpy as np
import pytest

from kontor_engines.meetings import read_problem
from kontor_engines.meetings._anneal import Best
from kontor_engines.meetings._last_gaps import TRIES_IN_VAIN, LastGaps
from kontor_engines.meetings._least_gaps import least_gaps
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._patterns import people_with_gaps
from kontor_engines.meetings._schedule import SETTLING
from tests.kontor_engines.meetings.conftest import fair

ALL_DAY = set(range(6))


def booths(pairs, slots, num_slots=6):
    """People with these slots meet two by two."""
    return fair([{"people": pair} for pair in pairs], slots, num_slots)


def last_gaps_of(event):
    model, index = build_model(read_problem(event))
    everything = np.ones(len(index.meetings), bool)
    return model, LastGaps(model, everything, least_gaps(model, everything), 0)


def best_of(model, slots):
    plan = np.array([slots, [0] * len(slots), [-1] * len(slots)], np.int32)
    gaps = sum(people_with_gaps(model, plan).values())
    return Best(plan, np.array([0.0, -len(slots), 0.0, gaps, np.inf]))


def test_who_waits_is_freed_and_others_give_way():
    # p0 waits between m1 and m2; p1 and p3 take the places that p0 needs for another meeting.
    event = booths([(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)], [ALL_DAY] * 4)
    model, last = last_gaps_of(event)
    before = best_of(model, [0, 1, 4, 2, 3])
    assert people_with_gaps(model, before.plan).keys() >= {0}
    found, moves = before, 0
    for _ in range(4):
        found, more = last.try_one(found, SETTLING)
        moves += more
    assert (people_with_gaps(model, found.plan), last.bound) == ({}, (0.0, 0))
    assert moves == last.moves > 0
    assert (found.plan[0] >= 0).all()


def test_a_plan_in_which_nobody_waits_stays_as_it_is():
    model, last = last_gaps_of(booths([(0, 1), (0, 2)], [ALL_DAY] * 3))
    best = best_of(model, [2, 3])
    assert last.try_one(best, SETTLING) == (best, 0)


@pytest.mark.parametrize("copies", [1, 2])
def test_what_somebody_must_wait_in_a_circle_is_a_bound_for_each_circle(copies):
    # In each of them p0 meets p5 in slot 2, p1 in slot 0 or 1 and p2 in slot 3 or 4, but p1 is at p3 in slot 1 and p2 at p4 in
    # slot 3: so p0 waits twice.
    one = [(0, 1), (0, 2), (0, 5), (1, 3), (2, 4)]
    slots = [ALL_DAY, {0, 1}, {3, 4}, {1}, {3}, {2}]
    meetings = [(a + 6 * n, b + 6 * n) for n in range(copies) for a, b in one]
    model, last = last_gaps_of(booths(meetings, slots * copies))
    best = best_of(model, [0, 4, 2, 1, 3] * copies)
    for _ in range(4 * copies):
        best, _ = last.try_one(best, SETTLING)
    assert last.bound == (0.0, 2 * copies)


@pytest.mark.parametrize("copies", [1, 2])
def test_what_one_of_two_must_wait_is_a_bound_once_for_each_circle(copies):
    # In each of them p0 comes from slot 0 and p1 goes on to slot 3; they meet in slot 1 or 2.
    meetings = [(a + 4 * n, b + 4 * n) for n in range(copies) for a, b in [(0, 2), (1, 3), (0, 1)]]
    model, last = last_gaps_of(booths(meetings, [ALL_DAY, {1, 2, 3}, {0}, {3}] * copies))
    best = best_of(model, [0, 3, 1] * copies)
    for _ in range(4 * copies):
        best, _ = last.try_one(best, SETTLING)
    assert last.bound == (0.0, copies)


def test_who_must_wait_since_those_met_are_elsewhere_is_known_to_wait_once_for_each_of_them():
    # On both sides of slot 2, in which p0 meets p1, somebody should come next but meets somebody else then, who has no time
    # later, since a third one needs it. So p0 waits twice, but nobody whom p0 meets knows why.
    pairs = [(0, 1), (0, 2), (2, 3), (3, 4), (0, 5), (5, 6), (6, 7)]
    slots = [ALL_DAY, {2}, {3, 4}, {3, 4}, {4}, {1, 0}, {1, 0}, {0}]
    model, last = last_gaps_of(booths(pairs, slots))
    best = best_of(model, [2, 4, 3, 4, 0, 1, 0])
    for _ in range(TRIES_IN_VAIN):
        assert last.bound == (0.0, 0)
        best, _ = last.try_one(best, SETTLING)
    assert people_with_gaps(model, best.plan) == {0: 2}
    assert last.bound == (0.0, 2)


def test_who_meets_many_who_meet_many_is_freed_though_only_one_such_formula_is_kept(monkeypatch):
    monkeypatch.setattr("kontor_engines.meetings._last_gaps.KEPT", 600)
    hosts = (0, 1)
    meetings, seats, slots = [], [], [set(range(50)) for _ in hosts]
    for host in hosts:
        for n in range(24):
            guest = len(slots)
            first = (
                n if n < 23 else 24
            )  # the last guest should come one slot earlier, with everybody whom the guest meets
            meetings += [(host, guest), *((guest, guest + other) for other in range(1, 21))]
            seats += range(first, first + 21)
            slots += [set(range(50)), *({first + other - 1, first + other} for other in range(1, 21))]
    model, last = last_gaps_of(booths(meetings, slots, 50))
    best = best_of(model, seats)
    assert people_with_gaps(model, best.plan) == {0: 1, 1: 1}
    for _ in range(6):
        best, _ = last.try_one(best, SETTLING)
    assert people_with_gaps(model, best.plan) == {}
