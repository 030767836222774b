"""The independent judge of a plan: hard rules H1 to H10, measures (M1), bounds (B1). Shares no code with the solver."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kontor_engines.meetings._plan import Plan, Result
from kontor_engines.meetings._problem import Meeting, Problem, Seat
from kontor_engines.meetings._reading import read_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule."""

    rule: str
    """H1 to H10, M1 or B1, as numbered in the format."""
    message: str
    meetings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


def check(problem: Problem, plan: Plan | Result | Mapping[str, object]) -> list[Violation]:
    """Everything that is wrong with a plan; an empty list means valid.

    Measures and bounds are judged where the plan carries them: a `Result`, or a parsed `kontor-plan/1` file.
    """
    if isinstance(plan, Result):
        data: Mapping[str, object] = plan.to_json()
        seats = dict(plan.seats)
    elif isinstance(plan, Plan):
        data, seats = {}, dict(plan.seats)
    else:
        data, seats = plan, dict(read_plan(plan, problem).seats)
    case = _Case(problem, seats)
    found = [
        *_people_meet_once(case),
        *_slots_are_allowed(case),
        *_tables_exist_and_are_free(case),
        *_interpreters_can_serve(case),
        *_ways_are_short_enough(case),
        *_order_is_kept(case),
        *_halls_are_as_demanded(case),
        *_what_stays_stays(case),
        *_gaps_are_within_limit(case),
        *_changes_are_within_limit(case),
    ]
    counted = _count(case)
    found += _measures_are_true(data, counted)
    found += _bounds_are_not_beaten(data, counted)
    return found


class _Case:
    """A plan sorted by what the rules look at."""

    def __init__(self, problem: Problem, seats: Mapping[str, Seat | None]) -> None:
        self.problem = problem
        self.meetings = {meeting.id: meeting for meeting in problem.meetings}
        self.published = dict(problem.published or {})
        self.seats = {key: seat for key, seat in seats.items() if seat is not None and key in self.meetings}
        self.over = {
            key
            for key in self.meetings
            if (old := self.published.get(key)) is not None
            and (old.slot < problem.frozen_before or key in problem.locked)
        }
        self.halls = {hall.id: hall for hall in problem.halls}
        self.people = {person.id: person for person in problem.people}
        self.interpreters = {who.id: who for who in problem.interpreters}
        self.of_person: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.of_interpreter: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for key, seat in self.seats.items():
            for name in self.meetings[key].people:
                self.of_person[name][seat.slot].append(key)
            if seat.interpreter is not None:
                self.of_interpreter[seat.interpreter][seat.slot].append(key)

    def judged(self) -> Iterator[tuple[Meeting, Seat]]:
        """Placed meetings that are not frozen."""
        for key, seat in self.seats.items():
            if key not in self.over:
                yield self.meetings[key], seat

    def all_over(self, keys: list[str]) -> bool:
        return all(key in self.over for key in keys)

    def next_on_day(self, slot: int) -> bool:
        """Whether the next slot is adjacent."""
        slots = self.problem.slots
        return slot + 1 < len(slots) and slots[slot].day == slots[slot + 1].day


def _people_meet_once(case: _Case) -> Iterator[Violation]:
    for name, by_slot in case.of_person.items():
        for slot, keys in sorted(by_slot.items()):
            if len(keys) > 1 and not case.all_over(keys):
                yield Violation(
                    rule="H1",
                    message=f"{name} has {len(keys)} meetings in slot {slot}: {', '.join(keys)}",
                    meetings=tuple(keys),
                )


def _slots_are_allowed(case: _Case) -> Iterator[Violation]:
    for meeting, seat in case.judged():
        reasons = [
            f"{name} is not available" for name in meeting.people if seat.slot not in case.people[name].slots
        ]
        if meeting.slots is not None and seat.slot not in meeting.slots:
            reasons.append("its slots do not allow it")
        if meeting.slot is not None and seat.slot != meeting.slot:
            reasons.append(f"it must be in slot {meeting.slot}")
        for reason in reasons:
            yield Violation(
                rule="H2",
                message=f"{meeting.id} is in slot {seat.slot}, but {reason}",
                meetings=(meeting.id,),
            )


