"""The smallest compiled steps on the plan under search: put, take, count gaps, and may it sit there.

All functions share four arrays, described in `_memory`: `a` (whole numbers), `o` (where each part of the others begins,
sizes and counters), `f` (real numbers), `b` (bits).
"""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

from typing import Any

import numpy as np

from kontor_engines.meetings._compiled import (
    NOTHING,
    REAL,
    TRUTH,
    WHOLE,
    compiled,
    count_ones,
    types,
    zeros_above,
    zeros_below,
)
from kontor_engines.meetings._memory import (
    AFTER,
    AFTER_START,
    AT,
    BEFORE,
    BEFORE_START,
    BIT,
    BUSY,
    CAPACITY,
    COST,
    DAY_WORDS,
    DOMAIN,
    FAR,
    GAPPED,
    GAPPED_PLACE,
    GAPS,
    HALL,
    HALL_WANTED,
    HALLS,
    HAS_FAR,
    IDLE,
    IDLE_WEIGHT,
    INTERPRETER,
    JOINED,
    LEAST,
    MAX_CHANGES,
    MAX_GAPS,
    MAX_RUN,
    MEETINGS,
    MEMBER_START,
    MEMBERS,
    NUM_GAPPED,
    NUM_OUT,
    ON_DUTY,
    OPEN,
    OUT,
    OUT_PLACE,
    PLACED,
    PRIORITY,
    RANDOM,
    SERVES,
    SLOT,
    SLOT_WORDS,
    SLOTS,
    SUM_CHANGES,
    SUM_GAPS,
    SUM_IDLE,
    SUM_OVER,
    TAKES_TABLE,
    TOGETHER,
    TOGETHER_COUNT,
    TOGETHER_PLACE,
    USED,
    WAS_HALL,
    WAS_SLOT,
    WORDS,
)

ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
"""All bits of a word."""
# Weights of the energy, in gaps.
FAIR_WEIGHT, OVER_WEIGHT, CHANGE_WEIGHT = 0.15, 4.0, 3.0


@compiled(WHOLE, WHOLE)
def draw(a, o, f, b, limit):  # type: ignore[no-untyped-def]
    """A number below the limit (xorshift64*, Vigna 2016, doi 10.1145/2845077)."""
    x = b[o[RANDOM]]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    b[o[RANDOM]] = x
    high = x * np.uint64(2685821657736338717) >> np.uint64(32)
    return np.int64(high * np.uint64(limit) >> np.uint64(32))


@compiled(REAL)
def draw_unit(a, o, f, b):  # type: ignore[no-untyped-def]
    """A number in (0, 1]."""
    return (draw(a, o, f, b, 1 << 30) + 1.0) / (1 << 30)


@compiled(types.UniTuple(WHOLE, 2), WHOLE)
def count_gaps(a, o, f, b, p):  # type: ignore[no-untyped-def]
    """(gaps, idle places) of one person: runs of busy places minus one per day, and the idle places between them."""
    gaps = 0
    idle = 0
    day_words = o[DAY_WORDS]
    for day in range(p * o[WORDS], (p + 1) * o[WORDS], day_words):
        runs: Any = 0
        waiting: Any = 0
        reached = np.uint64(0)
        for w in range(day, day + day_words):
            x = b[o[BUSY] + w]
            counts = b[o[OPEN] + w]
            if x != np.uint64(0):
                # A run goes on over slots that do not count: the sum carries it to their end.
                skipped = ~counts
                over = skipped & ((skipped + (((x << np.uint64(1)) | reached) & skipped)) ^ skipped)
                filled = x | over
                starts = x & ~((filled << np.uint64(1)) | reached)
                between = counts & ~x & (ALL >> zeros_above(x))
                if runs == 0:
                    between &= ALL << zeros_below(x)
                runs += np.int64(count_ones(starts))
                idle += waiting + np.int64(count_ones(between))
                waiting = np.int64(count_ones(counts & ~x & ~(ALL >> zeros_above(x))))
                reached = filled >> np.uint64(63)
            elif runs > 0:
                waiting += np.int64(count_ones(counts))
                if counts != np.uint64(0):
                    reached = np.uint64(0)
        if runs > 0:
            gaps += runs - 1
    return gaps, idle


