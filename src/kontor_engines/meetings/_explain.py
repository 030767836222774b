"""Why not: for each meeting left out the rule that stops it, the facts, and the cheapest remedy, tried out on the plan."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kontor_engines.meetings._board import Board, Stops
from kontor_engines.meetings._plan import REMEDY_KINDS, Fact, Plan, Remedy, Result, Unplaced
from kontor_engines.meetings._problem import Meeting, Problem, Seat
from kontor_engines.meetings._remedies import apply_remedy, shift_for_longer_day

RULES = ("H4", "H3", "H6", "H5", "H9", "H1", "H2")
"""Of two rules that stop a meeting equally often, the first of these is named."""
MAX_CANDIDATES = 12
"""Remedies of one kind tried for one meeting."""


def explain(problem: Problem, plan: Plan | Result) -> dict[str, Unplaced]:
    """The reason and the remedy for every meeting of the plan that has no seat."""
    return explain_seats(problem, plan.seats)


def explain_seats(problem: Problem, seats: Mapping[str, Seat | None]) -> dict[str, Unplaced]:
    """The same for seats alone."""
    missing = [meeting for meeting in problem.meetings if seats.get(meeting.id) is None]
    if not missing:
        return {}
    case = _Case(problem=problem, board=Board(problem, seats), longer={})
    waiting = sorted((m for m in missing if m.id not in problem.locked), key=lambda m: -m.priority)
    return {meeting.id: _reason(case, meeting, waiting) for meeting in missing}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    problem: Problem
    board: Board
    longer: dict[int, Board]
    """The same plan with one more slot on a day; made when first needed."""


def _reason(case: _Case, meeting: Meeting, waiting: list[Meeting]) -> Unplaced:
    if meeting.id in case.problem.locked:
        return Unplaced(rule="H8", facts=(Fact(code="locked_unplaced"),), remedy=None, places=0)
    board = case.board
    slots = range(case.problem.frozen_before, board.num_slots)
    stops = {
        (slot, hall): board.stops(meeting, slot, hall) for slot in slots for hall in board.halls(meeting)
    }
    rule = _main_rule(board, meeting, stops)
    remedy, places = _cheapest(case, meeting, stops, waiting)
    return Unplaced(rule=rule, facts=tuple(_facts(board, meeting, stops, rule)), remedy=remedy, places=places)


def _main_rule(board: Board, meeting: Meeting, stops: Mapping[tuple[int, str], Stops]) -> str:
    """The rule that alone stops it most often; else the one that stops it most often where its people could come."""
    if not board.options(meeting):
        return "H2"
    alone: Counter[str] = Counter()
    often: Counter[str] = Counter()
    for stop in stops.values():
        rules = stop.rules()
        if "H2" in rules:
            continue
        often.update(rules)
        if len(rules) == 1:
            alone.update(rules)
    count = alone or often
    return max(RULES, key=lambda rule: (count[rule], -RULES.index(rule))) if count else "H1"


def _facts(
    board: Board, meeting: Meeting, stops: Mapping[tuple[int, str], Stops], rule: str
) -> Iterator[Fact]:
    """What is so, the main rule first."""
    options = board.options(meeting)
    if not options:
        yield from _time_facts(board, meeting)
        return
    yield from _full_people(board, meeting)
    inside = {key: stop for key, stop in stops.items() if key[0] in options}
    facts = [
        *_people_facts(inside),
        *_table_facts(board, meeting, inside),
        *_interpreter_facts(board, meeting, inside),
        *_other_facts(board, meeting, inside),
    ]
    facts.sort(key=lambda pair: pair[0] != rule)
    yield from (fact for _, fact in facts)
    if not facts:
        yield Fact(code="crowded_out")


def _time_facts(board: Board, meeting: Meeting) -> Iterator[Fact]:
    common = set.intersection(*(board.free[name] for name in meeting.people))
    allowed = tuple(sorted(slot for slot in common if board.is_allowed(meeting, slot)))
    if not common:
        yield Fact(code="no_common_slot")
    elif not allowed:
        yield Fact(code="slots_not_allowed", params={"slots": tuple(sorted(common))})
    else:
        yield Fact(code="slots_are_over", params={"slot": board.problem.frozen_before})


def _full_people(board: Board, meeting: Meeting) -> Iterator[Fact]:
    for name in meeting.people:
        wanted = sum(name in other.people for other in board.problem.meetings)
        if wanted > len(board.free[name]):
            params: dict[str, str | int] = {
                "person": name,
                "meetings": wanted,
                "slots": len(board.free[name]),
            }
            yield Fact(code="person_full", params=params)


def _people_facts(stops: Mapping[tuple[int, str], Stops]) -> Iterator[tuple[str, Fact]]:
    busy: dict[str, set[int]] = {}
    for (slot, _), stop in stops.items():
        for name in stop.busy:
            busy.setdefault(name, set()).add(slot)
    for name, slots in busy.items():
        yield "H1", Fact(code="person_busy", params={"person": name, "slots": tuple(sorted(slots))})


def _table_facts(
    board: Board, meeting: Meeting, stops: Mapping[tuple[int, str], Stops]
) -> Iterator[tuple[str, Fact]]:
    halls = board.halls(meeting)
    open_halls = {slot for (slot, _), stop in stops.items() if not stop.no_table}
    full = tuple(sorted({slot for slot, _ in stops} - open_halls))
    if not full:
        return
    if len(halls) == 1:
        tables = max(board.tables.get((halls[0], slot), 0) for slot in full)
        yield "H3", Fact(code="tables_full", params={"tables": tables, "hall": halls[0], "slots": full})
    else:
        yield "H3", Fact(code="all_tables_full", params={"slots": full})


def _interpreter_facts(
    board: Board, meeting: Meeting, stops: Mapping[tuple[int, str], Stops]
) -> Iterator[tuple[str, Fact]]:
    pair = meeting.pair
    if pair is None:
        return
    where: dict[str, set[int]] = {}
    for (slot, _), stop in stops.items():
        if stop.no_interpreter:
            where.setdefault(stop.no_interpreter, set()).add(slot)
    count = sum(pair in pairs for pairs, _, _ in board.duty.values())
    codes = {"none": "no_interpreter", "pause": "interpreters_need_pause", "far": "interpreters_too_far"}
    for kind, slots in where.items():
        params: dict[str, str | int | tuple[int, ...]] = {"pair": pair, "slots": tuple(sorted(slots))}
        if kind == "busy":
            params["count"] = count
        yield "H4", Fact(code=codes.get(kind, "interpreters_busy"), params=params)


def _other_facts(
    board: Board, meeting: Meeting, stops: Mapping[tuple[int, str], Stops]
) -> Iterator[tuple[str, Fact]]:
    far = tuple(sorted({slot for (slot, _), stop in stops.items() if stop.too_far}))
    if far:
        yield "H5", Fact(code="halls_apart", params={"slots": far})
    for key in dict.fromkeys(key for stop in stops.values() for key in stop.wrong_order):
        code = "order" if key in meeting.after else "order_before"
        yield "H6", Fact(code=code, params={"meeting": key, "slot": board.now[key].slot})
    if any(stop.too_many_gaps for stop in stops.values()):
        yield "H9", Fact(code="too_many_gaps", params={"limit": board.problem.max_gaps or 0})


def _cheapest(
    case: _Case,
    meeting: Meeting,
    stops: Mapping[tuple[int, str], Stops],
    waiting: list[Meeting],
) -> tuple[Remedy | None, int]:
    """The cheapest kind of remedy that places the meeting; of that kind the one that places most."""
    ideas: dict[str, list[Remedy]] = {kind: [] for kind in REMEDY_KINDS}
    for idea in dict.fromkeys(_ideas(case, meeting, stops)):
        ideas[idea.kind].append(idea)
    for kind in REMEDY_KINDS:
        best: tuple[int, Remedy] | None = None
        for remedy in ideas[kind][:MAX_CANDIDATES]:
            places = _try(case, remedy, waiting, meeting)
            if places and (best is None or places > best[0]):
                best = (places, remedy)
        if best is not None:
            return best[1], best[0]
    return None, 0


def _ideas(case: _Case, meeting: Meeting, stops: Mapping[tuple[int, str], Stops]) -> Iterator[Remedy]:
    """Remedies for slots in which only one thing stands against the meeting, and longer days."""
    for (slot, hall), stop in stops.items():
        rules = stop.rules()
        if rules == {"H2"}:
            moved = meeting.id if stop.not_allowed else None
            yield Remedy(kind="free_slot", slots=(slot,), people=stop.unavailable, meeting=moved)
        elif rules == {"H3"}:
            yield Remedy(kind="add_table", hall=hall, slots=(slot,))
        elif rules == {"H4"} and meeting.pair is not None:
            yield Remedy(kind="add_interpreter", pair=meeting.pair, slots=(slot,))
        elif rules == {"H6"} and len(stop.wrong_order) == 1:
            other = stop.wrong_order[0]
            late, early = (meeting.id, other) if other in meeting.after else (other, meeting.id)
            yield Remedy(kind="drop_after", meeting=late, after=early)
        if (
            meeting.hall is not None
            and meeting.table
            and rules & {"H3", "H5"}
            and not rules - {"H3", "H4", "H5"}
        ):
            for other_hall in case.problem.halls:
                if other_hall.id != hall and not case.board.stops(meeting, slot, other_hall.id).rules():
                    yield Remedy(kind="other_hall", meeting=meeting.id, hall=other_hall.id)
    for day in dict.fromkeys(entry.day for entry in case.problem.slots):
        if (
            max(slot for slot, entry in enumerate(case.problem.slots) if entry.day == day)
            >= case.problem.frozen_before
        ):
            yield Remedy(kind="longer_day", day=day)


def _try(case: _Case, remedy: Remedy, waiting: list[Meeting], meeting: Meeting) -> int:
    """How many meetings the remedy places, 0 if not this one."""
    if remedy.kind != "longer_day":
        return case.board.try_remedy(remedy, waiting, meeting)
    day = remedy.day or 0
    if day not in case.longer:
        seats = {key: shift_for_longer_day(case.problem, seat, day) for key, seat in case.board.seats.items()}
        case.longer[day] = Board(apply_remedy(case.problem, remedy), seats)
    board = case.longer[day]
    return len(board.place_all([board.meetings[m.id] for m in waiting], board.meetings[meeting.id]))
