"""Where one meeting of a plan could go while the others stay."""

from collections.abc import Mapping
from typing import Any

from kontor_engines.meetings import Problem, Violation, check, read_plan, read_problem


def free_places(instance: Mapping[str, Any], places: Mapping[str, Any], meeting: str) -> list[dict[str, Any]]:
    """Where one meeting of a plan could go without breaking a rule while the others stay: one place per slot and hall.

    Each is tried with the checker, on the meetings that share somebody with this one; where an interpreter is needed,
    the first three free ones are tried.
    """
    row = next(one for one in instance["meetings"] if one["id"] == meeting)
    others = {one: place for one, place in places.items() if place is not None and one != meeting}
    surroundings = _Surroundings(instance, others, row)
    found = []
    for position in range(len(instance["slots"])):
        then = [place for place in others.values() if place["slot"] == position]
        taken_tables = {(place["hall"], place["table"]) for place in then}
        taken_interpreters = {place["interpreter"] for place in then}
        interpreters: list[str | None] = [None]
        if pair := row.get("pair"):
            interpreters = [
                one["id"]
                for one in instance["interpreters"]
                if pair in one["pairs"]
                and position not in one["unavailable"]
                and one["id"] not in taken_interpreters
            ][:3]
        for hall in instance["halls"]:
            if row.get("hall") not in (None, hall["id"]):
                continue
            table = _free_table(hall, position, taken_tables) if row.get("table", True) else None
            if table is None and row.get("table", True):
                continue
            for interpreter in interpreters:
                place = {"slot": position, "hall": hall["id"], "table": table, "interpreter": interpreter}
                if surroundings.allow(place):
                    found.append(place)
                    break
    return found


def _free_table(hall: Mapping[str, Any], position: int, taken: set[tuple[str, int | None]]) -> int | None:
    closed = {
        entry["table"] for entry in hall["closed"] if entry["slots"] is None or position in entry["slots"]
    }
    numbers = (one for one in range(1, hall["tables"] + 1) if one not in closed)
    return next((one for one in numbers if (hall["id"], one) not in taken), None)


class _Surroundings:
    """What a meeting can clash with: the meetings of its people, and those of the interpreter it would have.

    Tables are not looked at here. A small problem per interpreter keeps a check short however large the event is; what
    the cut alone breaks (people whose other meetings lie outside) is broken before the meeting is set, and not held
    against it.
    """

    def __init__(
        self, instance: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]], row: Mapping[str, Any]
    ) -> None:
        self._instance, self._others, self._row = instance, others, row
        self._rows = {one["id"]: one for one in instance["meetings"]}
        people = set(row["people"])
        self._with_them = {one for one in others if people & set(self._rows[one]["people"])}
        self._problems: dict[str | None, tuple[Problem, dict[str, Any], set[str]]] = {}

    def allow(self, place: Mapping[str, Any]) -> bool:
        """Whether the meeting breaks nothing there."""
        interpreter = place["interpreter"]
        if interpreter not in self._problems:
            self._problems[interpreter] = self._cut(interpreter)
        problem, near, broken_by_cut = self._problems[interpreter]
        broken = self._broken(problem, {**near, self._row["id"]: place})
        return {violation.message for violation in broken} <= broken_by_cut

    def _cut(self, interpreter: str | None) -> tuple[Problem, dict[str, Any], set[str]]:
        near = {
            one: place
            for one, place in self._others.items()
            if one in self._with_them or (interpreter is not None and place["interpreter"] == interpreter)
        }
        rows = [self._row, *(self._rows[one] for one in near)]
        people = {one for row in rows for one in row["people"]}
        interpreting = {interpreter, *(place["interpreter"] for place in near.values())}
        cut = {key: value for key, value in self._instance.items() if key != "max_changes"} | {
            "meetings": rows,
            "people": [one for one in self._instance["people"] if one["id"] in people],
            "interpreters": [one for one in self._instance["interpreters"] if one["id"] in interpreting],
        }
        known = {row["id"] for row in rows}
        if "published" in self._instance:
            cut["published"] = {
                one: place for one, place in self._instance["published"].items() if one in known
            }
            cut["locked"] = [one for one in self._instance["locked"] if one in known]
        problem = read_problem(cut)
        broken = self._broken(problem, {**near, self._row["id"]: None})
        return (
            problem,
            near,
            {violation.message for violation in broken if not self._is_about_them(violation)},
        )

    def _broken(self, problem: Problem, places: Mapping[str, Any]) -> list[Violation]:
        file = {"format": "kontor-plan/1", "instance": problem.name, "meetings": places, "unplaced": {}}
        return check(problem, read_plan(file, problem))

    def _is_about_them(self, violation: Violation) -> bool:
        """The meeting itself, or gaps of its people, all of whose meetings are here: that is no fault of the cut."""
        if violation.rule == "H9":
            return violation.message.startswith(tuple(f"{one} " for one in self._row["people"]))
        return self._row["id"] in violation.meetings
