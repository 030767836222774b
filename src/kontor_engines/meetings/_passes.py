"""The compiled passes of a repair: keep what can stay, seat what waits, settle and tidy what was moved."""

import numpy as np

from kontor_engines.meetings._chains import (
    LEFT,
    LOG,
    LOGGED,
    STAMP,
    Bits,
    Work,
    find_interpreter,
    is_free,
    note,
    seat_by_shortest_chain,
    seat_in,
    undo,
)
from kontor_engines.meetings._compiled import (
    COUNTERS,
    NOTHING,
    TRUTH,
    WHOLE,
    WHOLES,
    address,
    compiled,
    entry_point,
    types,
)
from kontor_engines.meetings._memory import (
    CAPACITY,
    FIXED,
    HALL_WANTED,
    MEETINGS,
    OPTION_START,
    OPTIONS,
    PAIR,
    SLOT,
    SLOTS,
    SUM_CHANGES,
    TAKES_TABLE,
    USED,
    WAS_HALL,
    WAS_SLOT,
)
from kontor_engines.meetings._model import Floats, Ints
from kontor_engines.meetings._moves import refresh_people
from kontor_engines.meetings._settling import is_loose, settle_steps
from kontor_engines.meetings._state import (
    can_serve,
    can_walk,
    is_change,
    may_lie,
    put,
    take,
)

HOME = -1000.0
"""Cost of returning to the published place: below any other."""


@compiled(TRUTH, COUNTERS, WHOLE)
def seat_best(a, o, f, b, w, m):  # type: ignore[no-untyped-def]
    """Seat a meeting with nobody else moved where it costs its people least; its published place comes first."""
    before = w[LOGGED]
    best = np.inf
    where = -1
    begin = a[o[OPTION_START] + m]
    for k in range(begin, a[o[OPTION_START] + (m + 1)] + 1):
        last = k == a[o[OPTION_START] + (m + 1)]
        t = where if last else a[o[OPTIONS] + k]
        if t < 0 or not seat_in(a, o, f, b, w, m, t):
            continue
        cost = refresh_people(a, o, f, b, m)
        if a[o[WAS_SLOT] + m] >= 0 and is_change(a, o, f, b, m) == 0:
            cost = HOME
        if last:
            return True
        undo(a, o, f, b, w, before)
        refresh_people(a, o, f, b, m)
        if cost < best - 1e-9:
            best = cost
            where = t
    return False


@compiled(NOTHING, COUNTERS, WHOLES)
def keep_steps(a, o, f, b, w, who):  # type: ignore[no-untyped-def]
    """Seat what can stay where it was published; first those that also keep their interpreter `who`."""
    for turn in range(2):
        for m in range(o[MEETINGS]):
            t = a[o[WAS_SLOT] + m]
            if t < 0 or a[o[SLOT] + m] >= 0 or a[o[FIXED] + m] == 1 or not may_lie(a, o, f, b, m, t):
                continue
            h = a[o[WAS_HALL] + m]
            wanted = a[o[HALL_WANTED] + m]
            full = a[o[USED] + h * o[SLOTS] + t] >= a[o[CAPACITY] + h * o[SLOTS] + t]
            if (wanted >= 0 and wanted != h) or (full and a[o[TAKES_TABLE] + m] == 1):
                continue
            if not is_free(a, o, f, b, m, t) or not can_walk(a, o, f, b, m, t, h):
                continue
            i = -1
            if a[o[PAIR] + m] >= 0:
                own = who[m]
                if turn == 1:
                    w[LOGGED] = 0
                    w[STAMP] += 1
                    i = find_interpreter(a, o, f, b, w, m, t, h)
                elif own >= 0 and can_serve(a, o, f, b, own, t, h):
                    i = own
                if i < 0:
                    continue
            put(a, o, f, b, m, t, h, i)


