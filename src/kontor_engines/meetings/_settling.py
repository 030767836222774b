"""The compiled search for fewer losses and fewer changes: force a meeting into a slot and seat anew whoever gives way."""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

from kontor_engines.meetings._chains import (
    KNOWN,
    LEFT,
    LOG,
    LOGGED,
    STACK,
    STACKED,
    UNSETTLED,
    in_the_way,
    is_rival,
    lift,
    note,
    seat_by_shortest_chain,
    seat_in,
    undo,
)
from kontor_engines.meetings._compiled import COUNTERS, NOTHING, TRUTH, WHOLE, WHOLES, compiled, types
from kontor_engines.meetings._memory import (
    FIXED,
    MEETINGS,
    NUM_OUT,
    OPTION_START,
    OPTIONS,
    OUT,
    PLACED,
    SLOT,
    SUM_CHANGES,
    TOGETHER,
    TOGETHER_COUNT,
    WAS_SLOT,
)
from kontor_engines.meetings._state import choose_hall, draw, is_change, may_lie, take

SEAT, SHUFFLE = 1, 3
"""Of 16 attempts those below each number: seat one left out, move one that has changed anyway; the others bring one home."""
DRAWS = 16
"""Draws for a meeting that could go home."""
PATIENCE = 20
"""Attempts in vain for each meeting left out, after which the search cares for changes."""
REACH = 60
"""Places looked at to seat one that gave way."""
MAX_GIVING_WAY = 4
"""Meetings that give way to one."""
MAX_ROBBED = 4
"""Meetings tried for their table or their interpreter."""
ALL_OF_A_SLOT = 10
"""Places that a look at all meetings of a slot counts as."""


