"""How much a plan can place at best: a bound on the placed priority (Lagrange, from linear programming).

It is true whatever the solver does: it is evaluated from multipliers, any of which are valid, and rounded down to a possible sum.
"""

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._model import NONE, Floats, Ints, Model

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MAX_PAIRS_IN_SUBSETS = 6
"""All sets of so many language pairs are looked at; beyond that only single pairs and all together."""
MAX_COLUMNS = 1_500_000
"""Larger problems are bounded without linear programming."""
TOLERANCE, MAX_STEPS = 1e-4, 20_000
"""When the linear program is solved well enough."""

Rows = list[tuple[list[int], float]]


class PriorityBound(NamedTuple):
    """What no valid plan can beat: `most`, and `loose` less the worth of each meeting that it leaves out."""

    most: float
    loose: float
    """The same before it is rounded down to a possible sum."""
    worth: Floats
    """(M) what a plan loses at least with each meeting: less than its priority where another takes over what it sets free."""


def total_priority(model: Model, kept: Ints) -> float:
    """The priority of all meetings that could be placed if they were alone."""
    return math.fsum(model.priority[placeable(model, kept)])


def placeable(model: Model, kept: Ints) -> npt.NDArray[np.bool_]:
    """(M) whether some slot has people, a table and an interpreter for the meeting; kept ones are where they are."""
    some = np.zeros(len(model.fixed), bool)
    free = _free_tables(model, kept)
    duty = _free_duty(model, kept)
    for m in range(len(model.fixed)):
        if model.fixed[m]:
            some[m] = kept[0, m] != NONE
            continue
        slots = model.options[model.option_start[m] : model.option_start[m + 1]]
        able = np.ones(len(slots), bool)
        if model.takes_table[m]:
            hall = model.hall_wanted[m]
            able &= (free.sum(axis=0) if hall == NONE else free[hall])[slots] > 0
        if model.pair[m] != NONE:
            able &= duty[_servers(model, int(model.pair[m]))][:, slots].any(axis=0)
        some[m] = bool(able.any())
    return some


def priority_bound(model: Model, kept: Ints) -> PriorityBound:
    """A Lagrangian bound: any multipliers of the resource rows give a true one."""
    some = placeable(model, kept)
    total = math.fsum(model.priority[some])
    free = np.flatnonzero(some & (model.fixed == 0))
    constant = math.fsum(model.priority[some & (model.fixed == 1)])
    column_of: dict[tuple[int, int], int] = {}
    for m in free:
        for slot in model.options[model.option_start[m] : model.option_start[m + 1]]:
            column_of[int(m), int(slot)] = len(column_of)
    if not column_of or len(column_of) > MAX_COLUMNS:
        return PriorityBound(total, total, model.priority)
    rows = [row for row in _resources(model, kept, column_of) if len(row[0]) > row[1]]
    rows_of_meetings = [
        (
            [
                column_of[int(m), int(t)]
                for t in model.options[model.option_start[m] : model.option_start[m + 1]]
            ],
            1.0,
        )
        for m in free
    ]
    worth = np.array([model.priority[m] for m, _ in column_of])
    matrix, limits = _matrix(rows + rows_of_meetings, len(column_of))
    prices = _prices(worth, matrix, limits)[: len(rows)]
    resources, limits = _matrix(rows, len(column_of))
    gain = worth - resources.T @ prices if rows else worth
    best_gain = np.zeros(len(model.fixed))
    np.maximum.at(best_gain, np.array([m for m, _ in column_of]), gain)
    bound = constant + float(limits @ prices) + float(best_gain.sum())
    loose = bound + 1e-7 * max(1.0, abs(bound))
    return PriorityBound(min(total, _round_down(model.priority, loose)), loose, best_gain)


