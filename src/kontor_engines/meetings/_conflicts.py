"""What cannot all be placed, before any planning: the smallest conflicting sets of facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from kontor_engines.meetings._board import Board
from kontor_engines.meetings._crowds import find_crowd
from kontor_engines.meetings._explain import time_facts
from kontor_engines.meetings._model import NONE, Model, build_model
from kontor_engines.meetings._plan import Fact
from kontor_engines.meetings._problem import Problem

MAX_EXACT = 60
"""Crowds up to this size are searched for their smallest conflicting part, larger ones for one without a spare meeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Meetings that cannot all be placed."""

    rule: str
    """H1 people, H2 time, H3 tables, H4 interpreters, H6 order."""
    facts: tuple[Fact, ...]
    meetings: tuple[str, ...]
    """As far as this rule is concerned, any part of them could be placed."""
    excess: int
    """How many meetings at least stay out for this cause, these or others that compete with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """Meetings that need the same thing, where they could have it, and how much of it there is."""

    rule: str
    name: str
    options: Mapping[int, list[int]]
    """Slots, or days where interpreters need pauses."""
    room: Mapping[int, int]
    is_by_day: bool = False


def conflicts(problem: Problem) -> tuple[Conflict, ...]:
    """Each person, language pair, hall and order that is asked for too much; meetings without any slot first."""
    model, _ = build_model(problem)
    options = {
        m: model.options[model.option_start[m] : model.option_start[m + 1]].tolist()
        for m in np.flatnonzero(model.fixed == 0).tolist()
    }
    found = list(_without_slot(problem, options))
    for claim in _claims(problem, model, options):
        found += _crowd_in(problem, claim)
    return (*found, *_orders(problem, options))


def _without_slot(problem: Problem, options: Mapping[int, list[int]]) -> Iterator[Conflict]:
    nowhere = [problem.meetings[m] for m, slots in options.items() if not slots]
    board = Board(problem, {}) if nowhere else None
    for meeting in nowhere:
        if board is not None:
            yield Conflict(
                rule="H2", facts=tuple(time_facts(board, meeting)), meetings=(meeting.id,), excess=1
            )


def _claims(problem: Problem, model: Model, options: Mapping[int, list[int]]) -> Iterator[_Claim]:
    """Everything that meetings compete for; what H8 keeps has its share already."""
    kept = problem.kept_seats()
    slots = range(len(problem.slots))
    for p, person in enumerate(problem.people):
        agenda = model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]].tolist()
        taken = {kept[problem.meetings[m].id].slot for m in agenda if problem.meetings[m].id in kept}
        own = {m: options[m] for m in agenda if options.get(m)}
        if len(own) > 1:
            room = {t: int(t not in taken) for t in slots}
            yield _Claim(rule="H1", name=person.id, options=own, room=room)
    for pair in sorted({m.pair for m in problem.meetings if m.pair}):
        own = {m: row for m, row in options.items() if row and problem.meetings[m].pair == pair}
        yield from _interpreted(problem, pair, own)
    seated = [seat for key, seat in kept.items() if seat.table is not None]
    for h, hall in enumerate(problem.halls):
        own = {
            m: row for m, row in options.items() if row and model.takes_table[m] and model.hall_wanted[m] == h
        }
        room = {
            t: int(model.capacity[h, t]) - sum((seat.hall, seat.slot) == (hall.id, t) for seat in seated)
            for t in slots
        }
        yield _Claim(rule="H3", name=hall.id, options=own, room=room)
    own = {m: row for m, row in options.items() if row and model.takes_table[m]}
    room = {t: int(model.capacity[:, t].sum()) - sum(seat.slot == t for seat in seated) for t in slots}
    if len(problem.halls) > 1 or (model.hall_wanted[list(own)] == NONE).any():
        yield _Claim(rule="H3", name="", options=own, room=room)


def _interpreted(problem: Problem, pair: str, own: Mapping[int, list[int]]) -> Iterator[_Claim]:
    """What the interpreters of a pair can serve: in each slot, and, where they need pauses, on each day."""
    kept = problem.kept_seats().values()
    busy = {(seat.interpreter, seat.slot) for seat in kept if seat.slot >= problem.frozen_before}
    slots = range(problem.frozen_before, len(problem.slots))
    team = [who for who in problem.interpreters if pair in who.pairs]
    room = {t: sum(t in who.slots and (who.id, t) not in busy for who in team) for t in slots}
    yield _Claim(rule="H4", name=pair, options=own, room=room)
    if all(who.max_run is None for who in team):
        return
    by_day: dict[int, int] = {problem.slots[t].day: 0 for t in slots}
    for who in team:
        run = 0
        for t in slots:
            run = run + 1 if t in who.slots else 0
            is_pause = who.max_run is not None and run > who.max_run
            run = 0 if is_pause or not (t + 1 in slots and problem.is_adjacent(t, t + 1)) else run
            by_day[problem.slots[t].day] += t in who.slots and not is_pause
            by_day[problem.slots[t].day] -= (who.id, t) in busy and t in who.slots
    days = {m: sorted({problem.slots[t].day for t in row}) for m, row in own.items()}
    yield _Claim(rule="H4", name=pair, options=days, room=by_day, is_by_day=True)


