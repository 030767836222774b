"""The fewest gaps that somebody and everybody whom the person meets can have together.

Somebody with a booth in one hall and a meeting in a hall too far away may avoid waiting alone, but only in slots in which those
who come would wait instead. An integer program seats all meetings of such a circle, leaves out tables, interpreters and what
everybody else needs, and counts the gaps of the circle: a true bound, since it only leaves rules out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._least_gaps import days_of
from kontor_engines.meetings._model import NONE, Ints, Model
from kontor_engines.meetings._patterns import proved_bound

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

EFFORT = 0.2
"""Deterministic seconds of the solver for one circle: the same bound on every machine."""
MOST_MEETINGS = 150
"""Circles with more meetings are not looked at."""


class Circles:
    """What circles that share nobody must wait beyond what each of their people must wait alone."""

    def __init__(self, model: Model, placeable: npt.NDArray[np.bool_], least: Ints) -> None:
        self.model, self.placeable, self.least = model, placeable, least
        self.looked_at: set[int] = set()
        self.extra: dict[frozenset[int], int] = {}
        self.is_closed = False

    def look_at(self, people: Collection[int]) -> int:
        """Look at the circles of these people too; gaps that all circles so far must have more."""
        for p in sorted({*people} - self.looked_at):
            if self.is_closed:
                break
            self.looked_at.add(p)
            circle = self._circle(p)
            touched = [known for known in self.extra if known & circle]
            circle = circle.union(*touched)
            fewest = fewest_gaps(self.model, self.placeable, circle)
            extra = fewest - int(self.least[list(circle)].sum())
            if extra > sum(self.extra[known] for known in touched):
                for known in touched:
                    del self.extra[known]
                self.extra[circle] = extra
        return sum(self.extra.values())

    def close(self) -> None:
        """Look at no further circle, whoever asks in another thread."""
        self.is_closed = True

    def _circle(self, p: int) -> frozenset[int]:
        model = self.model
        agenda = model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]]
        return frozenset(
            int(q)
            for m in agenda[self.placeable[agenda]]
            for q in model.members[model.member_start[m] : model.member_start[m + 1]]
        )


def fewest_gaps(model: Model, placeable: npt.NDArray[np.bool_], people: Collection[int]) -> int:
    """No plan that places everything placeable gives these people fewer gaps; 0 if nothing is known."""
    from ortools.sat.python import cp_model  # slow to import, and most plans never need it

    agendas = {
        p: [int(m) for m in model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]] if placeable[m]]
        for p in sorted(people)
    }
    meetings = sorted({m for agenda in agendas.values() for m in agenda})
    if len(meetings) > MOST_MEETINGS:
        return 0
    program = cp_model.CpModel()
    lies: dict[int, dict[int, cp_model.IntVar]] = {}
    for m in meetings:
        slots = model.options[model.option_start[m] : model.option_start[m + 1]].tolist()
        lies[m] = {slot: program.new_bool_var("") for slot in slots}
        program.add_exactly_one(lies[m].values())
    gaps: list[cp_model.IntVar] = []
    for p, agenda in agendas.items():
        at: defaultdict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
        for m in agenda:
            hall = NONE if model.fixed[m] else int(model.hall_wanted[m])
            for slot, variable in lies[m].items():
                at[slot].append((hall, variable))
        for entries in at.values():
            program.add_at_most_one(variable for _, variable in entries)
        for one, other in _too_far(model, at):
            program.add_at_most_one([*one, *other])
        gaps += [
            _gaps_of_day(program, [[v for _, v in at[slot]] for slot in day]) for day in days_of(model, p)
        ]
    program.minimize(sum(gaps))
    return proved_bound(program, EFFORT)


def _too_far(
    model: Model, at: dict[int, list[tuple[int, "cp_model.IntVar"]]]
) -> Iterator[tuple[list["cp_model.IntVar"], list["cp_model.IntVar"]]]:
    """Meetings of one person in adjacent slots of which, by H5, only one can be: in a hall, and in those far from it."""
    for slot in sorted(at):
        if not model.joined[slot] or slot + 1 not in at:
            continue
        for hall in sorted({hall for hall, _ in at[slot]} - {NONE}):
            here = [variable for other, variable in at[slot] if other == hall]
            far = [variable for other, variable in at[slot + 1] if other != NONE and model.far[hall, other]]
            if far:
                yield here, far


def _gaps_of_day(program: "cp_model.CpModel", busy: list[list["cp_model.IntVar"]]) -> "cp_model.IntVar":
    """Runs of busy places, less one if there is any."""
    runs: list[cp_model.IntVar] = []
    before: list[cp_model.IntVar] = []
    for now in busy:
        runs.append(program.new_bool_var(""))
        program.add(sum(now) <= sum([runs[-1], *before]))
        before = now
    any_run = program.new_bool_var("")
    program.add_bool_or([~any_run, *(variable for now in busy for variable in now)])
    gaps = program.new_int_var(0, len(busy), "")
    program.add(sum(runs) <= any_run + gaps)
    return gaps
