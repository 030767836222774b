"""The compiled passes of a repair: keep what can stay, seat what waits, bring home and tidy what was moved."""

import numba as nb
import numpy as np

from kontor_engines.meetings._chains import (
    DROPPED,
    LEFT,
    LOG,
    LOGGED,
    STACKED,
    STAMP,
    find_interpreter,
    is_free,
    note,
    seat_along_chain,
    seat_by_shortest_chain,
    seat_in,
    undo,
)
from kontor_engines.meetings._memory import (
    CAPACITY,
    DOMAIN,
    FIXED,
    HALL_WANTED,
    MEETINGS,
    OPTION_START,
    OPTIONS,
    PAIR,
    PRIORITY,
    SLOT,
    SLOTS,
    SUM_CHANGES,
    TAKES_TABLE,
    USED,
    WAS_HALL,
    WAS_SLOT,
)
from kontor_engines.meetings._moves import refresh_people
from kontor_engines.meetings._state import (
    can_serve,
    can_walk,
    is_change,
    put,
    take,
)

ALL_STAY, WORTHIER_FIRST = range(2)
"""Whether a meeting may push out one that is worth less."""
HOME = -1000.0
"""Cost of returning to the published place: below any other."""


@nb.njit(cache=True, nogil=True)
def seat_best(a, o, f, b, w, m):  # type: ignore[no-untyped-def]
    """Seat a meeting with nobody else moved where it costs its people least; its published place comes first."""
    before = w[LOGGED]
    best = np.inf
    where = np.int64(-1)
    begin = a[o[OPTION_START] + m]
    for k in range(begin, a[o[OPTION_START] + (m + 1)] + 1):
        last = k == a[o[OPTION_START] + (m + 1)]
        t = where if last else np.int64(a[o[OPTIONS] + k])
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


@nb.njit(cache=True, nogil=True)
def keep(a, o, f, b, w, who):  # type: ignore[no-untyped-def]
    """Seat what can stay where it was published; first those that also keep their interpreter `who`."""
    for turn in range(2):
        for m in range(o[MEETINGS]):
            t = np.int64(a[o[WAS_SLOT] + m])
            if t < 0 or a[o[SLOT] + m] >= 0 or a[o[FIXED] + m] == 1 or a[o[DOMAIN] + m * o[SLOTS] + t] == 0:
                continue
            h = np.int64(a[o[WAS_HALL] + m])
            wanted = a[o[HALL_WANTED] + m]
            full = a[o[USED] + h * o[SLOTS] + t] >= a[o[CAPACITY] + h * o[SLOTS] + t]
            if (wanted >= 0 and wanted != h) or (full and a[o[TAKES_TABLE] + m] == 1):
                continue
            if not is_free(a, o, f, b, m, t) or not can_walk(a, o, f, b, m, t, h):
                continue
            i = np.int64(-1)
            if a[o[PAIR] + m] >= 0:
                own = np.int64(who[m])
                if turn == 1:
                    w[LOGGED] = 0
                    w[STAMP] += 1
                    i = find_interpreter(a, o, f, b, w, m, t, h)
                elif own >= 0 and can_serve(a, o, f, b, own, t, h):
                    i = own
                if i < 0:
                    continue
            put(a, o, f, b, m, t, h, i)


@nb.njit(cache=True, nogil=True)
def seat_waiting(a, o, f, b, w, order, more, mode, left):  # type: ignore[no-untyped-def]
    """Seat those of `order` that have no seat, each with at most `more` further changes; returns the places looked at."""
    looked = 0
    for k in range(len(order)):
        m = np.int64(order[k])
        if a[o[SLOT] + m] >= 0 or a[o[FIXED] + m] == 1 or looked >= left:
            continue
        w[LOGGED] = 0
        w[STACKED] = 0
        w[DROPPED] = -1
        if more == 0 and seat_best(a, o, f, b, w, m):
            looked += 1
            continue
        budget = min(left - looked, left // 4 + 1)
        w[LEFT] = budget
        worth = f[o[PRIORITY] + m] if mode == WORTHIER_FIRST else 0.0
        found = seat_by_shortest_chain(a, o, f, b, w, m, more)
        if not found:
            w[STACKED] = 0
            found = seat_along_chain(a, o, f, b, w, m, o[SUM_CHANGES] + more, worth, np.int64(0))
        if found:
            for n in range(w[LOGGED]):
                refresh_people(a, o, f, b, w[LOG + 4 * n])
        looked += budget - max(0, w[LEFT])
    return looked


@nb.njit(cache=True, nogil=True)
def tidy(a, o, f, b, w, order):  # type: ignore[no-untyped-def]
    """Give each of these meetings, as far as they have changed, its published or else its best place; whether one moved."""
    gained = False
    for k in range(len(order)):
        m = np.int64(order[k])
        t = a[o[SLOT] + m]
        if t < 0 or a[o[FIXED] + m] == 1 or (a[o[WAS_SLOT] + m] >= 0 and is_change(a, o, f, b, m) == 0):
            continue
        w[LOGGED] = 0
        changes = o[SUM_CHANGES]
        note(a, o, f, b, w, m)
        take(a, o, f, b, m)
        refresh_people(a, o, f, b, m)
        if seat_best(a, o, f, b, w, m):
            gained = gained or a[o[SLOT] + m] != t or o[SUM_CHANGES] < changes
        else:
            undo(a, o, f, b, w, np.int64(0))
            refresh_people(a, o, f, b, m)
    return gained


@nb.njit(cache=True, nogil=True)
def send_home(a, o, f, b, w, order, left):  # type: ignore[no-untyped-def]
    """Try to bring changed meetings back to their published places, moving only such as have changed anyway."""
    gained = False
    for k in range(len(order)):
        m = np.int64(order[k])
        t = a[o[WAS_SLOT] + m]
        if t < 0 or a[o[DOMAIN] + m * o[SLOTS] + t] == 0 or a[o[SLOT] + m] < 0 or a[o[FIXED] + m] == 1:
            continue
        if is_change(a, o, f, b, m) == 0:
            continue
        w[LOGGED] = 0
        w[STACKED] = 0
        w[DROPPED] = -1
        w[LEFT] = left
        limit = o[SUM_CHANGES] - 1
        note(a, o, f, b, w, m)
        take(a, o, f, b, m)
        if seat_along_chain(a, o, f, b, w, m, limit, 0.0, np.int64(0)):
            gained = True
        else:
            undo(a, o, f, b, w, np.int64(0))
        for n in range(w[LOGGED]):
            refresh_people(a, o, f, b, w[LOG + 4 * n])
    return gained
