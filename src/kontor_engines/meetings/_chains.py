"""The compiled core of a repair: seat a meeting along the shortest chain of others that take each other's places.

A search has a work space `w` of its own beside the four arrays of the plan (`_memory.py`): a log of every seat it takes or
gives, so that a dead end can be undone, and a stack of the meetings that it still has to seat.
"""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._compiled import (
    COUNTERS,
    NOTHING,
    TRUTH,
    WHOLE,
    compiled,
)
from kontor_engines.meetings._memory import (
    AFTER,
    AFTER_START,
    AT,
    BEFORE,
    BEFORE_START,
    FIXED,
    HALL,
    HALL_WANTED,
    INTERPRETER,
    INTERPRETERS,
    MEETINGS,
    MEMBER_START,
    MEMBERS,
    OPTION_START,
    OPTIONS,
    PAIR,
    SERVER_START,
    SERVERS,
    SERVES,
    SLOT,
    SLOTS,
    SUM_CHANGES,
    TAKES_TABLE,
    TOGETHER,
    TOGETHER_COUNT,
    WAS_SLOT,
)
from kontor_engines.meetings._model import Model
from kontor_engines.meetings._state import (
    can_serve,
    can_walk,
    choose_hall,
    could_serve,
    draw,
    in_order,
    is_at_hand,
    is_change,
    put,
    take,
)

Work = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]

# The work space: places left to look at, entries in the log, entries on the stack, mark of the last search, where the parts of
# each meeting begin, those of the meetings that have changed and which are known to be among them; then the log (meeting, slot,
# hall, interpreter), the stack, the mark of each interpreter, a queue of interpreters and from whom each came; then of each
# meeting its mark, who would take its place, and two queues; then whether it is noted as changed, and how many are and which.
LEFT, LOGGED, STACKED, STAMP, QUEUES, UNSETTLED, KNOWN, LOG = range(8)
MAX_LOGGED, MAX_STACKED = 1024, 256
STACK = LOG + 4 * MAX_LOGGED
SEEN = STACK + MAX_STACKED

MAX_RIVALS = 12
"""Meetings tried for their table or their interpreter, of those in one slot."""


def new_work(model: Model) -> Work:
    """An empty work space."""
    work = np.zeros(SEEN + 3 * len(model.max_run) + 6 * len(model.fixed) + 1, np.int64)
    work[QUEUES] = SEEN + 3 * len(model.max_run)
    work[KNOWN] = work[QUEUES] + 4 * len(model.fixed)
    work[UNSETTLED] = work[KNOWN] + len(model.fixed)
    return work


@compiled(NOTHING, COUNTERS, WHOLE)
def note(a, o, f, b, w, m):  # type: ignore[no-untyped-def]
    """Remember where a meeting is before it is moved."""
    entry = LOG + 4 * w[LOGGED]
    w[entry] = m
    w[entry + 1] = a[o[SLOT] + m]
    w[entry + 2] = a[o[HALL] + m]
    w[entry + 3] = a[o[INTERPRETER] + m]
    w[LOGGED] += 1


@compiled(NOTHING, COUNTERS, WHOLE)
def undo(a, o, f, b, w, length):  # type: ignore[no-untyped-def]
    """Go back to where the log had this length."""
    while w[LOGGED] > length:
        w[LOGGED] -= 1
        entry = LOG + 4 * w[LOGGED]
        m = w[entry]
        if a[o[SLOT] + m] >= 0:
            take(a, o, f, b, m)
        if w[entry + 1] >= 0:
            put(a, o, f, b, m, w[entry + 1], w[entry + 2], w[entry + 3])


