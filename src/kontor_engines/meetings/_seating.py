"""Between the plan in numbers and the plan in names: numbered tables on the way out, seats of another plan on the way in.

These functions run through all meetings in a repair of some milliseconds, so they keep whole numbers, not tuples: ten thousand
tuples make Python look for garbage in everything there is.
"""

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
    number = {name: n for n, name in enumerate(index.halls)}
    num_slots = len(problem.slots)
    taken: dict[int, set[int]] = defaultdict(set)
    """Tables of a hall and slot: hall * slots + slot."""
    for seat in kept.values():
        if seat.table is not None:
            taken[number[seat.hall] * num_slots + seat.slot].add(seat.table)
    seats: dict[str, Seat | None] = {}
    waiting: list[int] = []
    slots, halls, interpreters = plan.tolist()
    for m, meeting in enumerate(problem.meetings):
        seats[meeting.id] = kept.get(meeting.id)
        slot = slots[m]
        if meeting.id in kept or slot == NONE:
            continue
        room = index.halls[halls[m]]
        who = None if interpreters[m] == NONE else index.interpreters[interpreters[m]]
        old = published.get(meeting.id)
        table = None
        if meeting.table:
            if old is None or old.table is None or old.slot != slot or old.hall != room:
                waiting.append(m)
                continue
            used = taken[halls[m] * num_slots + slot]
            if old.table in used or not open_halls[room].is_open(old.table, slot):
                waiting.append(m)
                continue
            table = old.table
            used.add(table)
        is_same = old is not None and old.slot == slot and old.hall == room and old.table == table
        seats[meeting.id] = (
            old
            if is_same and old is not None and old.interpreter == who
            else Seat(slot=slot, hall=room, table=table, interpreter=who)
        )
    for m in waiting:
        room, slot = index.halls[halls[m]], slots[m]
        used = taken[halls[m] * num_slots + slot]
        numbers = range(1, open_halls[room].tables[slot] + 1)
        table = next((n for n in numbers if n not in used and open_halls[room].is_open(n, slot)), None)
        if table is not None:
            used.add(table)
            who = None if interpreters[m] == NONE else index.interpreters[interpreters[m]]
            seats[index.meetings[m]] = Seat(slot=slot, hall=room, table=table, interpreter=who)
    return seats


def plan_of(index: Index, seats: Mapping[str, Seat | None]) -> Ints:
    """(3, M) slot, hall and interpreter of each meeting; names that the problem does not know count as none."""
    plan = np.full((3, len(index.meetings)), NONE, np.int32)
    if not seats:
        return plan
    halls = {name: i for i, name in enumerate(index.halls)}
    interpreters: dict[str | None, int] = {name: i for i, name in enumerate(index.interpreters)}
    found = [
        None if (seat := seats.get(name)) is None or seat.hall not in halls else seat
        for name in index.meetings
    ]
    plan[0] = [NONE if seat is None else seat.slot for seat in found]
    plan[1] = [NONE if seat is None else halls[seat.hall] for seat in found]
    plan[2] = [NONE if seat is None else interpreters.get(seat.interpreter, NONE) for seat in found]
    return plan
