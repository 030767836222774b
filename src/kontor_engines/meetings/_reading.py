"""Reading `kontor-meetings/1` and `kontor-plan/1`: from parsed JSON to a problem or a plan, or every fault with its place."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from kontor_engines.meetings._faults import Faults, describe
from kontor_engines.meetings._plan import Plan
from kontor_engines.meetings._problem import Hall, Interpreter, Meeting, Person, Problem, Seat, Slot

_PAIR = re.compile(r"[a-z]+-[a-z]+")


def read_problem(data: Mapping[str, object]) -> Problem:
    """The problem that a parsed `kontor-meetings/1` file describes; `FormatError` names everything that is wrong with it."""
    faults = Faults()
    top = faults.mapping(
        data,
        "",
        required=("format", "name", "gap_rule", "slots", "halls", "people", "meetings"),
        optional=("max_gaps", "apart", "interpreters", "published", "frozen_before", "locked", "max_changes"),
    )
    if "format" in top and top["format"] != "kontor-meetings/1":
        faults.add("format", f'must be "kontor-meetings/1", got {describe(top["format"])}')
    gap_rule = top.get("gap_rule", "day")
    if gap_rule not in ("day", "timeline"):
        faults.add("gap_rule", f'must be "day" or "timeline", got {describe(gap_rule)}')
    slots = _slots(faults, top.get("slots", []))
    num = len(slots)
    halls = _halls(faults, top.get("halls", []), num)
    hall_ids = {hall.id for hall in halls}
    people = _people(faults, top.get("people", []), num)
    meetings = _meetings(faults, top.get("meetings", []), num, {person.id for person in people}, hall_ids)
    published = _published(faults, top.get("published"), num)
    problem = Problem(
        name=faults.text(top["name"], "name") if "name" in top else "",
        gap_rule="timeline" if gap_rule == "timeline" else "day",
        max_gaps=_limit(faults, top.get("max_gaps"), "max_gaps"),
        slots=slots,
        halls=halls,
        apart=_apart(faults, top.get("apart", []), hall_ids),
        people=people,
        interpreters=_interpreters(faults, top.get("interpreters", []), num),
        meetings=meetings,
        published=published,
        frozen_before=faults.integer(top.get("frozen_before", 0), "frozen_before", low=0, high=num) or 0,
        locked=_locked(faults, top.get("locked", []), published),
        max_changes=_limit(faults, top.get("max_changes"), "max_changes"),
    )
    faults.raise_if_any()
    return problem


def read_plan(data: Mapping[str, object], problem: Problem) -> Plan:
    """The seats of a parsed `kontor-plan/1` file. Whether they are valid is `check`'s business, except for their shape."""
    faults = Faults()
    top = faults.mapping(
        data,
        "",
        required=("format", "instance", "meetings"),
        optional=("unplaced", "measures", "bounds", "proved", "seed", "iterations", "wall_s", "cpu_s"),
    )
    if "format" in top and top["format"] != "kontor-plan/1":
        faults.add("format", f'must be "kontor-plan/1", got {describe(top["format"])}')
    if "instance" in top and top["instance"] != problem.name:
        faults.add("instance", f'must be "{problem.name}", got {describe(top["instance"])}')
    seats = _seats(faults, top.get("meetings", {}), "meetings", len(problem.slots))
    known = {meeting.id for meeting in problem.meetings}
    for key in seats:
        if key not in known:
            faults.add(f"meetings.{key}", "no such meeting")
    for meeting in problem.meetings:
        if meeting.id not in seats:
            faults.add("meetings", f'meeting "{meeting.id}" is missing')
    faults.raise_if_any()
    return Plan(seats={meeting.id: seats[meeting.id] for meeting in problem.meetings})


def _limit(faults: Faults, value: object, place: str) -> int | None:
    return None if value is None else faults.integer(value, place, low=0)


def _new_id(faults: Faults, value: object, place: str, taken: set[str]) -> str:
    name = faults.text(value, place)
    if name in taken:
        faults.add(place, f'"{name}" stands twice')
    if name:
        taken.add(name)
    return name


def _slots(faults: Faults, value: object) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    last: dt.datetime | None = None
    days: list[int] = []
    for number, part in enumerate(faults.rows(value, "slots")):
        place = f"slots[{number}]"
        row = faults.mapping(part, place, required=("day",), optional=("start", "minutes"))
        day = (faults.integer(row["day"], f"{place}.day") if "day" in row else 0) or 0
        if day in days and days[-1] != day:
            faults.add(f"{place}.day", f"day {day} comes back after day {days[-1]}")
        days.append(day)
        start = row.get("start")
        if start is not None:
            last = _start(faults, start, f"{place}.start", last)
        minutes = row.get("minutes")
        length = None if minutes is None else faults.integer(minutes, f"{place}.minutes", low=1)
        known = next((slot.minutes for slot in slots if slot.minutes is not None), None)
        if length is not None and known is not None and length != known:
            faults.add(f"{place}.minutes", f"all slots are of equal length, got {length} after {known}")
        slots.append(Slot(day=day, start=start if isinstance(start, str) else None, minutes=length))
    return tuple(slots)


