"""The compiled search: greedy start, then simulated annealing over the moves, remembering the best plan."""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._aiming import any_slot, pick_end, pick_free_neighbour
from kontor_engines.meetings._compiled import (
    NOTHING,
    REAL,
    REALS,
    TRUTH,
    WHOLE,
    WHOLES,
    address,
    compiled,
    entry_point,
    types,
)
from kontor_engines.meetings._credit import exchange_on_credit
from kontor_engines.meetings._giving_way import seat_directly
from kontor_engines.meetings._insert import insert
from kontor_engines.meetings._memory import (
    COST,
    FIXED,
    GAPPED,
    HALL,
    HALL_WANTED,
    HALLS,
    IN_VAIN,
    INTERPRETER,
    INTERPRETERS,
    MAX_CHANGES,
    MEETINGS,
    MEMBER_START,
    MEMBERS,
    NUM_GAPPED,
    NUM_OUT,
    NUM_SWITCHED,
    OPTION_START,
    OPTIONS,
    OUT,
    PAIR,
    PEOPLE,
    PLACED,
    SLOT,
    SUM_CHANGES,
    SUM_GAPS,
    SUM_OVER,
    WAS_SLOT,
    WEIGHT,
)
from kontor_engines.meetings._model import Floats, Ints
from kontor_engines.meetings._moves import (
    REJECTED,
    change_hall,
    change_interpreter,
    exchange,
    refresh_people,
)
from kontor_engines.meetings._state import (
    change_cost,
    draw,
    draw_unit,
    put,
    take,
)

COOLING = 0.2
"""The temperature falls to 0.63 of its value while the number of moves grows tenfold."""
BATCH = 256
"""Moves between two looks at the temperature."""
INSERT, SWITCH_INTERPRETER, SWITCH_HALL, AIMED_AT_GAPS, AIMED = 25, 28, 30, 60, 85
"""Of 100 moves those below each number, if there is something to move: see `one_move`."""
PATIENCE = 50
"""Insertions in vain for each meeting left out, after which only one move of a hundred is one: they cost fifty times as much as
others, and what is still left out then mostly has to be."""
TO_CREDIT = 5
"""Holds after which an exchange may be paid for by others: as long as the search is hot, single ones do."""


Counters = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]


class Best(NamedTuple):
    """The best plan seen so far."""

    plan: Ints
    """(3, M) slot, hall and interpreter of each meeting, -1: none."""
    score: Floats
    """(5) broken limits (H9, H10), minus placed priority, counted changes, gaps, energy: compared in this order."""


def new_best(num_meetings: int) -> Best:
    """Worse than any plan."""
    return Best(np.full((3, num_meetings), -1, np.int32), np.full(5, np.inf))


@compiled(types.Tuple((WHOLE, REAL, WHOLE, WHOLE)))
def score_of(a, o, f, b):  # type: ignore[no-untyped-def]
    """(broken limits, minus priority, changes, gaps) of the present plan."""
    changes = o[SUM_CHANGES]
    over = o[SUM_OVER]
    if o[MAX_CHANGES] >= 0:
        over += max(0, changes - o[MAX_CHANGES])
        changes = 0
    return (over, -f[o[PLACED]], changes, o[SUM_GAPS])


@compiled(TRUTH, WHOLES, REALS, REAL)
def remember_if_better(a, o, f, b, plan, score, soft):  # type: ignore[no-untyped-def]
    """Copy the present plan if it beats the best; `soft` is its energy, which settles ties."""
    over, missing, changes, gaps = score_of(a, o, f, b)
    better = False
    if over != score[0]:
        better = over < score[0]
    elif abs(missing - score[1]) > 1e-07 or score[1] == np.inf:
        better = missing < score[1]
    elif changes != score[2]:
        better = changes < score[2]
    elif gaps != score[3]:
        better = gaps < score[3]
    else:
        better = soft < score[4] - 1e-06
    if better:
        score[0] = over
        score[1] = missing
        score[2] = changes
        score[3] = gaps
        score[4] = soft
        for m in range(o[MEETINGS]):
            plan[m] = a[o[SLOT] + m]
            plan[o[MEETINGS] + m] = a[o[HALL] + m]
            plan[2 * o[MEETINGS] + m] = a[o[INTERPRETER] + m]
    return better


@compiled(REAL)
def energy(a, o, f, b):  # type: ignore[no-untyped-def]
    """What the search makes small: people's cost, meetings left out, changes."""
    total = change_cost(a, o, f, b, o[SUM_CHANGES])
    for p in range(o[PEOPLE]):
        total += f[o[COST] + p]
    for k in range(o[NUM_OUT]):
        total += f[o[WEIGHT] + a[o[OUT] + k]]
    return total


