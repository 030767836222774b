"""Tasks by name: each enqueued name exists, each task is declared once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kontor
from kontor.jobs import registry
from kontor.jobs.context import JobContext

SOURCE = Path(kontor.__file__).parent


def calls_of_enqueue() -> Iterator[tuple[str, str]]:
    """(file, name of the task) of each call of `enqueue`; a name that is neither a text nor a constant is empty."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in SOURCE.rglob("*.py")}
    constants = {
        node.targets[0].id: node.value.value
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and "." in str(node.value.value)
    }
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "enqueue":
                name = getattr(node.args[0], "value", None) or constants.get(getattr(node.args[0], "id", ""))
                yield str(file.relative_to(SOURCE)), name if isinstance(name, str) else ""


def test_every_name_that_is_enqueued_is_a_task() -> None:
    found = list(calls_of_enqueue())
    assert ("jobs/runner.py", "jobs.send_mails") in found
    assert {name for _file, name in found if name} <= registry.tasks().keys()
    # `retry` and `start_due` pass on the name of a row, which was checked when the row was written.
    assert [file for file, name in found if not name] == ["jobs/services.py", "jobs/services.py"]


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
