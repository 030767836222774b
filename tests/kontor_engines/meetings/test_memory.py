"""The search counts waiting on bits; it must be what the format counts, on days of any length."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import Plan, Seat, read_problem
from kontor_engines.meetings._anneal import load
from kontor_engines.meetings._measures import measure
from kontor_engines.meetings._memory import SUM_GAPS, SUM_IDLE, new_memory
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._seating import plan_of


@settings(max_examples=300)
@given(
    days=st.lists(st.sampled_from([1, 2, 5, 63, 64, 65, 130, 200]), min_size=1, max_size=3),
    seed=st.integers(0, 2**32),
    share_absent=st.sampled_from([0.0, 0.3, 0.7, 0.97]),
    share_busy=st.sampled_from([0.05, 0.5, 0.9]),
)
@pytest.mark.parametrize("gap_rule", ["day", "timeline"])
def test_gaps_and_idle_slots_are_those_of_the_format(days, seed, share_absent, share_busy, gap_rule):
    slots = [{"day": day} for day, length in enumerate(days) for _ in range(length)]
    random = np.random.default_rng(seed)
    absent = random.random(len(slots)) < share_absent
    busy = np.flatnonzero(~absent & (random.random(len(slots)) < share_busy)).tolist()
    problem = read_problem(
        {
            "format": "kontor-meetings/1",
            "name": "one person's days",
            "gap_rule": gap_rule,
            "slots": slots,
            "halls": [{"id": "A", "tables": 1}],
            "people": [
                {"id": "host", "unavailable": np.flatnonzero(absent).tolist()},
                *({"id": f"guest {slot}"} for slot in busy),
            ],
            "meetings": [{"id": f"m{slot}", "people": ["host", f"guest {slot}"]} for slot in busy],
        }
    )
    plan = Plan(seats={f"m{slot}": Seat(slot=slot, hall="A", table=1, interpreter=None) for slot in busy})
    model, index = build_model(problem)
    memory = new_memory(model, 0)
    load(*memory, plan_of(index, plan.seats))
    measures = measure(problem, plan)
    assert (memory.o[SUM_GAPS], memory.o[SUM_IDLE]) == (measures.gaps, measures.idle_slots)
