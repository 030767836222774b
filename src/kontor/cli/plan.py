"""`kontor plan`: plan the meetings of an instance file, without a database."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kontor_engines.meetings import FormatError, Progress, Result, read_plan, read_problem, solve
from kontor_engines.stop import AnyOf, MaxIterations, MaxSeconds, Stop

REPORT_EVERY_S = 0.5


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_instance(parser)
    parser.add_argument(
        "--output", metavar="PLAN.json", type=Path, required=True, help="where to write the plan"
    )
    parser.add_argument(
        "--seconds", type=_not_negative(float), help="stop after this time (10, or none with --iterations)"
    )
    parser.add_argument(
        "--iterations", type=_not_negative(int), help="stop after so many moves of the search"
    )
    parser.add_argument(
        "--workers", type=_positive, default=2, help="chains that search at the same time (2)"
    )
    parser.add_argument(
        "--seed", type=_not_negative(int), default=0, help="another seed gives another plan (0)"
    )
    parser.add_argument("--start", metavar="PLAN.json", type=Path, help="continue from this plan")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")


def run(arguments: argparse.Namespace) -> int:
    """0: a plan was written; 2: a file is unusable and nothing was written."""
    begun = (time.perf_counter(), _cpu_s())
    stop, press = _criterion(arguments)
    name = str(arguments.instance)
    try:
        problem = read_problem(load(arguments.instance))
        start = None
        if arguments.start is not None:
            name = str(arguments.start)
            start = read_plan(load(arguments.start), problem)
    except FormatError as error:
        return show_faults(name, error)
    show = None if arguments.quiet else _Line()
    with _interrupt_calls(press):
        result = solve(
            problem, stop=stop, seed=arguments.seed, start=start, on_progress=show, workers=arguments.workers
        )
    if show is not None:
        show.end(result)
    try:
        _write(arguments.output, result, begun)
    except OSError as error:
        sys.stderr.write(f"{arguments.output}: {error.strerror}\n")
        return 2
    return 0


def add_instance(parser: argparse.ArgumentParser) -> None:
    """The first argument of both commands."""
    parser.add_argument("instance", metavar="INSTANCE.json", type=Path, help="the problem, kontor-meetings/1")


def load(path: Path) -> Mapping[str, object]:
    """A parsed JSON object; `FormatError` if the file cannot be read, is no JSON, no object, or names a key twice."""
    twice: list[str] = []

    def pairs(rows: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(rows)
        if len(found) < len(rows):
            keys = [key for key, _ in rows]
            twice.extend(f'key "{key}" stands twice' for key in found if keys.count(key) > 1)
        return found

    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=pairs)
    except OSError as error:
        raise FormatError([error.strerror or str(error)]) from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise FormatError([f"no JSON in UTF-8: {error}"]) from error
    if not isinstance(data, dict):
        raise FormatError(["the file must hold one JSON object"])
    if twice:
        raise FormatError(twice)
    return data


def show_faults(name: str, error: FormatError) -> int:
    """Each fault on its own line of standard error; the exit code."""
    for fault in error.faults:
        sys.stderr.write(f"{name}: {fault}\n")
    return 2


def _criterion(arguments: argparse.Namespace) -> tuple[Stop, Callable[[], None]]:
    """When to stop, and what Ctrl-C calls."""
    pressed: list[bool] = []
    criteria: list[Callable[[int], bool]] = [lambda _: bool(pressed)]
    if arguments.iterations is not None:
        criteria.append(MaxIterations(arguments.iterations))
    if arguments.seconds is not None or arguments.iterations is None:
        criteria.append(MaxSeconds(10.0 if arguments.seconds is None else arguments.seconds))
    return AnyOf(tuple(criteria)), lambda: pressed.append(True)


@contextmanager
def _interrupt_calls(press: Callable[[], None]) -> Iterator[None]:
    """Within, Ctrl-C only asks the search to finish; a second one ends the program as usual."""

    def handle(_number: int, _frame: object) -> None:
        press()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Line:
    """One line of progress, renewed now and then."""

    def __init__(self) -> None:
        self._next_s = 0.0

    def __call__(self, progress: Progress) -> None:
        if progress.seconds >= self._next_s:
            self._next_s = progress.seconds + REPORT_EVERY_S
            sys.stderr.write(
                f"placed {progress.placed}, priority {progress.priority:g} of at most {progress.bound_priority:g}, "
                f"gaps {progress.gaps} of at least {progress.bound_gaps}, {progress.seconds:.1f} s\n"
            )

    def end(self, result: Result) -> None:
        state = "proved best" if result.proved else "not proved"
        sys.stderr.write(
            f"placed {result.measures.placed}, priority {result.measures.priority:g} of at most "
            f"{result.bounds.priority:g}, gaps {result.measures.gaps} of at least {result.bounds.gaps}, "
            f"{result.wall_s:.1f} s, {state}\n"
        )


def _write(path: Path, result: Result, begun: tuple[float, float]) -> None:
    """The whole file or nothing; times count from the opening of the instance."""
    finished = replace(result, wall_s=time.perf_counter() - begun[0], cpu_s=_cpu_s() - begun[1])
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(finished.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def _cpu_s() -> float:
    """CPU seconds of this process and of those it has started and ended."""
    return sum(os.times()[:4])


def _not_negative(kind: type[int] | type[float]) -> Callable[[str], float]:
    def number(text: str) -> float:
        value = kind(text)
        if not value >= 0:
            raise ValueError
        return value

    number.__name__ = "number, not negative,"
    return number


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value
