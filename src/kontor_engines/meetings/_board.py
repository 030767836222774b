"""A finished plan as dictionaries, on which one can ask what keeps a meeting from a slot, and try changes of the problem."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import NamedTuple

from kontor_engines.meetings._plan import Remedy
from kontor_engines.meetings._problem import Meeting, Problem, Seat


class Stops(NamedTuple):
    """What keeps a meeting from a slot, in a hall."""

    unavailable: tuple[str, ...] = ()
    """People who are not available (H2)."""
    not_allowed: bool = False
    """Its own slots do not allow it (H2)."""
    busy: tuple[str, ...] = ()
    """People in another meeting (H1)."""
    no_table: bool = False
    """H3."""
    no_interpreter: str = ""
    """H4, H5: `none`, `busy`, `pause` or `far`: how near the nearest interpreter is to serving it."""
    too_far: bool = False
    """H5 for people."""
    wrong_order: tuple[str, ...] = ()
    """Meetings that are not earlier or not later (H6)."""
    too_many_gaps: bool = False
    """H9."""

    def rules(self) -> set[str]:
        """The rules that stop it."""
        stopped = (
            ("H2", self.unavailable or self.not_allowed),
            ("H1", self.busy),
            ("H3", self.no_table),
            ("H4", self.no_interpreter),
            ("H5", self.too_far),
            ("H6", self.wrong_order),
            ("H9", self.too_many_gaps),
        )
        return {rule for rule, is_stopped in stopped if is_stopped}


@dataclass(slots=True)
class Board:
    """Who is where. `try_remedy` changes the problem for a moment; everything else only looks."""

    problem: Problem
    seats: Mapping[str, Seat | None]
    days: list[int] = field(default_factory=list)
    """The day of each slot."""
    when: list[float] = field(default_factory=list)
    """Where each slot lies in the order of time: its number, but for the one that a longer day adds."""
    now: dict[str, Seat] = field(default_factory=dict)
    at: dict[tuple[str, int], str] = field(default_factory=dict)
    serves: dict[tuple[str, int], str] = field(default_factory=dict)
    used: defaultdict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    free: dict[str, set[int]] = field(default_factory=dict)
    tables: dict[tuple[str, int], int] = field(default_factory=dict)
    duty: dict[str, tuple[frozenset[str], set[int], int | None]] = field(default_factory=dict)
    team: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Interpreters of each pair."""
    beside: dict[int, list[int]] = field(default_factory=dict)
    far: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Halls that are too far from each hall for adjacent slots."""
    later: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    extra_options: dict[str, set[int]] = field(default_factory=dict)
    other_halls: dict[str, str] = field(default_factory=dict)
    dropped: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        problem = self.problem
        slots = range(len(problem.slots))
        self.days = [slot.day for slot in problem.slots]
        self.when = [float(slot) for slot in slots]
        self.free = {person.id: set(person.slots) for person in problem.people}
        for hall in problem.halls:
            for slot in slots:
                self.tables[hall.id, slot] = hall.tables[slot]
            for table, slot in hall.closed:
                self.tables[hall.id, slot] -= table <= hall.tables[slot]
        self.duty = {who.id: (who.pairs, set(who.slots), who.max_run) for who in problem.interpreters}
        for who in problem.interpreters:
            for pair in who.pairs:
                self.team[pair].append(who.id)
        self.beside = {
            slot: [
                other for other in (slot - 1, slot + 1) if other in slots and problem.is_adjacent(slot, other)
            ]
            for slot in slots
        }
        for one, other in map(tuple, problem.apart):
            self.far[one].add(other)
            self.far[other].add(one)
        for meeting in problem.meetings:
            for before in meeting.after:
                self.later[before].append(meeting.id)
        self._put_all()

    def _put_all(self) -> None:
        """What `put` does for each seat, in a third of the time."""
        meetings = self.problem.meetings
        seated = [(m, seat) for m in meetings if (seat := self.seats.get(m.id)) is not None]
        self.now = {meeting.id: seat for meeting, seat in seated}
        self.at = {(name, seat.slot): meeting.id for meeting, seat in seated for name in meeting.people}
        self.serves = {
            (seat.interpreter, seat.slot): m.id for m, seat in seated if seat.interpreter is not None
        }
        self.used.update(Counter((seat.hall, seat.slot) for _, seat in seated if seat.table is not None))

    def put(self, meeting: Meeting, seat: Seat) -> None:
        self.now[meeting.id] = seat
        for name in meeting.people:
            self.at[name, seat.slot] = meeting.id
        if seat.table is not None:
            self.used[seat.hall, seat.slot] += 1
        if seat.interpreter is not None:
            self.serves[seat.interpreter, seat.slot] = meeting.id

    def take(self, meeting: Meeting) -> None:
        seat = self.now.pop(meeting.id)
        for name in meeting.people:
            self.at.pop((name, seat.slot), None)
        if seat.table is not None:
            self.used[seat.hall, seat.slot] -= 1
        if seat.interpreter is not None:
            self.serves.pop((seat.interpreter, seat.slot), None)

    def options(self, meeting: Meeting) -> list[int]:
        """Slots in which the meeting may lie (H2, H8)."""
        return [slot for slot in self.slots() if not self.stops_in_time(meeting, slot)]

    def slots(self) -> list[int]:
        """All slots that are not over, in the order of time."""
        return sorted(range(self.problem.frozen_before, len(self.when)), key=self.when.__getitem__)

    def stops_in_time(self, meeting: Meeting, slot: int) -> bool:
        return not self.is_allowed(meeting, slot) or any(
            slot not in self.free[name] for name in meeting.people
        )

    def is_allowed(self, meeting: Meeting, slot: int) -> bool:
        """Its own `slots` and `slot`."""
        if slot in self.extra_options.get(meeting.id, ()):
            return True
        return (meeting.slots is None or slot in meeting.slots) and meeting.slot in (None, slot)

    def halls(self, meeting: Meeting) -> list[str]:
        """Halls in which it may lie (H7)."""
        if meeting.id in self.other_halls:
            return [self.other_halls[meeting.id]]
        return [hall.id for hall in self.problem.halls] if meeting.hall is None else [meeting.hall]

    def all_stops(self, meeting: Meeting) -> dict[tuple[int, str], Stops]:
        """For each slot that is not over and each hall that it may use, what keeps the meeting from there."""
        return {
            (slot, hall): stop for slot in self.slots() for hall, stop in self.stops(meeting, slot).items()
        }

    def stops(self, meeting: Meeting, slot: int, halls: Iterable[str] | None = None) -> dict[str, Stops]:
        """Everything that keeps the meeting from this slot, in each of the halls."""
        people, table = meeting.people, meeting.table
        unavailable = tuple(name for name in people if slot not in self.free[name])
        not_allowed = not self.is_allowed(meeting, slot) or slot < self.problem.frozen_before
        busy = tuple(name for name in people if (name, slot) in self.at)
        wrong_order = tuple(self._wrong_order(meeting, slot))
        too_many_gaps = self._has_too_many_gaps(meeting, slot)
        return {
            hall: Stops(
                unavailable=unavailable,
                not_allowed=not_allowed,
                busy=busy,
                no_table=table and self.used[hall, slot] >= self.tables.get((hall, slot), 0),
                no_interpreter=self._interpreter_stop(meeting, slot, hall),
                too_far=any(not self._is_near(self.at, name, slot, hall) for name in people),
                wrong_order=wrong_order,
                too_many_gaps=too_many_gaps,
            )
            for hall in halls or self.halls(meeting)
        }

    def fit(self, meeting: Meeting, slot: int) -> Seat | None:
        """A seat for the meeting in the slot with everything else unmoved, if there is one; any free table counts as table 1."""
        if any((name, slot) in self.at for name in meeting.people):
            return None
        for hall in self.halls(meeting):
            if meeting.table and self.used[hall, slot] >= self.tables.get((hall, slot), 0):
                continue
            who = next(self.able(meeting, slot, hall), None) if meeting.pair else None
            if meeting.pair and who is None:
                continue
            if not self.stops(meeting, slot, [hall])[hall].rules():
                return Seat(slot=slot, hall=hall, table=1 if meeting.table else None, interpreter=who)
        return None

    def _interpreter_stop(self, meeting: Meeting, slot: int, hall: str) -> str:
        if meeting.pair is None or next(self.able(meeting, slot, hall), None) is not None:
            return ""
        present = [who for who in self.team[meeting.pair] if slot in self.duty[who][1]]
        if not present:
            return "none"
        idle = [who for who in present if (who, slot) not in self.serves]
        if not idle:
            return "busy"
        return "pause" if any(self._is_near(self.serves, who, slot, hall) for who in idle) else "far"

    def able(self, meeting: Meeting, slot: int, hall: str) -> Iterator[str]:
        """Interpreters who could serve the meeting there (H4, H5)."""
        for who in self.team[meeting.pair or ""]:
            _, when, limit = self.duty[who]
            if slot not in when or (who, slot) in self.serves:
                continue
            if not self._is_near(self.serves, who, slot, hall):
                continue
            if limit is None or self._run(who, slot) <= limit:
                yield who

    def _run(self, who: str, slot: int) -> int:
        """Meetings in a row if the interpreter served this slot too."""
        seen = {slot}
        edge = [slot]
        while edge:
            for other in self.beside[edge.pop()]:
                if other not in seen and (who, other) in self.serves:
                    seen.add(other)
                    edge.append(other)
        return len(seen)

    def _is_near(self, row: Mapping[tuple[str, int], str], name: str, slot: int, hall: str) -> bool:
        far = self.far.get(hall)
        if not far:
            return True
        for other in self.beside[slot]:
            meeting = row.get((name, other))
            if meeting is not None and self.now[meeting].hall in far:
                return False
        return True

    def _wrong_order(self, meeting: Meeting, slot: int) -> Iterator[str]:
        for before in meeting.after:
            if (
                (meeting.id, before) not in self.dropped
                and before in self.now
                and self.when[self.now[before].slot] >= self.when[slot]
            ):
                yield before
        for after in self.later[meeting.id]:
            if (
                (after, meeting.id) not in self.dropped
                and after in self.now
                and self.when[self.now[after].slot] <= self.when[slot]
            ):
                yield after

    def _has_too_many_gaps(self, meeting: Meeting, slot: int) -> bool:
        limit = self.problem.max_gaps
        if limit is None or self.problem.published is not None:
            return False
        return any(self._gaps_with(name, slot) > limit for name in meeting.people)

    def _gaps_with(self, name: str, slot: int) -> int:
        """Gaps of a person who is also busy in this slot."""
        gaps = waiting = 0
        day: int | None = None
        seen = False
        for t in sorted(range(len(self.when)), key=self.when.__getitem__):
            if self.problem.gap_rule == "day" and self.days[t] != day:
                day, seen, waiting = self.days[t], False, 0
            if t == slot or (name, t) in self.at:
                gaps += seen and waiting > 0
                seen, waiting = True, 0
            elif self.problem.gap_rule == "timeline" or t in self.free[name]:
                waiting += 1
        return gaps

    def place_all(self, waiting: Iterable[Meeting]) -> dict[str, Seat]:
        """Seat, in this order, as many of the meetings as fit with nothing else moved, and lift them again; their seats."""
        seated: list[Meeting] = []
        for meeting in waiting:
            for slot in self.options(meeting):
                seat = self.fit(meeting, slot)
                if seat is not None:
                    self.put(meeting, seat)
                    seated.append(meeting)
                    break
        found = {meeting.id: self.now[meeting.id] for meeting in seated}
        for meeting in reversed(seated):
            self.take(meeting)
        return found

    def try_remedy(self, remedy: Remedy, waiting: Iterable[Meeting]) -> dict[str, Seat]:
        """The meetings that the remedy places."""
        with ExitStack() as undo:
            self._apply(remedy, undo)
            return self.place_all(waiting)

    def _apply(self, remedy: Remedy, undo: ExitStack) -> None:
        if remedy.kind == "free_slot":
            for name in remedy.people:
                for slot in set(remedy.slots) - self.free[name]:
                    self.free[name].add(slot)
                    undo.callback(self.free[name].discard, slot)
            if remedy.meeting is not None:
                self.extra_options[remedy.meeting] = set(remedy.slots)
                undo.callback(self.extra_options.pop, remedy.meeting)
        elif remedy.kind == "other_hall" and remedy.meeting is not None and remedy.hall is not None:
            self.other_halls[remedy.meeting] = remedy.hall
            undo.callback(self.other_halls.pop, remedy.meeting)
        elif remedy.kind == "add_table" and remedy.hall is not None:
            for slot in remedy.slots:
                before = self.tables[remedy.hall, slot]
                self.tables[remedy.hall, slot] = before + 1
                undo.callback(self.tables.__setitem__, (remedy.hall, slot), before)
        elif remedy.kind == "add_interpreter" and remedy.pair is not None:
            self.duty[""] = (frozenset({remedy.pair}), set(remedy.slots), None)
            undo.callback(self.duty.pop, "")
            self.team[remedy.pair].append("")
            undo.callback(self.team[remedy.pair].pop)
        elif remedy.kind == "drop_after" and remedy.meeting is not None and remedy.after is not None:
            self.dropped.add((remedy.meeting, remedy.after))
            undo.callback(self.dropped.discard, (remedy.meeting, remedy.after))
        elif remedy.kind == "longer_day" and remedy.day is not None:
            self._add_slot(remedy.day, undo)

    def _add_slot(self, day: int, undo: ExitStack) -> None:
        """One more slot after the last one of the day, numbered after all others, as `apply_remedy` puts it there."""
        last, new = max(slot for slot, other in enumerate(self.days) if other == day), len(self.when)
        self.when.append(last + 0.5)
        self.days.append(day)
        self.beside[new] = [last]
        self.beside[last].append(new)
        come = [*self.free.values(), *(slots for _, slots, _ in self.duty.values())]
        for slots in come:
            slots.add(new)
        for hall in self.problem.halls:
            self.tables[hall.id, new] = self.tables[hall.id, last]

        def shorten() -> None:
            for entry in (self.when, self.days, self.beside[last]):
                entry.pop()
            del self.beside[new]
            for slots in come:
                slots.discard(new)
            for hall in self.problem.halls:
                del self.tables[hall.id, new]

        undo.callback(shorten)
