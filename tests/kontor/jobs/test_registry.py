"""Tasks by name: each enqueued name exists, each task is declared once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kontor
from kontor.jobs import registry
from kontor.jobs.context import JobContext

SOURCE = Path(kontor.__file__).parent


def enqueued_names() -> Iterator[tuple[str, str]]:
    """(file and line, name) of each call of `enqueue` in the source; a name that is not a literal is empty."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "enqueue":
                name = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
                yield f"{file.relative_to(SOURCE)}:{node.lineno}", str(name)


def test_every_name_that_is_enqueued_is_a_task() -> None:
    found = dict(enqueued_names())
    assert "jobs.send_mails" in found.values()
    passed_on = {place for place, name in found.items() if not name}
    # The two places that pass on the name of a row: it was checked when the row was written.
    assert {place.partition(":")[0] for place in passed_on} == {"jobs/services.py"}
    assert {name for name in found.values() if name} <= registry.tasks().keys()


def test_names_of_tasks_begin_with_their_app() -> None:
    for task in registry.tasks().values():
        app = task.function.__module__.split(".")[1]  # type: ignore[attr-defined]
        assert task.name.startswith(f"{app}."), task.name


def test_periodic_tasks_are_quick_or_say_otherwise() -> None:
    assert registry.periods()["jobs.forget_finished"] == 3600
    assert registry.periods().keys() <= registry.tasks().keys()


def test_two_tasks_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"two tasks are named 'jobs\.send_mails'"):

        @registry.task("jobs.send_mails")
        def again(context: JobContext) -> None: ...


def test_periodic_must_stand_above_task() -> None:
    with pytest.raises(ValueError, match="must stand above @task"):

        @registry.periodic(every_s=60)
        def alone(context: JobContext) -> None: ...

    with pytest.raises(ValueError, match="at least 1, got 0"):
        registry.periodic(every_s=0)