def _start(faults: Faults, value: object, place: str, last: dt.datetime | None) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        faults.add(place, f"must be a time in ISO 8601, got {describe(value)}")
        return last
    if last is not None and (last.tzinfo is None) == (moment.tzinfo is None) and moment <= last:
        faults.add(place, "slots must be in order of time")
    return moment


def _halls(faults: Faults, value: object, num: int) -> tuple[Hall, ...]:
    halls: list[Hall] = []
    taken: set[str] = set()
    for number, part in enumerate(faults.rows(value, "halls")):
        place = f"halls[{number}]"
        row = faults.mapping(part, place, required=("id", "tables"), optional=("closed",))
        tables = _tables(faults, row.get("tables", 0), f"{place}.tables", num)
        closed: set[tuple[int, int]] = set()
        for index, entry in enumerate(faults.rows(row.get("closed", []), f"{place}.closed")):
            closed |= _closure(faults, entry, f"{place}.closed[{index}]", num, max(tables, default=0))
        name = _new_id(faults, row["id"], f"{place}.id", taken) if "id" in row else ""
        halls.append(Hall(id=name, tables=tables, closed=frozenset(closed)))
    return tuple(halls)


def _tables(faults: Faults, value: object, place: str, num: int) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        return (faults.integer(value, place, low=0) or 0,) * num
    if len(value) != num:
        faults.add(place, f"must be one number, or one for each of the {num} slots, got {len(value)}")
        return (0,) * num
    return tuple(faults.integer(part, f"{place}[{slot}]", low=0) or 0 for slot, part in enumerate(value))


def _closure(faults: Faults, value: object, place: str, num: int, tables: int) -> set[tuple[int, int]]:
    row = faults.mapping(value, place, required=("table",), optional=("slots",))
    table = faults.integer(row.get("table", 1), f"{place}.table", low=1)
    if table is not None and table > tables:
        faults.add(f"{place}.table", f"no table {table}")
    where = row.get("slots")
    slots = range(num) if where is None else faults.slot_set(where, f"{place}.slots", num)
    return {(table or 0, slot) for slot in slots}


def _apart(faults: Faults, value: object, halls: set[str]) -> frozenset[frozenset[str]]:
    found: set[frozenset[str]] = set()
    for number, part in enumerate(faults.rows(value, "apart")):
        place = f"apart[{number}]"
        names = faults.rows(part, place)
        if len(names) != 2 or names[0] == names[1]:
            faults.add(place, "must be two different halls")
            continue
        for index, name in enumerate(names):
            if not isinstance(name, str) or name not in halls:
                faults.add(f"{place}[{index}]", f"no hall {describe(name)}")
        found.add(frozenset(str(name) for name in names))
    return frozenset(found)


def _people(faults: Faults, value: object, num: int) -> tuple[Person, ...]:
    people: list[Person] = []
    taken: set[str] = set()
    for number, part in enumerate(faults.rows(value, "people")):
        place = f"people[{number}]"
        row = faults.mapping(part, place, required=("id",), optional=("slots", "unavailable"))
        where = row.get("slots")
        slots = frozenset(range(num)) if where is None else faults.slot_set(where, f"{place}.slots", num)
        slots -= faults.slot_set(row.get("unavailable", []), f"{place}.unavailable", num)
        name = _new_id(faults, row["id"], f"{place}.id", taken) if "id" in row else ""
        people.append(Person(id=name, slots=slots))
    return tuple(people)


def _pair(faults: Faults, value: object, place: str) -> str:
    if isinstance(value, str) and _PAIR.fullmatch(value):
        return "-".join(sorted(value.split("-")))
    faults.add(place, f'must be two lower-case languages such as "de-zh", got {describe(value)}')
    return ""


def _interpreters(faults: Faults, value: object, num: int) -> tuple[Interpreter, ...]:
    interpreters: list[Interpreter] = []
    taken: set[str] = set()
    for number, part in enumerate(faults.rows(value, "interpreters")):
        place = f"interpreters[{number}]"
        row = faults.mapping(part, place, required=("id", "pairs"), optional=("unavailable", "max_run"))
        pairs = faults.rows(row.get("pairs", []), f"{place}.pairs")
        name = _new_id(faults, row["id"], f"{place}.id", taken) if "id" in row else ""
        busy = faults.slot_set(row.get("unavailable", []), f"{place}.unavailable", num)
        run = row.get("max_run")
        interpreters.append(
            Interpreter(
                id=name,
                pairs=frozenset(_pair(faults, pair, f"{place}.pairs[{i}]") for i, pair in enumerate(pairs)),
                slots=frozenset(range(num)) - busy,
                max_run=None if run is None else faults.integer(run, f"{place}.max_run", low=1),
            )
        )
    return tuple(interpreters)