@compiled(NOTHING, WHOLES)
def load_steps(a, o, f, b, plan):  # type: ignore[no-untyped-def]
    """Make the state hold exactly this plan, which is known to be valid."""
    for m in range(o[MEETINGS]):
        if (a[o[SLOT] + m] >= 0 and a[o[SLOT] + m] != plan[m]) or (
            a[o[SLOT] + m] >= 0
            and (
                a[o[HALL] + m] != plan[o[MEETINGS] + m] or a[o[INTERPRETER] + m] != plan[2 * o[MEETINGS] + m]
            )
        ):
            take(a, o, f, b, m)
    for m in range(o[MEETINGS]):
        if plan[m] >= 0 and a[o[SLOT] + m] < 0:
            put(a, o, f, b, m, plan[m], plan[o[MEETINGS] + m], plan[2 * o[MEETINGS] + m])
    for m in range(o[MEETINGS]):
        refresh_people(a, o, f, b, m)


@compiled(NOTHING, WHOLES)
def seat_fixed_steps(a, o, f, b, plan):  # type: ignore[no-untyped-def]
    """Seat what H8 keeps, without any check."""
    for m in range(o[MEETINGS]):
        if a[o[FIXED] + m] == 1 and plan[m] >= 0:
            put(a, o, f, b, m, plan[m], plan[o[MEETINGS] + m], plan[2 * o[MEETINGS] + m])
            refresh_people(a, o, f, b, m)


@compiled(NOTHING, WHOLES)
def seat_as_before_steps(a, o, f, b, plan):  # type: ignore[no-untyped-def]
    """Seat whatever of another plan is still possible, in its order."""
    for m in range(o[MEETINGS]):
        if plan[m] >= 0 and a[o[SLOT] + m] < 0 and (a[o[FIXED] + m] == 0):
            o[NUM_SWITCHED] = 0
            if seat_directly(a, o, f, b, m, plan[m], plan[o[MEETINGS] + m], plan[2 * o[MEETINGS] + m]):
                refresh_people(a, o, f, b, m)


@compiled(NOTHING, WHOLES, WHOLE)
def seat_greedily_steps(a, o, f, b, order, num):  # type: ignore[no-untyped-def]
    """Seat each meeting, in the given order, in the free slot that costs its people least."""
    for n in range(num):
        m = order[n]
        if a[o[SLOT] + m] >= 0 or a[o[FIXED] + m] == 1:
            continue
        cheapest = REJECTED
        where = -1
        for k in range(a[o[OPTION_START] + m], a[o[OPTION_START] + (m + 1)]):
            t = a[o[OPTIONS] + k]
            o[NUM_SWITCHED] = 0
            if seat_directly(a, o, f, b, m, t, -1, -1):
                cost = refresh_people(a, o, f, b, m)
                if cost < cheapest:
                    cheapest = cost
                    where = t
                take(a, o, f, b, m)
                refresh_people(a, o, f, b, m)
        if where >= 0:
            o[NUM_SWITCHED] = 0
            if seat_directly(a, o, f, b, m, where, -1, -1):
                refresh_people(a, o, f, b, m)


@compiled(REAL, REAL)
def allowed(a, o, f, b, temperature):  # type: ignore[no-untyped-def]
    """What a move may cost this time."""
    return -temperature * math.log(draw_unit(a, o, f, b))


@compiled(REAL, REAL, TRUTH)
def one_move(a, o, f, b, temperature, on_credit):  # type: ignore[no-untyped-def]
    """Try one random move; the difference in energy, inf if nothing was done."""
    kind = draw(a, o, f, b, 100)
    if o[NUM_OUT] > 0 and kind < INSERT:
        if kind == 0 or o[IN_VAIN] < PATIENCE * o[NUM_OUT]:
            before = o[NUM_OUT]
            m = a[o[OUT] + draw(a, o, f, b, before)]
            t = any_slot(a, o, f, b, m)
            difference = insert(a, o, f, b, m, t, allowed(a, o, f, b, temperature))
            o[IN_VAIN] = 0 if o[NUM_OUT] < before else o[IN_VAIN] + 1
            return difference
        kind = INSERT + draw(a, o, f, b, 100 - INSERT)
    num_meetings = o[MEETINGS]
    if kind < SWITCH_HALL and (o[INTERPRETERS] > 0 or o[HALLS] > 1):
        m = draw(a, o, f, b, num_meetings)
        if a[o[SLOT] + m] >= 0 and a[o[FIXED] + m] == 0:
            if kind < SWITCH_INTERPRETER:
                if a[o[PAIR] + m] >= 0:
                    change_interpreter(a, o, f, b, m)
            elif a[o[HALL_WANTED] + m] < 0 and a[o[WAS_SLOT] + m] < 0:
                change_hall(a, o, f, b, m)
        return REJECTED
    if kind < AIMED:
        if o[NUM_GAPPED] > 0 and kind < AIMED_AT_GAPS:
            p = a[o[GAPPED] + draw(a, o, f, b, o[NUM_GAPPED])]
        else:
            m = draw(a, o, f, b, num_meetings)
            first = a[o[MEMBER_START] + m]
            p = a[o[MEMBERS] + first + draw(a, o, f, b, a[o[MEMBER_START] + m + 1] - first)]
        t = pick_free_neighbour(a, o, f, b, p)
        if t < 0:
            return REJECTED
        m = pick_end(a, o, f, b, p, t)
        if m < 0:
            return REJECTED
    else:
        m = draw(a, o, f, b, num_meetings)
        if a[o[OPTION_START] + (m + 1)] - a[o[OPTION_START] + m] < 2:
            return REJECTED
        t = any_slot(a, o, f, b, m)
    if a[o[SLOT] + m] < 0 or a[o[SLOT] + m] == t:
        return REJECTED
    allowance = allowed(a, o, f, b, temperature)
    if on_credit:
        return exchange_on_credit(a, o, f, b, m, t, allowance)
    return exchange(a, o, f, b, m, t, allowance)


