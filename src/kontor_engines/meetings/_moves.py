"""Compiled moves of placed meetings: exchange two slots along a Kempe chain, change an interpreter or a hall."""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

import numpy as np

from kontor_engines.meetings._compiled import NOTHING, REAL, TRUTH, WHOLE, compiled
from kontor_engines.meetings._memory import (
    AT,
    CAPACITY,
    CHAIN,
    COST,
    DOMAIN,
    FIXED,
    HALL,
    HALLS,
    INTERPRETER,
    MARK,
    MAX_SWITCHED,
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
    SWITCHED,
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
    person_cost,
    put,
    refresh,
    take,
)

MAX_CHAIN = 60
REJECTED = np.inf


@compiled(NOTHING, WHOLE, WHOLE)
def note_switch(a, o, f, b, m, i):  # type: ignore[no-untyped-def]
    """Remember the former interpreter of a meeting until the move is kept or undone."""
    n = o[NUM_SWITCHED]
    a[o[SWITCHED] + n * 2] = m
    a[o[SWITCHED] + n * 2 + 1] = i
    o[NUM_SWITCHED] = n + 1


@compiled(NOTHING)
def undo_switches(a, o, f, b):  # type: ignore[no-untyped-def]
    """Give interpreters back in reverse order; meetings that are lifted at this moment get theirs when they are put back."""
    for n in range(o[NUM_SWITCHED] - 1, -1, -1):
        m = a[o[SWITCHED] + n * 2]
        t = a[o[SLOT] + m]
        if t >= 0:
            a[o[SERVES] + a[o[INTERPRETER] + m] * o[SLOTS] + t] = -1
            a[o[INTERPRETER] + m] = a[o[SWITCHED] + n * 2 + 1]
            a[o[SERVES] + a[o[INTERPRETER] + m] * o[SLOTS] + t] = m
    o[NUM_SWITCHED] = 0


@compiled(WHOLE, WHOLE, WHOLE, WHOLE, WHOLE)
def choose_interpreter(a, o, f, b, m, t, h, preferred):  # type: ignore[no-untyped-def]
    """Who can serve the meeting: the preferred one, any other, or one whose meeting a third can take over; -1: nobody."""
    if preferred >= 0 and can_serve(a, o, f, b, preferred, t, h):
        return preferred
    begin = a[o[SERVER_START] + a[o[PAIR] + m]]
    num = a[o[SERVER_START] + (a[o[PAIR] + m] + 1)] - begin
    if num == 0:
        return -1
    offset = draw(a, o, f, b, num)
    for k in range(num):
        i = a[o[SERVERS] + (begin + (offset + k) % num)]
        if can_serve(a, o, f, b, i, t, h):
            return i
    for k in range(min(num, 16) if o[NUM_SWITCHED] < MAX_SWITCHED else 0):
        i = a[o[SERVERS] + (begin + (offset + k) % num)]
        other = a[o[SERVES] + i * o[SLOTS] + t]
        if other < 0 or a[o[FIXED] + other] == 1:
            continue
        a[o[SERVES] + i * o[SLOTS] + t] = -1
        if can_serve(a, o, f, b, i, t, h):
            start = a[o[SERVER_START] + a[o[PAIR] + other]]
            count = a[o[SERVER_START] + (a[o[PAIR] + other] + 1)] - start
            for n in range(count):
                j = a[o[SERVERS] + (start + n)]
                if j != i and can_serve(a, o, f, b, j, t, a[o[HALL] + other]):
                    note_switch(a, o, f, b, other, i)
                    a[o[SERVES] + j * o[SLOTS] + t] = other
                    a[o[INTERPRETER] + other] = j
                    return i
        a[o[SERVES] + i * o[SLOTS] + t] = other
    return -1


