"""Compiled draws of what to move: a slot, an idle place beside somebody's meetings, a meeting that could fill it."""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

import numpy as np

from kontor_engines.meetings._compiled import TRUTH, WHOLE, compiled, zeros_above, zeros_below
from kontor_engines.meetings._memory import (
    AGENDA,
    AGENDA_START,
    BIT,
    BUSY,
    DAY_WORDS,
    FIXED,
    OPEN,
    OPTION_START,
    OPTIONS,
    SLOT,
    SLOT_AT,
    WORDS,
)
from kontor_engines.meetings._state import ALL, draw, may_lie

TRIES = 4
"""Draws for a meeting or a slot that suits a person."""


@compiled(WHOLE, WHOLE)
def any_slot(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """A random slot of the domain of a meeting."""
    begin = a[o[OPTION_START] + m]
    return a[o[OPTIONS] + begin + draw(a, o, f, b, a[o[OPTION_START] + (m + 1)] - begin)]


@compiled(WHOLE, WHOLE, WHOLE, WHOLE)
def place_beside(a, o, f, b, p, place, step):  # type: ignore[no-untyped-def]
    """The next place after (step 1) or before (-1) one that counts for a person on the same day; -1: none."""
    w = place >> 6
    day = w // o[DAY_WORDS]
    later = ALL << np.uint64(place & 63)
    rest = b[o[OPEN] + p * o[WORDS] + w] & (later << np.uint64(1) if step > 0 else ~later)
    while rest == np.uint64(0):
        w += step
        if w < 0 or w // o[DAY_WORDS] != day:
            return -1
        rest = b[o[OPEN] + p * o[WORDS] + w]
    return 64 * w + (np.int64(zeros_below(rest)) if step > 0 else 63 - np.int64(zeros_above(rest)))


@compiled(TRUTH, WHOLE, WHOLE)
def is_busy(a, o, f, b, p, place):  # type: ignore[no-untyped-def]
    """Whether a place of a person exists and is taken."""
    if place < 0:
        return False
    return (b[o[BUSY] + p * o[WORDS] + (place >> 6)] >> np.uint64(place & 63)) & np.uint64(1) != np.uint64(0)


@compiled(WHOLE, WHOLE)
def pick_free_neighbour(a, o, f, b, p):  # type: ignore[no-untyped-def]
    """A slot in which a person is idle beside one of the person's meetings; -1: none found."""
    begin = a[o[AGENDA_START] + p]
    num = a[o[AGENDA_START] + p + 1] - begin
    for _ in range(TRIES):
        t = a[o[SLOT] + a[o[AGENDA] + begin + draw(a, o, f, b, num)]]
        if t < 0:
            continue
        place = place_beside(a, o, f, b, p, a[o[BIT] + t], 1 if draw(a, o, f, b, 2) == 1 else -1)
        if place >= 0 and not is_busy(a, o, f, b, p, place):
            return a[o[SLOT_AT] + place]
    return -1


@compiled(WHOLE, WHOLE, WHOLE)
def pick_end(a, o, f, b, p, u):  # type: ignore[no-untyped-def]
    """A meeting of a person that could lie in slot u and is first or last of a run, so that nothing breaks if it leaves; -1:
    none found."""
    begin = a[o[AGENDA_START] + p]
    num = a[o[AGENDA_START] + p + 1] - begin
    for _ in range(TRIES):
        m = a[o[AGENDA] + begin + draw(a, o, f, b, num)]
        t = a[o[SLOT] + m]
        if t < 0 or not may_lie(a, o, f, b, m, u) or a[o[FIXED] + m] == 1:
            continue
        before = place_beside(a, o, f, b, p, a[o[BIT] + t], -1)
        after = place_beside(a, o, f, b, p, a[o[BIT] + t], 1)
        if not (is_busy(a, o, f, b, p, before) and is_busy(a, o, f, b, p, after)):
            return m
    return -1
