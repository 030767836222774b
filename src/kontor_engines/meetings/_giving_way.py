"""Compiled steps that seat one meeting, if need be with others of its slots giving way: another hall, another interpreter."""

# ruff: noqa: ARG001 -- every compiled function takes the four arrays

from kontor_engines.meetings._compiled import NOTHING, TRUTH, WHOLE, compiled
from kontor_engines.meetings._memory import (
    AT,
    CAPACITY,
    FAR,
    FIXED,
    HALL,
    HALL_WANTED,
    HALLS,
    INTERPRETER,
    JOINED,
    MAX_SWITCHED,
    MEETINGS,
    MEMBER_START,
    MEMBERS,
    NUM_SWITCHED,
    PAIR,
    SERVER_START,
    SERVERS,
    SERVES,
    SLOT,
    SLOTS,
    SWITCHED,
    TAKES_TABLE,
    TOGETHER,
    TOGETHER_COUNT,
    USED,
    WAS_SLOT,
)
from kontor_engines.meetings._state import (
    can_serve,
    can_walk,
    choose_hall,
    could_serve,
    draw,
    in_order,
    may_lie,
    near_enough,
    put,
)

TRIES = 8
"""Draws for a meeting that could leave its hall."""


@compiled(NOTHING, WHOLE, WHOLE, WHOLE)
def switch(a, o, f, b, m, h, i):  # type: ignore[no-untyped-def]
    """Give a placed meeting another hall or interpreter in its slot, remembering what it had until the move is kept or undone."""
    entry = o[SWITCHED] + 3 * o[NUM_SWITCHED]
    a[entry] = m
    a[entry + 1] = a[o[HALL] + m]
    a[entry + 2] = a[o[INTERPRETER] + m]
    o[NUM_SWITCHED] += 1
    reseat(a, o, f, b, m, h, i)


@compiled(NOTHING, WHOLE, WHOLE, WHOLE)
def reseat(a, o, f, b, m, h, i):  # type: ignore[no-untyped-def]
    """Give a placed meeting this hall and this interpreter in its slot."""
    t = a[o[SLOT] + m]
    if a[o[TAKES_TABLE] + m] == 1:
        a[o[USED] + a[o[HALL] + m] * o[SLOTS] + t] -= 1
        a[o[USED] + h * o[SLOTS] + t] += 1
    a[o[HALL] + m] = h
    old = a[o[INTERPRETER] + m]
    if i != old:
        if a[o[SERVES] + old * o[SLOTS] + t] == m:
            a[o[SERVES] + old * o[SLOTS] + t] = -1
        a[o[SERVES] + i * o[SLOTS] + t] = m
        a[o[INTERPRETER] + m] = i


@compiled(NOTHING, WHOLE)
def undo_switches(a, o, f, b, length):  # type: ignore[no-untyped-def]
    """Give halls and interpreters back in reverse order until so many switches are left; meetings that are lifted at this moment
    get theirs when they are put back."""
    while o[NUM_SWITCHED] > length:
        o[NUM_SWITCHED] -= 1
        entry = o[SWITCHED] + 3 * o[NUM_SWITCHED]
        if a[o[SLOT] + a[entry]] >= 0:
            reseat(a, o, f, b, a[entry], a[entry + 1], a[entry + 2])


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
        if could_serve(a, o, f, b, i, t, h):
            start = a[o[SERVER_START] + a[o[PAIR] + other]]
            count = a[o[SERVER_START] + (a[o[PAIR] + other] + 1)] - start
            for n in range(count):
                j = a[o[SERVERS] + (start + n)]
                if j != i and can_serve(a, o, f, b, j, t, a[o[HALL] + other]):
                    switch(a, o, f, b, other, a[o[HALL] + other], j)
                    return i
    return -1


