"""The vocabulary: its files, its tree and what is wrong in a broken one."""

import json

import pytest

from kontor.topics.validate import faults_of, main
from kontor.topics.vocabulary import as_title, label, read_vocabulary

GOOD = [
    {"id": "food", "broader": None, "de": ["Lebensmittel"], "en": ["food"], "zh": ["食品"]},
    {"id": "drinks", "broader": "food", "de": ["Getränke"], "en": ["beverages"], "zh": ["饮料"]},
    {
        "id": "tea",
        "broader": "drinks",
        "related": ["beer"],
        "de": ["Tee"],
        "en": ["tea"],
        "zh": ["茶", "茶叶"],
    },
    {"id": "beer", "broader": "drinks", "de": ["Bier"], "en": ["beer"], "zh": ["啤酒"]},
]


@pytest.fixture
def write(tmp_path):
    """Writes rows, or lines of text, as one file of a vocabulary and names its folder."""

    def write_file(rows, name="food.jsonl"):
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        return tmp_path

    return write_file


def test_the_tree_can_be_walked_both_ways(write):
    vocabulary, faults = read_vocabulary(write(GOOD))
    assert faults == ()
    assert [concept.id for concept in vocabulary.fields()] == ["food"]
    assert [concept.id for concept in vocabulary.narrower("drinks")] == ["tea", "beer"]
    assert [concept.id for concept in vocabulary.below("food")] == ["drinks", "tea", "beer"]
    assert [concept.id for concept in vocabulary.path("tea")] == ["food", "drinks", "tea"]
    assert vocabulary["tea"].related == ("beer",)
    assert [concept.id for concept in vocabulary.related("beer")] == ["tea"]
    assert vocabulary.related("drinks") == ()
    assert "tea" in vocabulary
    assert len(vocabulary) == 4


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("software and ICT", "Software and ICT"),
        ("überwachtes Lernen", "Überwachtes Lernen"),
        ("mRNA vaccine", "mRNA vaccine"),
        ("n-type semiconductor", "n-type semiconductor"),
        ("功率半导体", "功率半导体"),
    ],
)
def test_a_title_begins_with_a_capital_unless_the_first_word_has_its_own_spelling(name, title):
    assert as_title(name) == title


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Tee"), ("en-gb", "tea"), ("zh-hans", "茶"), ("zh_Hans", "茶"), ("fr", "tea")],
)
def test_the_label_is_in_the_language_of_the_interface(language, words, write):
    assert label(read_vocabulary(write(GOOD))[0]["tea"], language) == words


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("{", "food.jsonl:5: not JSON: Expecting property name enclosed in double quotes at column 2"),
        ("[]", "food.jsonl:5: must be a JSON object"),
        (
            {**GOOD[3], "id": "Wine"},
            "food.jsonl:5: id must be lower-case ASCII letters, digits and hyphens, not 'Wine'",
        ),
        (
            {"id": "wine", "broader": "drinks", "de": ["Wein"], "en": []},
            "food.jsonl:5: 'wine' has no label in en, zh",
        ),
        ({**GOOD[3], "id": "wine", "zh": "酒"}, "food.jsonl:5: zh of 'wine' must be a list of words"),
        ({**GOOD[3], "colour": "red"}, "food.jsonl:5: unknown keys colour"),
        (GOOD[3], "food.jsonl:5: id 'beer' is already used in food.jsonl:4"),
        (
            {"id": "wine", "broader": "drink", "de": ["Wein"], "en": ["wine"], "zh": ["葡萄酒"]},
            "food.jsonl:5: broader 'drink' of 'wine' does not exist",
        ),
        (
            {"id": "green-tea", "broader": "tea", "de": ["Grüntee"], "en": ["green tea"], "zh": ["绿茶"]},
            "food.jsonl:5: green-tea < tea < drinks < food: more than three levels, or a circle",
        ),
        (
            {
                "id": "wine",
                "broader": "drinks",
                "related": ["x"],
                "de": ["Wein"],
                "en": ["wine"],
                "zh": ["葡萄酒"],
            },
            "food.jsonl:5: related 'x' of 'wine' does not exist",
        ),
        (
            {"id": "wine", "broader": "drinks", "de": ["und"], "en": ["wine"], "zh": ["葡萄酒"]},
            "food.jsonl:5: de label 'und' of 'wine' does not find its own concept",
        ),
    ],
)
def test_a_fault_names_file_and_line(row, fault, write):
    assert [str(found) for found in faults_of(write([*GOOD, row]))] == [fault]


def test_a_shared_label_needs_a_hint_at_both(write):
    wine = {
        "id": "wine",
        "broader": "drinks",
        "de": ["Wein"],
        "en": ["Beer"],
        "zh": ["葡萄酒"],
        "hint": {"en": "grape"},
    }
    assert [str(fault) for fault in faults_of(write([*GOOD, wine]))] == [
        "food.jsonl:4: en label 'beer' is shared by beer, wine: 'beer' needs a hint in en"
    ]
    assert faults_of(write([*GOOD[:3], {**GOOD[3], "hint": {"en": "barley"}}, wine])) == []


def test_a_broken_line_does_not_take_the_others_with_it(write):
    vocabulary, faults = read_vocabulary(write(["nonsense", *GOOD]))
    assert len(vocabulary) == 4
    assert len(faults) == 1


def test_the_check_prints_every_fault_and_fails(write, capsys):
    assert main([str(write([*GOOD, "{"]))]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "4 concepts in 1 fields, 1 faults"
    assert main([str(write(GOOD))]) == 0
