"""Recovery after a no-show: what the people who are stranded now could do instead, in the same slot."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kontor_engines.meetings._board import Board
from kontor_engines.meetings._plan import Plan, Result
from kontor_engines.meetings._problem import Meeting, Problem, Seat

AGREED = 1000.0
"""Added to the priority of a request, so that what both sides want comes before any introduction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """People who could be introduced to each other, and how good that would be."""

    people: tuple[str, ...]
    score: float
    """Above 0."""
    pair: str | None = None
    hall: str | None = None
    table: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A meeting that could begin now."""

    people: tuple[str, ...]
    seat: Seat
    score: float
    meeting: str | None
    """The accepted request that has no place; None: an introduction."""
    pair: str | None
    together: bool
    """One of the best set of offers that can all be made at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Idea:
    """A meeting with everything it could have now: halls, interpreters."""

    meeting: Meeting
    score: float
    is_request: bool
    seats: tuple[tuple[str, str | None], ...]
    """(hall, interpreter)."""


def recover(
    problem: Problem,
    plan: Plan | Result,
    *,
    slot: int,
    people: Collection[str],
    matches: Sequence[Match] = (),
) -> tuple[Offer, ...]:
    """Offers for these people in this slot, each valid if nothing else moves; first those of the best set, then the others.

    The best set has the greatest sum of scores of all that use no person, table or interpreter twice.
    """
    if not 0 <= slot < len(problem.slots):
        raise ValueError(f"slot must be one of the {len(problem.slots)} slots, got {slot}")
    if slot < problem.frozen_before:
        return ()
    board = Board(problem, plan.seats)
    ideas = sorted(
        _ideas(board, slot, frozenset(people), matches),
        key=lambda idea: (-idea.score, not idea.is_request, idea.meeting.people),
    )
    chosen = _best_set(board, ideas, slot)
    tables = _free_tables(problem, plan, slot)
    offers = []
    for n, (hall, who) in sorted(chosen.items()):
        table = tables[hall].pop(0) if ideas[n].meeting.table else None
        offers.append(
            _offer(ideas[n], Seat(slot=slot, hall=hall, table=table, interpreter=who), together=True)
        )
    tables = _free_tables(problem, plan, slot)
    for n, idea in enumerate(ideas):
        if n not in chosen:
            hall, who = idea.seats[0]
            table = tables[hall][0] if idea.meeting.table else None
            seat = Seat(slot=slot, hall=hall, table=table, interpreter=who)
            offers.append(_offer(idea, seat, together=False))
    return tuple(offers)


def apply_offer(
    problem: Problem, plan: Plan | Result, offer: Offer, *, key: str = "offer"
) -> tuple[Problem, Plan]:
    """The event and its plan with the offer taken; an introduction becomes the meeting `key`."""
    name = offer.meeting or key
    if offer.meeting is None:
        if any(meeting.id == key for meeting in problem.meetings):
            raise ValueError(f"the event has a meeting {key!r} already")
        added = Meeting(
            id=key,
            people=offer.people,
            pair=offer.pair,
            hall=offer.seat.hall,
            table=offer.seat.table is not None,
        )
        problem = replace(problem, meetings=(*problem.meetings, added))
    return problem, Plan(seats={**plan.seats, name: offer.seat})


def _ideas(board: Board, slot: int, stranded: frozenset[str], matches: Sequence[Match]) -> Iterator[_Idea]:
    """Requests without a place and introductions that concern somebody stranded and are possible now."""
    problem = board.problem
    kept = {*problem.kept_seats(), *problem.locked}
    for meeting in problem.meetings:
        if meeting.id in board.now or meeting.id in kept or stranded.isdisjoint(meeting.people):
            continue
        seats = tuple(_seats(board, meeting, slot))
        if seats:
            yield _Idea(meeting=meeting, score=meeting.priority + AGREED, is_request=True, seats=seats)
    known = {person.id for person in problem.people}
    for match in matches:
        if match.score <= 0 or stranded.isdisjoint(match.people) or not known.issuperset(match.people):
            continue
        meeting = Meeting(id="", people=match.people, pair=match.pair, hall=match.hall, table=match.table)
        seats = tuple(_seats(board, meeting, slot))
        if seats:
            yield _Idea(meeting=meeting, score=match.score, is_request=False, seats=seats)


def _seats(board: Board, meeting: Meeting, slot: int) -> Iterator[tuple[str, str | None]]:
    for hall, stop in board.stops(meeting, slot).items():
        if not stop.rules():
            able: list[str | None] = [*board.able(meeting, slot, hall)] if meeting.pair else [None]
            yield from ((hall, who) for who in able)


def _best_set(board: Board, ideas: Sequence[_Idea], slot: int) -> dict[int, tuple[str, str | None]]:
    """The ideas to offer together, with their halls and interpreters (an integer program)."""
    # slow to import, and most plans never need it
    from scipy.optimize import Bounds as Limits
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import csr_array

    columns = [(n, hall, who) for n, idea in enumerate(ideas) for hall, who in idea.seats]
    if not columns:
        return {}
    uses: defaultdict[tuple[str, str | int], list[int]] = defaultdict(list)
    limits: dict[tuple[str, str | int], int] = {}
    for column, (n, hall, who) in enumerate(columns):
        meeting = ideas[n].meeting
        for name in meeting.people:
            uses["person", name].append(column)
        if who is not None:
            uses["interpreter", who].append(column)
        if meeting.table:
            uses["hall", hall].append(column)
            limits["hall", hall] = board.tables[hall, slot] - board.used[hall, slot]
        for before in meeting.after:  # two meetings in order cannot both be now
            uses["order", f"{before} {meeting.id}"] += [
                other
                for other, (k, _, _) in enumerate(columns)
                if ideas[k].meeting.id in (before, meeting.id)
            ]
    rows = [(row, column) for row, key in enumerate(uses) for column in dict.fromkeys(uses[key])]
    matrix = csr_array(
        (np.ones(len(rows)), tuple(np.array(rows, np.int64).T)), shape=(len(uses), len(columns))
    )
    answer = milp(
        [-ideas[n].score for n, _, _ in columns],
        constraints=LinearConstraint(matrix, -np.inf, [limits.get(key, 1) for key in uses]),
        integrality=np.ones(len(columns)),
        bounds=Limits(0, 1),
    )
    return {n: (hall, who) for (n, hall, who), x in zip(columns, answer.x, strict=True) if x > 0.5}


def _free_tables(problem: Problem, plan: Plan | Result, slot: int) -> dict[str, list[int]]:
    taken = {
        (seat.hall, seat.table) for seat in plan.seats.values() if seat is not None and seat.slot == slot
    }
    return {
        hall.id: [
            table
            for table in range(1, hall.tables[slot] + 1)
            if hall.is_open(table, slot) and (hall.id, table) not in taken
        ]
        for hall in problem.halls
    }


def _offer(idea: _Idea, seat: Seat, *, together: bool) -> Offer:
    return Offer(
        people=idea.meeting.people,
        seat=seat,
        score=idea.score,
        meeting=idea.meeting.id if idea.is_request else None,
        pair=idea.meeting.pair,
        together=together,
    )