def _meetings(
    faults: Faults, value: object, num: int, people: set[str], halls: set[str]
) -> tuple[Meeting, ...]:
    meetings: list[Meeting] = []
    taken: set[str] = set()
    rows = faults.rows(value, "meetings")
    for number, part in enumerate(rows):
        place = f"meetings[{number}]"
        optional = ("priority", "slots", "slot", "after", "pair", "hall", "table")
        row = faults.mapping(part, place, required=("id", "people"), optional=optional)
        name = _new_id(faults, row["id"], f"{place}.id", taken) if "id" in row else ""
        where, slot, pair, hall = row.get("slots"), row.get("slot"), row.get("pair"), row.get("hall")
        table = faults.flag(row.get("table", True), f"{place}.table", default=True)
        if hall is not None and (not isinstance(hall, str) or hall not in halls):
            faults.add(f"{place}.hall", f"no hall {describe(hall)}")
        if hall is None and not table:
            faults.add(f"{place}.hall", "a meeting without a table must name its hall")
        after = faults.rows(row.get("after", []), f"{place}.after")
        meetings.append(
            Meeting(
                id=name,
                people=_members(faults, row.get("people", []), f"{place}.people", people),
                priority=faults.positive(row.get("priority", 1.0), f"{place}.priority"),
                slots=None if where is None else faults.slot_set(where, f"{place}.slots", num),
                slot=None if slot is None else faults.slot(slot, f"{place}.slot", num),
                after=tuple(dict.fromkeys(str(other) for other in after)),
                pair=None if pair is None else _pair(faults, pair, f"{place}.pair"),
                hall=hall if isinstance(hall, str) else None,
                table=table,
            )
        )
        for index, other in enumerate(after):
            if not isinstance(other, str):
                faults.add(f"{place}.after[{index}]", f"must be a meeting, got {describe(other)}")
    _check_order(faults, meetings)
    return tuple(meetings)


def _members(faults: Faults, value: object, place: str, people: set[str]) -> tuple[str, ...]:
    members: list[str] = []
    rows = faults.rows(value, place)
    for index, person in enumerate(rows):
        if not isinstance(person, str) or person not in people:
            faults.add(f"{place}[{index}]", f"no person {describe(person)}")
        elif person in members:
            faults.add(f"{place}[{index}]", f'"{person}" stands twice')
        else:
            members.append(person)
    if len(rows) < 2:
        faults.add(place, f"a meeting has two or more people, got {len(rows)}")
    return tuple(members)


def _check_order(faults: Faults, meetings: Sequence[Meeting]) -> None:
    """Every `after` exists and there is no cycle (Kahn's algorithm; what is left over lies on or behind a cycle)."""
    number = {meeting.id: index for index, meeting in enumerate(meetings)}
    waiting = [0] * len(meetings)
    later: list[list[int]] = [[] for _ in meetings]
    for index, meeting in enumerate(meetings):
        for place, other in enumerate(meeting.after):
            if other not in number:
                faults.add(f"meetings[{index}].after[{place}]", f'no meeting "{other}"')
                continue
            waiting[index] += 1
            later[number[other]].append(index)
    ready = [index for index, count in enumerate(waiting) if count == 0]
    while ready:
        for index in later[ready.pop()]:
            waiting[index] -= 1
            if waiting[index] == 0:
                ready.append(index)
    stuck = {index for index, count in enumerate(waiting) if count > 0}
    while stuck and (ends := [i for i in stuck if not stuck.intersection(later[i])]):
        stuck.difference_update(ends)
    for index in sorted(stuck):
        faults.add(
            f"meetings[{index}].after", f'"{meetings[index].id}" would have to lie after itself (a cycle)'
        )


def _seats(faults: Faults, value: object, place: str, num: int) -> dict[str, Seat | None]:
    if not isinstance(value, Mapping):
        faults.add(place, f"must be an object, got {describe(value)}")
        return {}
    seats: dict[str, Seat | None] = {}
    for key, part in value.items():
        at = f"{place}.{key}"
        if part is None:
            seats[str(key)] = None
            continue
        row = faults.mapping(part, at, required=("slot", "hall"), optional=("table", "interpreter"))
        slot = faults.slot(row.get("slot", 0), f"{at}.slot", num)
        hall = faults.text(row.get("hall", "-"), f"{at}.hall")
        table, interpreter = row.get("table"), row.get("interpreter")
        seats[str(key)] = Seat(
            slot=slot or 0,
            hall=hall,
            table=None if table is None else faults.integer(table, f"{at}.table", low=1),
            interpreter=None if interpreter is None else faults.text(interpreter, f"{at}.interpreter"),
        )
    return seats


def _published(faults: Faults, value: object, num: int) -> dict[str, Seat | None] | None:
    return None if value is None else _seats(faults, value, "published", num)


def _locked(faults: Faults, value: object, published: Mapping[str, Seat | None] | None) -> frozenset[str]:
    locked: set[str] = set()
    for index, name in enumerate(faults.rows(value, "locked")):
        if not isinstance(name, str) or name not in (published or {}):
            faults.add(f"locked[{index}]", f"{describe(name)} is not in published")
        elif name in locked:
            faults.add(f"locked[{index}]", f'"{name}" stands twice')
        else:
            locked.add(name)
    return frozenset(locked)
