"""What the SAT formulas say about tiny events is what all their plans, tried one by one, say."""

import itertools
import random

import pytest
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from kontor_engines.meetings import read_problem
from kontor_engines.meetings._bounds import placeable
from kontor_engines.meetings._formula import gap_formula, left_out_formula
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._seating import plan_of

SLOTS, PEOPLE, MEETINGS = 4, 5, 5


def tiny_event(seed):
    """A tight event of one hall, with forbidden slots, fixed meetings, an order and a limit of gaps."""
    rnd = random.Random(seed)
    pairs = rnd.sample(list(itertools.combinations(range(PEOPLE), 2)), MEETINGS)
    people = [
        {"id": f"p{p}", "unavailable": [t for t in range(SLOTS) if rnd.random() < 0.15]}
        for p in range(PEOPLE)
    ]
    meetings = [{"id": f"m{m}", "people": [f"p{a}", f"p{b}"]} for m, (a, b) in enumerate(pairs)]
    for number in rnd.sample(range(1, MEETINGS), 2):
        meetings[number]["after"] = [f"m{rnd.randrange(number)}"]
    busy = {slot for person in people for slot in person["unavailable"]}
    for number in rnd.sample(range(MEETINGS), 2):
        if free := sorted(set(range(SLOTS)) - busy):
            meetings[number]["slot"] = rnd.choice(free)
    return {
        "format": "kontor-meetings/1",
        "name": f"tiny {seed}",
        "gap_rule": rnd.choice(["day", "timeline"]),
        "max_gaps": rnd.choice([0, 1, None]),
        "slots": [{"day": 0}] * SLOTS,
        "halls": [{"id": "E", "tables": rnd.choice([1, 2, 2, 3])}],
        "people": people,
        "meetings": meetings,
    }


def all_plans(event, model, some):
    """(meetings left out, gaps) of every valid plan."""
    meetings = event["meetings"]
    number = {meeting["id"]: m for m, meeting in enumerate(meetings)}
    options = [
        [None, *model.options[model.option_start[m] : model.option_start[m + 1]].tolist()]
        if some[m]
        else [None]
        for m in range(MEETINGS)
    ]
    for slots in itertools.product(*options):
        used = [slot for slot in slots if slot is not None]
        seats = [(name, slots[m]) for m in range(MEETINGS) for name in meetings[m]["people"]]
        seats = [seat for seat in seats if seat[1] is not None]
        late = [
            (slots[number[name]], slots[m]) for m in range(MEETINGS) for name in meetings[m].get("after", [])
        ]
        if (
            len(set(seats)) < len(seats)
            or any(used.count(slot) > event["halls"][0]["tables"] for slot in used)
            or any(None not in pair and pair[0] >= pair[1] for pair in late)
        ):
            continue
        gaps = [
            gaps_of(person, {slot for name, slot in seats if name == person["id"]}, event)
            for person in event["people"]
        ]
        if event["max_gaps"] is None or max(gaps) <= event["max_gaps"]:
            yield int(some.sum()) - len(used), sum(gaps)


def gaps_of(person, busy, event):
    counts = [t for t in range(SLOTS) if event["gap_rule"] == "timeline" or t not in person["unavailable"]]
    return sum(
        any(t in counts for t in range(first + 1, last)) for first, last in itertools.pairwise(sorted(busy))
    )


def fewest_failed(formula):
    """How many wishes fail at least; None if the clauses contradict each other."""
    task = WCNF()
    task.extend(formula.clauses)
    task.extend([[wish] for wish in formula.wishes], weights=[1] * len(formula.wishes))
    with RC2(task, solver="glucose4") as solver:
        return None if solver.compute() is None else solver.cost


@pytest.mark.parametrize("seed", range(30))
def test_formulas_say_what_all_plans_say(seed):
    event = tiny_event(seed)
    problem = read_problem(event)
    model, index = build_model(problem)
    some = placeable(model, plan_of(index, {}))
    plans = set(all_plans(event, model, some))
    assert fewest_failed(left_out_formula(model, some, MEETINGS)) == min(left_out for left_out, _ in plans)
    for missing, in_pairs in itertools.product(range(3), (False, True)):
        gaps = [gaps for left_out, gaps in plans if left_out <= missing]
        formula = gap_formula(model, some, 2 * MEETINGS, missing=missing, in_pairs=in_pairs)
        assert fewest_failed(formula) == min(gaps, default=None)
        nobody = gap_formula(model, some, 2 * MEETINGS, frozenset(), missing=missing, in_pairs=in_pairs)
        assert fewest_failed(nobody) == (0 if 0 in gaps else None)