@compiled(WHOLE, COUNTERS, WHOLES, WHOLE, WHOLE, WHOLE)
def seat_waiting_steps(a, o, f, b, w, order, num, more, left):  # type: ignore[no-untyped-def]
    """Seat those of `order` that have no seat, each with at most `more` further changes; returns the places looked at."""
    looked = 0
    for k in range(num):
        m = order[k]
        if a[o[SLOT] + m] >= 0 or a[o[FIXED] + m] == 1 or looked >= left:
            continue
        w[LOGGED] = 0
        if more == 0 and seat_best(a, o, f, b, w, m):
            looked += 1
            continue
        budget = min(left - looked, left // 4 + 1)
        w[LEFT] = budget
        if seat_by_shortest_chain(a, o, f, b, w, m, more):
            for n in range(w[LOGGED]):
                refresh_people(a, o, f, b, w[LOG + 4 * n])
        looked += budget - max(0, w[LEFT])
    return looked


@compiled(TRUTH, COUNTERS, WHOLES, WHOLE)
def tidy_steps(a, o, f, b, w, order, num):  # type: ignore[no-untyped-def]
    """Give each of these meetings, as far as they have changed, its published or else its best place; whether one moved."""
    gained = False
    for k in range(num):
        m = order[k]
        t = a[o[SLOT] + m]
        if t < 0 or not is_loose(a, o, f, b, m):
            continue
        w[LOGGED] = 0
        changes = o[SUM_CHANGES]
        note(a, o, f, b, w, m)
        take(a, o, f, b, m)
        refresh_people(a, o, f, b, m)
        if seat_best(a, o, f, b, w, m):
            gained = gained or a[o[SLOT] + m] != t or o[SUM_CHANGES] < changes
        else:
            undo(a, o, f, b, w, 0)
            refresh_people(a, o, f, b, m)
    return gained


KEEP, SEAT_WAITING, SETTLE, TIDY = range(4)


@entry_point(WHOLE, WHOLE, types.Array(types.int64, 1, "C"), types.Array(types.int32, 1, "C"), WHOLE, WHOLE)
def run(a, o, f, b, task, w, order, more, left):  # type: ignore[no-untyped-def]
    """The only way into the repair, so that everything above is compiled once."""
    aa, oo, ff, bb, ww, numbers = address(a), address(o), address(f), address(b), address(w), address(order)
    if task == KEEP:
        keep_steps(aa, oo, ff, bb, ww, numbers)
        return 0
    if task == SEAT_WAITING:
        return seat_waiting_steps(aa, oo, ff, bb, ww, numbers, len(order), more, left)
    if task == SETTLE:
        return settle_steps(aa, oo, ff, bb, ww, numbers, len(order), left)
    return 1 if tidy_steps(aa, oo, ff, bb, ww, numbers, len(order)) else 0


def keep(a: Ints, o: Work, f: Floats, b: Bits, w: Work, who: Ints) -> None:
    """Seat what can stay where it was published; first those that also keep their interpreter `who`."""
    run(a, o, f, b, KEEP, w, who, 0, 0)


def seat_waiting(a: Ints, o: Work, f: Floats, b: Bits, w: Work, order: Ints, more: int, left: int) -> int:
    """Seat those of `order` that have no seat, each with at most `more` further changes; returns the places looked at."""
    return int(run(a, o, f, b, SEAT_WAITING, w, order, more, left))


def settle(a: Ints, o: Work, f: Floats, b: Bits, w: Work, order: Ints, left: int) -> int:
    """Rearrange the changed meetings, `order` to begin with, and those left out; counts no gaps; returns the effort."""
    return int(run(a, o, f, b, SETTLE, w, order, 0, left))


def tidy(a: Ints, o: Work, f: Floats, b: Bits, w: Work, order: Ints) -> bool:
    """Give each of these meetings, as far as they have changed, its published or else its best place; whether one moved."""
    return bool(run(a, o, f, b, TIDY, w, order, 0, 0))