def _prices(
    worth: npt.NDArray[np.float64], matrix: "csr_array", limits: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Nearly best multipliers, by a first-order method (PDLP, Applegate et al. 2021, arXiv:2106.04756): seconds where the
    simplex method needs minutes. They need not be exact, since any multipliers give a true bound."""
    from ortools.pdlp import solvers_pb2
    from ortools.pdlp.python import pdlp  # slow to import, and most plans never need it

    program = pdlp.QuadraticProgram()
    program.objective_vector = -worth
    program.constraint_matrix = matrix.tocsc()
    program.constraint_lower_bounds = np.full(len(limits), -np.inf)
    program.constraint_upper_bounds = limits
    program.variable_lower_bounds = np.zeros(len(worth))
    program.variable_upper_bounds = np.full(len(worth), np.inf)
    parameters = solvers_pb2.PrimalDualHybridGradientParams()
    parameters.termination_criteria.simple_optimality_criteria.eps_optimal_relative = TOLERANCE
    parameters.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = TOLERANCE
    parameters.termination_criteria.iteration_limit = MAX_STEPS
    answer = pdlp.primal_dual_hybrid_gradient(program, parameters)
    return np.maximum(0.0, -np.asarray(answer.dual_solution))


def _round_down(priorities: npt.NDArray[np.float64], bound: float) -> float:
    """The largest sum of priorities that is possible at all below the bound: a multiple of their greatest common divisor."""
    fractions = {Fraction(float(value)).limit_denominator(1000) for value in set(priorities.tolist())}
    if any(
        abs(float(Fraction(value).limit_denominator(1000)) - value) > 1e-12
        for value in set(priorities.tolist())
    ):
        return bound
    denominator = math.lcm(*(part.denominator for part in fractions))
    step = Fraction(math.gcd(*(int(part * denominator) for part in fractions)), denominator)
    return float(math.floor(Fraction(bound) / step) * step)


def _matrix(rows: Rows, num_columns: int) -> "tuple[csr_array, npt.NDArray[np.float64]]":
    from scipy.sparse import coo_array  # slow to import, and most plans never need it

    columns = np.array([column for row, _ in rows for column in row], np.int64)
    number = np.repeat(np.arange(len(rows)), [len(row) for row, _ in rows])
    matrix = coo_array((np.ones(len(columns)), (number, columns)), shape=(len(rows), num_columns)).tocsr()
    return matrix, np.array([limit for _, limit in rows], np.float64)


def _resources(
    model: Model, kept: Ints, column_of: dict[tuple[int, int], int]
) -> Iterator[tuple[list[int], float]]:
    """Rows (columns, limit): at most so many of these (meeting, slot) can be in a plan."""
    by_slot: dict[int, list[tuple[int, int]]] = {}
    for (m, slot), column in column_of.items():
        by_slot.setdefault(slot, []).append((m, column))
    busy = _busy_people(model, kept)
    tables = _free_tables(model, kept)
    duty = _free_duty(model, kept)
    for slot, entries in by_slot.items():
        of_person: dict[int, list[int]] = {}
        of_hall: dict[int, list[int]] = {}
        at_tables: list[int] = []
        for m, column in entries:
            for p in model.members[model.member_start[m] : model.member_start[m + 1]]:
                of_person.setdefault(int(p), []).append(column)
            if model.takes_table[m]:
                at_tables.append(column)
                if model.hall_wanted[m] != NONE:
                    of_hall.setdefault(int(model.hall_wanted[m]), []).append(column)
        for p, columns in of_person.items():
            yield columns, 0.0 if (p, slot) in busy else 1.0
        for hall, columns in of_hall.items():
            yield columns, float(tables[hall, slot])
        yield at_tables, float(tables[:, slot].sum())
    yield from _interpreter_rows(model, duty, by_slot)


def _interpreter_rows(
    model: Model, duty: npt.NDArray[np.bool_], by_slot: dict[int, list[tuple[int, int]]]
) -> Iterator[tuple[list[int], float]]:
    """For sets of language pairs and windows of adjacent slots: what the interpreters of these pairs can serve with pauses."""
    num_pairs = len(model.server_start) - 1
    if num_pairs <= MAX_PAIRS_IN_SUBSETS:
        sizes = range(1, num_pairs + 1)
        sets = [subset for size in sizes for subset in itertools.combinations(range(num_pairs), size)]
    else:
        sets = [*((pair,) for pair in range(num_pairs)), tuple(range(num_pairs))]
    windows = _windows(model)
    for subset in sets:
        able = sorted({int(i) for pair in subset for i in _servers(model, pair)})
        columns_at = {
            slot: [column for m, column in entries if int(model.pair[m]) in subset]
            for slot, entries in by_slot.items()
        }
        for window in windows:
            columns = [column for slot in window for column in columns_at.get(slot, [])]
            yield columns, float(sum(_most_meetings(duty[i], window, int(model.max_run[i])) for i in able))


def _windows(model: Model) -> list[range]:
    """Single slots, stretches just too long for some interpreter, and whole days."""
    num_slots = model.domain.shape[1]
    windows = {(slot, slot + 1) for slot in range(num_slots)}
    begin = 0
    for slot in range(num_slots):
        if model.joined[slot]:
            continue
        end = slot + 1
        for limit in {int(run) for run in model.max_run if run < end - begin}:
            windows.add((begin, end))
            windows.update((first, first + limit + 1) for first in range(begin, end - limit))
        begin = end
    return [range(*window) for window in sorted(windows)]


def _most_meetings(on_duty: npt.NDArray[np.bool_], window: range, max_run: int) -> int:
    """Of each stretch on duty every (max_run + 1)-th slot is a pause."""
    most = stretch = 0
    for slot in [*window, NONE]:
        if slot != NONE and on_duty[slot]:
            stretch += 1
        else:
            most += stretch - stretch // (max_run + 1)
            stretch = 0
    return most


def _servers(model: Model, pair: int) -> Ints:
    return model.servers[model.server_start[pair] : model.server_start[pair + 1]]


def _busy_people(model: Model, kept: Ints) -> set[tuple[int, int]]:
    """(person, slot) taken by kept meetings."""
    return {
        (int(p), int(kept[0, m]))
        for m in np.flatnonzero(kept[0] != NONE)
        for p in model.members[model.member_start[m] : model.member_start[m + 1]]
    }


def _free_tables(model: Model, kept: Ints) -> Ints:
    """(H, T) tables that kept meetings leave."""
    free = model.capacity.copy()
    for m in np.flatnonzero((kept[0] != NONE) & (model.takes_table == 1)):
        free[kept[1, m], kept[0, m]] -= 1
    return np.maximum(free, 0)


def _free_duty(model: Model, kept: Ints) -> npt.NDArray[np.bool_]:
    """(I, T) interpreters that kept meetings leave."""
    duty = model.on_duty.astype(bool)
    for m in np.flatnonzero((kept[0] != NONE) & (kept[2] != NONE)):
        duty[kept[2, m], kept[0, m]] = False
    return duty
