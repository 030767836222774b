"""`kontor topics`: export and import of the vocabulary as files."""

import pytest

from kontor.cli import main
from kontor.cli.topics import missing_words
from kontor.topics.skos import write_labels

DATA = """{"id":"food","broader":null,"de":["Lebensmittel"],"en":["food"],"zh":["食品"]}
{"id":"tea","broader":"food","de":["Tee"],"en":["tea"],"zh":["茶叶"]}
{"id":"beer","broader":"food","de":["Bier"],"en":["beer"],"zh":["啤酒"]}
"""


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The data file of a small vocabulary, which this installation uses."""
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    (folder / "food.jsonl").write_text(DATA, encoding="utf-8")
    monkeypatch.setenv("KONTOR_TOPICS_DIR", str(folder))
    return folder / "food.jsonl"


@pytest.mark.parametrize("name", ["all.ttl", "all.rdf", "all.jsonld"])
def test_an_export_comes_back_without_differences(name, data, tmp_path, capsys):
    file = tmp_path / name
    assert main(["topics", "export", str(file)]) == 0
    assert main(["topics", "import", "--write", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"3 concepts written to {file}", "Nothing to change."]
    assert data.read_text(encoding="utf-8") == DATA


def test_a_part_can_be_exported_under_an_address(data, tmp_path, capsys):
    file = tmp_path / "tea.ttl"
    assert main(["topics", "export", str(file), "--of", "tea", "--base", "https://example.org/t"]) == 0
    assert "<https://example.org/t/tea/> a skos:Concept" in file.read_text(encoding="utf-8")
    assert capsys.readouterr().out == f"1 concepts written to {file}\n"
    assert main(["topics", "export", str(file), "--of", "wine"]) == 2
    assert capsys.readouterr().err == "kontor topics: --of 'wine' is not in the vocabulary\n"


def test_an_import_only_shows_until_it_may_write(data, tmp_path, capsys):
    file = tmp_path / "labels.ttl"
    file.write_bytes(write_labels([("tea", "de", "Schwarztee")], form="ttl", base="urn:x:"))
    assert main(["topics", "import", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "tea: de gains 'Schwarztee'",
        "1 concepts would change; --write changes food.jsonl.",
    ]
    assert data.read_text(encoding="utf-8") == DATA
    assert main(["topics", "import", "--write", str(file)]) == 0
    assert data.read_text(encoding="utf-8") == DATA.replace('["Tee"]', '["Tee","Schwarztee"]')


def test_what_would_break_the_vocabulary_is_not_written(data, tmp_path, capsys):
    file = tmp_path / "labels.ttl"
    file.write_bytes(write_labels([("tea", "de", "Bier"), ("wine", "de", "Wein")], form="ttl", base="urn:x:"))
    assert main(["topics", "import", "--write", str(file)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "kontor topics: left out: wine: not in the vocabulary, and no label in en, zh",
        "food.jsonl:2: de label 'bier' is shared by tea, beer: 'tea' needs a hint in de",
        "food.jsonl:3: de label 'bier' is shared by tea, beer: 'beer' needs a hint in de",
        "Nothing was written, because the vocabulary would have these faults.",
    ]
    assert data.read_text(encoding="utf-8") == DATA


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("absent.ttl", "No such file or directory"),
        ("list.xlsx", "the name must end in .ttl, .rdf, .jsonld"),
    ],
)
def test_an_unusable_file_is_named(name, complaint, data, tmp_path, capsys):
    assert main(["topics", "import", str(tmp_path / name)]) == 2
    assert complaint in capsys.readouterr().err


PROFILES = """{"id": "a", "lang": "de", "offers": "Treppenlifte, Sensoren", "seeks": "Kaffee, Treppenlift"}
{"id": "b", "lang": "de", "offers": "Treppenlift", "seeks": ""}
{"id": "c", "lang": "en", "offers": "Stairlifts", "seeks": "sensors"}
"""


def test_words_that_the_vocabulary_lacks_are_listed_by_how_many_texts_use_them(tmp_path, capsys):
    file = tmp_path / "profiles.jsonl"
    file.write_text(PROFILES, encoding="utf-8")
    assert main(["topics", "missing", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == ["3\tde\tTreppenlift", "1\ten\tStairlifts"]
    assert main(["topics", "missing", "--top", "1", str(file)]) == 0
    assert capsys.readouterr().out == "3\tde\tTreppenlift\n"


def test_a_word_counts_once_in_a_text():
    assert missing_words([("Treppenlift, Treppenlifte", "de")]) == [(1, "de", "Treppenlifte")]


@pytest.mark.django_db
def test_words_of_everybody_on_the_site_are_looked_at(anna, wentao, capsys):
    anna.offers = anna.offers.with_version("de", "Treppenlifte und Reinraumtechnik")
    anna.save()
    assert main(["topics", "missing"]) == 0
    assert "1\tde\tTreppenlifte" in capsys.readouterr().out.splitlines()


def test_profiles_that_cannot_be_read_are_named(tmp_path, capsys):
    file = tmp_path / "profiles.jsonl"
    file.write_text("{", encoding="utf-8")
    assert main(["topics", "missing", str(file)]) == 2
    assert f"{file}:1: not JSON" in capsys.readouterr().err
