"""Between the plan in numbers and the plan in names: numbered tables on the way out, seats of another plan on the way in."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from kontor_engines.meetings._model import NONE, Index, Ints
from kontor_engines.meetings._problem import Problem, Seat


def seats_of(problem: Problem, index: Index, plan: Ints) -> dict[str, Seat | None]:
    """Seats with table numbers. A published table is kept where the meeting keeps its slot and hall and the table is open."""
    kept = problem.kept_seats()
    published = problem.published or {}
    open_halls = {hall.id: hall for hall in problem.halls}
    seats: dict[str, Seat | None] = {}
    taken = {(seat.hall, seat.slot, seat.table) for seat in kept.values() if seat.table is not None}
    waiting: dict[tuple[str, int], list[tuple[str, str | None]]] = defaultdict(list)
    for meeting, slot, hall, who in zip(problem.meetings, *plan.tolist(), strict=True):
        seats[meeting.id] = kept.get(meeting.id)
        if meeting.id in kept or slot == NONE:
            continue
        room = index.halls[hall]
        interpreter = None if who == NONE else index.interpreters[who]
        old = published.get(meeting.id)
        if not meeting.table:
            seat = Seat(slot=slot, hall=room, interpreter=interpreter)
            seats[meeting.id] = old if old == seat else seat
            continue
        if old is not None and old.table is not None and old.slot == slot and old.hall == room:
            place = (room, slot, old.table)
            if place not in taken and open_halls[room].is_open(old.table, slot):
                taken.add(place)
                is_same = old.interpreter == interpreter
                seats[meeting.id] = (
                    old if is_same else Seat(slot=slot, hall=room, table=old.table, interpreter=interpreter)
                )
                continue
        waiting[room, slot].append((meeting.id, interpreter))
    for (room, slot), rows in waiting.items():
        hall_now = open_halls[room]
        free = (
            table
            for table in range(1, hall_now.tables[slot] + 1)
            if (table, slot) not in hall_now.closed and (room, slot, table) not in taken
        )
        for (name, interpreter), table in zip(rows, free, strict=False):
            seats[name] = Seat(slot=slot, hall=room, table=table, interpreter=interpreter)
    return seats


def plan_of(index: Index, seats: Mapping[str, Seat | None]) -> Ints:
    """(3, M) slot, hall and interpreter of each meeting; names that the problem does not know count as none."""
    halls = {name: i for i, name in enumerate(index.halls)}
    interpreters = {name: i for i, name in enumerate(index.interpreters)}
    nowhere = (NONE, NONE, NONE)
    rows = [
        nowhere
        if (seat := seats.get(name)) is None or seat.hall not in halls
        else (
            seat.slot,
            halls[seat.hall],
            NONE if seat.interpreter is None else interpreters.get(seat.interpreter, NONE),
        )
        for name in index.meetings
    ]
    return np.ascontiguousarray(np.array(rows, np.int32).reshape(len(rows), 3).T)
