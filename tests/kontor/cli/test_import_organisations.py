"""The command imports like the page: applied or only looked at, refusals by row, nothing written where the file is unusable."""

import json
from pathlib import Path

import pytest

from kontor.cli import main
from kontor.directory.models import Organisation, OrganisationList

pytestmark = pytest.mark.django_db


def test_a_list_is_applied_and_its_refusals_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Company;Country\nMuster GmbH;DE\nAndere GmbH;Sachsen\n", encoding="utf-8")
    assert main(["import-organisations", str(file), "--preview"]) == 0
    assert Organisation.objects.count() == 0
    capsys.readouterr()
    assert main(["import-organisations", str(file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["counts"]["new"], [one["row"] for one in answer["refused"]]) == (1, [2])
    assert [str(one.name) for one in Organisation.objects.all()] == ["Muster GmbH"]


def test_an_unknown_cluster_or_file_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import-organisations", str(tmp_path / "none.csv"), "--cluster", "nobody"]) == 2
    assert capsys.readouterr().err == "There is no cluster 'nobody'.\n"
    assert main(["import-organisations", str(tmp_path / "none.csv")]) == 2
    assert OrganisationList.objects.count() == 0