def _crowd_in(problem: Problem, claim: _Claim) -> Iterator[Conflict]:
    own = claim.options
    crowd = find_crowd(own, claim.room, {m: problem.meetings[m].priority for m in own})
    if not crowd.left_out:
        return
    # With one meeting too many, those that it competes with are a set of which none can be left out.
    first = {m: own[m] for m in sorted(crowd.members - set(crowd.left_out[1:]))}
    members = sorted(find_crowd(first, claim.room, dict.fromkeys(first, 1.0)).members)
    if len(crowd.members) <= MAX_EXACT:
        members = smallest_conflict({m: own[m] for m in sorted(crowd.members)}, claim.room)
    places = tuple(sorted({t for m in members for t in own[m]}))
    yield Conflict(
        rule=claim.rule,
        facts=(_fact(problem, claim, len(members), places),),
        meetings=tuple(problem.meetings[m].id for m in members),
        excess=len(crowd.left_out),
    )


def _fact(problem: Problem, claim: _Claim, count: int, slots: tuple[int, ...]) -> Fact:
    seats = sum(max(0, claim.room[place]) for place in slots)
    if claim.is_by_day:
        slots = tuple(t for t, slot in enumerate(problem.slots) if slot.day in slots)
    if claim.rule == "H1":
        free = next(len(person.slots) for person in problem.people if person.id == claim.name)
        if count > free:
            return Fact(code="person_full", params={"person": claim.name, "meetings": count, "slots": free})
        return Fact(code="person_short", params={"person": claim.name, "meetings": count, "slots": slots})
    params: dict[str, str | int | tuple[int, ...]] = {"meetings": count, "seats": seats, "slots": slots}
    if claim.rule == "H4":
        return Fact(code="pair_short", params={"pair": claim.name, **params})
    if claim.name:
        return Fact(code="hall_short", params={"hall": claim.name, **params})
    return Fact(code="tables_short", params=params)


def smallest_conflict(options: Mapping[int, list[int]], room: Mapping[int, int]) -> list[int]:
    """The fewest meetings that need more than their slots hold (an integer program: which meetings, and so which slots)."""
    # slow to import, and most plans never need it
    from scipy.optimize import Bounds as Limits
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import lil_array

    meetings = list(options)
    slots = sorted({t for row in options.values() for t in row})
    number = {t: len(meetings) + n for n, t in enumerate(slots)}
    uses = [(m, t) for m in meetings for t in options[m]]
    size = len(meetings) + len(slots)
    rows = lil_array((len(uses) + 1, size))
    for n, (m, t) in enumerate(uses):  # a slot counts if one of its meetings does
        rows[n, number[t]] = 1.0
        rows[n, meetings.index(m)] = -1.0
    rows[len(uses), : len(meetings)] = 1.0
    for t in slots:
        rows[len(uses), number[t]] = -float(max(0, room.get(t, 0)))
    cost = np.concatenate([np.ones(len(meetings)), np.zeros(len(slots))])
    low = np.zeros(len(uses) + 1)
    low[-1] = 1.0
    answer = milp(
        cost,
        constraints=LinearConstraint(rows.tocsr(), low, np.inf),
        integrality=np.ones(size),
        bounds=Limits(0, 1),
    )
    return [m for m, chosen in zip(meetings, answer.x, strict=False) if chosen > 0.5]


def _orders(problem: Problem, options: Mapping[int, list[int]]) -> Iterator[Conflict]:
    """A meeting whose last slot is not after the first slot of one that must be earlier."""
    number = {meeting.id: m for m, meeting in enumerate(problem.meetings)}
    for m, row in options.items():
        for key in problem.meetings[m].after if row else ():
            earlier = options.get(number[key])
            if earlier and min(earlier) >= max(row):
                yield Conflict(
                    rule="H6",
                    facts=(Fact(code="order_impossible", params={"meeting": key}),),
                    meetings=(problem.meetings[m].id, key),
                    excess=1,
                )
