"""The fewest gaps that each person can have: what nobody can avoid, whatever the others do.

A person must fill as many places of the timeline as there are meetings, fixed ones where they are, and may not walk between halls
that are apart in adjacent slots (H5). Whoever has nineteen meetings in one hall and one in a hall too far away waits once. The
sum over all people is a true bound, and the search need not try to close such gaps.
"""

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._model import NONE, Floats, Ints, Model, days_of

Gaps = npt.NDArray[np.int16]
NEVER = 9_999
"""Gaps of what cannot be."""
MOST_WAYS = 100
"""Ways to leave out rivals that are all looked at; of whoever has more, no gap counts."""
FREE = 1e-12
"""Worth of a meeting that costs nothing to leave out."""


def least_gaps(model: Model, placeable: npt.NDArray[np.bool_]) -> Ints:
    """(P) the fewest gaps of each person if everything that can be placed is placed."""
    return np.array([_fewest(model, placeable, p) for p in range(len(model.position))], np.int32)


def least_gaps_with_rivals(
    model: Model, placeable: npt.NDArray[np.bool_], least: Ints, rivals: Sequence[frozenset[int]]
) -> Ints:
    """(P) the fewest gaps of each person if one of each set of rivals is left out, and nothing else."""
    fewest = least.copy()
    for p in np.flatnonzero(least).tolist():
        agenda = set(model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]].tolist())
        own = [[*sorted(one & agenda), *([] if one <= agenda else [NONE])] for one in rivals if one & agenda]
        if math.prod(map(len, own)) > MOST_WAYS:
            fewest[p] = 0
            continue
        for out in itertools.product(*own):
            left = placeable.copy()
            left[[m for m in out if m != NONE]] = False
            fewest[p] = min(fewest[p], _fewest(model, left, p))
    return fewest


def spared_gaps(
    model: Model, placeable: npt.NDArray[np.bool_], least: Ints, worth: Floats
) -> Callable[[float], int]:
    """How many of these gaps can be spared at most by leaving out meetings of a given worth in all.

    A meeting that is left out spares its people all they have at most; so this is a knapsack, solved with parts of meetings.
    """
    may = placeable & (model.fixed == 0)
    gain = np.add.reduceat(least[model.members], model.member_start[:-1])[may] if len(may) else np.zeros(0)
    worth = np.maximum(worth[may], FREE)
    order = np.argsort(-gain / worth, kind="stable")
    worths = np.concatenate([[0.0], np.cumsum(worth[order])])
    gains = np.concatenate([[0.0], np.cumsum(gain[order])])
    return lambda missing: math.floor(float(np.interp(missing, worths, gains)) + 1e-6)


def _fewest(model: Model, placeable: npt.NDArray[np.bool_], p: int) -> int:
    agenda = [int(m) for m in model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]] if placeable[m]]
    if len(agenda) < 2:
        return 0
    kinds, far = _kinds(model, agenda)
    options = [model.options[model.option_start[m] : model.option_start[m + 1]].tolist() for m in agenda]
    fixed = {row[0]: kind for row, kind in zip(options, kinds, strict=True) if len(row) == 1}
    usable: list[set[int]] = [set() for _ in far]
    for row, kind in zip(options, kinds, strict=True):
        usable[kind].update(row)
    counts = [kinds.count(kind) for kind in range(len(far))]
    days = days_of(model, p)
    if not fixed and _fits_without_gaps(counts, usable, days):
        return 0
    return _walk(counts, usable, fixed, far, days, model)


def _kinds(model: Model, agenda: list[int]) -> tuple[list[int], list[list[bool]]]:
    """Kind of each meeting: 0 where walking never matters, else its hall, numbered from 1; and which kinds are apart."""
    wanted = [NONE if model.fixed[m] else int(model.hall_wanted[m]) for m in agenda]
    halls = [
        hall
        for hall in sorted(set(wanted) - {NONE})
        if any(model.far[hall, other] for other in wanted if other != NONE)
    ]
    kinds = [halls.index(hall) + 1 if hall in halls else 0 for hall in wanted]
    far = [[False] * (len(halls) + 1)]
    far += [[False, *(bool(model.far[hall, other]) for other in halls)] for hall in halls]
    return kinds, far


def _fits_without_gaps(counts: list[int], usable: list[set[int]], days: list[list[int]]) -> bool:
    """A quick look: day after day one run of whatever fits, meetings of kind 0 between halls that are apart."""
    if len(counts) > 3 or (len(counts) == 3 and counts[0] == 0):
        return False
    orders = [[1, 0, 2], [2, 0, 1]] if len(counts) == 3 else [[0]]
    for order in orders:
        sequence = [usable[kind] for kind in order for _ in range(counts[kind])]
        for day in days:
            sequence = sequence[_longest_run(sequence, day) :]
        if not sequence:
            return True
    return False


def _longest_run(sequence: list[set[int]], day: list[int]) -> int:
    """How many meetings of the sequence fit next to each other from some slot of the day on."""
    longest = 0
    for begin in range(len(day)):
        length = 0
        for slots, slot in zip(sequence, day[begin:], strict=False):
            if slot not in slots:
                break
            length += 1
        longest = max(longest, length)
    return longest


def _walk(
    counts: list[int],
    usable: list[set[int]],
    fixed: dict[int, int],
    far: list[list[bool]],
    days: list[list[int]],
    model: Model,
) -> int:
    """Dynamic programming over the timeline: for each number of meetings placed of each kind the fewest gaps so far, apart for
    “none yet today”, “idle since a meeting” and “busy with a meeting of kind k”."""
    shape = [count + 1 for count in counts]
    kinds = range(len(counts))
    ahead = [_ahead(len(shape), kind) for kind in kinds]
    never: Gaps = np.full(shape, NEVER, np.int16)
    none = never.copy()
    none[(0,) * len(shape)] = 0
    for day in days:
        idle = never
        busy = [never] * len(counts)
        for before, slot in itertools.pairwise([NONE, *day]):
            adjacent = before == slot - 1 and before != NONE and bool(model.joined[before])
            some = np.minimum.reduce(busy)
            rested = np.minimum(none, idle + 1)
            following = []
            for kind in kinds:
                placed = never
                if slot in usable[kind] and fixed.get(slot, kind) == kind:
                    reach = np.minimum.reduce([busy[k] for k in kinds if not (adjacent and far[kind][k])])
                    to, of = ahead[kind]
                    placed = never.copy()
                    placed[to] = np.minimum(rested, reach)[of]
                following.append(placed)
            idle = np.minimum(idle, some)
            if slot in fixed:
                idle = none = never
            busy = following
        none = np.minimum.reduce([none, idle, *busy])
    fewest = int(none[tuple(counts)])
    return fewest if fewest < NEVER else 0


def _ahead(num_kinds: int, kind: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Index of the states with one meeting of a kind more, and of those they come from."""
    to = tuple(slice(1, None) if k == kind else slice(None) for k in range(num_kinds))
    of = tuple(slice(None, -1) if k == kind else slice(None) for k in range(num_kinds))
    return to, of
