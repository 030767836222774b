"""Seeded generators of planning problems (`kontor-meetings/1`): families S, P, T, M and the conference of the sample scenario.

S realistic; T tight (S with two days of 11 slots); P planted (a plan without gaps exists and uses tables and interpreters to the
last one); M mixed (S with a choice of halls, interpreters of several pairs with pauses, groups, priorities, fixed meetings and
precedences); conference (one afternoon and one morning, 60 tables, 44 interpreters who are the limit).
"""

import itertools
import json
import math
import random
import sys
from dataclasses import dataclass, field

Instance = dict[str, object]
SHAPES = {100: (1, 12), 200: (2, 9), 500: (2, 12), 1000: (2, 14), 2000: (3, 12), 5000: (3, 13)}
"""People → (days, slots a day)."""
GROUPS = {"de": 0.4, "zh": 0.45, "en": 0.15}
AVERAGE_MEETINGS = 10
EXHIBITORS = 0.12
INTERPRETED = 0.15


@dataclass(slots=True, kw_only=True)
class Guest:
    """A person while an event is being made up."""

    number: int
    language: str
    free: set[int]
    hall: str | None = None
    """Where the person has a booth."""
    wanted: int = 0

    @property
    def id(self) -> str:
        return f"p{self.number}"


@dataclass(slots=True, kw_only=True)
class Event:
    """An event while it is being made up."""

    name: str
    days: int
    slots_a_day: int
    random: random.Random
    guests: list[Guest] = field(default_factory=list)
    pairs: list[tuple[Guest, Guest]] = field(default_factory=list)

    @property
    def num_slots(self) -> int:
        return self.days * self.slots_a_day

    def day(self, slot: int) -> int:
        return slot // self.slots_a_day


def make(family: str, size: int, seed: int) -> Instance:
    """The instance of a family (S, P, T, M), a number of people and a seed."""
    if family == "S":
        return _realistic(f"S{size}-{seed}", size, *SHAPES[size], seed)
    if family == "T":
        return _realistic(f"T{size}-{seed}", size, 2, 11, seed)
    if family == "P":
        return _planted(f"P{size}-{seed}", size, *SHAPES[size], seed)
    if family == "M":
        return _mixed(f"M{size}-{seed}", size, seed)
    raise ValueError(f"family must be S, P, T or M, got {family}")


