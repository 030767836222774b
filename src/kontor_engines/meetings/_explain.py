"""Why not: for each meeting left out the rule that stops it, the facts, and the cheapest remedy, tried out on the plan."""

from collections import Counter
from collections.abc import Iterator, Mapping

from kontor_engines.meetings._advice import Adviser
from kontor_engines.meetings._board import Board, Stops
from kontor_engines.meetings._plan import Fact, Plan, Result, Unplaced
from kontor_engines.meetings._problem import Meeting, Problem, Seat

RULES = ("H4", "H3", "H6", "H5", "H9", "H1", "H2")
"""Of two rules that stop a meeting equally often, the first of these is named."""


def explain(problem: Problem, plan: Plan | Result) -> dict[str, Unplaced]:
    """The reason and the remedy for every meeting of the plan that has no seat."""
    return explain_seats(problem, plan.seats)


def explain_seats(problem: Problem, seats: Mapping[str, Seat | None]) -> dict[str, Unplaced]:
    """The same for seats alone."""
    missing = [meeting for meeting in problem.meetings if seats.get(meeting.id) is None]
    if not missing:
        return {}
    board = Board(problem, seats)
    adviser = Adviser(board, [meeting for meeting in missing if meeting.id not in problem.locked])
    names = {name for meeting in missing for name in meeting.people}
    wanted = Counter(name for meeting in problem.meetings for name in meeting.people if name in names)
    return {meeting.id: _reason(board, adviser, meeting, wanted) for meeting in missing}


def _reason(board: Board, adviser: Adviser, meeting: Meeting, wanted: Mapping[str, int]) -> Unplaced:
    if meeting.id in board.problem.locked:
        return Unplaced(rule="H8", facts=(Fact(code="locked_unplaced"),), remedy=None, places=0)
    stops = board.all_stops(meeting)
    rule = _main_rule(board, meeting, stops)
    remedy, places = adviser.cheapest(meeting, stops)
    facts = tuple(_facts(board, meeting, stops, rule, wanted))
    return Unplaced(rule=rule, facts=facts, remedy=remedy, places=places)


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
    board: Board,
    meeting: Meeting,
    stops: Mapping[tuple[int, str], Stops],
    rule: str,
    wanted: Mapping[str, int],
) -> Iterator[Fact]:
    """What is so, the main rule first; `wanted`: meetings of each person, placed or not."""
    options = board.options(meeting)
    if not options:
        yield from time_facts(board, meeting)
        return
    yield from _full_people(board, meeting, wanted)
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


def time_facts(board: Board, meeting: Meeting) -> Iterator[Fact]:
    """Why no slot suits the meeting, whatever else is planned."""
    common = set.intersection(*(board.free[name] for name in meeting.people))
    allowed = tuple(sorted(slot for slot in common if board.is_allowed(meeting, slot)))
    if not common:
        yield Fact(code="no_common_slot")
    elif not allowed:
        yield Fact(code="slots_not_allowed", params={"slots": tuple(sorted(common))})
    else:
        yield Fact(code="slots_are_over", params={"slot": board.problem.frozen_before})


def _full_people(board: Board, meeting: Meeting, wanted: Mapping[str, int]) -> Iterator[Fact]:
    for name in meeting.people:
        if wanted[name] > len(board.free[name]):
            params: dict[str, str | int] = {
                "person": name,
                "meetings": wanted[name],
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
    count = len(board.team[pair])
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
