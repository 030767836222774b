"""The tasks of all apps by name: each app's `tasks.py` declares what its jobs do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.utils.module_loading import autodiscover_modules

from kontor.jobs.context import JobContext


class TaskFunction(Protocol):
    """Loads by id, calls one service, may be run twice; the job's arguments arrive by keyword."""

    def __call__(self, context: JobContext, /, **arguments: object) -> None: ...


F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is known of one kind of job."""

    name: str
    function: TaskFunction
    is_long: bool
    """takes more than seconds; runs apart, so that mails and deadlines never wait for it"""
    limit_s: float
    """wall time after which the attempt is ended and counts as failed"""


_tasks: dict[str, Task] = {}
_periods: dict[str, int] = {}


def task(name: str, *, is_long: bool = False, limit_s: float | None = None) -> Callable[[F], F]:
    """Declare the function of a kind of job, named `app.verb_noun`. Limits: 60 s, long tasks 1 h."""

    def declare(function: F) -> F:
        if name in _tasks:
            raise ValueError(f"two tasks are named {name!r}")
        limit = limit_s if limit_s is not None else 3600.0 if is_long else 60.0
        _tasks[name] = Task(name=name, function=function, is_long=is_long, limit_s=limit)
        return function

    return declare


def periodic(*, every_s: int) -> Callable[[F], F]:
    """Run a task again and again, at the site's time; stands above `@task`, whose function takes no arguments."""
    if every_s < 1:
        raise ValueError(f"every_s must be at least 1, got {every_s}")

    def declare(function: F) -> F:
        names = [known.name for known in _tasks.values() if known.function is function]
        if not names:
            raise ValueError(f"@periodic must stand above @task, at {function.__qualname__}")
        _periods.update(dict.fromkeys(names, every_s))
        return function

    return declare


def tasks() -> dict[str, Task]:
    """All tasks by name."""
    autodiscover_modules("tasks")
    return dict(_tasks)


def periods() -> dict[str, int]:
    """Seconds between two runs, by name of the periodic task."""
    autodiscover_modules("tasks")
    return dict(_periods)
