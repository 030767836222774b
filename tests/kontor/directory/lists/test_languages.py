"""Languages and levels are read from words in three languages; what is not said is assumed and marked."""

import pytest

from kontor.directory.lists.languages import SpokenLanguage, language_names, read_languages


def read(text: str, own_language: str = "") -> list[str]:
    """As 'de C1', an assumed level with a question mark, an implied one in brackets."""
    marks = {(False, False): "{} {}", (True, False): "{} {}?", (False, True): "({} {})"}
    return [
        marks[item.is_assumed, item.is_implied].format(item.code, item.level)
        for item in read_languages(text, own_language=own_language).languages
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deutsch, Englisch (fließend); Chinesisch (Grundkenntnisse)", ["de B2?", "en C1", "zh A2"]),
        ("Deutsch, Englisch B2", ["de B2?", "en B2"]),
        ("DE/EN", ["de B2?", "en B2?"]),
        ("deutsch", ["de B2?"]),
        ("en (C1), zh (A2)", ["en C1", "zh A2"]),
        ("Finnish, English", ["fi B2?", "en B2?"]),
        ("英语（B2）", ["en B2"]),
        ("德语B1，英语", ["de B1", "en B2?"]),
        ("日语", ["ja B2?"]),
        ("英語, 德語", ["en B2?", "de B2?"]),
        ("英语流利、德语母语", ["en C1", "de C2"]),
        ("英语CET-6", ["en B2"]),
        ("中英文", ["zh B2?", "en B2?"]),
        ("英德双语", ["en C2", "de C2"]),
        ("德语、英语均可", ["de B2?", "en B2?"]),
        ("Englisch: sehr gut, Deutsch: Muttersprache", ["en C1", "de C2"]),
        ("English - native", ["en C2"]),
        ("Business English", ["en C1"]),
        ("fließend Englisch", ["en C1"]),
        ("Mandarin (native) / English (fluent)", ["zh C2", "en C1"]),
        ("Englisch und Deutsch", ["en B2?", "de B2?"]),
        ("Deutsch B1-B2", ["de B1"]),  # of a range the lower level
        ("English B2/C1", ["en B2"]),
        ("Cantonese", ["yue B2?"]),
        ("无", []),
        ("keine", []),
        ("", []),
        ("Dolmetscher nötig", []),
    ],
)
def test_languages_and_levels_are_read(text, expected):
    assert read(text) == expected
    assert read_languages(text).not_understood == ()


def test_what_is_no_language_is_said_and_the_rest_is_kept():
    reading = read_languages("Klingon, English")
    assert reading.not_understood == ("Klingon",)
    assert reading.languages == (SpokenLanguage(code="en", level="B2", is_assumed=True),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("无", ["(zh C2)"]), ("", ["(zh C2)"]), ("英语", ["(zh C2)", "en B2?"]), ("中文B1", ["zh B1"])],
)
def test_a_column_of_foreign_languages_implies_the_lists_own(text, expected):
    assert read(text, own_language="zh") == expected


def test_the_first_mention_of_a_language_counts():
    assert read("Englisch C1, Englisch A2") == ["en C1"]


def test_names_of_languages_are_in_the_readers_language():
    assert language_names(["de", "zh"], "de") == "Deutsch, Chinesisch"
    assert language_names(["de", "zh"], "zh-hans") == "德语、中文"
