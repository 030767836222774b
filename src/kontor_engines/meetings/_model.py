"""The problem as arrays for the compiled search: people, halls and interpreters become numbers, rules become masks."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._problem import Problem, Seat

Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
NONE = -1


class Model(NamedTuple):
    """Everything the kernel reads and never writes. M meetings, T slots, P people, H halls, I interpreters."""

    domain: Bytes
    """(M, T) 1: all its people, its `slots` and its `slot` allow it (H2)."""
    option_start: Ints
    options: Ints
    """Slots of each domain, row after row: meeting m has options[option_start[m]:option_start[m + 1]]."""
    member_start: Ints
    members: Ints
    """People of each meeting, row after row."""
    agenda_start: Ints
    agenda: Ints
    """Meetings of each person, row after row."""
    position: Ints
    """(P, T) place of the slot among those in which a gap of the person can lie; each day begins a new word; -1: none."""
    counts: Bytes
    """(P, T) 1: a gap of the person can lie in the slot."""
    bit: Ints
    """(T) where each slot lies in everybody's row of bits; each day begins a new word."""
    day_words: int
    """64-bit words per day."""
    joined: Bytes
    """(T) 1: slot t and slot t + 1 are adjacent."""
    capacity: Ints
    """(H, T) open tables."""
    hall_wanted: Ints
    """(M) the hall it demands, -1: any."""
    takes_table: Bytes
    far: Bytes
    """(H, H) 1: too far apart for adjacent slots."""
    has_far: Bytes
    """(H) 1: some hall is too far from this one."""
    pair: Ints
    """(M) language pair that needs an interpreter, -1: none."""
    server_start: Ints
    servers: Ints
    """Interpreters of each pair, row after row."""
    on_duty: Bytes
    """(I, T) 1: the interpreter is available."""
    max_run: Ints
    before_start: Ints
    before: Ints
    """Meetings that must be earlier than each meeting (H6)."""
    after_start: Ints
    after: Ints
    """Meetings that must be later than each meeting."""
    fixed: Bytes
    """(M) 1: never moved: kept by H8."""
    weight: Floats
    """(M) cost of leaving the meeting out, in gaps."""
    priority: Floats
    was_slot: Ints
    """(M) published slot if staying there is no change, -1: nothing to keep."""
    was_hall: Ints
    """(M) published hall."""
    max_gaps: int
    """H9, -1: no limit."""
    max_changes: int
    """H10, -1: each change costs instead."""
    idle_weight: float
    """Cost of an idle slot, in gaps: what draws two runs of meetings together."""


class Index(NamedTuple):
    """The names behind the numbers."""

    meetings: tuple[str, ...]
    people: tuple[str, ...]
    halls: tuple[str, ...]
    interpreters: tuple[str, ...]


