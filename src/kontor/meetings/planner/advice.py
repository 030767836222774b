"""What else the engine answers: what cannot work, what further changes would buy, what stranded people could do now."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kontor.meetings.planner.searching import facts_as_data, problem_and_plan
from kontor_engines.meetings import Match, Plan, check, conflicts, curve, read_problem, recover
from kontor_engines.stop import MaxSeconds

SHOWN_MEETINGS = 12
"""of a conflict; many meetings compete for interpreters, and nobody reads hundreds"""


def find_conflicts(instance: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The smallest sets of facts that contradict each other, before any planning; those that leave out most come first."""
    found = [
        {
            "rule": one.rule,
            "facts": facts_as_data(one.facts),
            "meetings": list(one.meetings[:SHOWN_MEETINGS]),
            "num_meetings": len(one.meetings),
            "excess": one.excess,
        }
        for one in conflicts(read_problem(instance))
    ]
    return sorted(found, key=lambda one: -one["excess"])


def draw_curve(instance: Mapping[str, Any], *, seconds: float, seed: int) -> list[dict[str, Any]]:
    """Gaps against changed meetings: for each number of changes a checked plan; gaps never rise along the curve.

    Raises AssertionError when the checker refuses a plan: a bug of the solver, never stored.
    """
    problem = read_problem({key: value for key, value in instance.items() if key != "max_changes"})
    points: list[dict[str, Any]] = []
    for point in curve(problem, stop=MaxSeconds(seconds), seed=seed):
        if found := check(problem, point.plan):
            raise AssertionError("; ".join(violation.message for violation in found[:5]))
        points.append(
            {
                "placed": point.measures.placed,
                "gaps": point.measures.gaps,
                "changes": point.measures.changes,
                "max_gaps": point.measures.max_gaps,
                "places": places_of(point.plan),
            }
        )
    return points


def places_of(plan: Plan) -> dict[str, dict[str, Any] | None]:
    """The seats as in a plan file."""
    return {
        meeting: None
        if seat is None
        else {"slot": seat.slot, "hall": seat.hall, "table": seat.table, "interpreter": seat.interpreter}
        for meeting, seat in plan.seats.items()
    }


def find_offers(
    instance: Mapping[str, Any],
    places: Mapping[str, Any],
    *,
    slot: int,
    people: Collection[str],
    matches: Iterable[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Meetings that could begin in this slot for these people, each valid while nothing else moves.

    `matches` are introductions: people, score, pair, hall, table. Those that can all take place at once come first.
    """
    problem, plan = problem_and_plan(instance, places)
    introductions = [
        Match(
            people=tuple(one["people"]),
            score=one["score"],
            pair=one["pair"] or None,
            hall=one["hall"],
            table=one["table"],
        )
        for one in matches
    ]
    return [
        {
            "people": list(offer.people),
            "meeting": offer.meeting,
            "pair": offer.pair or "",
            "is_together": offer.together,
            "place": {
                "slot": offer.seat.slot,
                "hall": offer.seat.hall,
                "table": offer.seat.table,
                "interpreter": offer.seat.interpreter,
            },
        }
        for offer in recover(problem, plan, slot=slot, people=people, matches=introductions)
    ]