@compiled(WHOLE, COUNTERS, WHOLE, WHOLE, WHOLE)
def find_interpreter(a, o, f, b, w, m, t, h):  # type: ignore[no-untyped-def]
    """Somebody for the meeting in slot t, if need be by passing interpreters on from meeting to meeting (breadth first, without
    recursion, which compiled code that is kept on disk cannot do); -1: nobody."""
    queue = SEEN + o[INTERPRETERS]
    origin = queue + o[INTERPRETERS]
    num, done, now = 0, 0, -1
    x, hall = m, h
    idle = 0
    while idle < o[INTERPRETERS] and not is_at_hand(a, o, f, b, idle, t):
        idle += 1
    if idle == o[INTERPRETERS]:
        return -1
    while True:
        begin = a[o[SERVER_START] + a[o[PAIR] + x]]
        end = a[o[SERVER_START] + (a[o[PAIR] + x] + 1)]
        for k in range(begin, end):
            i = a[o[SERVERS] + k]
            if can_serve(a, o, f, b, i, t, hall):
                while now >= 0:
                    former = w[queue + now]
                    x = a[o[SERVES] + former * o[SLOTS] + t]
                    note(a, o, f, b, w, x)
                    a[o[SERVES] + former * o[SLOTS] + t] = -1
                    a[o[SERVES] + i * o[SLOTS] + t] = x
                    a[o[INTERPRETER] + x] = i
                    i = former
                    now = w[origin + now]
                return i
        for k in range(begin, end):
            i = a[o[SERVERS] + k]
            other = a[o[SERVES] + i * o[SLOTS] + t]
            if w[SEEN + i] == w[STAMP] or other < 0 or a[o[FIXED] + other] == 1:
                continue
            if w[LOGGED] + num < MAX_LOGGED and could_serve(a, o, f, b, i, t, hall):
                w[SEEN + i] = w[STAMP]
                w[queue + num] = i
                w[origin + num] = now
                num += 1
        if done == num:
            return -1
        now = done
        done += 1
        x = a[o[SERVES] + w[queue + now] * o[SLOTS] + t]
        hall = a[o[HALL] + x]


@compiled(TRUTH, WHOLE, WHOLE)
def is_free(a, o, f, b, m, t):  # type: ignore[no-untyped-def]
    """Whether the people of a meeting and its order allow slot t as things stand."""
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        if a[o[AT] + a[o[MEMBERS] + k] * o[SLOTS] + t] >= 0:
            return False
    return in_order(a, o, f, b, m, t)


@compiled(TRUTH, COUNTERS, WHOLE, WHOLE)
def seat_in(a, o, f, b, w, m, t):  # type: ignore[no-untyped-def]
    """Seat a meeting in a slot that is free for it, if a table and an interpreter are left."""
    if not is_free(a, o, f, b, m, t) or w[LOGGED] >= MAX_LOGGED:
        return False
    h = choose_hall(a, o, f, b, m, t, np.int64(-1))
    if h < 0:
        return False
    i = -1
    if a[o[PAIR] + m] >= 0:
        w[STAMP] += 1
        i = find_interpreter(a, o, f, b, w, m, t, h)
        if i < 0:
            return False
    note(a, o, f, b, w, m)
    put(a, o, f, b, m, t, h, i)
    return True


@compiled(TRUTH, WHOLE, WHOLE, WHOLE, TRUTH)
def is_rival(a, o, f, b, m, y, t, lacks_table):  # type: ignore[no-untyped-def]
    """Whether meeting y of slot t has what m lacks there: a table, or else an interpreter."""
    if lacks_table:
        h = a[o[HALL] + y]
        wanted = a[o[HALL_WANTED] + m]
        has_table = a[o[TAKES_TABLE] + y] == 1 and (wanted < 0 or wanted == h)
        return has_table and a[o[TAKES_TABLE] + m] == 1 and can_walk(a, o, f, b, m, t, h)
    i = a[o[INTERPRETER] + y]
    if i < 0 or a[o[PAIR] + m] < 0:
        return False
    for k in range(a[o[SERVER_START] + a[o[PAIR] + m]], a[o[SERVER_START] + (a[o[PAIR] + m] + 1)]):
        if a[o[SERVERS] + k] == i:
            return True
    return False


@compiled(NOTHING, COUNTERS, WHOLE, WHOLE)
def in_the_way(a, o, f, b, w, m, t):  # type: ignore[no-untyped-def]
    """Put on the stack what keeps the people of a meeting from slot t, or would lie in the wrong order."""
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        y = a[o[AT] + a[o[MEMBERS] + k] * o[SLOTS] + t]
        if y >= 0:
            w[STACK + w[STACKED]] = y
            w[STACKED] += 1
    for k in range(a[o[BEFORE_START] + m], a[o[BEFORE_START] + (m + 1)]):
        y = a[o[BEFORE] + k]
        if a[o[SLOT] + y] >= t and w[STACKED] < MAX_STACKED:
            w[STACK + w[STACKED]] = y
            w[STACKED] += 1
    for k in range(a[o[AFTER_START] + m], a[o[AFTER_START] + (m + 1)]):
        y = a[o[AFTER] + k]
        if a[o[SLOT] + y] >= 0 and a[o[SLOT] + y] <= t and w[STACKED] < MAX_STACKED:
            w[STACK + w[STACKED]] = y
            w[STACKED] += 1


