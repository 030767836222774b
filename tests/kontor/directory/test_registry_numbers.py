"""Registry numbers are read with their check digits, and the error says which digit is wrong."""

import pytest
from django.utils import translation

from kontor.directory.registry_numbers import (
    CheckDigitDoesNotFit,
    DigitIsWrong,
    NumberHasWrongLength,
    NumberHasWrongSign,
    NumberIsNoneOfThisRegister,
    read_number,
)
from kontor.errors import DomainError

GOOD = "91350100M000100Y43"  # the worked example of the standard


@pytest.mark.parametrize(
    ("scheme", "text", "expected"),
    [
        ("uscc", GOOD, GOOD),
        ("uscc", " 9135 0100 m000 100y 43 ", GOOD),
        ("uscc", "９１３５０１００Ｍ０００１００Ｙ４３", GOOD),  # full width, as Chinese keyboards write
        ("vat", "DE 136 695 976", "DE136695976"),
        ("vat", "IT 00743110157", "IT00743110157"),
        ("vat", "ATU12345678", "ATU12345678"),
        ("hrb", "HRB 012345", "12345"),
        ("hrb", "12345 B", "12345B"),
        ("vr", "VR 3810", "3810"),
    ],
)
def test_numbers_are_kept_in_one_form(scheme: str, text: str, expected: str) -> None:
    assert read_number(scheme, text) == expected


@pytest.mark.parametrize("position", range(9, 18))
def test_a_mistyped_character_of_the_organisation_is_named_with_the_right_one(position: int) -> None:
    """Both check digits cover positions 9 to 17: mostly only one repair fits both."""
    wrong = "1" if GOOD[position - 1] != "1" else "2"
    with pytest.raises((DigitIsWrong, CheckDigitDoesNotFit)) as caught:
        read_number("uscc", GOOD[: position - 1] + wrong + GOOD[position:])
    if isinstance(caught.value, DigitIsWrong):
        assert caught.value.params == {"position": position, "found": wrong, "expected": GOOD[position - 1]}


def test_the_sentence_says_which_digit_and_what_it_should_be() -> None:
    with translation.override("en"), pytest.raises(DigitIsWrong) as caught:
        read_number("uscc", "91350100M000100Y43".replace("M000", "M900"))
    assert str(caught.value) == "Character 10 is “9” but must be “0”."


def test_a_mistyped_last_character_is_named() -> None:
    with pytest.raises(CheckDigitDoesNotFit) as caught:
        read_number("uscc", GOOD[:17] + "7")
    assert caught.value.params == {"position": 18, "found": "7", "expected": "3"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "9135010OM000100Y43",
            {"position": 8, "found": "O", "expected": "0"},
        ),  # a letter that looks like a digit
        ("91350100MI00100Y43", {"position": 10, "found": "I", "expected": "1"}),
        ("9135A100M000100Y43", {"position": 5, "found": "A", "expected": "0–9"}),  # the place is digits only
    ],
)
def test_signs_that_never_stand_there_are_named(code: str, expected: dict[str, object]) -> None:
    with pytest.raises(NumberHasWrongSign) as caught:
        read_number("uscc", code)
    assert caught.value.params == expected


@pytest.mark.parametrize(
    ("scheme", "text", "error"),
    [
        ("uscc", GOOD[:17], NumberHasWrongLength),
        ("vat", "DE136695975", CheckDigitDoesNotFit),
        ("vat", "IT00743110158", CheckDigitDoesNotFit),
        ("vat", "136695976", NumberIsNoneOfThisRegister),
        ("hrb", "in Dresden", NumberIsNoneOfThisRegister),
        ("hrb", "", NumberIsNoneOfThisRegister),
    ],
)
def test_what_is_no_number_is_refused(scheme: str, text: str, error: type[DomainError]) -> None:
    with pytest.raises(error):
        read_number(scheme, text)
