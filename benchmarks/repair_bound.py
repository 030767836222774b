"""How many changes a repair needs at least: an integer program that leaves out what makes planning hard."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from kontor_engines.meetings import Meeting, Problem, Seat

Row = tuple[str, str, int]


def fewest_changes(problem: Problem, near: set[str], priority: float, seconds: float) -> int:
    """No valid plan of this priority changes fewer published meetings.

    `near` are those that may take any slot and hall, with those that were left out. Any other meeting may disappear at the price
    of one change, which is no more than it costs to seat it elsewhere, so whatever it is, the bound is true; the more are near,
    the better it is. Known are people, tables, the choice of halls, and of interpreters that each set of pairs has enough; not
    known are walks, pauses and the order. Nothing may be over or locked.
    """
    program = _Program(problem, near)
    columns = len(program.cost)
    needed = priority - math.fsum(meeting.priority for meeting in program.far)
    rows = [*program.capacities(), (range(columns), [-worth for worth in program.worth], 1e-6 - needed)]
    sizes = [len(entries) for entries, _, _ in rows]
    matrix = coo_array(
        (
            np.concatenate([np.asarray(values, float) for _, values, _ in rows]),
            (np.repeat(np.arange(len(rows)), sizes), np.concatenate([np.asarray(c) for c, _, _ in rows])),
        ),
        shape=(len(rows), columns),
    ).tocsr()
    answer = milp(
        np.array(program.cost),
        constraints=LinearConstraint(matrix, -np.inf, np.array([limit for _, _, limit in rows], float)),
        bounds=Bounds(0, np.array(program.most)),
        integrality=np.ones(columns),
        options={"time_limit": seconds, "mip_rel_gap": 0},
    )
    saved = -program.published if answer.mip_dual_bound is None else answer.mip_dual_bound
    return max(0, math.ceil(program.published + saved - 1e-6))


class _Program:
    """Columns: a place of a meeting that is near; so many of the others that disappear."""

    def __init__(self, problem: Problem, near: set[str]) -> None:
        self.problem = problem
        self.before = {name: seat for name, seat in (problem.published or {}).items() if seat is not None}
        self.near = [m for m in problem.meetings if m.id in near or m.id not in self.before]
        self.far = [m for m in problem.meetings if m.id not in near and m.id in self.before]
        self.published = sum(meeting.id in self.before for meeting in self.near)
        self.cost: list[float] = []
        self.worth: list[float] = []
        self.most: list[float] = []
        self.rows: defaultdict[Row, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        self.room = self._room()
        for meeting in self.near:
            self._add_places(meeting)
        self._add_leavers()

    def capacities(self) -> list[tuple[list[int], list[float], float]]:
        """Columns, entries and limit of each row."""
        found: list[tuple[list[int], list[float], float]] = [
            (*self.rows[key], self.room.get(key, 1)) for key in list(self.rows) if key[0] != "pair"
        ]
        pairs = sorted({meeting.pair for meeting in self.problem.meetings if meeting.pair is not None})
        some = [several for n in range(len(pairs)) for several in itertools.combinations(pairs, n + 1)]
        for slot, several in itertools.product(range(len(self.problem.slots)), some):
            team = sum(
                slot in who.slots and bool(who.pairs.intersection(several))
                for who in self.problem.interpreters
            )
            parts = [self.rows["pair", pair, slot] for pair in several]
            columns = [column for part, _ in parts for column in part]
            values = [value for _, part in parts for value in part]
            if columns:
                used = sum(self.room["pair", pair, slot] for pair in several)
                found.append((columns, values, team + used))
        return found

    def _room(self) -> defaultdict[Row, int]:
        """What the meetings that are not near leave; of pairs, minus what they use."""
        room: defaultdict[Row, int] = defaultdict(int)
        for slot, hall in itertools.product(range(len(self.problem.slots)), self.problem.halls):
            room["hall", hall.id, slot] = sum(hall.is_open(n, slot) for n in range(1, hall.tables[slot] + 1))
        for person, slot in itertools.product(self.problem.people, range(len(self.problem.slots))):
            room["person", person.id, slot] = 1
        for meeting in self.far:
            for key in self._uses(meeting, self.before[meeting.id]):
                room[key] -= 1
        return room

    def _uses(self, meeting: Meeting, seat: Seat) -> list[Row]:
        found: list[Row] = [("person", name, seat.slot) for name in meeting.people]
        if meeting.table:
            found.append(("hall", seat.hall, seat.slot))
        if meeting.pair is not None:
            found.append(("pair", meeting.pair, seat.slot))
        return found

    def _add_places(self, meeting: Meeting) -> None:
        free = frozenset.intersection(*(p.slots for p in self.problem.people if p.id in meeting.people))
        own = range(len(self.problem.slots)) if meeting.slots is None else meeting.slots
        home = self.before.get(meeting.id)
        for slot in sorted(free.intersection(own)):
            if meeting.slot not in (None, slot):
                continue
            for hall in self.problem.halls:
                if meeting.hall not in (None, hall.id) or (meeting.table and not hall.tables[slot]):
                    continue
                stays = home is not None and (home.slot, home.hall) == (slot, hall.id)
                if stays and home is not None and home.table is not None:
                    stays = hall.is_open(home.table, slot)
                column = self._column(-1.0 if stays else 0.0, meeting.priority, 1)
                self._enter(("meeting", meeting.id, 0), column, 1.0)
                for key in self._uses(meeting, Seat(slot=slot, hall=hall.id)):
                    self._enter(key, column, 1.0)

    def _add_leavers(self) -> None:
        """Those in the way of somebody near one by one, the others by what they use."""
        wanted = {(name, slot) for kind, name, slot in self.rows if kind == "person"}
        alike: defaultdict[tuple[Row, ...], int] = defaultdict(int)
        for meeting in self.far:
            seat = self.before[meeting.id]
            uses = self._uses(meeting, seat)
            if any((name, seat.slot) in wanted for name in meeting.people):
                self._leaves(uses, 1)
            else:
                alike[tuple(key for key in uses if key[0] != "person")] += 1
        for shared, number in alike.items():
            self._leaves(shared, number)

    def _leaves(self, uses: Iterable[Row], number: int) -> None:
        column = self._column(1.0, 0.0, number)
        for key in uses:
            if key in self.rows:
                self._enter(key, column, -1.0)

    def _column(self, cost: float, worth: float, most: int) -> int:
        self.cost.append(cost)
        self.worth.append(worth)
        self.most.append(most)
        return len(self.cost) - 1

    def _enter(self, key: Row, column: int, value: float) -> None:
        columns, values = self.rows[key]
        columns.append(column)
        values.append(value)
