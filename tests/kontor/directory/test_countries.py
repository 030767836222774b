"""A country is recognised in three languages and apart from a place; a place alone is only a proposal."""

import difflib
from typing import Any

import pytest

from kontor.directory import countries
from kontor.directory.countries import CountryReading, country_choices, country_name, find_country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"),
        ("D", "DE"),
        ("BRD", "DE"),
        ("GERMANY", "DE"),
        ("德国", "DE"),
        ("德國", "DE"),
        ("中国", "CN"),
        ("PRC", "CN"),
        ("P.R. China", "CN"),
        ("中华人民共和国", "CN"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("A", "AT"),
        ("AE", "AE"),
        ("Schweiz", "CH"),
        ("Holland", "NL"),
        ("The Netherlands", "NL"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Türkei", "TR"),
        ("South Korea", "KR"),
        ("中国香港", "HK"),
        ("Niger", "NE"),
        (" ｄｅ ", "DE"),
    ],
)
def test_a_country_is_known_by_its_names_and_short_forms(text, code):
    assert find_country(text) == CountryReading(code=code)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("中国济南", "CN", "济南"),
        ("中国山东济南", "CN", "山东济南"),
        ("China, Jinan", "CN", "Jinan"),
        ("Jinan China", "CN", "Jinan"),
        ("China (Jinan)", "CN", "Jinan"),
        ("Germany / Saxony", "DE", "Saxony"),
        ("Germany-Dresden", "DE", "Dresden"),
        ("D-01099 Dresden", "DE", "01099 Dresden"),
        ("德国德累斯顿", "DE", "德累斯顿"),
    ],
)
def test_a_place_beside_the_country_is_kept(text, code, place):
    assert find_country(text) == CountryReading(code=code, place=place)


@pytest.mark.parametrize(
    ("text", "proposal", "kind"),
    [
        ("Sachsen", "DE", "region"),
        ("Saxony", "DE", "region"),
        ("鲁", "CN", "province"),
        ("山东", "CN", "province"),
        ("Jinan", "CN", "city"),
        ("Dresden", "DE", "city"),
        ("Europe", "", "continent"),
        ("Deutchland", "DE", "unknown"),
        ("Atlantis", "", "unknown"),
        ("Deutschland/China", "", "unknown"),
    ],
)
def test_what_is_no_country_is_never_taken_for_one(text, proposal, kind):
    assert find_country(text) == CountryReading(proposal=proposal, kind=kind)


def test_countries_are_shown_in_the_language_of_the_reader():
    assert [country_name("DE", language) for language in ("de", "en", "zh-hans")] == [
        "Deutschland",
        "Germany",
        "德国",
    ]
    assert country_name("DE", "fr") == "Germany"
    assert country_name("QQ", "de") == "QQ"


def test_the_choices_stand_in_the_order_of_the_readers_language():
    german = [name for _, name in country_choices("de")]
    assert german.index("Österreich") == german.index("Oman") + 1
    assert [code for code, _ in country_choices("zh-hans")][:2] == ["AL", "DZ"]
    assert all(len(code) == 2 for code, _ in country_choices("en"))


def test_a_misspelling_is_compared_with_all_names_once_however_often_a_list_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []
    alike = difflib.get_close_matches

    def count(word: str, *names: Any, **options: Any) -> list[str]:
        compared.append(word)
        return alike(word, *names, **options)

    countries._similar.cache_clear()
    monkeypatch.setattr(difflib, "get_close_matches", count)
    spellings = ["Deutschlandd", "Germanyy", "deutschlandd "] * 300
    assert {find_country(one).proposal for one in spellings} == {"DE"}
    assert sorted(compared) == ["deutschlandd", "germanyy"]
