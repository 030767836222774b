"""Compiled moves of placed meetings: exchange two slots along Kempe chains, change an interpreter or a hall."""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

import numpy as np

from kontor_engines.meetings._compiled import NOTHING, REAL, TRUTH, WHOLE, compiled, types
from kontor_engines.meetings._giving_way import (
    reseat,
    seat_directly,
    undo_switches,
)
from kontor_engines.meetings._memory import (
    AT,
    CAPACITY,
    CHAIN,
    COST,
    FIXED,
    HALL,
    HALL_WANTED,
    HALLS,
    INTERPRETER,
    LIFTED,
    MARK,
    MEETINGS,
    MEMBER_START,
    MEMBERS,
    NUM_SWITCHED,
    OLD_HALL,
    OLD_INTERPRETER,
    OLD_SLOT,
    PAIR,
    SERVER_START,
    SERVERS,
    SERVES,
    SLOT,
    SLOTS,
    STAMP,
    SUM_CHANGES,
    TAKES_TABLE,
    TOGETHER,
    TOGETHER_COUNT,
    USED,
    WAS_HALL,
    WAS_SLOT,
)
from kontor_engines.meetings._state import (
    can_serve,
    can_walk,
    change_cost,
    choose_hall,
    count_gaps,
    draw,
    flip,
    in_order,
    may_lie,
    near_enough,
    person_cost,
    put,
    refresh,
    take,
)

MAX_CHAIN = 60
MAX_PARTNERS = 3
"""Chains that may change sides at once, so that what one takes another leaves."""
DRAWS = 8
"""Draws for a meeting that could leave its table or its interpreter."""
NEITHER, TABLE, INTERPRETED = range(3)
"""What a meeting lacked that found no seat."""
REJECTED = np.inf


