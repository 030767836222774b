"""What the compiled search keeps in its memory is what the format counts, whatever it has moved and undone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor_engines.meetings import Plan, Seat, read_problem
from kontor_engines.meetings._anneal import anneal, load, new_best, seat_greedily
from kontor_engines.meetings._measures import measure
from kontor_engines.meetings._memory import (
    AT,
    COST,
    HALL,
    INTERPRETER,
    NUM_GAPPED,
    NUM_OUT,
    SERVES,
    SLOT,
    SUM_GAPS,
    SUM_IDLE,
    TOGETHER_COUNT,
    USED,
    Memory,
    new_memory,
)
from kontor_engines.meetings._model import Model, build_model
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


def crowded_event() -> Model:
    """Sixty people who meet for most of two days in halls that are apart, some in groups, some with an interpreter."""
    random = np.random.default_rng(7)
    people = [{"id": f"p{p}", "unavailable": [int(random.integers(16))]} for p in range(60)]
    meetings = []
    for m in range(290):
        group = random.choice(60, size=3 if m % 12 == 0 else 2, replace=False)
        meetings.append(
            {
                "id": f"m{m}",
                "people": [f"p{p}" for p in group],
                "hall": [None, None, "A", "C"][m % 4],
                "pair": "de-zh" if m % 6 == 0 else None,
            }
        )
    problem = read_problem(
        {
            "format": "kontor-meetings/1",
            "name": "crowded",
            "gap_rule": "day",
            "slots": [{"day": slot // 8} for slot in range(16)],
            "halls": [{"id": hall, "tables": 8} for hall in "ABC"],
            "apart": [["A", "C"]],
            "people": people,
            "interpreters": [{"id": f"i{i}", "pairs": ["de-zh"], "max_run": 3} for i in range(5)],
            "meetings": meetings,
        }
    )
    return build_model(problem)[0]


def search(model: Model, temperature: float, moves: int, *, on_credit: bool) -> Memory:
    """The memory after a greedy start and so many moves at one temperature."""
    memory, best = new_memory(model, 1), new_best(len(model.fixed))
    seat_greedily(*memory, np.arange(len(model.fixed), dtype=np.int32))
    anneal(*memory, *best, moves, temperature, temperature, 0, 1 if on_credit else 10**9)
    return memory


@pytest.mark.parametrize("temperature", [0.01, 0.3])
def test_after_exchanges_on_credit_the_memory_is_that_of_the_plan_alone(temperature):
    model = crowded_event()
    memory = search(model, temperature, 100_000, on_credit=True)
    num_meetings, num_slots = model.domain.shape
    plan = np.stack([memory.part(entry, num_meetings) for entry in (SLOT, HALL, INTERPRETER)])
    fresh = new_memory(model, 2)
    load(*fresh, plan)
    for entry in (NUM_OUT, NUM_GAPPED, SUM_GAPS, SUM_IDLE):
        assert memory.o[entry] == fresh.o[entry]
    for entry, rows in ((AT, 60), (SERVES, 5), (USED, 3)):
        assert (memory.part(entry, rows * num_slots) == fresh.part(entry, rows * num_slots)).all()
    assert (memory.part(TOGETHER_COUNT, num_slots) == fresh.part(TOGETHER_COUNT, num_slots)).all()
    costs = [kept.f[kept.o[COST] : kept.o[COST] + 60] for kept in (memory, fresh)]
    assert costs[0] == pytest.approx(costs[1])


def test_on_credit_a_cold_search_gets_over_hills():
    model = crowded_event()
    alone, on_credit = (
        search(model, 0.01, 200_000, on_credit=credit).o[SUM_GAPS] for credit in (False, True)
    )
    assert on_credit < alone
