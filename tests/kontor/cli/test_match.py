"""`kontor match`: files in and out."""

import csv
import json
import subprocess
import sys

import pytest
from openpyxl import Workbook

from kontor.cli import main

PROFILES = [
    {
        "id": "d",
        "lang": "de",
        "offers": "Wir bieten Leistungselektronik.",
        "seeks": "Wir suchen Laserschweißen.",
    },
    {"id": "z", "lang": "zh", "offers": "我们提供激光焊接", "seeks": "我们寻找电力电子"},
    {"id": "e", "offers": "laser welding", "organisation": None, "topics_offered": ["power-electronics"]},
]


@pytest.fixture
def write(tmp_path):
    """Writes rows or lines of text as a JSON Lines file."""

    def write_lines(rows, name="profiles.jsonl"):
        path = tmp_path / name
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    return write_lines


def answers(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_profile_asks_and_is_told_why(write, tmp_path):
    output = tmp_path / "ranked.jsonl"
    assert main(["match", write(PROFILES), "--output", str(output), "--quiet"]) == 0
    german, chinese, english = answers(output)
    assert [answer["id"] for answer in (german, chinese, english)] == ["d", "z", "e"]
    assert german["matches"][0] == {
        "id": "z",
        "score": 1.0,
        "forward": 1.0,
        "backward": 1.0,
        "reasons": [
            {
                "seek": "Laserschweißen",
                "offer": "激光焊接",
                "topic": "laser-welding",
                "relation": "same",
                "direction": "forward",
            },
            {
                "seek": "电力电子",
                "offer": "Leistungselektronik",
                "topic": "power-electronics",
                "relation": "same",
                "direction": "backward",
            },
        ],
    }
    assert [match["id"] for match in english["matches"]] == ["d", "z"]
    assert english["matches"][0]["forward"] is None


def test_queries_choose_pool_mode_and_self(write, tmp_path, capsys):
    queries = [
        {"id": "q1", "self": "d", "lang": "de", "seeks": "Laserschweißen", "pool": "zh", "mode": "oneway"},
        {"id": "q2", "seeks": "Laserschweißen", "pool": "en", "mode": None, "self": None},
    ]
    assert main(["match", write(PROFILES), "--queries", write(queries, "q.jsonl")]) == 0
    captured = capsys.readouterr()
    first, second = (json.loads(line) for line in captured.out.splitlines())
    assert [match["id"] for match in first["matches"]] == ["z"]
    assert first["matches"][0]["score"] == first["matches"][0]["forward"]
    assert [(match["id"], match["score"], match["backward"]) for match in second["matches"]] == [
        ("e", 0.5, None)
    ]
    assert captured.err == "3 profiles, 2 queries, 2 matches\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON: "),
        ("3", "must be a JSON object"),
        ('{"lang": "de"}', "id is missing"),
        ('{"id": "d"}', "id 'd' is already used"),
        ('{"id": 7}', "id must be a text, not 7"),
        ('{"id": "x", "ofers": ""}', "unknown keys ofers"),
        ('{"id": "x", "lang": "fr"}', "Profile 'x': language must be one of de, en, zh or None, not 'fr'"),
        ('{"id": "x", "topics_sought": ["x"]}', "topics_sought 'x' not in the vocabulary"),
        ('{"id": "x", "topics_sought": [1]}', "topics_sought must be a list of ids, not [1]"),
        ('{"id": "x", "pool": "zh"}', "unknown keys pool"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_written(line, message, write, tmp_path, capsys):
    output = tmp_path / "ranked.jsonl"
    path = write([*PROFILES, "", line])
    assert main(["match", path, "--output", str(output)]) == 2
    assert capsys.readouterr().err.startswith(f"{path}:5: {message}")
    assert not output.exists()


def test_every_broken_line_is_named(write, capsys):
    path = write(["{}", *PROFILES, "[]"])
    assert main(["match", path]) == 2
    assert capsys.readouterr().err == f"{path}:1: id is missing\n{path}:5: must be a JSON object\n"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"id": "q", "self": "nobody"}, "self 'nobody' is not the id of a profile"),
        ({"id": "q", "pool": "fr"}, "Query 'q': pool must be one of de, en, zh or None, not 'fr'"),
        ({"id": "q", "mode": "both"}, "Query 'q': mode must be reciprocal or oneway, not 'both'"),
    ],
)
def test_a_broken_query_is_named(query, message, write, capsys):
    path = write([query], "q.jsonl")
    assert main(["match", write(PROFILES), "--queries", path]) == 2
    assert capsys.readouterr().err == f"{path}:1: {message}\n"


@pytest.mark.parametrize("arguments", [["--top", "0"], ["--balanced", "--queries", "q.jsonl"]])
def test_arguments_that_make_no_sense_are_refused(arguments, write, capsys):
    assert main(["match", write(PROFILES), *arguments]) == 2
    assert capsys.readouterr().err.startswith("kontor match: --")


@pytest.mark.parametrize("name", ["missing.jsonl", "missing.csv", "missing.xlsx"])
def test_a_missing_file_is_said(name, tmp_path, capsys):
    assert main(["match", str(tmp_path / name)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_file_that_is_no_spreadsheet_is_said(tmp_path, capsys):
    (tmp_path / "p.xlsx").write_bytes(b"nonsense")
    assert main(["match", str(tmp_path / "p.xlsx")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_csv_and_xlsx_give_the_same_answer(write, tmp_path, capsys):
    header = ["id", "lang", "offers", "seeks", "topics_offered"]
    rows = [
        [" ".join(row[key]) if key.startswith("topics") and key in row else row.get(key) for key in header]
        for row in PROFILES
    ]
    with (tmp_path / "p.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    book = Workbook()
    for row in [header, *rows]:
        book.active.append(row)
    book.save(tmp_path / "p.xlsx")
    outputs = []
    for path in (write(PROFILES), str(tmp_path / "p.csv"), str(tmp_path / "p.xlsx")):
        assert main(["match", path]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] == outputs[2]


def test_a_balanced_choice_caps_how_often_a_profile_is_shown(write, capsys):
    rows = [{"id": f"p{place}", "offers": "laser welding", "seeks": "laser welding"} for place in range(8)]
    assert main(["match", write(rows), "--top", "2", "--balanced"]) == 0
    shown = [
        match["id"] for line in capsys.readouterr().out.splitlines() for match in json.loads(line)["matches"]
    ]
    assert max(shown.count(name) for name in set(shown)) <= 3
    assert len(set(shown)) == 8


def test_the_command_does_not_load_the_site(write):
    code = "import sys; from kontor.cli import main; main(sys.argv[1:]); sys.exit('django' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code, "match", write(PROFILES)], check=False, capture_output=True
        ).returncode
        == 0
    )