def _tables_exist_and_are_free(case: _Case) -> Iterator[Violation]:
    taken: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for key, seat in case.seats.items():
        if seat.table is not None:
            taken[seat.hall, seat.slot, seat.table].append(key)
    for (hall, slot, table), keys in taken.items():
        if len(keys) > 1 and not case.all_over(keys):
            yield Violation(
                rule="H3",
                message=f"table {table} of {hall} is taken {len(keys)} times in slot {slot}: {', '.join(keys)}",
                meetings=tuple(keys),
            )
    for meeting, seat in case.judged():
        if not meeting.table:
            continue
        room = case.halls.get(seat.hall)
        if seat.table is None:
            problem = "has no table number"
        elif room is None:
            continue  # reported as H7
        elif not 1 <= seat.table <= room.tables[seat.slot]:
            problem = f"is at table {seat.table}, which {seat.hall} does not have in slot {seat.slot}"
        elif (seat.table, seat.slot) in room.closed:
            problem = f"is at table {seat.table} of {seat.hall}, which is closed in slot {seat.slot}"
        else:
            continue
        yield Violation(rule="H3", message=f"{meeting.id} {problem}", meetings=(meeting.id,))


def _interpreters_can_serve(case: _Case) -> Iterator[Violation]:
    for meeting, seat in case.judged():
        name = seat.interpreter
        if meeting.pair is None and name is None:
            continue
        who = None if name is None else case.interpreters.get(name)
        if meeting.pair is None:
            problem = f"needs no interpreter but has {name}"
        elif name is None:
            problem = f"needs a {meeting.pair} interpreter and has none"
        elif who is None:
            problem = f"has interpreter {name}, whom nobody knows"
        elif meeting.pair not in who.pairs:
            problem = f"needs {meeting.pair}, which {name} does not interpret"
        elif seat.slot not in who.slots:
            problem = f"has interpreter {name}, who is not available in slot {seat.slot}"
        else:
            continue
        yield Violation(rule="H4", message=f"{meeting.id} {problem}", meetings=(meeting.id,))
    for name, by_slot in case.of_interpreter.items():
        for slot, keys in sorted(by_slot.items()):
            if len(keys) > 1 and not case.all_over(keys):
                yield Violation(
                    rule="H4",
                    message=f"interpreter {name} has {len(keys)} meetings in slot {slot}: {', '.join(keys)}",
                    meetings=tuple(keys),
                )
        if name in case.interpreters:
            yield from _pauses(case, name, by_slot)


def _pauses(case: _Case, name: str, by_slot: Mapping[int, list[str]]) -> Iterator[Violation]:
    limit = case.interpreters[name].max_run
    if limit is None:
        return
    run: list[int] = []
    for slot in sorted(by_slot):
        run = [*run, slot] if run and run[-1] == slot - 1 and case.next_on_day(slot - 1) else [slot]
        if slot + 1 in by_slot and case.next_on_day(slot):
            continue
        keys = [key for s in run for key in by_slot[s]]
        if len(run) > limit and not case.all_over(keys):
            yield Violation(
                rule="H4",
                message=f"interpreter {name} has {len(run)} meetings without a pause from slot {run[0]}, at most {limit}",
                meetings=tuple(keys),
            )


def _ways_are_short_enough(case: _Case) -> Iterator[Violation]:
    rows = [("", name, row) for name, row in case.of_person.items()]
    rows += [("interpreter ", name, row) for name, row in case.of_interpreter.items()]
    for kind, name, by_slot in rows:
        for slot, keys in sorted(by_slot.items()):
            if not case.next_on_day(slot):
                continue
            for one in keys:
                for other in by_slot.get(slot + 1, []):
                    halls = frozenset({case.seats[one].hall, case.seats[other].hall})
                    if halls in case.problem.apart and not case.all_over([one, other]):
                        yield Violation(
                            rule="H5",
                            message=f"{kind}{name} cannot walk from {one} in slot {slot} to {other} in slot {slot + 1}",
                            meetings=(one, other),
                        )


def _order_is_kept(case: _Case) -> Iterator[Violation]:
    for meeting, seat in case.judged():
        for key in meeting.after:
            other = case.seats.get(key)
            if other is not None and other.slot >= seat.slot:
                yield Violation(
                    rule="H6",
                    message=f"{meeting.id} in slot {seat.slot} must lie after {key} in slot {other.slot}",
                    meetings=(meeting.id, key),
                )


def _halls_are_as_demanded(case: _Case) -> Iterator[Violation]:
    for meeting, seat in case.judged():
        if seat.hall not in case.halls:
            problem = f"is in hall {seat.hall}, which does not exist"
        elif meeting.hall is not None and seat.hall != meeting.hall:
            problem = f"is in hall {seat.hall}, but must be in {meeting.hall}"
        elif not meeting.table and seat.table is not None:
            problem = f"takes no table, but has table {seat.table}"
        else:
            continue
        yield Violation(rule="H7", message=f"{meeting.id} {problem}", meetings=(meeting.id,))


