"""Between the plan in numbers and the plan in names: numbered tables on the way out, seats of another plan on the way in."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from kontor_engines.meetings._model import NONE, Index, Ints
from kontor_engines.meetings._problem import Problem, Seat


def seats_of(problem: Problem, index: Index, plan: Ints) -> dict[str, Seat | None]:
    """Seats with table numbers. A published table is kept where the meeting keeps its slot and hall and the table is open."""
    kept = problem.kept_seats()
    open_halls = {hall.id: hall for hall in problem.halls}
    seats: dict[str, Seat | None] = {}
    taken: set[tuple[str, int, int]] = set()
    waiting: dict[tuple[str, int], list[str]] = defaultdict(list)
    interpreter: dict[str, str | None] = {}
    for seat in kept.values():
        if seat.table is not None:
            taken.add((seat.hall, seat.slot, seat.table))
    for m, meeting in enumerate(problem.meetings):
        slot, hall, who = (int(value) for value in plan[:, m])
        seats[meeting.id] = kept.get(meeting.id)
        if meeting.id in kept or slot == NONE:
            continue
        room = index.halls[hall]
        interpreter[meeting.id] = None if who == NONE else index.interpreters[who]
        if not meeting.table:
            seats[meeting.id] = Seat(slot=slot, hall=room, interpreter=interpreter[meeting.id])
            continue
        old = (problem.published or {}).get(meeting.id)
        stays = old is not None and (old.slot, old.hall) == (slot, room)
        if stays and old is not None and old.table is not None and open_halls[room].is_open(old.table, slot):
            place = (room, slot, old.table)
            if place not in taken:
                taken.add(place)
                seats[meeting.id] = Seat(
                    slot=slot, hall=room, table=old.table, interpreter=interpreter[meeting.id]
                )
                continue
        waiting[room, slot].append(meeting.id)
    for (room, slot), names in waiting.items():
        hall_now = open_halls[room]
        free = (
            table
            for table in range(1, hall_now.tables[slot] + 1)
            if (table, slot) not in hall_now.closed and (room, slot, table) not in taken
        )
        for name, table in zip(names, free, strict=False):
            seats[name] = Seat(slot=slot, hall=room, table=table, interpreter=interpreter[name])
    return seats


def plan_of(index: Index, seats: Mapping[str, Seat | None]) -> Ints:
    """(3, M) slot, hall and interpreter of each meeting; names that the problem does not know count as none."""
    halls = {name: i for i, name in enumerate(index.halls)}
    interpreters = {name: i for i, name in enumerate(index.interpreters)}
    plan = np.full((3, len(index.meetings)), NONE, np.int32)
    for m, name in enumerate(index.meetings):
        seat = seats.get(name)
        if seat is not None and seat.hall in halls:
            who = NONE if seat.interpreter is None else interpreters.get(seat.interpreter, NONE)
            plan[:, m] = seat.slot, halls[seat.hall], who
    return plan
