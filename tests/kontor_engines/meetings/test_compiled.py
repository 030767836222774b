"""How steps become part of the entries that Python calls."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from kontor_engines import _compiled

SOURCE = '''"""Steps and two entries."""

import numpy as np

from kontor_engines.meetings._compiled import WHOLE, address, compiled, entry_point


@compiled(WHOLE, WHOLE)
def double(a, o, f, b, number):
    return 2 * number


@compiled(WHOLE, WHOLE)
def power(a, o, f, b, exponent):
    return 1 if exponent == 0 else double(a, o, f, b, power(a, o, f, b, exponent - 1))


@compiled(WHOLE, WHOLE)
def looked_up(a, o, f, b, place):
    return double(a, o, f, b, a[place])


@entry_point(WHOLE, WHOLE)
def run(a, o, f, b, exponent):
    return power(address(a), address(o), address(f), address(b), exponent)


@entry_point(WHOLE, WHOLE)
def look(a, o, f, b, place):
    return looked_up(address(a), address(o), address(f), address(b), place)
'''
MEMORY = (
    np.array([5, 7], dtype=np.int32),
    np.zeros(1, dtype=np.int64),
    np.zeros(1),
    np.zeros(1, dtype=np.uint64),
)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(_compiled, "_sources", set(_compiled._sources))
    monkeypatch.setattr(_compiled, "_signatures", dict(_compiled._signatures))
    # Python takes byte code for that of a file of the same size changed within the same second.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    file = tmp_path / "steps_of_a_test.py"
    monkeypatch.setitem(sys.modules, file.stem, ModuleType(file.stem))
    file.write_text(SOURCE, encoding="utf-8")
    return file


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module  # where recursive steps are looked for
    spec.loader.exec_module(module)
    return module


def test_entries_share_steps_that_call_each_other_and_themselves(source: Path) -> None:
    module = load(source)
    assert module.run(*MEMORY, 10) == 1024
    assert module.look(*MEMORY, 1) == 14


def test_only_the_steps_that_an_entry_calls_are_compiled_with_it(source: Path) -> None:
    module = load(source)
    module.run(*MEMORY, 1)
    compiled = {step: bool(step.overloads) for step in (module.double, module.power, module.looked_up)}
    assert compiled == {module.double: True, module.power: True, module.looked_up: False}


def test_an_entry_is_loaded_without_its_steps_until_the_source_of_one_changes(source: Path) -> None:
    load(source).run(*MEMORY, 1)
    again = load(source)
    assert again.run(*MEMORY, 3) == 8
    assert not again.double.overloads
    source.write_text(SOURCE.replace("2 * number", "3 * number"), encoding="utf-8")
    changed = load(source)
    assert changed.run(*MEMORY, 3) == 27
    assert changed.double.overloads