@compiled(REAL, WHOLE, WHOLE)
def person_cost(a, o, f, b, gaps, idle):  # type: ignore[no-untyped-def]
    """Gaps, their length a little, several for one person a little more (fairness), beyond H9 a lot."""
    max_gaps = o[MAX_GAPS]
    cost = gaps + f[o[IDLE_WEIGHT]] * idle + FAIR_WEIGHT * (gaps * (gaps - 1) / 2)
    if max_gaps >= 0 and gaps > max_gaps:
        cost += OVER_WEIGHT * (gaps - max_gaps)
    return cost


@compiled(NOTHING, WHOLE, WHOLE)
def flip(a, o, f, b, p, t):  # type: ignore[no-untyped-def]
    """Toggle the busy bit of a person in a slot."""
    place = a[o[BIT] + t]
    b[o[BUSY] + p * o[WORDS] + (place >> 6)] ^= np.uint64(1) << np.uint64(place & 63)


@compiled(REAL, WHOLE)
def refresh(a, o, f, b, p):  # type: ignore[no-untyped-def]
    """Count the gaps of a person anew after a change; returns the difference in cost."""
    gaps, idle = count_gaps(a, o, f, b, p)
    cost = person_cost(a, o, f, b, gaps, idle)
    old = a[o[GAPS] + p]
    o[SUM_GAPS] += gaps - old
    o[SUM_IDLE] += idle - a[o[IDLE] + p]
    if o[MAX_GAPS] >= 0:
        o[SUM_OVER] += max(0, gaps - o[MAX_GAPS]) - max(0, old - o[MAX_GAPS])
    least = a[o[LEAST] + p]
    if (gaps > least) != (old > least):
        if gaps > least:
            a[o[GAPPED] + o[NUM_GAPPED]] = p
            a[o[GAPPED_PLACE] + p] = o[NUM_GAPPED]
            o[NUM_GAPPED] += 1
        else:
            o[NUM_GAPPED] -= 1
            moved = a[o[GAPPED] + o[NUM_GAPPED]]
            a[o[GAPPED] + a[o[GAPPED_PLACE] + p]] = moved
            a[o[GAPPED_PLACE] + moved] = a[o[GAPPED_PLACE] + p]
            a[o[GAPPED_PLACE] + p] = -1
    a[o[GAPS] + p] = gaps
    a[o[IDLE] + p] = idle
    difference = cost - f[o[COST] + p]
    f[o[COST] + p] = cost
    return difference