def build_model(problem: Problem) -> tuple[Model, Index]:
    """Arrays for a problem. Halls and interpreters that only kept seats know are added as ones nobody else can use."""
    num_slots = len(problem.slots)
    kept = problem.kept_seats()
    published = problem.published or {}
    seats = [seat for seat in published.values() if seat is not None]
    halls = tuple(dict.fromkeys([*(h.id for h in problem.halls), *(seat.hall for seat in seats)]))
    named = [seat.interpreter for seat in seats if seat.interpreter is not None]
    interpreters = tuple(dict.fromkeys([*(i.id for i in problem.interpreters), *named]))
    index = Index(
        meetings=tuple(m.id for m in problem.meetings),
        people=tuple(p.id for p in problem.people),
        halls=halls,
        interpreters=interpreters,
    )
    number = {name: i for i, name in enumerate(index.meetings)}
    person = {name: i for i, name in enumerate(index.people)}
    hall = {name: i for i, name in enumerate(halls)}
    pairs = sorted(
        {pair for i in problem.interpreters for pair in i.pairs}
        | {m.pair for m in problem.meetings if m.pair}
    )
    pair_number = {name: i for i, name in enumerate(pairs)}
    member_start = _starts([len(meeting.people) for meeting in problem.meetings])
    members = _ints(
        map(person.__getitem__, itertools.chain.from_iterable(meeting.people for meeting in problem.meetings))
    )
    free = _free_slots(problem)
    domain = _domain(problem, kept, free, member_start, members)
    option_start = _starts(domain.sum(axis=1, dtype=np.int32))
    of_member = np.repeat(np.arange(len(index.meetings), dtype=np.int32), np.diff(member_start))
    before, late = _orders(problem, kept, number)
    far = np.zeros((len(halls), len(halls)), np.uint8)
    for ends in problem.apart:
        a, b = sorted(hall[name] for name in ends)
        far[a, b] = far[b, a] = 1
    capacity, takes_table = _tables(problem, kept, hall, len(halls))
    servers = [[i for i, who in enumerate(problem.interpreters) if pair in who.pairs] for pair in pairs]
    on_duty = np.zeros((len(interpreters), num_slots), np.uint8)
    max_run = np.full(len(interpreters), num_slots + 1, np.int32)
    for i, who in enumerate(problem.interpreters):
        on_duty[i, [t for t in who.slots if t >= problem.frozen_before]] = 1
        if who.max_run is not None:
            max_run[i] = min(who.max_run, num_slots + 1)
    position, counts, bit, day_words = _positions(problem, kept, free, person)
    was_slot, was_hall, num_forced = _published_places(problem, kept, hall)
    priority = np.array([m.priority for m in problem.meetings], np.float64)
    still = [meeting.id in kept or meeting.id in problem.locked for meeting in problem.meetings]
    model = Model(
        domain,
        option_start,
        np.asarray(np.nonzero(domain)[1], np.int32),
        member_start,
        members,
        _starts(np.bincount(members, minlength=len(person))),
        of_member[np.argsort(members, kind="stable")],
        position,
        counts,
        bit,
        day_words,
        _joined(problem),
        capacity,
        _ints([NONE if m.hall is None else hall[m.hall] for m in problem.meetings]),
        takes_table,
        far,
        np.asarray(far.any(axis=1), np.uint8),
        _ints([NONE if m.pair is None else pair_number[m.pair] for m in problem.meetings]),
        *_rows(servers),
        on_duty,
        max_run,
        _starts(np.bincount(late, minlength=len(number))),
        before,
        _starts(np.bincount(before, minlength=len(number))),
        late[np.argsort(before, kind="stable")],
        np.array(still, np.uint8),
        _weights(priority, problem),
        priority,
        was_slot,
        was_hall,
        NONE if problem.max_gaps is None or problem.published is not None else problem.max_gaps,
        NONE
        if problem.max_changes is None or problem.published is None
        else max(0, problem.max_changes - num_forced),
        0.2 if problem.gap_rule == "timeline" else 0.1,
    )
    return model, index


def _free_slots(problem: Problem) -> Bytes:
    """(P, T) 1: the person is available."""
    free = np.zeros((len(problem.people), len(problem.slots)), np.uint8)
    counts = [len(person.slots) for person in problem.people]
    slots = _ints(itertools.chain.from_iterable(person.slots for person in problem.people))
    free[np.repeat(np.arange(len(counts)), counts), slots] = 1
    return free


def _domain(problem: Problem, kept: dict[str, Seat], free: Bytes, member_start: Ints, members: Ints) -> Bytes:
    """(M, T) 1: all people of the meeting, its own wishes and H8 allow the slot."""
    if not problem.meetings:
        return np.zeros((0, len(problem.slots)), np.uint8)
    packed = np.bitwise_and.reduceat(np.packbits(free, axis=1)[members], member_start[:-1], axis=0)
    domain = np.unpackbits(packed, axis=1, count=len(problem.slots))
    domain[:, : problem.frozen_before] = 0
    for i, meeting in enumerate(problem.meetings):
        if meeting.id in kept:
            domain[i] = 0
            domain[i, kept[meeting.id].slot] = 1
        elif meeting.id in problem.locked:
            domain[i] = 0
        elif meeting.slots is not None or meeting.slot is not None:
            own = set(range(len(problem.slots))) if meeting.slots is None else meeting.slots
            allowed = np.zeros(len(problem.slots), np.uint8)
            allowed[[slot for slot in own if meeting.slot in (None, slot)]] = 1
            domain[i] &= allowed
    return domain


def _orders(problem: Problem, kept: dict[str, Seat], number: dict[str, int]) -> tuple[Ints, Ints]:
    """For each order (H6) the earlier and the later meeting, by the number of the later one."""
    # A kept meeting that is over is not checked against the order, so nothing has to be earlier than it.
    orders = [
        (number[name], i)
        for i, meeting in enumerate(problem.meetings)
        if meeting.after and not (meeting.id in kept and kept[meeting.id].slot < problem.frozen_before)
        for name in meeting.after
    ]
    return _ints([early for early, _ in orders]), _ints([late for _, late in orders])


