"""The command that reads everything into the search anew."""

import pytest

from kontor.cli import main
from kontor.events.models import Event
from kontor.search.models import SearchRow


def test_it_reads_all_kinds_or_those_that_are_named(smec: Event, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rebuild-search", "--kind", "event", "--kind", "cluster"]) == 0
    assert capsys.readouterr().out.split() == ["1", "event", "0", "cluster"]
    assert set(SearchRow.objects.values_list("kind", "key")) == {("event", smec.public_id)}
    assert main(["rebuild-search"]) == 0
    assert "organisation" in capsys.readouterr().out


def test_a_kind_that_nobody_declares_is_told(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rebuild-search", "--kind", "ghosts"]) == 2
    assert capsys.readouterr().out.startswith("There is no kind ghosts; there are cluster, ")
