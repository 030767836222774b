"""The last resort for H9: leaving meetings out until nobody has more gaps than allowed."""

import numpy as np

from kontor_engines.meetings._anneal import load
from kontor_engines.meetings._memory import GAPS, Memory, new_memory
from kontor_engines.meetings._model import NONE, Ints, Model


def keep_within_gap_limit(model: Model, plan: Ints) -> Ints:
    """The plan without what gives somebody too many gaps: each step leaves out the meeting that helps most for its worth."""
    if model.max_gaps < 0:
        return plan
    plan = plan.copy()
    memory = new_memory(model, 0)
    load(*memory, plan)
    while (excess := _excess(model, memory)) > 0:
        over = np.flatnonzero(memory.part(GAPS, len(model.position)) > model.max_gaps)
        agenda = {
            int(m) for p in over for m in model.agenda[model.agenda_start[p] : model.agenda_start[p + 1]]
        }
        candidates = sorted(m for m in agenda if plan[0, m] != NONE and not model.fixed[m])
        if not candidates:
            break
        ranked = []
        for m in candidates:
            seat = plan[:, m].copy()
            plan[:, m] = NONE
            load(*memory, plan)
            ranked.append(((excess - _excess(model, memory)) / model.weight[m], -model.weight[m], m))
            plan[:, m] = seat
            load(*memory, plan)
        plan[:, max(ranked)[2]] = NONE
        load(*memory, plan)
    return plan


def _excess(model: Model, memory: Memory) -> int:
    gaps = memory.part(GAPS, len(model.position))
    return int(np.maximum(gaps - model.max_gaps, 0).sum())