def _tables(
    problem: Problem, kept: dict[str, Seat], hall: dict[str, int], num_halls: int
) -> tuple[Ints, Bytes]:
    """Open tables per hall and slot, and who needs one. A kept meeting at a table that is closed or gone takes none away."""
    capacity = np.zeros((num_halls, len(problem.slots)), np.int32)
    by_id = {h.id: h for h in problem.halls}
    for h in problem.halls:
        capacity[hall[h.id]] = h.tables
        for table, slot in h.closed:
            if table <= h.tables[slot]:
                capacity[hall[h.id], slot] -= 1
    capacity[:, : problem.frozen_before] = 0
    takes = np.array([m.table for m in problem.meetings], np.uint8)
    taken: set[tuple[str, int, int]] = set()
    for i, meeting in enumerate(problem.meetings) if kept else ():
        seat = kept.get(meeting.id)
        if seat is None:
            continue
        open_table = (
            seat.table is not None
            and seat.slot >= problem.frozen_before
            and seat.hall in by_id
            and by_id[seat.hall].is_open(seat.table, seat.slot)
            and (seat.hall, seat.slot, seat.table) not in taken
        )
        takes[i] = open_table
        if open_table and seat.table is not None:
            taken.add((seat.hall, seat.slot, seat.table))
    return capacity, takes


def _positions(
    problem: Problem, kept: dict[str, Seat], free: Bytes, person: dict[str, int]
) -> tuple[Ints, Bytes, Ints, int]:
    """Where each slot lies in each person's timeline of idle-or-busy places (the definition of a gap), and in the bits of all."""
    num_slots = len(problem.slots)
    by_day = problem.gap_rule == "day"
    days = np.array([slot.day if by_day else 0 for slot in problem.slots], np.int64)
    names = list(dict.fromkeys(days.tolist()))
    longest = max((int(np.count_nonzero(days == day)) for day in names), default=1)
    words = max(1, -(-longest // 64))
    counted = free.copy() if by_day else np.ones_like(free)
    for meeting in problem.meetings if kept else ():
        if meeting.id in kept:
            for name in meeting.people:
                counted[person[name], kept[meeting.id].slot] = 1
    position = np.full((len(problem.people), num_slots), NONE, np.int32)
    bit = np.zeros(num_slots, np.int32)
    for n, day in enumerate(names):
        slots = np.flatnonzero(days == day)
        place = np.cumsum(counted[:, slots], axis=1, dtype=np.int32) - 1 + n * words * 64
        who, which = np.nonzero(counted[:, slots])
        position[who, slots[which]] = place[who, which]
        bit[slots] = n * words * 64 + np.arange(len(slots))
    return position, counted, bit, words


def days_of(model: Model, p: int) -> list[list[int]]:
    """The slots of each day in which a person can be busy or idle; days without any are left out."""
    slots = np.flatnonzero(model.counts[p])
    days: dict[int, list[int]] = {}
    for slot, day in zip(slots.tolist(), (model.bit[slots] // (64 * model.day_words)).tolist(), strict=True):
        days.setdefault(day, []).append(slot)
    return list(days.values())


def _published_places(
    problem: Problem, kept: dict[str, Seat], hall: dict[str, int]
) -> tuple[Ints, Ints, int]:
    """Where staying is no change, and how many meetings change in any case, be it only because their table is closed."""
    slot = np.full(len(problem.meetings), NONE, np.int32)
    where = np.full(len(problem.meetings), NONE, np.int32)
    by_id = {h.id: h for h in problem.halls}
    num_forced = 0
    before = map((problem.published or {}).get, [meeting.id for meeting in problem.meetings])
    for i, (meeting, seat) in enumerate(zip(problem.meetings, before, strict=True)):
        if seat is None or seat.slot < problem.frozen_before:
            continue
        is_open = seat.table is None or (
            seat.hall in by_id and by_id[seat.hall].is_open(seat.table, seat.slot)
        )
        if is_open and meeting.table == (seat.table is not None):
            slot[i], where[i] = seat.slot, hall[seat.hall]
        elif meeting.id not in kept:
            num_forced += 1
    return slot, where, num_forced


def _weights(priority: Floats, problem: Problem) -> Floats:
    """The least worth counts 6 gaps, so that no plan gives up a meeting for fewer gaps; with changes counted, more."""
    if not len(priority):
        return priority
    unit = 6.0 if problem.published is None else 12.0
    return priority / priority.min() * unit


def _joined(problem: Problem) -> Bytes:
    days = [slot.day for slot in problem.slots]
    return np.array([*(a == b for a, b in itertools.pairwise(days)), False][: len(days)], np.uint8)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int32)


def _starts(sizes: Sequence[int] | npt.NDArray[Any]) -> Ints:
    """Where rows of these sizes begin, and where the last one ends."""
    start = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=start[1:])
    return start


def _rows(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Rows of different length as one array and where each begins."""
    return _starts([len(row) for row in rows]), _ints([value for row in rows for value in row])
