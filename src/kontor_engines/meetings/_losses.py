"""Proof that meetings must be lost: the crowds around a person, a language pair and the tables, what pauses cost, and meetings
that leave no slot to each other."""

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

    Each meeting counts in one crowd only, so that the losses of several crowds add up. Those who need interpreters are a crowd so
    large that it shows more either before all others or after them.
    """
    out = np.flatnonzero((plan[0] == NONE) & (model.fixed == 0))
    worth = float(model.priority[out].sum())
    lost = math.fsum(lost for lost, _ in _losses(model, plan, out))
    if lost < worth - 1e-6:
        lost = max(lost, math.fsum(lost for lost, _ in _losses(model, plan, out, pauses_first=True)))
    return lost


def must_lose(model: Model, plan: Ints, meetings: Ints) -> bool:
    """Whether these meetings, which this valid plan leaves out, are lost in every plan, or as much in their stead."""
    proved = left_out = 0.0
    for lost, out in _losses(model, plan, meetings):
        if not lost:
            return False
        proved += lost
        left_out += out
    return proved >= left_out - 1e-6


def _losses(
    model: Model, plan: Ints, meetings: npt.NDArray[Any], pauses_first: bool = False
) -> Iterator[tuple[float, float]]:
    """For each crowd around them, and for those that none explains: what any plan loses (0: not known), and what this one."""
    counted = np.zeros(len(model.fixed), bool)
    if pauses_first:
        yield from _around_pauses(model, plan, meetings.tolist(), counted)
    unexplained: list[int] = []
    for m in meetings.tolist():
        if counted[m]:
            continue
        for rivals, room in _resources(model, plan, m):
            own = rivals[(model.fixed[rivals] == 0) & ~counted[rivals]]
            worth, members = _lost_of(model, plan, m, own, room)
            if worth:
                yield math.fsum(worth), _left_out(model, plan, members)
                counted[members] = True
                break
        else:
            lost, members = _lost_to_another(model, m, counted)
            if lost:
                yield lost, _left_out(model, plan, members)
                counted[members] = True
                continue
            if model.pair[m] == NONE:
                yield 0.0, float(model.priority[m])
            unexplained.append(m)
    yield from _around_pauses(model, plan, unexplained, counted)
    if still := [m for m in unexplained if not counted[m] and model.pair[m] != NONE]:
        yield 0.0, _left_out(model, plan, still)


def _around_pauses(
    model: Model, plan: Ints, meetings: list[int], counted: npt.NDArray[np.bool_]
) -> Iterator[tuple[float, float]]:
    """The same for the pairs of these meetings; whoever asks for them counts from now on."""
    for pair in sorted({int(model.pair[m]) for m in meetings} - {NONE}):
        worth, members = _lost_to_pauses(model, plan, pair, counted)
        if worth:
            yield math.fsum(worth), _left_out(model, plan, members)
            counted[members] = True


def _left_out(model: Model, plan: Ints, members: list[int]) -> float:
    """Worth of those of them that this plan leaves out."""
    return math.fsum(model.priority[m] for m in members if plan[0, m] == NONE)


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


def _lost_to_pauses(
    model: Model, plan: Ints, pair: int, counted: npt.NDArray[np.bool_]
) -> tuple[list[float], list[int]]:
    """Worth of what the interpreters of a pair, or else of all pairs, cannot serve on all days together, and everybody who asks
    for them. Of a stretch of n slots on duty, n // (max_run + 1) are pauses."""
    fixed = np.flatnonzero((model.fixed == 1) & (plan[0] != NONE))
    for pairs in ([pair], range(len(model.server_start) - 1)):
        team = _team(model, list(pairs))
        duty = model.on_duty[team] == 1
        busy = fixed[np.isin(plan[2, fixed], team)]
        duty[np.searchsorted(team, plan[2, busy]), plan[0, busy]] = False
        stretch = np.zeros(len(team), np.int64)
        room = 0
        for slot, is_joined in enumerate(model.joined.tolist()):
            stretch = np.where(duty[:, slot], stretch + 1, 0)
            room += int(np.count_nonzero(stretch % (model.max_run[team] + 1)))
            if not is_joined:
                stretch[:] = 0
        members = np.flatnonzero(np.isin(model.pair, pairs) & (model.fixed == 0) & ~counted)
        if len(members) > room:
            return np.sort(model.priority[members])[: len(members) - room].tolist(), members.tolist()
    return [], []


def _lost_to_another(model: Model, m: int, counted: npt.NDArray[np.bool_]) -> tuple[float, list[int]]:
    """What is lost if every slot of m leaves no slot to some other meeting of its people or its order; m and all these others."""
    slots = np.flatnonzero(model.domain[m])
    people = model.members[model.member_start[m] : model.member_start[m + 1]]
    around = [
        model.before[model.before_start[m] : model.before_start[m + 1]],
        model.after[model.after_start[m] : model.after_start[m + 1]],
        *(model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]] for p in people),
    ]
    worth = np.zeros(len(slots))
    blocker = np.full(len(slots), NONE)
    for other in np.unique(np.concatenate(around)).tolist():
        if other == m or counted[other] or model.fixed[other]:
            continue
        blocked = _excluded(model, m, other)[slots].all(axis=1) & (model.priority[other] > worth)
        worth[blocked], blocker[blocked] = model.priority[other], other
    if not len(slots) or not worth.all():
        return 0.0, []
    return float(min(model.priority[m], worth.min())), np.union1d(blocker, [m]).tolist()


def _excluded(model: Model, m: int, other: int) -> npt.NDArray[np.bool_]:
    """(T, slots of the other) whether m in a slot excludes the other from one: the same person twice (H1), halls that are too far
    apart (H5), order (H6)."""
    ours = np.arange(model.domain.shape[1])[:, None]
    theirs = np.flatnonzero(model.domain[other])[None, :]
    excluded = np.zeros((ours.size, theirs.size), bool)
    if other in model.before[model.before_start[m] : model.before_start[m + 1]]:
        excluded |= theirs >= ours
    if other in model.after[model.after_start[m] : model.after_start[m + 1]]:
        excluded |= theirs <= ours
    people = model.members[model.member_start[m] : model.member_start[m + 1]]
    if np.isin(people, model.members[model.member_start[other] : model.member_start[other + 1]]).any():
        excluded |= ours == theirs
        ends = (model.hall_wanted[m], model.hall_wanted[other])
        if NONE not in ends and model.far[ends]:
            excluded |= (np.abs(ours - theirs) == 1) & (model.joined[np.minimum(ours, theirs)] == 1)
    return excluded


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
    team = _team(model, pairs)
    room = model.on_duty[team].sum(axis=0, dtype=np.int64)
    busy = fixed[np.isin(plan[2, fixed], team)]
    np.subtract.at(room, plan[0, busy], model.on_duty[plan[2, busy], plan[0, busy]])
    return np.flatnonzero(np.isin(model.pair, pairs)), np.maximum(room, 0)


def _team(model: Model, pairs: list[int]) -> Counts:
    """The interpreters of any of these pairs, in order."""
    rows = [model.servers[model.server_start[pair] : model.server_start[pair + 1]] for pair in pairs]
    return np.unique(np.concatenate(rows)).astype(np.int64)