@compiled(WHOLE, WHOLE)
def is_change(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """1 if the meeting could stay where it was published and does not."""
    if a[o[WAS_SLOT] + m] < 0:
        return 0
    return 0 if a[o[SLOT] + m] == a[o[WAS_SLOT] + m] and a[o[HALL] + m] == a[o[WAS_HALL] + m] else 1


@compiled(REAL, WHOLE)
def change_cost(a, o, f, b, changes):  # type: ignore[no-untyped-def]
    """Each change costs, or, with a budget (H10), only those beyond it."""
    if o[MAX_CHANGES] >= 0:
        return OVER_WEIGHT * max(0, changes - o[MAX_CHANGES])
    return CHANGE_WEIGHT * changes


@compiled(TRUTH, WHOLE, WHOLE)
def may_lie(a, o, f, b, m, t):  # type: ignore[no-untyped-def]
    """H2: whether slot t is in the domain of a meeting."""
    word = b[o[DOMAIN] + m * o[SLOT_WORDS] + (t >> 6)]
    return (word >> np.uint64(t & 63)) & np.uint64(1) != np.uint64(0)


@compiled(NOTHING, WHOLE, WHOLE, WHOLE, WHOLE)
def put(a, o, f, b, m, t, h, i):  # type: ignore[no-untyped-def]
    """Seat a meeting; the caller refreshes its people and its changes."""
    a[o[SLOT] + m] = t
    a[o[HALL] + m] = h
    a[o[INTERPRETER] + m] = i
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        p = a[o[MEMBERS] + k]
        if a[o[AT] + p * o[SLOTS] + t] < 0:
            flip(a, o, f, b, p, t)
        a[o[AT] + p * o[SLOTS] + t] = m
    if a[o[TAKES_TABLE] + m] == 1:
        a[o[USED] + h * o[SLOTS] + t] += 1
    if i >= 0:
        a[o[SERVES] + i * o[SLOTS] + t] = m
    n = a[o[TOGETHER_COUNT] + t]
    a[o[TOGETHER] + t * o[MEETINGS] + n] = m
    a[o[TOGETHER_PLACE] + m] = n
    a[o[TOGETHER_COUNT] + t] = n + 1
    place = a[o[OUT_PLACE] + m]
    if place >= 0:
        o[NUM_OUT] -= 1
        moved = a[o[OUT] + o[NUM_OUT]]
        a[o[OUT] + place] = moved
        a[o[OUT_PLACE] + moved] = place
        a[o[OUT_PLACE] + m] = -1
    f[o[PLACED]] += f[o[PRIORITY] + m]
    if a[o[WAS_SLOT] + m] >= 0:
        o[SUM_CHANGES] += is_change(a, o, f, b, m) - 1


@compiled(NOTHING, WHOLE)
def take(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """Lift a meeting from its seat; the caller refreshes its people."""
    if a[o[WAS_SLOT] + m] >= 0:
        o[SUM_CHANGES] += 1 - is_change(a, o, f, b, m)
    t = a[o[SLOT] + m]
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        p = a[o[MEMBERS] + k]
        a[o[AT] + p * o[SLOTS] + t] = -1
        flip(a, o, f, b, p, t)
    if a[o[TAKES_TABLE] + m] == 1:
        a[o[USED] + a[o[HALL] + m] * o[SLOTS] + t] -= 1
    i = a[o[INTERPRETER] + m]
    if i >= 0:
        a[o[SERVES] + i * o[SLOTS] + t] = -1
    n = a[o[TOGETHER_COUNT] + t] - 1
    last = a[o[TOGETHER] + t * o[MEETINGS] + n]
    a[o[TOGETHER] + t * o[MEETINGS] + a[o[TOGETHER_PLACE] + m]] = last
    a[o[TOGETHER_PLACE] + last] = a[o[TOGETHER_PLACE] + m]
    a[o[TOGETHER_COUNT] + t] = n
    a[o[SLOT] + m] = -1
    a[o[HALL] + m] = -1
    a[o[INTERPRETER] + m] = -1
    a[o[OUT] + o[NUM_OUT]] = m
    a[o[OUT_PLACE] + m] = o[NUM_OUT]
    o[NUM_OUT] += 1
    f[o[PLACED]] -= f[o[PRIORITY] + m]


@compiled(TRUTH, WHOLE, WHOLE)
def in_order(a, o, f, b, m, t):  # type: ignore[no-untyped-def]
    """H6 for a slot: later than all before it, earlier than all after it, as far as they are placed."""
    for k in range(a[o[BEFORE_START] + m], a[o[BEFORE_START] + (m + 1)]):
        if a[o[SLOT] + a[o[BEFORE] + k]] >= t:
            return False
    for k in range(a[o[AFTER_START] + m], a[o[AFTER_START] + (m + 1)]):
        s = a[o[SLOT] + a[o[AFTER] + k]]
        if s >= 0 and s <= t:
            return False
    return True


@compiled(TRUTH, WHOLE, WHOLE, WHOLE)
def near_enough(a, o, f, b, row, t, h):  # type: ignore[no-untyped-def]
    """H5 where `row` is the place of a person's or an interpreter's row of meetings: its neighbours in time are not too far."""
    if t > 0 and a[o[JOINED] + (t - 1)] == 1:
        m = a[row + t - 1]
        if m >= 0 and a[o[FAR] + h * o[HALLS] + a[o[HALL] + m]] == 1:
            return False
    if a[o[JOINED] + t] == 1:
        m = a[row + t + 1]
        if m >= 0 and a[o[FAR] + h * o[HALLS] + a[o[HALL] + m]] == 1:
            return False
    return True


@compiled(TRUTH, WHOLE, WHOLE, WHOLE)
def can_walk(a, o, f, b, m, t, h):  # type: ignore[no-untyped-def]
    """H5 for the people of a meeting."""
    if a[o[HAS_FAR] + h] == 0:
        return True
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        if not near_enough(a, o, f, b, o[AT] + a[o[MEMBERS] + k] * o[SLOTS], t, h):
            return False
    return True


@compiled(WHOLE, WHOLE, WHOLE, WHOLE)
def choose_hall(a, o, f, b, m, t, preferred):  # type: ignore[no-untyped-def]
    """A hall with a free table (H3, H7) within walking distance (H5), -1: none. Published, then preferred, then any."""
    wanted = a[o[HALL_WANTED] + m]
    if wanted >= 0:
        if (
            a[o[TAKES_TABLE] + m] == 1
            and a[o[USED] + wanted * o[SLOTS] + t] >= a[o[CAPACITY] + wanted * o[SLOTS] + t]
        ):
            return -1
        return wanted if can_walk(a, o, f, b, m, t, wanted) else -1
    if a[o[WAS_SLOT] + m] == t:
        h = a[o[WAS_HALL] + m]
        if a[o[USED] + h * o[SLOTS] + t] < a[o[CAPACITY] + h * o[SLOTS] + t] and can_walk(
            a, o, f, b, m, t, h
        ):
            return h
    has_table = (
        preferred >= 0 and a[o[USED] + preferred * o[SLOTS] + t] < a[o[CAPACITY] + preferred * o[SLOTS] + t]
    )
    if has_table and can_walk(a, o, f, b, m, t, preferred):
        return preferred
    num = o[HALLS]
    begin = draw(a, o, f, b, num) if num > 1 else 0
    for k in range(num):
        h = (begin + k) % num
        if a[o[USED] + h * o[SLOTS] + t] < a[o[CAPACITY] + h * o[SLOTS] + t] and can_walk(
            a, o, f, b, m, t, h
        ):
            return h
    return -1


@compiled(TRUTH, WHOLE, WHOLE)
def is_at_hand(a, o, f, b, i, t):  # type: ignore[no-untyped-def]
    """H4 for an interpreter wherever the meeting is: on duty, free, not too many in a row."""
    if a[o[ON_DUTY] + i * o[SLOTS] + t] == 0 or a[o[SERVES] + i * o[SLOTS] + t] >= 0:
        return False
    limit = a[o[MAX_RUN] + i]
    if limit <= o[SLOTS]:
        run = 1
        s = t
        while s > 0 and a[o[JOINED] + (s - 1)] == 1 and (a[o[SERVES] + i * o[SLOTS] + (s - 1)] >= 0):
            s -= 1
            run += 1
        s = t
        while a[o[JOINED] + s] == 1 and a[o[SERVES] + i * o[SLOTS] + (s + 1)] >= 0:
            s += 1
            run += 1
        if run > limit:
            return False
    return True


@compiled(TRUTH, WHOLE, WHOLE, WHOLE)
def can_serve(a, o, f, b, i, t, h):  # type: ignore[no-untyped-def]
    """H4 and H5 for an interpreter: at hand, and not too far away before and after."""
    return is_at_hand(a, o, f, b, i, t) and (
        a[o[HAS_FAR] + h] == 0 or near_enough(a, o, f, b, o[SERVES] + i * o[SLOTS], t, h)
    )


@compiled(TRUTH, WHOLE, WHOLE, WHOLE)
def could_serve(a, o, f, b, i, t, h):  # type: ignore[no-untyped-def]
    """Whether an interpreter could serve in slot t but for the present meeting there."""
    other = a[o[SERVES] + i * o[SLOTS] + t]
    a[o[SERVES] + i * o[SLOTS] + t] = -1
    able = can_serve(a, o, f, b, i, t, h)
    a[o[SERVES] + i * o[SLOTS] + t] = other
    return able