@compiled(TRUTH, WHOLE, WHOLE)
def send_off(a, o, f, b, m, h):  # type: ignore[no-untyped-def]
    """Send a meeting with free choice to another hall in its slot, one from which h is not too far."""
    if a[o[HALL_WANTED] + m] >= 0 or a[o[WAS_SLOT] + m] >= 0 or a[o[FIXED] + m] == 1:
        return False
    t = a[o[SLOT] + m]
    i = a[o[INTERPRETER] + m]
    for other in range(o[HALLS]):
        if other == a[o[HALL] + m] or a[o[FAR] + h * o[HALLS] + other] == 1:
            continue
        if a[o[USED] + other * o[SLOTS] + t] >= a[o[CAPACITY] + other * o[SLOTS] + t]:
            continue
        able = i < 0 or near_enough(a, o, f, b, o[SERVES] + i * o[SLOTS], t, other)
        if able and can_walk(a, o, f, b, m, t, other) and o[NUM_SWITCHED] < MAX_SWITCHED:
            switch(a, o, f, b, m, other, i)
            return True
    return False


@compiled(TRUTH, WHOLE, WHOLE, WHOLE)
def make_room(a, o, f, b, m, t, h):  # type: ignore[no-untyped-def]
    """Send others to other halls so that m gets a table in hall h and its people can walk there."""
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        row = o[AT] + a[o[MEMBERS] + k] * o[SLOTS]
        for s in range(t - 1, t + 2, 2):
            if s < 0 or a[o[JOINED] + min(s, t)] == 0:
                continue
            y = a[row + s]
            if y >= 0 and a[o[FAR] + h * o[HALLS] + a[o[HALL] + y]] == 1 and not send_off(a, o, f, b, y, h):
                return False
    if a[o[TAKES_TABLE] + m] == 0 or a[o[USED] + h * o[SLOTS] + t] < a[o[CAPACITY] + h * o[SLOTS] + t]:
        return True
    for _ in range(TRIES if a[o[TOGETHER_COUNT] + t] > 0 else 0):
        y = a[o[TOGETHER] + t * o[MEETINGS] + draw(a, o, f, b, a[o[TOGETHER_COUNT] + t])]
        if a[o[HALL] + y] == h and a[o[TAKES_TABLE] + y] == 1 and send_off(a, o, f, b, y, h):
            return True
    return False


@compiled(WHOLE, WHOLE, WHOLE)
def clear_hall(a, o, f, b, m, t):  # type: ignore[no-untyped-def]
    """A hall for m in slot t after others went to other halls; -1: none."""
    num = o[HALLS]
    begin = draw(a, o, f, b, num) if num > 1 else 0
    switches = o[NUM_SWITCHED]
    for k in range(num):
        h = (begin + k) % num
        if a[o[HALL_WANTED] + m] >= 0 and a[o[HALL_WANTED] + m] != h:
            continue
        if make_room(a, o, f, b, m, t, h):
            return h
        undo_switches(a, o, f, b, switches)
    return -1


@compiled(TRUTH, WHOLE, WHOLE, WHOLE, WHOLE)
def seat_directly(a, o, f, b, m, t, hall, interpreter):  # type: ignore[no-untyped-def]
    """Seat a meeting in a slot, where possible in this hall and with this interpreter; its people are not refreshed."""
    if not may_lie(a, o, f, b, m, t) or not in_order(a, o, f, b, m, t):
        return False
    for k in range(a[o[MEMBER_START] + m], a[o[MEMBER_START] + (m + 1)]):
        if a[o[AT] + a[o[MEMBERS] + k] * o[SLOTS] + t] >= 0:
            return False
    switches = o[NUM_SWITCHED]
    h = choose_hall(a, o, f, b, m, t, hall)
    if h < 0:
        h = clear_hall(a, o, f, b, m, t)
    if h < 0:
        return False
    i = -1
    if a[o[PAIR] + m] >= 0:
        i = choose_interpreter(a, o, f, b, m, t, h, interpreter)
        if i < 0:
            undo_switches(a, o, f, b, switches)
            return False
    put(a, o, f, b, m, t, h, i)
    return True