def _invite(event: Event, size: int) -> None:
    """People who come late, leave early, hear keynotes and forums, or are there one day only."""
    rnd = event.random
    per = event.slots_a_day
    forums = []
    for day in range(event.days):
        for _ in range(3):
            length = rnd.randint(2, min(4, per))
            begin = day * per + rnd.randint(0, per - length)
            forums.append(range(begin, begin + length))
    for number in range(size):
        free = set(range(event.num_slots))
        if event.days > 1 and rnd.random() < 0.05:
            absent = rnd.randrange(event.days)
            free -= {slot for slot in free if event.day(slot) == absent}
        if rnd.random() < 0.2:
            free -= set(range(rnd.randint(1, per // 3)))
        if rnd.random() < 0.15:
            free -= set(range(event.num_slots - rnd.randint(1, per // 3), event.num_slots))
        free -= {day * per for day in range(event.days) if rnd.random() < 0.45}
        for forum in rnd.sample(forums, rnd.choice([0, 0, 1, 1, 2])):
            free -= set(forum)
        language = rnd.choices(list(GROUPS), list(GROUPS.values()))[0]
        event.guests.append(Guest(number=number, language=language, free=free))
    for guest in rnd.sample(event.guests, int(EXHIBITORS * size)):
        guest.hall = f"h{rnd.randrange(3)}"


def _want(event: Event, average: float, share: float = 0.8) -> None:
    """Heavy-tailed numbers of meetings, at most a share of the slots in which somebody is free."""
    rnd = event.random
    charm = [min(8.0, rnd.paretovariate(1.6)) for _ in event.guests]
    unit = average * len(event.guests) / sum(charm)
    limits = [max(1, int(share * len(guest.free))) for guest in event.guests]
    for guest, weight, limit in zip(event.guests, charm, limits, strict=True):
        guest.wanted = max(1, min(limit, round(weight * unit)))
    missing = int(average * len(event.guests)) - sum(guest.wanted for guest in event.guests)
    while missing > 0:
        number = rnd.randrange(len(event.guests))
        if event.guests[number].wanted < limits[number]:
            event.guests[number].wanted += 1
        missing -= 1


def _pair_up(event: Event) -> None:
    """Random pairs who have some slots in common, each once."""
    rnd = event.random
    stubs = [guest for guest in event.guests for _ in range(guest.wanted)]
    seen: set[tuple[int, int]] = set()
    for attempt in range(60):
        rnd.shuffle(stubs)
        rest = stubs[len(stubs) // 2 * 2 :]
        for one, other in zip(stubs[0::2], stubs[1::2], strict=False):
            key = (min(one.number, other.number), max(one.number, other.number))
            same = one.language == other.language and attempt < 30 and rnd.random() < 0.5
            if one is other or key in seen or same or len(one.free & other.free) < 4:
                rest += [one, other]
                continue
            seen.add(key)
            event.pairs.append((one, other))
        stubs = rest
    rnd.shuffle(event.pairs)


def _meetings(event: Event, interpreted: float = INTERPRETED) -> list[dict[str, object]]:
    """At the booth of an exhibitor, else at a table; some with an interpreter."""
    crossing = [i for i, (a, b) in enumerate(event.pairs) if a.language != b.language]
    count = min(len(crossing), int(interpreted * len(event.pairs)))
    with_interpreter = set(event.random.sample(crossing, count))
    rows: list[dict[str, object]] = []
    for number, (one, other) in enumerate(event.pairs):
        booth = one.hall or other.hall
        pair = "-".join(sorted((one.language, other.language))) if number in with_interpreter else None
        rows.append(
            {
                "id": f"m{number}",
                "people": [one.id, other.id],
                "pair": pair,
                "hall": booth or "floor",
                "table": booth is None,
            }
        )
    return rows


def _instance(
    event: Event, meetings: list[dict[str, object]], tables: list[int], teams: dict[str, list[int]]
) -> Instance:
    """The file; `teams` says how many interpreters of each pair are on duty in each slot."""
    interpreters = [
        {
            "id": f"{pair}-{number + 1}",
            "pairs": [pair],
            "unavailable": [slot for slot, size in enumerate(sizes) if size <= number],
        }
        for pair, sizes in teams.items()
        for number in range(max(sizes, default=0))
    ]
    everything = set(range(event.num_slots))
    return {
        "format": "kontor-meetings/1",
        "name": event.name,
        "gap_rule": "day",
        "slots": [{"day": event.day(slot)} for slot in range(event.num_slots)],
        "halls": [{"id": "floor", "tables": tables}, *({"id": f"h{n}", "tables": 0} for n in range(3))],
        "apart": [["h0", "h2"]],
        "people": [
            {"id": guest.id, "unavailable": sorted(everything - guest.free)} for guest in event.guests
        ],
        "interpreters": interpreters,
        "meetings": meetings,
    }


def _realistic(name: str, size: int, days: int, slots_a_day: int, seed: int) -> Instance:
    """Tables 1.1 times the need, interpreters 1.2 times."""
    event = Event(name=name, days=days, slots_a_day=slots_a_day, random=random.Random(f"{name}/{seed}"))
    _invite(event, size)
    _want(event, AVERAGE_MEETINGS)
    _pair_up(event)
    meetings = _meetings(event)
    need = sum(bool(row["table"]) for row in meetings)
    tables = [math.ceil(1.1 * need / event.num_slots)] * event.num_slots
    teams = {}
    for pair in ("de-zh", "en-zh", "de-en"):
        want = sum(row["pair"] == pair for row in meetings)
        team = max(1, math.ceil(1.2 * want / event.num_slots))
        teams[pair] = [team - (team > 3 and event.random.random() < 0.15) for _ in range(event.num_slots)]
    return _instance(event, meetings, tables, teams)


def _planted(name: str, size: int, days: int, slots_a_day: int, seed: int) -> Instance:
    """People fill one stretch a day with meetings slot by slot; what they do not fill in between they are not available for."""
    event = Event(name=name, days=days, slots_a_day=slots_a_day, random=random.Random(f"{name}/{seed}"))
    rnd = event.random
    _invite(event, size)
    _want(event, AVERAGE_MEETINGS)
    present: list[list[Guest]] = [[] for _ in range(event.num_slots)]
    for guest in event.guests:
        left = guest.wanted
        for day in rnd.sample(range(days), days):
            slots = [slot for slot in sorted(guest.free) if event.day(slot) == day]
            length = min(left, len(slots), rnd.randint(left // days, left) if left else 0)
            begin = rnd.randint(0, len(slots) - length)
            for slot in slots[begin : begin + length]:
                present[slot].append(guest)
            left -= length
    seen: set[tuple[int, int]] = set()
    planted: list[int] = []
    busy: dict[int, dict[int, str | None]] = {guest.number: {} for guest in event.guests}
    for slot, there in enumerate(present):
        waiting = there
        for _ in range(12):
            rnd.shuffle(waiting)
            rest = waiting[len(waiting) // 2 * 2 :]
            for one, other in zip(waiting[0::2], waiting[1::2], strict=False):
                key = (min(one.number, other.number), max(one.number, other.number))
                hall = one.hall or other.hall
                before = (
                    {busy[guest.number].get(slot - 1) for guest in (one, other)}
                    if slot % slots_a_day
                    else set()
                )
                too_far = (hall == "h0" and "h2" in before) or (hall == "h2" and "h0" in before)
                if key in seen or too_far:
                    rest += [one, other]
                    continue
                seen.add(key)
                event.pairs.append((one, other))
                planted.append(slot)
                busy[one.number][slot] = busy[other.number][slot] = hall
            waiting = rest
    for guest in event.guests:
        for day in range(days):
            own = [slot for slot in busy[guest.number] if event.day(slot) == day]
            if own:
                guest.free -= set(range(min(own), max(own))) - set(own)
    order = rnd.sample(range(len(planted)), len(planted))
    event.pairs = [event.pairs[i] for i in order]
    planted = [planted[i] for i in order]
    meetings = _meetings(event)
    tables = [0] * event.num_slots
    teams = {pair: [0] * event.num_slots for pair in ("de-zh", "en-zh", "de-en")}
    for row, slot in zip(meetings, planted, strict=True):
        tables[slot] += bool(row["table"])
        if isinstance(row["pair"], str):
            teams[row["pair"]][slot] += 1
    return _instance(event, meetings, tables, teams)


def _mixed(name: str, size: int, seed: int) -> Instance:
    """S with everything S leaves out."""
    instance = _realistic(name, size, *SHAPES[size], seed)
    rnd = random.Random(f"{name}/mixed")
    people: list[dict[str, list[int]]] = instance["people"]  # type: ignore[assignment]
    halls: list[dict[str, list[int]]] = instance["halls"]  # type: ignore[assignment]
    meetings: list[dict[str, object]] = instance["meetings"]  # type: ignore[assignment]
    interpreters: list[dict[str, object]] = instance["interpreters"]  # type: ignore[assignment]
    num_slots = len(halls[0]["tables"])
    floor = halls[0]["tables"]
    instance["halls"] = [{"id": h, "tables": [(n + 2) // 3 + 1 for n in floor]} for h in ("h0", "h1", "h2")]
    free = {str(p["id"]): set(range(num_slots)) - set(p["unavailable"]) for p in people}
    for number, who in enumerate(interpreters):
        more = rnd.sample(["de-zh", "en-zh", "de-en"], rnd.choice([0, 0, 1, 2]))
        who["pairs"] = sorted({*who["pairs"], *more})  # type: ignore[misc]
        who["id"] = f"i{number}"
        who["max_run"] = 4
    for number, meeting in enumerate(meetings):
        members: list[str] = meeting["people"]  # type: ignore[assignment]
        if meeting["table"]:
            meeting["hall"] = None if rnd.random() < 0.7 else rnd.choice(["h0", "h1", "h2"])
        meeting["priority"] = rnd.choice([1, 1, 1, 1, 2, 2, 5])
        if rnd.random() < 0.08:
            for guest in rnd.sample(sorted(free), rnd.choice([1, 1, 2])):
                if guest not in members and len(free[guest].intersection(*(free[m] for m in members))) >= 4:
                    members.append(guest)
        common = sorted(set.intersection(*(free[member] for member in members)))
        if rnd.random() < 0.05:
            meeting["slot"] = rnd.choice(common)
        elif number and rnd.random() < 0.05:
            meeting["after"] = [f"m{rnd.randrange(number)}"]
    return instance


def conference(seed: int = 1, meetings: int = 912) -> Instance:
    """Like the sample scenario: 2 blocks of 7 slots, 60 tables in two halls, booths in a third, too few interpreters (44)."""
    rnd = random.Random(f"conference/{seed}")
    num_slots = 14
    sides = {"de": 110, "zh": 120, "en": 30}
    guests = [
        Guest(number=number, language=language, free=set(range(num_slots)))
        for number, language in enumerate(itertools.chain(*([lang] * count for lang, count in sides.items())))
    ]
    for guest in guests:
        if rnd.random() < 0.25:
            guest.free -= set(rnd.choice([range(2), range(5, 7), range(7, 9), range(12, 14)]))
    exhibitors = rnd.sample(guests, 24)
    for guest in exhibitors:
        guest.hall = "C"
    weights = [min(6.0, rnd.paretovariate(1.8)) for _ in guests]
    count = dict.fromkeys(range(len(guests)), 0)
    seen: set[tuple[int, int]] = set()
    rows: list[dict[str, object]] = []
    while len(rows) < meetings:
        one, other = rnd.choices(guests, weights, k=2)
        key = (min(one.number, other.number), max(one.number, other.number))
        full = any(count[guest.number] >= len(guest.free) - 2 for guest in (one, other))
        if one is other or key in seen or full or len(one.free & other.free) < 4:
            continue
        if one.language == other.language and rnd.random() < 0.7:
            continue
        seen.add(key)
        for guest in (one, other):
            count[guest.number] += 1
        booth = one.hall or other.hall
        needs = one.language != other.language and rnd.random() < 0.85
        rows.append(
            {
                "id": f"m{len(rows)}",
                "people": [one.id, other.id],
                "priority": rnd.choice([1, 1, 1, 2, 3]),
                "pair": "-".join((one.language, other.language)) if needs else None,
                "hall": booth or (None if rnd.random() < 0.8 else rnd.choice("AB")),
                "table": booth is None,
            }
        )
    pairs = (
        [["de-zh"]] * 24
        + [["en-zh"]] * 5
        + [["de-en"]] * 4
        + [["de-zh", "en-zh"]] * 7
        + [["de-zh", "de-en"]] * 4
    )
    interpreters = [
        {
            "id": f"i{number + 1}",
            "pairs": own,
            "unavailable": sorted(rnd.sample(range(num_slots), 2)) if rnd.random() < 0.2 else [],
            "max_run": 5,
        }
        for number, own in enumerate(pairs)
    ]
    return {
        "format": "kontor-meetings/1",
        "name": f"conference-{seed}",
        "gap_rule": "day",
        "slots": [{"day": slot // 7} for slot in range(num_slots)],
        "halls": [
            {"id": "A", "tables": 40},
            {"id": "B", "tables": 20, "closed": [{"table": 7, "slots": [3, 4]}]},
            {"id": "C", "tables": 0},
        ],
        "apart": [["B", "C"]],
        "people": [
            {"id": guest.id, "unavailable": sorted(set(range(num_slots)) - guest.free)} for guest in guests
        ],
        "interpreters": interpreters,
        "meetings": rows,
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["conference"]:
        chosen = conference(int(sys.argv[2]))
    else:
        chosen = make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    json.dump(chosen, sys.stdout, separators=(",", ":"))
