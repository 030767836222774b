"""The compiled move that inserts a meeting by ejecting others, which are seated elsewhere or left out."""

from kontor_engines.meetings._compiled import REAL, TRUTH, WHOLE, compiled
from kontor_engines.meetings._giving_way import choose_interpreter, clear_hall, seat_directly
from kontor_engines.meetings._memory import (
    AFTER,
    AFTER_START,
    AT,
    BEFORE,
    BEFORE_START,
    CHAIN,
    FIXED,
    HALL,
    HALL_WANTED,
    INTERPRETER,
    MEETINGS,
    MEMBER_START,
    MEMBERS,
    NUM_SWITCHED,
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
    WEIGHT,
)
from kontor_engines.meetings._moves import (
    REJECTED,
    lift,
    put_back,
    refresh_people,
)
from kontor_engines.meetings._state import (
    can_walk,
    change_cost,
    choose_hall,
    could_serve,
    draw,
    put,
    take,
)

MAX_EJECTED = 4
TRIES = 12
"""Draws for a meeting at a table or with an interpreter that another could take over."""


@compiled(WHOLE, WHOLE, WHOLE)
def eject(a, o, f, b, m, n):  # type: ignore[no-untyped-def]
    """Lift a meeting that is in the way as number n of a move; returns how many are lifted then, -1: it must not move."""
    if n < 0 or n == MAX_EJECTED or a[o[FIXED] + m] == 1:
        return -1
    lift(a, o, f, b, m, n)
    return n + 1


@compiled(WHOLE, WHOLE, WHOLE)
def clear_people(a, o, f, b, m, t):  # type: ignore[no-untyped-def]
    """Lift what keeps the people of m from slot t or would be in the wrong order; the number n lifted, -1 - n: not possible."""
    n = 0
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        y = a[o[AT] + a[o[MEMBERS] + k] * o[SLOTS] + t]
        if y >= 0:
            more = eject(a, o, f, b, y, n)
            if more < 0:
                return -1 - n
            n = more
    for k in range(a[o[BEFORE_START] + m], a[o[BEFORE_START] + (m + 1)]):
        y = a[o[BEFORE] + k]
        if a[o[SLOT] + y] >= t:
            more = eject(a, o, f, b, y, n)
            if more < 0:
                return -1 - n
            n = more
    for k in range(a[o[AFTER_START] + m], a[o[AFTER_START] + (m + 1)]):
        y = a[o[AFTER] + k]
        if a[o[SLOT] + y] >= 0 and a[o[SLOT] + y] <= t:
            more = eject(a, o, f, b, y, n)
            if more < 0:
                return -1 - n
            n = more
    return n


@compiled(WHOLE, WHOLE, WHOLE)
def meeting_to_move_from_table(a, o, f, b, m, t):  # type: ignore[no-untyped-def]
    """Some meeting of slot t at a table that m could take over, -1: none found."""
    num = a[o[TOGETHER_COUNT] + t]
    wanted = a[o[HALL_WANTED] + m]
    for _ in range(TRIES if num > 0 and a[o[TAKES_TABLE] + m] == 1 else 0):
        y = a[o[TOGETHER] + t * o[MEETINGS] + draw(a, o, f, b, num)]
        h = a[o[HALL] + y]
        may = a[o[TAKES_TABLE] + y] == 1 and a[o[FIXED] + y] == 0 and (wanted < 0 or wanted == h)
        if may and can_walk(a, o, f, b, m, t, h):
            return y
    return -1


@compiled(WHOLE, WHOLE, WHOLE, WHOLE)
def meeting_to_rob_of_interpreter(a, o, f, b, m, t, h):  # type: ignore[no-untyped-def]
    """Some meeting of slot t whose interpreter could serve m, -1: none found."""
    begin = a[o[SERVER_START] + a[o[PAIR] + m]]
    num = a[o[SERVER_START] + (a[o[PAIR] + m] + 1)] - begin
    for _ in range(TRIES if num > 0 else 0):
        i = a[o[SERVERS] + (begin + draw(a, o, f, b, num))]
        y = a[o[SERVES] + i * o[SLOTS] + t]
        if y >= 0 and a[o[FIXED] + y] == 0 and could_serve(a, o, f, b, i, t, h):
            return y
    return -1


@compiled(WHOLE, WHOLE, WHOLE)
def force_in(a, o, f, b, m, t):  # type: ignore[no-untyped-def]
    """Seat m in slot t by lifting what is in the way; the number lifted, or -1 - that number if it cannot be done."""
    n = clear_people(a, o, f, b, m, t)
    if n < 0:
        return n
    h = choose_hall(a, o, f, b, m, t, -1)
    if h < 0:
        h = clear_hall(a, o, f, b, m, t)
    if h < 0:
        y = meeting_to_move_from_table(a, o, f, b, m, t)
        if y < 0 or n == MAX_EJECTED:
            return -1 - n
        h = a[o[HALL] + y]
        n = eject(a, o, f, b, y, n)
    i = -1
    if a[o[PAIR] + m] >= 0:
        i = choose_interpreter(a, o, f, b, m, t, h, -1)
        if i < 0:
            y = meeting_to_rob_of_interpreter(a, o, f, b, m, t, h)
            if y < 0 or n == MAX_EJECTED:
                return -1 - n
            i = a[o[INTERPRETER] + y]
            n = eject(a, o, f, b, y, n)
    put(a, o, f, b, m, t, h, i)
    return n


@compiled(TRUTH, WHOLE)
def seat_somewhere(a, o, f, b, m):  # type: ignore[no-untyped-def]
    """Seat a meeting in the first free slot after a random one."""
    begin = a[o[OPTION_START] + m]
    num = a[o[OPTION_START] + (m + 1)] - begin
    offset = draw(a, o, f, b, num)
    for k in range(num):  # noqa: SIM110 -- compiled
        if seat_directly(a, o, f, b, m, a[o[OPTIONS] + (begin + (offset + k) % num)], -1, -1):
            return True
    return False


@compiled(REAL, WHOLE, WHOLE, REAL)
def insert(a, o, f, b, m, t, allowance):  # type: ignore[no-untyped-def]
    """Place m in slot t, send those in its way elsewhere or out, if that costs at most the allowance; the difference, or inf."""
    o[NUM_SWITCHED] = 0
    changes = o[SUM_CHANGES]
    n = force_in(a, o, f, b, m, t)
    if n < 0:
        put_back(a, o, f, b, -1 - n)
        return REJECTED
    difference = -f[o[WEIGHT] + m]
    for c in range(n):
        if not seat_somewhere(a, o, f, b, a[o[CHAIN] + c]):
            difference += f[o[WEIGHT] + a[o[CHAIN] + c]]
    difference += change_cost(a, o, f, b, o[SUM_CHANGES]) - change_cost(a, o, f, b, changes)
    difference += refresh_people(a, o, f, b, m)
    for c in range(n):
        difference += refresh_people(a, o, f, b, a[o[CHAIN] + c])
    if difference <= allowance:
        return difference
    take(a, o, f, b, m)
    put_back(a, o, f, b, n)
    refresh_people(a, o, f, b, m)
    for c in range(n):
        refresh_people(a, o, f, b, a[o[CHAIN] + c])
    return REJECTED
