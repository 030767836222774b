"""Measure the meeting plan beside what else there is: `python benchmarks/meetings.py [--budget S] [--only NAME] [--write]`.

One line per event: the engine (placed, gaps, bounds, seconds), then baselines on the same event in the same call: greedy
(first common free slot in the order of requests, what booking tools do), a plain CP-SAT model, CP-SAT with the implied
constraints of Bofill et al. (JAIR 2022), and MaxSAT (RC2) on the formula of the engine. Every plan is checked.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from instances.meetings import Instance, conference, make
from instances.variants import VARIANTS, vary
from ortools.sat.python import cp_model
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from kontor_engines.meetings import Problem, Progress, check, read_problem, repair, solve
from kontor_engines.meetings._bounds import placeable
from kontor_engines.meetings._formula import gap_formula
from kontor_engines.meetings._model import build_model
from kontor_engines.meetings._seating import plan_of
from kontor_engines.stop import MaxSeconds

JAIR = Path("../shared/instances/jair")
OPTIMA = {
    "tic-12": 0,
    "tic-13": 0,
    "tic-13crafc": 4,
    "forumt-14": 5,
    "forum-13": 0,
    "forum-13crafc": 1,
    "forum-14": 2,
    "ticf-13crafb": 3,
}
FAMILIES = (
    ("S", 200, 5.0),
    ("S", 500, 5.0),
    ("S", 1000, 10.0),
    ("M", 200, 10.0),
    ("S", 2000, 5.0),
    ("T", 2000, 60.0),
    ("M", 2000, 60.0),
    ("S", 5000, 30.0),
    ("P", 2000, 120.0),
)
"""(kind, people, seconds) of the generated events."""
RESULTS = Path(__file__).with_name("RESULTS-meetings.md")
VARIANTS_HEADING = "\n## Variants of the published events\n"
MEMORY = "(memory)"
"""Where the memory of the engine stands in its row until its process has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    name: str
    result: str
    family: str = ""
    """Rows of one family are summed up: all seeds of one size, all variants of the published events."""
    gaps: int = 0
    bound: int = 0
    most_gaps: int = 0
    left_out: int = 0
    is_proved: bool = False


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jair", type=Path, default=JAIR, help="folder of the published events")
    parser.add_argument("--baseline-seconds", type=float, default=20.0, help="time for each exact baseline")
    parser.add_argument(
        "--budget", type=float, default=1800.0, help="seconds in all (1800; everything takes two hours)"
    )
    parser.add_argument("--only", default="", help="only events whose name begins like this")
    parser.add_argument(
        "--variants",
        type=int,
        metavar="SEED",
        help="only the six variants of the published events, of this seed",
    )
    parser.add_argument("--write", action="store_true", help=f"write the table to {RESULTS.name} too")
    parser.add_argument("--engine", type=float, metavar="S", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.engine is not None:
        _run_engine(arguments.engine)
        return 0
    ends_at = time.monotonic() + arguments.budget
    rows: list[Row] = []
    skipped = 0

    def note(row: Row) -> None:
        rows.append(row)
        sys.stdout.write(f"{row.name:28} {row.result}\n")
        sys.stdout.flush()

    if arguments.variants is None:
        measurements = _measurements(jair=arguments.jair, seconds=arguments.baseline_seconds)
    else:
        measurements = _variants(arguments.jair, arguments.variants)
    for name, measure in measurements:
        if not name.startswith(arguments.only):
            continue
        if time.monotonic() > ends_at:
            skipped += 1
            continue
        for row in measure():
            note(row)
    for row in list(_summaries(rows)):
        note(row)
    if skipped:
        note(Row(name="not measured", result=f"{skipped} events: the budget is used up"))
    if arguments.write:
        page, heading, variants = RESULTS.read_text(encoding="utf-8").partition(VARIANTS_HEADING)
        if arguments.variants is None:
            page = _page("# Meeting plans: figures", rows)
        else:
            heading, variants = "", _page(VARIANTS_HEADING.strip(), rows)
        RESULTS.write_text(
            f"{page.rstrip()}\n\n{heading.lstrip()}{variants}".rstrip() + "\n", encoding="utf-8"
        )
    return 0


def _page(heading: str, rows: list[Row]) -> str:
    """The table below a heading, with what is needed to judge it."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    )
    circumstances = (
        f"Commit {commit.stdout.strip()}, {time.strftime('%B %Y')}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end. "
        f"Written by `benchmarks/meetings.py {' '.join(sys.argv[1:])}`. Limits are wall seconds: where the load is above the "
        "number of cores, the engine had only its share of them, so compare moves and CPU seconds."
    )
    lines = [heading, "", circumstances, "", "| Event | Result |", "|---|---|"]
    lines += [f"| {row.name.strip()} | {row.result} |" for row in rows]
    return "\n".join(lines) + "\n"


def _summaries(rows: list[Row]) -> Iterator[Row]:
    """Median and worst of each family that was measured more than once."""
    for family in dict.fromkeys(row.family for row in rows if row.family):
        own = [row for row in rows if row.family == family]
        if len(own) < 2:
            continue
        gaps = sorted(row.gaps for row in own)
        beyond = sorted(row.gaps - row.bound for row in own)
        yield Row(
            name=f"{family}, {len(own)} events",
            result=f"gaps: median {statistics.median(gaps):g}, worst {gaps[-1]}; above the bound: median "
            f"{statistics.median(beyond):g}, worst {beyond[-1]}; proved {sum(row.is_proved for row in own)}; most gaps of "
            f"one person {max(row.most_gaps for row in own)}; left out at worst {max(row.left_out for row in own)}",
        )


def _measurements(*, jair: Path, seconds: float) -> Iterator[tuple[str, Callable[[], Iterator[Row]]]]:
    """The name of each event and how to measure it; what says most comes first, for a budget that does not reach far."""
    for name, optimum in OPTIMA.items():
        if jair.is_dir():
            instance = json.loads((jair / f"{name}.json").read_bytes())
            yield name, partial(_with_baselines, f"{name} (optimum {optimum})", instance, 60.0, seconds)
        else:
            why = f"not measured: {jair} is absent (the files carry no licence)"
            yield name, partial(_note, Row(name=name, result=why))
    for family, size, limit in FAMILIES:
        yield f"{family}{size}-1", partial(_of_family, family, size, 1, limit, seconds)
    yield "conference", partial(_with_baselines, "conference", conference(), 10.0, None)
    yield "repair", partial(_repair_of_family, 2000)
    for seed in range(2, 11):
        for family, size, limit in FAMILIES:
            yield f"{family}{size}-{seed}", partial(_of_family, family, size, seed, limit, seconds)
    yield from _variants(jair, 1)


def _variants(jair: Path, seed: int) -> Iterator[tuple[str, Callable[[], Iterator[Row]]]]:
    for variant in VARIANTS if jair.is_dir() else ():
        for name in OPTIMA:
            varied = vary(json.loads((jair / f"{name}.json").read_bytes()), variant, seed=seed)
            yield str(varied["name"]), partial(_of_variant, varied, str(variant))


def _of_variant(instance: Instance, variant: str) -> Iterator[Row]:
    yield _engine(str(instance["name"]), instance, 60.0, f"variants, {variant}")


def _note(row: Row) -> Iterator[Row]:
    yield row


def _repair_of_family(size: int) -> Iterator[Row]:
    yield from _repairs(make("S", size, 1))


def _of_family(family: str, size: int, seed: int, limit: float, seconds: float) -> Iterator[Row]:
    """Baselines for the first seed: greedy always, the exact ones where they have a chance."""
    instance = make(family, size, seed)
    yield _engine(str(instance["name"]), instance, limit, f"{family}{size}")
    if seed == 1:
        yield from _baselines(instance, seconds if size == 200 else 0.0)


def _with_baselines(name: str, instance: Instance, limit: float, seconds: float | None) -> Iterator[Row]:
    """The engine, then the baselines; 0 seconds: only greedy; None: no baseline."""
    yield _engine(name, instance, limit)
    if seconds is not None:
        yield from _baselines(instance, seconds)


def _engine(name: str, instance: Instance, seconds: float, family: str = "") -> Row:
    """The engine on two workers, in a fresh process: what it needs is not mixed with what the baselines left behind."""
    with subprocess.Popen(
        [sys.executable, __file__, "--engine", str(seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        peak: list[int] = [0]
        watch = threading.Thread(target=_watch, args=(process, peak), daemon=True)
        watch.start()
        answer, _ = process.communicate(json.dumps(instance).encode())
    watch.join()
    row: dict[str, Any] = json.loads(answer)
    row["result"] = row["result"].replace(MEMORY, f"{peak[0] / 2**20:.2f} GB")
    return Row(name=name, family=family, **row)


def _watch(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    """Note the most memory (KiB) that the process and its own processes hold at one time, looked at twenty times a second."""
    while process.poll() is None:
        peak[0] = max(peak[0], _resident(process.pid))
        time.sleep(0.05)


def _resident(pid: int) -> int:
    """KiB of a process and its children; 0 once it has ended."""
    held = 0
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        held += sum(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
        for listed in Path(f"/proc/{pid}/task").glob("*/children"):
            held += sum(_resident(int(child)) for child in listed.read_text(encoding="utf-8").split())
    except OSError:
        return held
    return held


def _run_engine(seconds: float) -> None:
    """In the fresh process: plan the event in standard input and print the figures of its row."""
    data = json.load(sys.stdin)
    begun = time.perf_counter()
    problem = read_problem(data)
    complete: list[float] = []
    best: list[tuple[float, int]] = []
    bound: list[tuple[float, float, int]] = []

    def note(progress: Progress) -> None:
        at = time.perf_counter() - begun
        if progress.placed == len(problem.meetings) and not complete:
            complete.append(at)
        if not best or progress.gaps != best[-1][1]:
            best.append((at, progress.gaps))
        if not bound or (progress.bound_priority, progress.bound_gaps) != bound[-1][1:]:
            bound.append((at, progress.bound_priority, progress.bound_gaps))

    result = solve(problem, stop=MaxSeconds(seconds), workers=2, on_progress=note)
    wall_s = time.perf_counter() - begun  # from the file to the plan, without the start of the interpreter
    wrong = len(check(problem, result))
    measures, limits = result.measures, result.bounds
    row = {
        "gaps": measures.gaps,
        "bound": limits.gaps,
        "most_gaps": measures.max_gaps,
        "left_out": len(problem.meetings) - measures.placed,
        "is_proved": result.proved,
        "result": f"{measures.placed}/{len(problem.meetings)} placed, priority {measures.priority:g} <= {limits.priority:g}, "
        f"gaps {measures.gaps} >= {limits.gaps} (most {measures.max_gaps}), "
        f"{f'complete at {complete[0]:.1f} s, ' if complete else ''}last gain at {best[-1][0]:.1f} s, "
        f"bound at {bound[-1][0]:.1f} s, "
        f"{wall_s:.1f} s, {result.cpu_s:.1f} CPU-s, {result.iterations / 1e6:.1f} million moves, "
        f"load {os.getloadavg()[0]:.0f}, {MEMORY}"
        f"{', proved' if result.proved else ''}{f', {wrong} VIOLATIONS' if wrong else ''}",
    }
    sys.stdout.write(json.dumps(row))


def _baselines(instance: Instance, seconds: float) -> Iterator[Row]:
    problem = read_problem(instance)
    methods: dict[str, Callable[[Problem, float], str]] = {"greedy": _greedy}
    if seconds:
        methods |= {"CP-SAT": _cp_sat_plain, "CP-SAT implied": _cp_sat_implied, "RC2": _rc2}
    for method, run in methods.items():
        begun = time.perf_counter()
        text = run(problem, seconds)
        yield Row(name=f"  {method}", result=f"{text}, {time.perf_counter() - begun:.1f} s")


def _capacity(problem: Problem) -> list[Counter[str]]:
    """Per slot: open tables (key "") and interpreters of each pair, as numbers: all that the baselines know."""
    found = []
    for slot in range(len(problem.slots)):
        room = Counter({"": sum(hall.tables[slot] for hall in problem.halls)})
        room.update(pair for who in problem.interpreters if slot in who.slots for pair in who.pairs)
        found.append(room)
    return found


def _options(problem: Problem) -> dict[str, list[int]]:
    free = {person.id: person.slots for person in problem.people}
    found = {}
    for meeting in problem.meetings:
        slots = frozenset.intersection(*(free[name] for name in meeting.people))
        if meeting.slots is not None:
            slots &= meeting.slots
        found[meeting.id] = sorted(slots if meeting.slot is None else slots & {meeting.slot})
    return found


def _gaps(problem: Problem, slots: Mapping[str, int]) -> int:
    busy: defaultdict[str, set[int]] = defaultdict(set)
    for meeting in problem.meetings:
        if meeting.id in slots:
            for name in meeting.people:
                busy[name].add(slots[meeting.id])
    total = 0
    for person in problem.people:
        waiting, seen, day = 0, False, None
        for slot, entry in enumerate(problem.slots):
            if problem.gap_rule == "day" and entry.day != day:
                day, seen, waiting = entry.day, False, 0
            if slot in busy[person.id]:
                total += seen and waiting > 0
                seen, waiting = True, 0
            elif problem.gap_rule == "timeline" or slot in person.slots:
                waiting += 1
    return total


def _greedy(problem: Problem, _seconds: float) -> str:
    room, options = _capacity(problem), _options(problem)
    busy: set[tuple[str, int]] = set()
    slots: dict[str, int] = {}
    for meeting in problem.meetings:
        needs = ([""] if meeting.table else []) + ([meeting.pair] if meeting.pair else [])
        for slot in options[meeting.id]:
            if any((name, slot) in busy for name in meeting.people) or any(
                room[slot][need] < 1 for need in needs
            ):
                continue
            slots[meeting.id] = slot
            busy.update((name, slot) for name in meeting.people)
            room[slot].subtract(needs)
            break
    return f"{len(problem.meetings) - len(slots)} lost, {_gaps(problem, slots)} gaps"


def _cp_sat_plain(problem: Problem, seconds: float) -> str:
    return _cp_sat(problem, seconds, implied=False)


def _cp_sat_implied(problem: Problem, seconds: float) -> str:
    return _cp_sat(problem, seconds, implied=True)


def _cp_sat(problem: Problem, seconds: float, *, implied: bool) -> str:
    """Every meeting in a slot; gaps as variables that are at least 0 (without that the bound stays below 0)."""
    model = cp_model.CpModel()
    options, room = _options(problem), _capacity(problem)
    place = {(m, t): model.new_bool_var("") for m, slots in options.items() for t in slots}
    at: defaultdict[tuple[str, int], list[cp_model.IntVar]] = defaultdict(list)
    using: defaultdict[tuple[int, str], list[cp_model.IntVar]] = defaultdict(list)
    for meeting in problem.meetings:
        model.add_exactly_one(place[meeting.id, t] for t in options[meeting.id])
        for t in options[meeting.id]:
            var = place[meeting.id, t]
            for name in meeting.people:
                at[name, t].append(var)
            for need in ([""] if meeting.table else []) + ([meeting.pair] if meeting.pair else []):
                using[t, need].append(var)
    for (t, need), variables in using.items():
        model.add(sum(variables) <= room[t][need])
    gaps = []
    for person in problem.people:
        gaps += list(_cp_gaps(model, problem, person.id, person.slots, at))
    if implied:
        wanted = Counter(name for meeting in problem.meetings for name in meeting.people)
        for person in problem.people:
            own = [sum(at[person.id, t]) for t in range(len(problem.slots)) if at[person.id, t]]
            if own:
                model.add(sum(own) == wanted[person.id])
    model.minimize(sum(gaps))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return solver.status_name(status).lower()
    return f"0 lost, {solver.objective_value:.0f} gaps >= {solver.best_objective_bound:.0f}"


def _cp_gaps(
    model: cp_model.CpModel,
    problem: Problem,
    name: str,
    free: frozenset[int],
    at: Mapping[tuple[str, int], list[cp_model.IntVar]],
) -> Iterator[cp_model.IntVar]:
    before: cp_model.IntVar | None = None
    last: cp_model.IntVar | None = None
    day = None
    for t, entry in enumerate(problem.slots):
        if problem.gap_rule == "day":
            if entry.day != day:
                day, before, last = entry.day, None, None
            if t not in free:
                continue
        busy = model.new_bool_var("")
        model.add(sum(at.get((name, t), [])) == busy)
        if before is not None:
            gap = model.new_bool_var("")
            model.add_bool_or([gap, busy.Not(), before.Not(), *([last] if last is not None else [])])
            yield gap
        if last is not None:
            some = model.new_bool_var("")
            model.add_max_equality(some, [last] if before is None else [before, last])
            before = some
        last = busy


def _rc2(problem: Problem, seconds: float) -> str:
    """MaxSAT with the implied constraints."""
    model, index = build_model(problem)
    formula = gap_formula(model, placeable(model, plan_of(index, {})), 10**6)
    wcnf = WCNF()
    wcnf.extend(formula.clauses)
    wcnf.extend([[wish] for wish in formula.wishes], weights=[1] * len(formula.wishes))
    with RC2(wcnf, solver="glucose4") as solver:
        clock = threading.Timer(seconds, solver.interrupt)
        clock.start()
        answer = solver.compute(expect_interrupt=True)
        if not clock.is_alive():
            return f"no plan, gaps >= {solver.cost}"
        clock.cancel()
        return "infeasible" if answer is None else f"0 lost, {solver.cost} gaps (optimal)"


def _repairs(instance: Instance) -> Iterator[Row]:
    """1 % of the people come half a day late: the fewest changes."""
    problem = read_problem(instance)
    plan = solve(problem, stop=MaxSeconds(10), workers=2).to_json()
    changed: Instance = json.loads(json.dumps(instance))
    changed["published"] = plan["meetings"]
    rnd = random.Random(1)
    people: list[dict[str, list[int]]] = changed["people"]  # type: ignore[assignment]
    for person in rnd.sample(people, max(1, len(people) // 100)):
        person["unavailable"] = sorted({*(person.get("unavailable") or []), *range(4)})
    late = read_problem(changed)
    free = {person.id: person.slots for person in late.people}
    displaced = sum(
        seat is not None and any(seat.slot not in free[name] for name in meeting.people)
        for meeting in late.meetings
        for seat in [(late.published or {})[meeting.id]]
    )
    begun = time.perf_counter()
    result = repair(late, stop=MaxSeconds(5))
    yield Row(
        name=f"repair of {instance['name']}",
        result=f"{displaced} displaced, {result.measures.changes} changes, priority {result.measures.priority:g} <= "
        f"{result.bounds.priority:g}, {time.perf_counter() - begun:.2f} s, {len(check(late, result))} violations",
    )


if __name__ == "__main__":
    sys.exit(main())
