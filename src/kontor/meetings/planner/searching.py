"""Search a plan, repair the published one, and check or measure anew what was changed by hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kontor_engines.meetings import (
    Fact,
    Plan,
    Problem,
    Progress,
    Result,
    Violation,
    bounds,
    check,
    explain,
    measure,
    read_plan,
    read_problem,
    repair,
    solve,
)
from kontor_engines.stop import AnyOf, MaxSeconds


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchProgress:
    """How far a search is; bounds are what no plan can beat."""

    placed: int
    gaps: int
    bound_priority: float
    bound_gaps: int
    seconds: float


def search(
    instance: Mapping[str, Any],
    *,
    seconds: float,
    seed: int,
    start: Mapping[str, Any] | None,
    is_cancelled: Callable[[], bool],
    on_progress: Callable[[SearchProgress], None],
    is_repair: bool = False,
) -> dict[str, Any]:
    """Search a plan, or repair the published one; the answer is kontor-plan/1, checked by the checker.

    Raises AssertionError when the checker refuses it: a bug of the solver, never stored.
    """
    problem = read_problem(instance)

    def report(progress: Progress) -> None:
        on_progress(
            SearchProgress(
                placed=progress.placed,
                gaps=progress.gaps,
                bound_priority=progress.bound_priority,
                bound_gaps=progress.bound_gaps,
                seconds=progress.seconds,
            )
        )

    stop = AnyOf((MaxSeconds(seconds), lambda _iterations: is_cancelled()))
    if is_repair:
        result = repair(problem, stop=stop, seed=seed, on_progress=report)
    else:
        begin = read_plan(_only_known(start, problem), problem) if start else None
        result = solve(problem, stop=stop, seed=seed, start=begin, on_progress=report, workers=1)
    found = check(problem, result)
    if found:
        raise AssertionError("; ".join(violation.message for violation in found[:5]))
    return with_structured_reasons(result)


def _only_known(plan: Mapping[str, Any], problem: Problem) -> dict[str, Any]:
    """A plan restricted to the meetings of this problem; new ones unplaced."""
    known = [meeting.id for meeting in problem.meetings]
    return {**plan, "meetings": {meeting: plan["meetings"].get(meeting) for meeting in known}, "unplaced": {}}


def with_structured_reasons(result: Result) -> dict[str, Any]:
    """The plan file, with each cause also as data, so that it can be said in the reader's language."""
    data: dict[str, Any] = result.to_json()
    for meeting, unplaced in result.unplaced.items():
        data["unplaced"][meeting]["causes"] = facts_as_data(unplaced.facts)
    return data


def facts_as_data(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """Facts as JSON holds them, to be said in the reader's language."""
    return [
        {
            "code": fact.code,
            "params": {
                key: list(value) if isinstance(value, tuple) else value for key, value in fact.params.items()
            },
        }
        for fact in facts
    ]


def violations_of(
    instance: Mapping[str, Any], places: Mapping[str, Mapping[str, Any] | None]
) -> list[Violation]:
    """What the checker says of a plan given by its places only."""
    problem, plan = problem_and_plan(instance, places)
    return check(problem, plan)


def edited_plan(
    instance: Mapping[str, Any], old: Mapping[str, Any], places: Mapping[str, Any]
) -> dict[str, Any]:
    """A draft after a change by hand: measures counted anew, bounds that are still true, causes of what is unplaced."""
    problem, plan = problem_and_plan(instance, places)
    measures = measure(problem, plan)
    limits = bounds(problem, plan)
    reasons = explain(problem, plan)
    result = Result(
        instance=problem.name,
        seats=plan.seats,
        unplaced=reasons,
        measures=measures,
        bounds=limits,
        proved=abs(measures.priority - limits.priority) < 1e-6 and measures.gaps == limits.gaps,
        seed=old["seed"],
        iterations=old["iterations"],
        wall_s=old["wall_s"],
        cpu_s=old["cpu_s"],
    )
    return with_structured_reasons(result)


def problem_and_plan(instance: Mapping[str, Any], places: Mapping[str, Any]) -> tuple[Problem, Plan]:
    """Both as the engine reads them; meetings that the places do not name are unplaced."""
    problem = read_problem(instance)
    plan = read_plan(
        _only_known({"format": "kontor-plan/1", "instance": problem.name, "meetings": places}, problem),
        problem,
    )
    return problem, plan
