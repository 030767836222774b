"""The fewest gaps that all people together can have if only tables per slot count, not who meets whom.

A person's pattern is the set of slots in which the person is busy. Where there are hardly more tables than meetings, so few
people may be idle in the middle of the day that some must wait, which no look at one person shows and SAT solvers, who cannot
count, find hard. People who may choose between the same patterns are one class, and an integer program says how many of each
class take which.
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._model import NONE, Ints, Model

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

MAX_PATTERNS = 20_000
"""Patterns of all classes together up to which the program is worth building."""
EFFORT = 4.0
"""Deterministic seconds of the solver: the same bound on every machine."""

Class = tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""Number of meetings, slots in which one could lie, slots in which one must lie, places of the slots in the timeline."""


def pattern_gaps(model: Model, placeable: npt.NDArray[np.bool_]) -> int:
    """No plan that places everything placeable has fewer gaps; 0 where the program would say nothing or be too large."""
    if not _only_tables_for_two(model, placeable):
        return 0
    classes = Counter(_classes(model, placeable))
    sizes = (math.comb(len(may) - len(must), count - len(must)) for count, may, must, _ in classes)
    if sum(sizes) > MAX_PATTERNS:
        return 0
    return _fewest(classes, 2 * model.capacity.sum(axis=0), model)


def _only_tables_for_two(model: Model, placeable: npt.NDArray[np.bool_]) -> bool:
    """Whether each meeting takes a table and two people: then at most twice as many people are busy as there are tables."""
    is_pair = np.diff(model.member_start) == 2
    return bool((is_pair & (model.takes_table == 1))[placeable].all()) and not bool(model.fixed.any())


def _classes(model: Model, placeable: npt.NDArray[np.bool_]) -> Iterator[Class]:
    """The class of each person with meetings."""
    for p in range(len(model.position)):
        agenda = model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]]
        rows = [
            model.options[model.option_start[m] : model.option_start[m + 1]].tolist()
            for m in agenda[placeable[agenda]].tolist()
        ]
        if rows:
            may = tuple(sorted({slot for row in rows for slot in row}))
            must = tuple(sorted({row[0] for row in rows if len(row) == 1}))
            yield len(rows), may, must, tuple(model.position[p].tolist())


def _fewest(classes: Counter[Class], most_busy: npt.NDArray[np.int64], model: Model) -> int:
    from ortools.sat.python import cp_model  # slow to import, and most plans never need it

    program = cp_model.CpModel()
    busy: list[list[cp_model.IntVar]] = [[] for _ in most_busy]
    gaps: list[cp_model.LinearExprT] = []
    for (count, may, must, places), size in classes.items():
        taken = []
        for slots in itertools.combinations(sorted({*may} - {*must}), count - len(must)):
            pattern = sorted((*slots, *must))
            cost = count_gaps(pattern, places, model.day_words)
            if 0 <= model.max_gaps < cost:
                continue
            taken.append(program.new_int_var(0, size, ""))
            gaps.append(cost * taken[-1])
            for slot in pattern:
                busy[slot].append(taken[-1])
        program.add(sum(taken) == size)
    for people, most in zip(busy, most_busy.tolist(), strict=True):
        program.add(
            sum(people) == 2 * program.new_int_var(0, most // 2, "")
        )  # meetings take people two by two
    program.minimize(sum(gaps))
    return proved_bound(program, EFFORT)


def proved_bound(program: "cp_model.CpModel", effort: float) -> int:
    """What the objective is at least, known after so many deterministic seconds; 0 where nothing fits or nothing is known."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = effort
    if solver.solve(program) in (cp_model.INFEASIBLE, cp_model.MODEL_INVALID):
        return 0
    return max(0, math.ceil(solver.best_objective_bound - 1e-6))


def count_gaps(pattern: list[int], places: Sequence[int] | Ints, day_words: int) -> int:
    """Gaps of somebody who is busy in exactly these slots."""
    size = 64 * day_words
    lie = [places[slot] for slot in pattern if places[slot] != NONE]
    return sum(b - a > 1 and a // size == b // size for a, b in itertools.pairwise(lie))


def people_with_gaps(model: Model, plan: Ints) -> dict[int, int]:
    """The gaps of each person who has any."""
    people = np.repeat(np.arange(len(model.position)), np.diff(model.agenda_start))
    slots = plan[0, model.agenda]
    places = np.where(slots == NONE, NONE, model.position[people, slots])
    order = np.lexsort((places, people))
    order = order[places[order] != NONE]
    people, places = people[order], places[order]
    days = places // (64 * model.day_words)
    waits = (people[1:] == people[:-1]) & (days[1:] == days[:-1]) & (np.diff(places) > 1)
    return Counter(people[1:][waits].tolist())
