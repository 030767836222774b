"""Names of tables and booths with ranges, as organisers write them."""

import pytest

from kontor.events.table_names import MAX_NAMES, NotARange, format_names, parse_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("A01–A03", ["A01", "A02", "A03"]),
        ("a1-b2", ["A1", "A2", "B1", "B2"]),
        ("8 bis 11", ["8", "9", "10", "11"]),
        ("08至10", ["08", "09", "10"]),
        ("1, 2；3、Lounge\nWindow seat", ["1", "2", "3", "Lounge", "Window seat"]),
        ("A1, A1–A2, A2", ["A1", "A2"]),
    ],
)
def test_ranges_become_names_each_once(text: str, names: list[str]) -> None:
    assert parse_names(text) == names


@pytest.mark.parametrize(
    "text", ["A9–A1", "B1–A2", "A1–7x, A–Z and some more words", "3–B4", "1–9999", "A1–Z99, 1–1000"]
)
def test_what_is_no_range_or_too_long_is_named(text: str) -> None:
    with pytest.raises(NotARange) as refused:
        parse_names(text)
    assert refused.value.part in text


def test_the_number_of_names_has_a_limit() -> None:
    assert len(parse_names(f"1–{MAX_NAMES}")) == MAX_NAMES
    with pytest.raises(NotARange):
        parse_names(f"0–{MAX_NAMES}")


@pytest.mark.parametrize("text", ["A01–A12, B01, B02, Lounge", "1–60", "S1, S2"])
def test_names_are_written_back_as_they_were_given(text: str) -> None:
    assert format_names(parse_names(text)) == text