@compiled(TRUTH, WHOLE)
def is_loose(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """Whether a meeting may move and costs no further change."""
    return a[o[FIXED] + m] == 0 and (a[o[WAS_SLOT] + m] < 0 or is_change(a, o, f, b, m) == 1)


@compiled(TRUTH, COUNTERS, WHOLE, WHOLE)
def force(a, o, f, b, w, m, t):  # type: ignore[no-untyped-def]
    """Seat a lifted meeting in slot t and lift whoever is in its way or has the table or the interpreter that it lacks."""
    w[STACKED] = 0
    in_the_way(a, o, f, b, w, m, t)
    if w[STACKED] > MAX_GIVING_WAY or not lift(a, o, f, b, w, 0):
        return False
    if seat_in(a, o, f, b, w, m, t):
        return True
    w[LEFT] -= ALL_OF_A_SLOT
    before = w[LOGGED]
    num = a[o[TOGETHER_COUNT] + t]
    lacks_table = choose_hall(a, o, f, b, m, t, -1) < 0
    robbed = 0
    offset = draw(a, o, f, b, max(1, num))
    for n in range(2 * num):
        y = a[o[TOGETHER] + t * o[MEETINGS] + (offset + n) % num]
        if is_loose(a, o, f, b, y) != (n < num) or not is_rival(a, o, f, b, m, y, t, lacks_table):
            continue
        w[STACK] = y
        w[STACKED] = 1
        if lift(a, o, f, b, w, 0) and seat_in(a, o, f, b, w, m, t):
            return True
        undo(a, o, f, b, w, before)
        robbed += 1
        if robbed == MAX_ROBBED:
            break
    return False


@compiled(TRUTH, COUNTERS, WHOLE, WHOLE)
def rearrange(a, o, f, b, w, m, t):  # type: ignore[no-untyped-def]
    """Force a meeting into slot t and seat whoever gave way along shortest chains; undone if the plan is worse then."""
    placed, changes = f[o[PLACED]], o[SUM_CHANGES]
    more = 1 if a[o[SLOT] + m] < 0 else 0  # a meeting gained is worth a change of each that gave way
    w[LOGGED] = 0
    if a[o[SLOT] + m] >= 0:
        note(a, o, f, b, w, m)
        take(a, o, f, b, m)
    if force(a, o, f, b, w, m, t):
        for n in range(w[LOGGED]):
            x = w[LOG + 4 * n]
            if a[o[SLOT] + x] < 0:
                left = w[LEFT]
                w[LEFT] = REACH
                seat_by_shortest_chain(a, o, f, b, w, x, max(more, changes - o[SUM_CHANGES]))
                w[LEFT] += left - REACH
        gained = f[o[PLACED]] - placed
        if gained > 1e-7 or (gained > -1e-7 and o[SUM_CHANGES] <= changes):
            return True
    undo(a, o, f, b, w, 0)
    return False


@compiled(TRUTH, COUNTERS, WHOLE, WHOLE)
def costs_no_change(a, o, f, b, w, m, t):  # type: ignore[no-untyped-def]
    """Whether only meetings that have changed anyway keep m from slot t."""
    w[STACKED] = 0
    in_the_way(a, o, f, b, w, m, t)
    for n in range(w[STACKED]):  # noqa: SIM110 -- compiled
        if not is_loose(a, o, f, b, w[STACK + n]):
            return False
    return True


@compiled(WHOLE, WHOLE)
def home_of(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """The published slot of a meeting if it may still lie there, else -1."""
    t = a[o[WAS_SLOT] + m]
    return t if t >= 0 and may_lie(a, o, f, b, m, t) else -1


@compiled(types.UniTuple(WHOLE, 2), COUNTERS, WHOLE)
def aim(a, o, f, b, w, kind):  # type: ignore[no-untyped-def]
    """Some meeting and a slot to force it into; (-1, -1): none drawn."""
    if kind < SEAT:
        m = a[o[OUT] + draw(a, o, f, b, o[NUM_OUT])]
        begin = a[o[OPTION_START] + m]
        return m, a[o[OPTIONS] + begin + draw(a, o, f, b, a[o[OPTION_START] + (m + 1)] - begin)]
    for _ in range(DRAWS):
        if w[w[UNSETTLED]] == 0:
            break
        place = w[UNSETTLED] + 1 + draw(a, o, f, b, w[w[UNSETTLED]])
        m = w[place]
        home = home_of(a, o, f, b, m)
        if a[o[SLOT] + m] < 0 or not is_loose(a, o, f, b, m):
            w[place] = w[w[UNSETTLED] + w[w[UNSETTLED]]]
            w[w[UNSETTLED]] -= 1
            w[w[KNOWN] + m] = 0
        elif kind >= SHUFFLE:
            if home >= 0:
                return m, home
        else:
            begin = a[o[OPTION_START] + m]
            num = a[o[OPTION_START] + (m + 1)] - begin
            offset = draw(a, o, f, b, num)
            for k in range(num):
                t = a[o[OPTIONS] + (begin + (offset + k) % num)]
                if t != a[o[SLOT] + m] and costs_no_change(a, o, f, b, w, m, t):
                    return m, t
    return -1, -1


@compiled(NOTHING, COUNTERS, WHOLE)
def remember_unsettled(a, o, f, b, w, m):  # type: ignore[no-untyped-def]
    """Note that a meeting may have changed."""
    if w[w[KNOWN] + m] == 0 and a[o[FIXED] + m] == 0:
        w[w[KNOWN] + m] = 1
        w[w[UNSETTLED]] += 1
        w[w[UNSETTLED] + w[w[UNSETTLED]]] = m


@compiled(WHOLE, COUNTERS, WHOLES, WHOLE, WHOLE)
def settle_steps(a, o, f, b, w, order, num, left):  # type: ignore[no-untyped-def]
    """Rearrange again and again around meetings that have changed, `order` to begin with, and those left out."""
    w[w[UNSETTLED]] = 0
    least = 0
    for m in range(o[MEETINGS]):
        w[w[KNOWN] + m] = 0
        if a[o[WAS_SLOT] + m] >= 0 and home_of(a, o, f, b, m) < 0:
            least += 1
    for k in range(num):
        remember_unsettled(a, o, f, b, w, order[k])
    in_vain = 0
    w[LEFT] = left
    while w[LEFT] > 0 and (o[NUM_OUT] > 0 or o[SUM_CHANGES] > least):
        w[LEFT] -= 1
        kind = draw(a, o, f, b, 16)
        if kind < SEAT:
            if in_vain >= PATIENCE * o[NUM_OUT]:
                continue
            in_vain += 1
        before = o[NUM_OUT]
        m, t = aim(a, o, f, b, w, kind)
        if m >= 0 and rearrange(a, o, f, b, w, m, t):
            in_vain = 0 if o[NUM_OUT] < before else in_vain
            for n in range(w[LOGGED]):
                remember_unsettled(a, o, f, b, w, w[LOG + 4 * n])
    return left - w[LEFT]
