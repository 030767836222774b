"""A vocabulary of a handful of concepts for the tests of its exchange."""

import json

import pytest

from kontor.topics.vocabulary import read_vocabulary

DRINKS = [
    {"id": "food", "broader": None, "de": ["Lebensmittel"], "en": ["food"], "zh": ["食品"]},
    {"id": "drinks", "broader": "food", "de": ["Getränke"], "en": ["beverages", "drinks"], "zh": ["饮料"]},
    {
        "id": "tea",
        "broader": "drinks",
        "related": ["beer"],
        "de": ["Tee", "Schwarztee", "Blatttee"],
        "en": ["tea"],
        "zh": ["茶", "茶叶"],
        "hint": {"de": "Blätter"},
    },
    {"id": "beer", "broader": "drinks", "de": ["Bier"], "en": ["beer", "lager"], "zh": ["啤酒"]},
]


@pytest.fixture
def folder(tmp_path):
    """The folder of a vocabulary of food, drinks, tea and beer."""
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in DRINKS]
    target = tmp_path / "vocabulary"
    target.mkdir()
    (target / "food.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


@pytest.fixture
def drinks(folder):
    """What is read from that folder."""
    vocabulary, faults = read_vocabulary(folder)
    assert faults == ()
    return vocabulary
