"""Remedies as changes of the problem: what one means, applied for real."""

from collections.abc import Mapping
from dataclasses import replace

from kontor_engines.meetings._plan import Remedy
from kontor_engines.meetings._problem import Hall, Interpreter, Meeting, Person, Problem, Seat, Slot


def apply_remedy(problem: Problem, remedy: Remedy) -> Problem:
    """The problem as it would be if somebody did what the remedy says."""
    if remedy.kind == "free_slot":
        slots = frozenset(remedy.slots)
        people = tuple(
            replace(p, slots=p.slots | slots) if p.id in remedy.people else p for p in problem.people
        )
        meetings = tuple(_allow(m, slots) if m.id == remedy.meeting else m for m in problem.meetings)
        return replace(problem, people=people, meetings=meetings)
    if remedy.kind == "other_hall":
        meetings = tuple(
            replace(m, hall=remedy.hall) if m.id == remedy.meeting else m for m in problem.meetings
        )
        return replace(problem, meetings=meetings)
    if remedy.kind == "add_table":
        halls = tuple(_with_table(h, remedy.slots) if h.id == remedy.hall else h for h in problem.halls)
        return replace(problem, halls=halls)
    if remedy.kind == "add_interpreter":
        number = sum(who.id.startswith("added") for who in problem.interpreters) + 1
        added = Interpreter(
            id=f"added{number}", pairs=frozenset({remedy.pair or ""}), slots=frozenset(remedy.slots)
        )
        return replace(problem, interpreters=(*problem.interpreters, added))
    if remedy.kind == "drop_after":
        meetings = tuple(
            replace(m, after=tuple(key for key in m.after if key != remedy.after))
            if m.id == remedy.meeting
            else m
            for m in problem.meetings
        )
        return replace(problem, meetings=meetings)
    return _lengthen(problem, remedy.day or 0)


def _allow(meeting: Meeting, slots: frozenset[int]) -> Meeting:
    """The meeting may also take place in these slots."""
    allowed = meeting.slots
    if meeting.slot is not None:
        allowed = frozenset({meeting.slot})
    return replace(meeting, slot=None, slots=None if allowed is None else allowed | slots)


def _with_table(hall: Hall, slots: tuple[int, ...]) -> Hall:
    tables = tuple(number + 1 if slot in slots else number for slot, number in enumerate(hall.tables))
    # A closed number that lies beyond the tables of a slot must not become the new table.
    closed = frozenset(
        (table, slot) for table, slot in hall.closed if not (slot in slots and table > hall.tables[slot])
    )
    return replace(hall, tables=tables, closed=closed)


def _lengthen(problem: Problem, day: int) -> Problem:
    """One more slot at the end of a day, with everybody, all tables and all interpreters as far as they are free then."""
    last = _last_slot(problem, day)
    new = last + 1

    def shift(slots: frozenset[int]) -> frozenset[int]:
        return frozenset(slot + (slot > last) for slot in slots)

    def shift_meeting(meeting: Meeting) -> Meeting:
        if meeting.slots is None and (meeting.slot is None or meeting.slot <= last):
            return meeting
        return replace(
            meeting,
            slots=None if meeting.slots is None else shift(meeting.slots),
            slot=None if meeting.slot is None else meeting.slot + (meeting.slot > last),
        )

    def shift_hall(hall: Hall) -> Hall:
        closed = {(table, slot + (slot > last)) for table, slot in hall.closed}
        closed |= {(table, new) for table, slot in hall.closed if slot == last}
        tables = (*hall.tables[:new], hall.tables[last], *hall.tables[new:])
        return replace(hall, tables=tables, closed=frozenset(closed))

    def shift_person(person: Person) -> Person:
        return replace(person, slots=shift(person.slots) | {new})

    slots = (*problem.slots[:new], Slot(day=day, minutes=problem.slots[last].minutes), *problem.slots[new:])
    published = problem.published
    return replace(
        problem,
        slots=slots,
        halls=tuple(shift_hall(hall) for hall in problem.halls),
        people=tuple(shift_person(person) for person in problem.people),
        interpreters=tuple(replace(who, slots=shift(who.slots) | {new}) for who in problem.interpreters),
        meetings=tuple(shift_meeting(meeting) for meeting in problem.meetings),
        published=None if published is None else shift_all_for_longer_day(problem, published, day),
        frozen_before=problem.frozen_before + (problem.frozen_before > last),
    )


def shift_all_for_longer_day(
    problem: Problem, seats: Mapping[str, Seat | None], day: int
) -> dict[str, Seat | None]:
    """A plan of the old problem in the lengthened one."""
    last = _last_slot(problem, day)
    return {key: _shift_after(last, seat) for key, seat in seats.items()}


def _last_slot(problem: Problem, day: int) -> int:
    return max(slot for slot, entry in enumerate(problem.slots) if entry.day == day)


def _shift_after(last: int, seat: Seat | None) -> Seat | None:
    if seat is None or seat.slot <= last:
        return seat
    return Seat(slot=seat.slot + 1, hall=seat.hall, table=seat.table, interpreter=seat.interpreter)