@compiled(TRUTH, WHOLE, WHOLE, WHOLE, WHOLE)
def seat_directly(a, o, f, b, m, t, hall, interpreter):  # type: ignore[no-untyped-def]
    """Seat a meeting in a slot, where possible in this hall and with this interpreter; its people are not refreshed."""
    if a[o[DOMAIN] + m * o[SLOTS] + t] == 0 or not in_order(a, o, f, b, m, t):
        return False
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        if a[o[AT] + a[o[MEMBERS] + k] * o[SLOTS] + t] >= 0:
            return False
    h = choose_hall(a, o, f, b, m, t, hall)
    if h < 0:
        return False
    i = -1
    if a[o[PAIR] + m] >= 0:
        i = choose_interpreter(a, o, f, b, m, t, h, interpreter)
        if i < 0:
            return False
    put(a, o, f, b, m, t, h, i)
    return True


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


@compiled(WHOLE, WHOLE, WHOLE)
def find_chain(a, o, f, b, m, u):  # type: ignore[no-untyped-def]
    """The Kempe chain of m between its slot and u: all meetings that must change sides if m does. 0: not allowed."""
    t = a[o[SLOT] + m]
    o[STAMP] += 1
    stamp = o[STAMP]
    chain = o[CHAIN]
    a[chain] = m
    a[o[MARK] + m] = stamp
    length = 1
    done = 0
    while done < length:
        x = a[chain + done]
        done += 1
        to = u if a[o[SLOT] + x] == t else t
        if a[o[FIXED] + x] == 1 or a[o[DOMAIN] + x * o[SLOTS] + to] == 0:
            return 0
        for k in range(a[o[MEMBER_START] + x], a[o[MEMBER_START] + (x + 1)]):
            y = a[o[AT] + a[o[MEMBERS] + k] * o[SLOTS] + to]
            if y >= 0 and a[o[MARK] + y] != stamp:
                if length == MAX_CHAIN:
                    return 0
                a[o[MARK] + y] = stamp
                a[chain + length] = y
                length += 1
    return length


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
    undo_switches(a, o, f, b)
    for n in range(length):
        put(a, o, f, b, a[o[CHAIN] + n], a[o[OLD_SLOT] + n], a[o[OLD_HALL] + n], a[o[OLD_INTERPRETER] + n])


@compiled(REAL, WHOLE, WHOLE, REAL)
def exchange(a, o, f, b, m, u, allowance):  # type: ignore[no-untyped-def]
    """Exchange slot u and the slot of m along the chain of m, if that costs at most the allowance; the difference, or inf."""
    t = a[o[SLOT] + m]
    length = find_chain(a, o, f, b, m, u)
    if length == 0:
        return REJECTED
    difference = chain_difference(a, o, f, b, length, t, u)
    if difference > allowance:
        return REJECTED
    o[NUM_SWITCHED] = 0
    for n in range(length):
        lift(a, o, f, b, a[o[CHAIN] + n], n)
    for n in range(length):
        to = u if a[o[OLD_SLOT] + n] == t else t
        if not seat_directly(a, o, f, b, a[o[CHAIN] + n], to, a[o[OLD_HALL] + n], a[o[OLD_INTERPRETER] + n]):
            put_back(a, o, f, b, length)
            return REJECTED
    for n in range(length):
        refresh_people(a, o, f, b, a[o[CHAIN] + n])
    return difference


@compiled(NOTHING, WHOLE)
def change_interpreter(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """Give a placed meeting another free interpreter: costs nothing and opens ways."""
    i = a[o[INTERPRETER] + m]
    t = a[o[SLOT] + m]
    begin = a[o[SERVER_START] + a[o[PAIR] + m]]
    j = a[o[SERVERS] + (begin + draw(a, o, f, b, a[o[SERVER_START] + (a[o[PAIR] + m] + 1)] - begin))]
    if can_serve(a, o, f, b, j, t, a[o[HALL] + m]):
        a[o[SERVES] + i * o[SLOTS] + t] = -1
        a[o[SERVES] + j * o[SLOTS] + t] = m
        a[o[INTERPRETER] + m] = j


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
    if i >= 0:
        a[o[SERVES] + i * o[SLOTS] + t] = -1
        able = can_serve(a, o, f, b, i, t, h)
        a[o[SERVES] + i * o[SLOTS] + t] = m
        if not able:
            return
    old = a[o[HALL] + m]
    a[o[USED] + old * o[SLOTS] + t] -= 1
    a[o[USED] + h * o[SLOTS] + t] += 1
    a[o[HALL] + m] = h
