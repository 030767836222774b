"""What the sample event has compiled while its first page is made ready."""

import os
import re
from pathlib import Path

import pytest

from kontor.cli.demo import COMPILED, REPAIR, _compile

MAKEFILE = Path(__file__).parents[3] / "Makefile"


def test_the_sample_event_compiles_what_a_site_compiles() -> None:
    built = re.findall(r"-m (kontor\S+\.compile)", MAKEFILE.read_text(encoding="utf-8"))
    assert list(dict.fromkeys(command[0] for command in (*COMPILED, REPAIR))) == built


def test_what_cannot_be_compiled_ends_the_demonstration_with_a_sentence() -> None:
    with pytest.raises(SystemExit, match="The vocabulary or the kernels could not be compiled; see above"):
        _compile(["kontor.no_such_module"], dict(os.environ))