@compiled(REAL, WHOLE)
def refresh_people(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """Count the gaps of a meeting's people anew; returns the difference in cost."""
    difference = 0.0
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        difference += refresh(a, o, f, b, a[o[MEMBERS] + k])
    return difference


@compiled(REAL, WHOLE, WHOLE, WHOLE)
def cost_without_and_with(a, o, f, b, p, t, u):  # type: ignore[no-untyped-def]
    """Difference in cost of a person whose busy place t moves to u."""
    flip(a, o, f, b, p, t)
    flip(a, o, f, b, p, u)
    gaps, idle = count_gaps(a, o, f, b, p)
    flip(a, o, f, b, p, t)
    flip(a, o, f, b, p, u)
    return person_cost(a, o, f, b, gaps, idle) - f[o[COST] + p]


@compiled(WHOLE, WHOLE, WHOLE, WHOLE)
def grow_chain(a, o, f, b, m, u, length):  # type: ignore[no-untyped-def]
    """Add m and its Kempe chain between its slot and u, all meetings that must change sides if m does, to a chain of this length;
    the new length, or -1 and the chain as it was if that is not allowed."""
    t = a[o[SLOT] + m]
    stamp = o[STAMP]
    chain = o[CHAIN]
    done = length
    end = length + 1
    a[chain + length] = m
    a[o[MARK] + m] = stamp
    while done < end:
        x = a[chain + done]
        done += 1
        to = u if a[o[SLOT] + x] == t else t
        fits = a[o[FIXED] + x] == 0 and may_lie(a, o, f, b, x, to)
        for k in range(a[o[MEMBER_START] + x], a[o[MEMBER_START] + (x + 1)]):
            y = a[o[AT] + a[o[MEMBERS] + k] * o[SLOTS] + to]
            if y >= 0 and a[o[MARK] + y] != stamp and fits:
                a[o[MARK] + y] = stamp
                a[chain + end] = y
                end += 1
        if not fits or end > MAX_CHAIN:
            for c in range(length, end):
                a[o[MARK] + a[chain + c]] = 0
            return -1
    return end


@compiled(REAL, WHOLE, WHOLE, WHOLE)
def chain_difference(a, o, f, b, length, t, u):  # type: ignore[no-untyped-def]
    """Difference in cost if the chain changes sides; only people at its ends get other busy slots."""
    difference = 0.0
    changes = 0
    for c in range(length):
        x = a[o[CHAIN] + c]
        of = a[o[SLOT] + x]
        to = u if of == t else t
        if a[o[WAS_SLOT] + x] >= 0:
            if of == a[o[WAS_SLOT] + x]:
                changes += 1 if a[o[HALL] + x] == a[o[WAS_HALL] + x] else 0
            elif to == a[o[WAS_SLOT] + x]:
                changes -= 1
        for k in range(a[o[MEMBER_START] + x], a[o[MEMBER_START] + (x + 1)]):
            p = a[o[MEMBERS] + k]
            if a[o[AT] + p * o[SLOTS] + to] < 0:
                difference += cost_without_and_with(a, o, f, b, p, of, to)
    if changes != 0:
        now = o[SUM_CHANGES]
        difference += change_cost(a, o, f, b, now + changes) - change_cost(a, o, f, b, now)
    return difference


@compiled(NOTHING, WHOLE, WHOLE)
def lift(a, o, f, b, m, n):  # type: ignore[no-untyped-def]
    """Take a meeting as number n of a move and remember where it was."""
    a[o[CHAIN] + n] = m
    a[o[OLD_SLOT] + n] = a[o[SLOT] + m]
    a[o[OLD_HALL] + n] = a[o[HALL] + m]
    a[o[OLD_INTERPRETER] + n] = a[o[INTERPRETER] + m]
    take(a, o, f, b, m)


@compiled(NOTHING, WHOLE)
def put_back(a, o, f, b, length):  # type: ignore[no-untyped-def]
    """Undo a move: the lifted meetings return to where they were."""
    for n in range(length):
        if a[o[SLOT] + a[o[CHAIN] + n]] >= 0:
            take(a, o, f, b, a[o[CHAIN] + n])
    undo_switches(a, o, f, b, 0)
    for n in range(length):
        put(a, o, f, b, a[o[CHAIN] + n], a[o[OLD_SLOT] + n], a[o[OLD_HALL] + n], a[o[OLD_INTERPRETER] + n])


@compiled(TRUTH, WHOLE, WHOLE)
def is_full(a, o, f, b, m, t):  # type: ignore[no-untyped-def]
    """Whether no table is left in slot t for a meeting that needs one."""
    if a[o[TAKES_TABLE] + m] == 0:
        return False
    for h in range(o[HALLS]):
        may = a[o[HALL_WANTED] + m] < 0 or a[o[HALL_WANTED] + m] == h
        if may and a[o[USED] + h * o[SLOTS] + t] < a[o[CAPACITY] + h * o[SLOTS] + t]:
            return False
    return True


@compiled(WHOLE, WHOLE, WHOLE, WHOLE)
def draw_partner(a, o, f, b, m, t, lack):  # type: ignore[no-untyped-def]
    """A meeting of slot t, not in the chain, that would leave m its table or its interpreter there; -1: none drawn."""
    if lack == TABLE:
        y = a[o[TOGETHER] + t * o[MEETINGS] + draw(a, o, f, b, a[o[TOGETHER_COUNT] + t])]
        wanted = a[o[HALL_WANTED] + m]
        if a[o[TAKES_TABLE] + y] == 0 or (wanted >= 0 and a[o[HALL] + y] != wanted):
            return -1
    else:
        begin = a[o[SERVER_START] + a[o[PAIR] + m]]
        num = a[o[SERVER_START] + (a[o[PAIR] + m] + 1)] - begin
        y = a[o[SERVES] + a[o[SERVERS] + (begin + draw(a, o, f, b, num))] * o[SLOTS] + t]
    return y if y >= 0 and a[o[MARK] + y] != o[STAMP] else -1


@compiled(types.UniTuple(WHOLE, 2), WHOLE, WHOLE, WHOLE)
def change_sides(a, o, f, b, length, t, u):  # type: ignore[no-untyped-def]
    """Move the chain; (-1, 0), or, if it was undone, the meeting that found no seat and what it lacked."""
    o[NUM_SWITCHED] = 0
    for n in range(length):
        lift(a, o, f, b, a[o[CHAIN] + n], n)
    for n in range(length):
        m = a[o[CHAIN] + n]
        to = u if a[o[OLD_SLOT] + n] == t else t
        if not seat_directly(a, o, f, b, m, to, a[o[OLD_HALL] + n], a[o[OLD_INTERPRETER] + n]):
            lack = NEITHER
            if is_full(a, o, f, b, m, to):
                lack = TABLE
            elif (
                a[o[PAIR] + m] >= 0
                and choose_hall(a, o, f, b, m, to, -1) >= 0
                and in_order(a, o, f, b, m, to)
            ):
                lack = INTERPRETED
            put_back(a, o, f, b, length)
            return m, lack
    for n in range(length):
        refresh_people(a, o, f, b, a[o[CHAIN] + n])
    return -1, NEITHER


@compiled(REAL, WHOLE, WHOLE, REAL)
def exchange(a, o, f, b, m, u, allowance):  # type: ignore[no-untyped-def]
    """Exchange slot u and the slot of m along the chain of m, if that costs at most the allowance; the difference, or inf.

    Where a table or an interpreter is missing, one that has it goes the other way along its own chain.
    """
    t = a[o[SLOT] + m]
    o[STAMP] += 1
    length = grow_chain(a, o, f, b, m, u, 0)
    if length < 0:
        return REJECTED
    difference = chain_difference(a, o, f, b, length, t, u)
    for _ in range(MAX_PARTNERS):
        if difference > allowance:
            return REJECTED
        stuck, lack = change_sides(a, o, f, b, length, t, u)
        if stuck < 0:
            o[LIFTED] = length
            return difference
        if lack == NEITHER:
            return REJECTED
        to = u if a[o[SLOT] + stuck] == t else t
        found = False
        for _ in range(DRAWS):
            y = draw_partner(a, o, f, b, stuck, to, lack)
            if y < 0:
                continue
            longer = grow_chain(a, o, f, b, y, t + u - to, length)
            if longer < 0:
                continue
            difference = chain_difference(a, o, f, b, longer, t, u)
            if difference <= allowance:
                length = longer
                found = True
                break
            for c in range(length, longer):
                a[o[MARK] + a[o[CHAIN] + c]] = 0
        if not found:
            return REJECTED
    return REJECTED


@compiled(NOTHING, WHOLE)
def change_interpreter(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """Give a placed meeting another free interpreter: costs nothing and opens ways."""
    t = a[o[SLOT] + m]
    begin = a[o[SERVER_START] + a[o[PAIR] + m]]
    j = a[o[SERVERS] + (begin + draw(a, o, f, b, a[o[SERVER_START] + (a[o[PAIR] + m] + 1)] - begin))]
    if can_serve(a, o, f, b, j, t, a[o[HALL] + m]):
        reseat(a, o, f, b, m, a[o[HALL] + m], j)


@compiled(NOTHING, WHOLE)
def change_hall(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """Give a meeting with free choice another hall in the same slot."""
    t = a[o[SLOT] + m]
    h = draw(a, o, f, b, o[HALLS])
    if a[o[USED] + h * o[SLOTS] + t] >= a[o[CAPACITY] + h * o[SLOTS] + t] or not can_walk(
        a, o, f, b, m, t, h
    ):
        return
    i = a[o[INTERPRETER] + m]
    if i < 0 or near_enough(a, o, f, b, o[SERVES] + i * o[SLOTS], t, h):
        reseat(a, o, f, b, m, h, i)
