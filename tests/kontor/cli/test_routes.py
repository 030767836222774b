"""`kontor routes` tells every address with its methods, roles and the kind of object it shows."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

KONTOR = Path(sys.executable).parent / "kontor"


def routes(*words: str, folder: Path) -> str:
    return subprocess.run(
        [KONTOR, "routes", *words],
        env={"KONTOR_DATA_DIR": str(folder), "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """The routes as JSON."""
    found: list[dict[str, object]] = json.loads(routes("--json", folder=tmp_path_factory.mktemp("data")))
    return found


def test_each_route_has_a_name_methods_roles_and_says_of_what(rows: list[dict[str, object]]) -> None:
    known = {(row["name"], row["path"]): row for row in rows}
    assert len(known) == len(rows) > 60
    assert known["events:participant-show", "/en/events/<slug:slug>/participants/<str:participant>/"] == {
        "name": "events:participant-show",
        "path": "/en/events/<slug:slug>/participants/<str:participant>/",
        "methods": ["GET"],
        "roles": ["organiser", "operator"],
        "object": "events.Participation",
    }
    assert all(row["methods"] and row["roles"] for row in rows)


def test_what_names_a_thing_in_its_address_says_which_kind_it_is(rows: list[dict[str, object]]) -> None:
    without = [row["path"] for row in rows if "<" in str(row["path"]) and not row["object"]]
    assert [path for path in without if str(path).startswith("/en/events/")] == []


def test_people_get_one_line_per_route(rows: list[dict[str, object]], tmp_path: Path) -> None:
    lines = routes(folder=tmp_path).splitlines()
    assert len(lines) == len(rows)
    line = next(line for line in lines if line.startswith("/en/events/new/"))
    assert re.split(r"\s+", line) == ["/en/events/new/", "GET/POST", "organiser,operator"]
