"""The problem as arrays for the compiled search: people, halls and interpreters become numbers, rules become masks."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._problem import Meeting, Problem, Seat

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
    slot_at: Ints
    """(P, words * 64) the slot at such a place, -1: none."""
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
    domains = [_domain(problem, meeting, kept) for meeting in meetings_with_people(problem)]
    domain = np.zeros((len(index.meetings), num_slots), np.uint8)
    for i, allowed in enumerate(domains):
        domain[i, sorted(allowed)] = 1
    members = [[person[name] for name in meeting.people] for meeting in problem.meetings]
    agenda: list[list[int]] = [[] for _ in index.people]
    for i, row in enumerate(members):
        for p in row:
            agenda[p].append(i)
    before = [[number[name] for name in meeting.after] for meeting in problem.meetings]
    # A kept meeting that is over is not checked against the order (H6), so nothing has to be earlier than it.
    for i, meeting in enumerate(problem.meetings):
        if meeting.id in kept and kept[meeting.id].slot < problem.frozen_before:
            before[i] = []
    after: list[list[int]] = [[] for _ in index.meetings]
    for i, row in enumerate(before):
        for j in row:
            after[j].append(i)
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
    position, slot_at, day_words = _positions(problem, kept)
    was_slot, was_hall = _published_places(problem, hall)
    priority = np.array([m.priority for m in problem.meetings], np.float64)
    model = Model(
        domain,
        *_rows(np.flatnonzero(row) for row in domain),
        *_rows(members),
        *_rows(agenda),
        position,
        slot_at,
        day_words,
        _joined(problem),
        capacity,
        _ints(NONE if m.hall is None else hall[m.hall] for m in problem.meetings),
        takes_table,
        far,
        np.asarray(far.any(axis=1), np.uint8),
        _ints(NONE if m.pair is None else pair_number[m.pair] for m in problem.meetings),
        *_rows(servers),
        on_duty,
        max_run,
        *_rows(before),
        *_rows(after),
        np.array([_is_still(problem, meeting, kept) for meeting in problem.meetings], np.uint8),
        _weights(priority, problem),
        priority,
        was_slot,
        was_hall,
        NONE if problem.max_gaps is None or problem.published is not None else problem.max_gaps,
        NONE if problem.max_changes is None or problem.published is None else problem.max_changes,
        0.2 if problem.gap_rule == "timeline" else 0.1,
    )
    return model, index


def meetings_with_people(problem: Problem) -> list[tuple[Meeting, frozenset[int]]]:
    """Each meeting with the slots that all its people have in common."""
    free = {person.id: person.slots for person in problem.people}
    return [
        (meeting, frozenset.intersection(*(free[name] for name in meeting.people)))
        for meeting in problem.meetings
    ]


def _is_still(problem: Problem, meeting: Meeting, kept: dict[str, Seat]) -> bool:
    """Kept in its seat, or locked as not placed."""
    return meeting.id in kept or meeting.id in problem.locked


def _domain(problem: Problem, pair: tuple[Meeting, frozenset[int]], kept: dict[str, Seat]) -> frozenset[int]:
    meeting, common = pair
    if meeting.id in kept:
        return frozenset({kept[meeting.id].slot})
    if meeting.id in problem.locked:
        return frozenset()
    allowed = common if meeting.slots is None else common & meeting.slots
    if meeting.slot is not None:
        allowed &= {meeting.slot}
    return frozenset(slot for slot in allowed if slot >= problem.frozen_before)


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
    for i, meeting in enumerate(problem.meetings):
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


def _positions(problem: Problem, kept: dict[str, Seat]) -> tuple[Ints, Ints, int]:
    """Where each slot lies in each person's timeline of idle-or-busy places (the definition of a gap)."""
    num_slots = len(problem.slots)
    days = [slot.day for slot in problem.slots] if problem.gap_rule == "day" else [0] * num_slots
    names = list(dict.fromkeys(days))
    longest = max((days.count(day) for day in names), default=1)
    words = max(1, -(-longest // 64))
    extra: dict[str, set[int]] = {}
    for meeting in problem.meetings:
        if meeting.id in kept:
            for name in meeting.people:
                extra.setdefault(name, set()).add(kept[meeting.id].slot)
    position = np.full((len(problem.people), num_slots), NONE, np.int32)
    slot_at = np.full((len(problem.people), max(1, len(names)) * words * 64), NONE, np.int32)
    for p, person in enumerate(problem.people):
        counted = person.slots | extra.get(person.id, set())
        place = {day: i * words * 64 for i, day in enumerate(names)}
        for slot, day in enumerate(days):
            if problem.gap_rule == "timeline" or slot in counted:
                position[p, slot] = place[day]
                slot_at[p, place[day]] = slot
                place[day] += 1
    return position, slot_at, words


def _published_places(problem: Problem, hall: dict[str, int]) -> tuple[Ints, Ints]:
    """Where staying is no change. A meeting whose published table is closed changes in any case."""
    slot = np.full(len(problem.meetings), NONE, np.int32)
    where = np.full(len(problem.meetings), NONE, np.int32)
    by_id = {h.id: h for h in problem.halls}
    for i, meeting in enumerate(problem.meetings):
        seat = (problem.published or {}).get(meeting.id)
        if seat is None:
            continue
        if meeting.table != (seat.table is not None) or seat.slot < problem.frozen_before:
            continue
        if seat.table is not None and (
            seat.hall not in by_id or not by_id[seat.hall].is_open(seat.table, seat.slot)
        ):
            continue
        slot[i], where[i] = seat.slot, hall[seat.hall]
    return slot, where


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
    return np.array(list(values), np.int32)


def _rows(rows: Iterable[Sequence[int] | npt.NDArray[Any]]) -> tuple[Ints, Ints]:
    """Rows of different length as one array and where each begins."""
    parts = [np.asarray(row, np.int32) for row in rows]
    start = np.zeros(len(parts) + 1, np.int32)
    start[1:] = np.cumsum([len(part) for part in parts]) if parts else 0
    return start, np.concatenate(parts) if parts else np.zeros(0, np.int32)