@compiled(TRUTH, COUNTERS, WHOLE)
def lift(a, o, f, b, w, bottom):  # type: ignore[no-untyped-def]
    """Lift the meetings on the stack; false if one must not move or the present chain has moved it already."""
    for n in range(bottom, w[STACKED]):
        m = w[STACK + n]
        if a[o[SLOT] + m] < 0:
            continue
        if a[o[FIXED] + m] == 1 or w[LOGGED] >= MAX_LOGGED:
            return False
        for entry in range(w[LOGGED]):
            if w[LOG + 4 * entry] == m:
                return False
        note(a, o, f, b, w, m)
        take(a, o, f, b, m)
    return True


@compiled(TRUTH, COUNTERS, WHOLE, WHOLE, WHOLE, WHOLE)
def follow_back(a, o, f, b, w, m, x, t, limit):  # type: ignore[no-untyped-def]
    """Seat x in slot t, whoever wanted its place there, and so on back to m; false, and nothing moved, if that fails."""
    parents = w[QUEUES] + o[MEETINGS]
    before = w[LOGGED]
    while True:
        freed = a[o[SLOT] + x]
        if w[LOGGED] < MAX_LOGGED and freed >= 0:
            note(a, o, f, b, w, x)
            take(a, o, f, b, x)
        if not seat_in(a, o, f, b, w, x, t):
            break
        if x == m:
            if o[SUM_CHANGES] <= limit:
                return True
            break
        x = w[parents + x]
        t = freed
    undo(a, o, f, b, w, before)
    return False


@compiled(TRUTH, COUNTERS, WHOLE, WHOLE)
def seat_by_shortest_chain(a, o, f, b, w, m, more):  # type: ignore[no-untyped-def]
    """Seat a meeting so that the fewest others change, each taking the place of one other (breadth first, by changes)."""
    marks = w[QUEUES]
    parents = marks + o[MEETINGS]
    now = parents + o[MEETINGS]
    later = now + o[MEETINGS]
    w[STAMP] += 1
    stamp = w[STAMP]
    w[marks + m] = stamp
    w[now] = m
    num, num_later = 1, 0
    limit = o[SUM_CHANGES] + more
    for _ in range(more + 1):
        done = 0
        while done < num:
            x = w[now + done]
            done += 1
            w[LEFT] -= 1
            if w[LEFT] < 0:
                return False
            begin = a[o[OPTION_START] + x]
            options = a[o[OPTION_START] + (x + 1)] - begin
            first = draw(a, o, f, b, options)
            for k in range(options):
                t = a[o[OPTIONS] + begin + (first + k) % options]
                if t == a[o[SLOT] + x]:
                    continue
                w[STACKED] = 0
                in_the_way(a, o, f, b, w, x, t)
                if w[STACKED] == 0:
                    if follow_back(a, o, f, b, w, m, x, t, limit):
                        return True
                    others = min(a[o[TOGETHER_COUNT] + t], MAX_RIVALS)
                    lacks_table = choose_hall(a, o, f, b, x, t, -1) < 0
                    offset = draw(a, o, f, b, max(1, a[o[TOGETHER_COUNT] + t]))
                    for n in range(others):
                        place = (offset + n) % a[o[TOGETHER_COUNT] + t]
                        y = a[o[TOGETHER] + t * o[MEETINGS] + place]
                        if is_rival(a, o, f, b, x, y, t, lacks_table):
                            w[STACK + w[STACKED]] = y
                            w[STACKED] += 1
                elif w[STACKED] > 1:
                    continue
                for n in range(w[STACKED]):
                    y = w[STACK + n]
                    # One in the wrong order lies in another slot, which x would not take.
                    if w[marks + y] == stamp or a[o[FIXED] + y] == 1 or a[o[SLOT] + y] != t:
                        continue
                    w[marks + y] = stamp
                    w[parents + y] = x
                    if a[o[WAS_SLOT] + y] < 0 or is_change(a, o, f, b, y) == 1:
                        w[now + num] = y
                        num += 1
                    else:
                        w[later + num_later] = y
                        num_later += 1
        now, later = later, now
        num, num_later = num_later, 0
    return False