@compiled(NOTHING, WHOLES, REALS, WHOLE, REAL, REAL, WHOLE, WHOLE)
def anneal_steps(a, o, f, b, plan, score, moves, hot, cold, begin, hold):  # type: ignore[no-untyped-def]
    """The temperature falls with a small power of the number of moves: near the best schedule whenever the search is stopped."""
    now = energy(a, o, f, b)
    done = 0
    temperature = cold
    while done < moves:
        if done % BATCH == 0:
            temperature = max(cold, hot * max(1.0, (begin + done) / hold) ** -COOLING)
        difference = one_move(a, o, f, b, temperature, begin + done >= TO_CREDIT * hold)
        if difference != REJECTED:
            now += difference
            if difference < 0.0:
                remember_if_better(a, o, f, b, plan, score, now)
        done += 1
    remember_if_better(a, o, f, b, plan, score, energy(a, o, f, b))


LOAD, SEAT_FIXED, SEAT_AS_BEFORE, SEAT_GREEDILY, ANNEAL = range(5)


@entry_point(
    NOTHING,
    WHOLE,
    types.Array(types.int32, 1, "C"),
    types.Array(types.float64, 1, "C"),
    WHOLE,
    REAL,
    REAL,
    WHOLE,
    WHOLE,
)
def run(a, o, f, b, task, plan, score, moves, hot, cold, begin, hold):  # type: ignore[no-untyped-def]
    """The only way into the search: one, so that everything below is compiled once."""
    aa, oo, ff, bb, numbers = address(a), address(o), address(f), address(b), address(plan)
    if task == LOAD:
        load_steps(aa, oo, ff, bb, numbers)
    elif task == SEAT_FIXED:
        seat_fixed_steps(aa, oo, ff, bb, numbers)
    elif task == SEAT_AS_BEFORE:
        seat_as_before_steps(aa, oo, ff, bb, numbers)
    elif task == SEAT_GREEDILY:
        seat_greedily_steps(aa, oo, ff, bb, numbers, len(plan))
    else:
        anneal_steps(aa, oo, ff, bb, numbers, address(score), moves, hot, cold, begin, hold)


_NO_SCORE: Floats = np.zeros(0)


def load(a: Ints, o: Counters, f: Floats, b: Bits, plan: Ints) -> None:
    """Make the state hold exactly this plan, which is known to be valid."""
    run(a, o, f, b, LOAD, plan.ravel(), _NO_SCORE, 0, 0.0, 0.0, 0, 0)


def seat_fixed(a: Ints, o: Counters, f: Floats, b: Bits, plan: Ints) -> None:
    """Seat what H8 keeps, without any check."""
    run(a, o, f, b, SEAT_FIXED, plan.ravel(), _NO_SCORE, 0, 0.0, 0.0, 0, 0)


def seat_as_before(a: Ints, o: Counters, f: Floats, b: Bits, plan: Ints) -> None:
    """Seat whatever of another plan is still possible, in its order."""
    run(a, o, f, b, SEAT_AS_BEFORE, plan.ravel(), _NO_SCORE, 0, 0.0, 0.0, 0, 0)


def seat_greedily(a: Ints, o: Counters, f: Floats, b: Bits, order: Ints) -> None:
    """Seat each meeting, in the given order, in the free slot that costs its people least."""
    run(a, o, f, b, SEAT_GREEDILY, order, _NO_SCORE, 0, 0.0, 0.0, 0, 0)


def anneal(
    a: Ints,
    o: Counters,
    f: Floats,
    b: Bits,
    plan: Ints,
    score: Floats,
    moves: int,
    hot: float,
    cold: float,
    begin: int,
    hold: int,
) -> None:
    """Some moves of a run of which `begin` are done; the temperature stays hot for `hold` moves, then falls slowly to cold."""
    run(a, o, f, b, ANNEAL, plan.ravel(), score, moves, hot, cold, begin, hold)
