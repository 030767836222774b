"""What would have helped: for a meeting left out the cheapest remedy that places it, and how many others it places with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kontor_engines.meetings._board import Board, Stops
from kontor_engines.meetings._plan import REMEDY_KINDS, Remedy
from kontor_engines.meetings._problem import Meeting, Seat

MAX_SLOTS_TRIED = 4
"""Slots tried for a remedy that concerns one meeting."""

Stopped = Mapping[tuple[int, str], Stops]


@dataclass(slots=True)
class Adviser:
    """Tries remedies on a finished plan; what helps many meetings (a table, an interpreter, a longer day) is tried once."""

    board: Board
    waiting: Sequence[Meeting]
    placed: dict[Remedy, dict[str, Seat]] = field(default_factory=dict)
    """The meetings that a remedy for many places."""

    def __post_init__(self) -> None:
        self.waiting = sorted(self.waiting, key=lambda meeting: -meeting.priority)

    def cheapest(self, meeting: Meeting, stops: Stopped) -> tuple[Remedy | None, int]:
        """The cheapest kind of remedy that places the meeting; of that kind the one that places most."""
        for kind in REMEDY_KINDS:
            best: Remedy | None = None
            most = 0
            for idea in self._ideas(kind, meeting, stops):
                remedy, places = self._try(idea, meeting)
                if places > most:
                    best, most = remedy, places
            if best is not None:
                return best, most
        return None, 0

    def _ideas(self, kind: str, meeting: Meeting, stops: Stopped) -> Iterator[Remedy]:
        """Remedies of one kind for slots in which only what it changes stands against the meeting."""
        slots = tuple(self.board.slots())
        if kind == "free_slot":
            yield from self._free_slots(meeting, stops)
        elif kind == "other_hall" and meeting.hall is not None and meeting.table:
            yield from self._other_halls(meeting)
        elif kind == "add_table":
            for hall in dict.fromkeys(hall for (_, hall), stop in stops.items() if stop.rules() == {"H3"}):
                yield Remedy(kind="add_table", hall=hall, slots=slots)
        elif kind == "add_interpreter" and meeting.pair is not None:
            if any(stop.rules() == {"H4"} for stop in stops.values()):
                yield Remedy(kind="add_interpreter", pair=meeting.pair, slots=slots)
        elif kind == "drop_after":
            yield from self._dropped(meeting, stops)
        elif kind == "longer_day":
            for day in sorted({self.board.problem.slots[slot].day for slot in slots}):
                yield Remedy(kind="longer_day", day=day)

    def _free_slots(self, meeting: Meeting, stops: Stopped) -> Iterator[Remedy]:
        """The fewest people who would have to come, the meeting's own wishes last."""
        found: dict[Remedy, tuple[int, int]] = {}
        for (slot, _), stop in stops.items():
            if stop.rules() == {"H2"}:
                moved = meeting.id if stop.not_allowed else None
                remedy = Remedy(kind="free_slot", slots=(slot,), people=stop.unavailable, meeting=moved)
                found[remedy] = (len(stop.unavailable) + stop.not_allowed, slot)
        yield from sorted(found, key=lambda remedy: found[remedy])[:MAX_SLOTS_TRIED]

    def _other_halls(self, meeting: Meeting) -> Iterator[Remedy]:
        for hall in self.board.problem.halls:
            if hall.id != meeting.hall:
                yield Remedy(kind="other_hall", meeting=meeting.id, hall=hall.id)

    def _dropped(self, meeting: Meeting, stops: Stopped) -> Iterator[Remedy]:
        found: dict[Remedy, None] = {}
        for stop in stops.values():
            if stop.rules() == {"H6"} and len(stop.wrong_order) == 1:
                other = stop.wrong_order[0]
                late, early = (meeting.id, other) if other in meeting.after else (other, meeting.id)
                found[Remedy(kind="drop_after", meeting=late, after=early)] = None
        yield from list(found)[:MAX_SLOTS_TRIED]

    def _try(self, idea: Remedy, meeting: Meeting) -> tuple[Remedy, int]:
        """The remedy with only the slots it needs, and how many meetings it places; 0 if not this one."""
        if idea.kind in ("add_table", "add_interpreter", "longer_day"):
            if idea not in self.placed:
                self.placed[idea] = self.board.try_remedy(idea, self._concerned(idea))
            seats = self.placed[idea]
            if meeting.id not in seats:
                seats = self.board.try_remedy(idea, [meeting])
        else:
            others = [other for other in self._concerned(idea) if other.id != meeting.id]
            seats = self.board.try_remedy(idea, [meeting])
            if seats and others:
                seats = self.board.try_remedy(idea, [meeting, *others])
        if meeting.id not in seats:
            return idea, 0
        if idea.kind in ("add_table", "add_interpreter"):
            return replace(idea, slots=tuple(sorted({seat.slot for seat in seats.values()}))), len(seats)
        return idea, len(seats)

    def _concerned(self, idea: Remedy) -> list[Meeting]:
        """Waiting meetings that the remedy could place, besides the one it is for."""
        if idea.kind == "free_slot":
            return [meeting for meeting in self.waiting if set(meeting.people).intersection(idea.people)]
        if idea.kind == "add_interpreter":
            return [meeting for meeting in self.waiting if meeting.pair == idea.pair]
        if idea.kind == "add_table":
            return [
                meeting
                for meeting in self.waiting
                if meeting.table and idea.hall in self.board.halls(meeting)
            ]
        if idea.kind == "longer_day":
            return list(self.waiting)
        return []
