"""Places in the words of the reader: well-known cities in both scripts, others as they are written."""

import re

import pytest
from django.utils.translation import override

from kontor.directory.places import place_text, place_words


def text_of(markup: str) -> str:
    return re.sub(r"<[^>]+>", "", markup)


@pytest.mark.parametrize(
    ("place", "country", "language", "shown"),
    [
        ("Jinan", "CN", "de", "Jinan 济南, China"),
        ("济南市", "CN", "en", "Jinan 济南, China"),
        ("Jinan", "CN", "zh-hans", "济南，中国"),
        ("Dresden", "DE", "de", "Dresden, Deutschland"),
        ("Dresden", "DE", "zh-hans", "德累斯顿 Dresden，德国"),
        ("Torino", "IT", "de", "Turin, Italien"),
        ("München", "DE", "en", "Munich, Germany"),
    ],
)
def test_a_known_city_is_read_in_the_language_of_the_page_with_its_own_name_in_another_script_beside(
    place: str, country: str, language: str, shown: str
) -> None:
    with override(language):
        assert text_of(place_words(place, country)) == shown


def test_an_unknown_place_stands_as_it_is_written() -> None:
    with override("zh-hans"):
        assert place_words("Gohrisch <b>", "DE") == "Gohrisch &lt;b&gt;，德国"
        assert place_words("历城区", "") == '<span lang="zh-Hans">历城区</span>'
        assert (place_words("", "DE"), place_words("", "")) == ("德国", "")


def test_a_known_city_is_found_in_every_language() -> None:
    dresden = place_text("dresden")
    assert [dresden.in_language(language) for language in ("de", "en", "zh")] == [
        "Dresden",
        "Dresden",
        "德累斯顿",
    ]
    assert place_text("历城区").original == "zh"
    assert not place_text("")