def _what_stays_stays(case: _Case) -> Iterator[Violation]:
    for key in case.meetings:
        old, now = case.published.get(key), case.seats.get(key)
        if key in case.over or key in case.problem.locked:
            if now != old:
                why = "locked" if key in case.problem.locked else "over"
                yield Violation(
                    rule="H8", message=f"{key} is {why} and must stay as published", meetings=(key,)
                )
        elif now is not None and now.slot < case.problem.frozen_before:
            yield Violation(
                rule="H8",
                message=f"{key} is in slot {now.slot}, which is over (before {case.problem.frozen_before})",
                meetings=(key,),
            )


def _gaps_are_within_limit(case: _Case) -> Iterator[Violation]:
    limit = case.problem.max_gaps
    if limit is None or case.problem.published is not None:
        return
    for name in case.people:
        gaps, _, _ = _wait(case, name)
        if gaps > limit:
            yield Violation(rule="H9", message=f"{name} has {gaps} gaps, at most {limit}")


def _changes_are_within_limit(case: _Case) -> Iterator[Violation]:
    limit = case.problem.max_changes
    if limit is None or case.problem.published is None:
        return
    changes = _count(case)["changes"]
    if changes > limit:
        yield Violation(rule="H10", message=f"{changes:.0f} meetings change, at most {limit}")


def _wait(case: _Case, name: str) -> tuple[int, int, int]:
    """(gaps, idle slots, hall changes) of one person, walking through the slots."""
    by_slot = case.of_person.get(name, {})
    available = case.people[name].slots
    gaps = idle = changes = 0
    waiting, hall, day = 0, None, None
    for slot, entry in enumerate(case.problem.slots):
        if case.problem.gap_rule == "day" and entry.day != day:
            waiting, seen_today = 0, False
        elif slot == 0:
            seen_today = False
        if entry.day != day:
            day, hall = entry.day, None
        for key in by_slot.get(slot, []):
            if seen_today and waiting:
                gaps += 1
                idle += waiting
            waiting, seen_today = 0, True
            here = case.seats[key].hall
            changes += hall is not None and hall != here
            hall = here
        if slot not in by_slot and (case.problem.gap_rule == "timeline" or slot in available):
            waiting += 1
    return gaps, idle, changes


def _count(case: _Case) -> dict[str, float]:
    waits = [_wait(case, name) for name in case.people]
    changes = interpreter_changes = 0
    for key, old in case.published.items():
        if old is None or key not in case.meetings:
            continue
        now = case.seats.get(key)
        if now is None or now.slot != old.slot or now.hall != old.hall or now.table != old.table:
            changes += 1
        if now is not None and now.interpreter != old.interpreter:
            interpreter_changes += 1
    return {
        "placed": len(case.seats),
        "priority": math.fsum(case.meetings[key].priority for key in case.seats),
        "gaps": sum(wait[0] for wait in waits),
        "max_gaps": max((wait[0] for wait in waits), default=0),
        "idle_slots": sum(wait[1] for wait in waits),
        "hall_changes": sum(wait[2] for wait in waits),
        "changes": changes,
        "interpreter_changes": interpreter_changes,
    }


def _measures_are_true(data: Mapping[str, object], counted: Mapping[str, float]) -> Iterator[Violation]:
    stated = data.get("measures")
    if stated is None:
        return
    if not isinstance(stated, Mapping):
        yield Violation(rule="M1", message="measures must be an object")
        return
    for key, value in counted.items():
        number = stated.get(key)
        if not isinstance(number, (int, float)) or isinstance(number, bool) or abs(number - value) > 1e-6:
            yield Violation(rule="M1", message=f"{key} is stated as {number}, counted {value:g}")


def _bounds_are_not_beaten(data: Mapping[str, object], counted: Mapping[str, float]) -> Iterator[Violation]:
    stated = data.get("bounds")
    if stated is None:
        return
    if not isinstance(stated, Mapping):
        yield Violation(rule="B1", message="bounds must be an object")
        return
    limits = {key: stated.get(key) for key in ("priority", "gaps")}
    for key, limit in limits.items():
        if not isinstance(limit, (int, float)) or isinstance(limit, bool) or not math.isfinite(limit):
            yield Violation(rule="B1", message=f"the bound of {key} is {limit}, no number")
        elif key == "priority" and counted[key] > limit + 1e-6:
            yield Violation(rule="B1", message=f"priority {counted[key]:g} is above its bound {limit:g}")
        elif key == "gaps" and counted[key] < limit:
            yield Violation(rule="B1", message=f"{counted[key]:.0f} gaps are below their bound {limit:g}")
