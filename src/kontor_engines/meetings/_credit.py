"""Compiled exchanges on credit: one that costs more than it may is paid for by others that follow, or all are undone.

A cool search hardly ever makes somebody wait, even where the next exchange would free that person again; so it stays where it is.
Here up to four exchanges are one move, judged by what they cost together.
"""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

from kontor_engines.meetings._aiming import pick_end, pick_free_neighbour
from kontor_engines.meetings._compiled import NOTHING, REAL, WHOLE, compiled
from kontor_engines.meetings._memory import (
    CHAIN,
    GAPPED_PLACE,
    LIFTED,
    MAX_OWED,
    MAX_SWITCHED,
    MEETINGS,
    MEMBER_START,
    MEMBERS,
    NUM_SWITCHED,
    OLD_HALL,
    OLD_INTERPRETER,
    OLD_SLOT,
    OWED_LIFTED,
    OWED_SWITCHED,
    SLOT,
    SWITCHED,
)
from kontor_engines.meetings._moves import (
    REJECTED,
    cost_without_and_with,
    exchange,
    put_back,
    refresh_people,
)
from kontor_engines.meetings._state import draw

CREDIT = 1.3
"""What exchanges may cost beyond the allowance before others pay, in gaps: somebody waits, and for some slots."""
TRIES = 48
"""Draws for exchanges that pay."""
NOTHING_OWED = 1e-9
"""Below this, what is left is rounding."""
GAIN = 0.5
"""What an exchange must gain at least for the person for whom it is made, in gaps."""


@compiled(NOTHING, WHOLE, WHOLE, WHOLE)
def copy_step(a, o, f, b, length, of, to):  # type: ignore[no-untyped-def]
    """Copy what an exchange lifted and switched from one part of the scratch to another; part 0 is where moves are made."""
    for part in (CHAIN, OLD_SLOT, OLD_HALL, OLD_INTERPRETER):
        for n in range(length):
            a[o[part] + to * o[MEETINGS] + n] = a[o[part] + of * o[MEETINGS] + n]
    for n in range(3 * o[NUM_SWITCHED]):
        a[o[SWITCHED] + 3 * MAX_SWITCHED * to + n] = a[o[SWITCHED] + 3 * MAX_SWITCHED * of + n]


@compiled(NOTHING, WHOLE)
def keep_step(a, o, f, b, step):  # type: ignore[no-untyped-def]
    """Remember the last exchange as one that is owed for (steps count from 1)."""
    a[o[OWED_LIFTED] + step] = o[LIFTED]
    a[o[OWED_SWITCHED] + step] = o[NUM_SWITCHED]
    copy_step(a, o, f, b, o[LIFTED], 0, step)


@compiled(NOTHING, WHOLE)
def undo_step(a, o, f, b, step):  # type: ignore[no-untyped-def]
    """Undo the last exchange that is owed for."""
    length = a[o[OWED_LIFTED] + step]
    o[NUM_SWITCHED] = a[o[OWED_SWITCHED] + step]
    copy_step(a, o, f, b, length, step, 0)
    put_back(a, o, f, b, length)
    for n in range(length):
        refresh_people(a, o, f, b, a[o[CHAIN] + n])


@compiled(WHOLE, WHOLE)
def somebody_waiting(a, o, f, b, step):  # type: ignore[no-untyped-def]
    """One of the people of an exchange who wait longer than they must; -1: nobody does."""
    found = 0
    who = -1
    chain = o[CHAIN] + step * o[MEETINGS]
    for n in range(a[o[OWED_LIFTED] + step]):
        m = a[chain + n]
        for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
            p = a[o[MEMBERS] + k]
            if a[o[GAPPED_PLACE] + p] >= 0:
                found += 1
                if draw(a, o, f, b, found) == 0:
                    who = p
    return who


@compiled(REAL, WHOLE, REAL)
def exchange_in_turn(a, o, f, b, step, allowance):  # type: ignore[no-untyped-def]
    """Try one exchange for somebody whom that one lets wait; the difference in cost, or inf."""
    p = somebody_waiting(a, o, f, b, step)
    if p < 0:
        return REJECTED
    t = pick_free_neighbour(a, o, f, b, p)
    if t < 0:
        return REJECTED
    m = pick_end(a, o, f, b, p, t)
    if m < 0 or cost_without_and_with(a, o, f, b, p, a[o[SLOT] + m], t) > -GAIN:
        return REJECTED
    return exchange(a, o, f, b, m, t, allowance)


@compiled(REAL, WHOLE, WHOLE, REAL)
def exchange_on_credit(a, o, f, b, m, u, allowance):  # type: ignore[no-untyped-def]
    """Exchange slot u and the slot of m; what costs more than the allowance, but not by more than the credit, is kept if further
    exchanges bring it back to nothing. The difference in cost, or inf."""
    difference = exchange(a, o, f, b, m, u, allowance + CREDIT)
    if difference <= allowance or difference == REJECTED:
        return difference
    owed = 1
    keep_step(a, o, f, b, owed)
    for _ in range(TRIES):
        credit = CREDIT if owed < MAX_OWED else 0.0
        more = exchange_in_turn(a, o, f, b, owed, credit - difference)
        if more == REJECTED:
            continue
        difference += more
        if difference <= NOTHING_OWED:
            return difference
        owed += 1
        keep_step(a, o, f, b, owed)
    while owed > 0:
        undo_step(a, o, f, b, owed)
        owed -= 1
    return REJECTED
