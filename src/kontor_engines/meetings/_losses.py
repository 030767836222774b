"""Proof that meetings must be lost: the crowds around a person, around a language pair, and around the tables."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from kontor_engines.meetings._crowds import find_crowd
from kontor_engines.meetings._model import NONE, Ints, Model

Counts = npt.NDArray[np.int64]
EXACT = 150
"""Crowds up to this size are seated by worth; of larger ones the least worthy are counted as lost."""


def least_lost(model: Model, plan: Ints) -> float:
    """Priority that every plan leaves out, as far as the crowds around the losses of this valid plan show.

    Each meeting counts in one crowd only, so that the losses of several crowds add up.
    """
    out = np.flatnonzero((plan[0] == NONE) & (model.fixed == 0))
    return math.fsum(lost for lost, _ in _losses(model, plan, out))


def must_lose(model: Model, plan: Ints, meetings: Ints) -> bool:
    """Whether these meetings, which this valid plan leaves out, are lost in every plan, or as much in their stead."""
    proved = left_out = 0.0
    for lost, out in _losses(model, plan, meetings):
        if not lost:
            return False
        proved += lost
        left_out += out
    return proved >= left_out - 1e-6


def _losses(model: Model, plan: Ints, meetings: npt.NDArray[Any]) -> Iterator[tuple[float, float]]:
    """For each meeting that no crowd before it explains: what is lost around it in any plan (0: not known), and in this one."""
    counted = np.zeros(len(model.fixed), bool)
    for m in meetings.tolist():
        if counted[m]:
            continue
        lost, members = 0.0, [m]
        for rivals, room in _resources(model, plan, m):
            own = rivals[(model.fixed[rivals] == 0) & ~counted[rivals]]
            worth, crowd = _lost_of(model, plan, m, own, room)
            if worth:
                lost, members = math.fsum(worth), crowd
                counted[members] = True
                break
        out = [x for x in members if plan[0, x] == NONE]
        yield lost, math.fsum(model.priority[out])


def _lost_of(model: Model, plan: Ints, m: int, rivals: Counts, room: Counts) -> tuple[list[float], list[int]]:
    """Worth of what is lost around a meeting that is left out, and everybody involved; nothing if a way out is in sight.

    The plan seats the rivals; from the slots of m one follows who would have to give way to whom.
    """
    slots = model.domain[m] == 1
    placed = rivals[plan[0, rivals] != NONE]
    while True:
        inside = placed[slots[plan[0, placed]]]
        used = np.bincount(plan[0, inside], minlength=len(room))
        if (used < room)[slots].any():
            return [], []
        more = slots | (model.domain[inside] == 1).any(axis=0)
        if (more == slots).all():
            break
        slots = more
    members = rivals[~(model.domain[rivals][:, ~slots] == 1).any(axis=1)]
    lost = len(members) - int(room[slots].sum())
    if lost <= 0:
        return [], []
    if len(members) > EXACT:
        return np.sort(model.priority[members])[:lost].tolist(), members.tolist()
    options = {int(x): np.flatnonzero(model.domain[x]).tolist() for x in members}
    crowd = find_crowd(
        options, dict(enumerate(room.tolist())), {x: float(model.priority[x]) for x in options}
    )
    return [float(model.priority[x]) for x in crowd.left_out], sorted(crowd.members)


def _resources(model: Model, plan: Ints, m: int) -> Iterator[tuple[Counts, Counts]]:
    """What the meeting needs: each time everybody who needs it too, and how much of it there is in each slot."""
    fixed = np.flatnonzero((model.fixed == 1) & (plan[0] != NONE))
    for p in model.members[model.member_start[m] : model.member_start[m + 1]].tolist():
        agenda = model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]]
        room = np.ones(model.domain.shape[1], np.int64)
        room[plan[0, agenda[(model.fixed[agenda] == 1) & (plan[0, agenda] != NONE)]]] = 0
        yield agenda.astype(np.int64), room
    if model.pair[m] != NONE:
        for pairs in ([int(model.pair[m])], range(len(model.server_start) - 1)):
            yield _interpreted(model, plan, list(pairs), fixed)
    if model.takes_table[m]:
        seated = fixed[model.takes_table[fixed] == 1]
        for wanted in dict.fromkeys((int(model.hall_wanted[m]), NONE)):
            halls = np.arange(len(model.far)) if wanted == NONE else np.array([wanted])
            room = model.capacity[halls].sum(axis=0, dtype=np.int64)
            np.subtract.at(room, plan[0, seated[np.isin(plan[1, seated], halls)]], 1)
            rivals = (model.takes_table == 1) & ((model.hall_wanted == wanted) | (wanted == NONE))
            yield np.flatnonzero(rivals), np.maximum(room, 0)


def _interpreted(
    model: Model, plan: Ints, pairs: list[int], fixed: npt.NDArray[np.int64]
) -> tuple[Counts, Counts]:
    """The meetings of these pairs and the interpreters who interpret one of them."""
    team = np.unique(
        [i for p in pairs for i in model.servers[model.server_start[p] : model.server_start[p + 1]]]
    ).astype(np.int64)
    room = model.on_duty[team].sum(axis=0, dtype=np.int64)
    busy = fixed[np.isin(plan[2, fixed], team)]
    np.subtract.at(room, plan[0, busy], model.on_duty[plan[2, busy], plan[0, busy]])
    return np.flatnonzero(np.isin(model.pair, pairs)), np.maximum(room, 0)
