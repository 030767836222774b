"""Numbers of registers: how each is written, and what is wrong with one that cannot be right, down to the digit."""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kontor.directory.models import RegistryNumber
from kontor.errors import DomainError

Scheme = RegistryNumber.Scheme

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""the 31 signs of GB 32100-2015: digits and capitals without I, O, S, V and Z"""
_WHOLE_WEIGHTS = tuple(3**position % 31 for position in range(17))
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714-1997, for positions 9 to 16; position 17 is their check digit"""
_LOOKS_LIKE = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}


class NumberHasWrongLength(DomainError):
    sentence = _("%(number)s has %(length)s characters; it must have %(expected)s.")


class NumberHasWrongSign(DomainError):
    sentence = _(
        "Character %(position)s is “%(found)s”, which never stands there; perhaps “%(expected)s” is meant."
    )


class DigitIsWrong(DomainError):
    sentence = _("Character %(position)s is “%(found)s” but must be “%(expected)s”.")


class CheckDigitDoesNotFit(DomainError):
    sentence = _(
        "The check digit at position %(position)s is “%(found)s”; for the characters before it, it must be "
        "“%(expected)s”. One of them, or the check digit, is mistyped."
    )


class NumberIsNoneOfThisRegister(DomainError):
    sentence = _("“%(number)s” does not look like a number of this register, for example %(example)s.")


def read_number(scheme: str, text: str) -> str:
    """The number as it is kept: capitals without spaces. Raises a `DomainError` that says which digit is wrong."""
    plain = unicodedata.normalize("NFKC", text).upper()
    if scheme == Scheme.USCC:
        return _read_uscc(re.sub(r"[\s.-]", "", plain))
    if scheme == Scheme.VAT:
        return _read_vat(re.sub(r"[\s.-]", "", plain))
    found = re.fullmatch(r"(?:HRB|HRA|VR|NR\.?)?\s*(\d{1,6})\s*([A-Z]{0,3})", " ".join(plain.split()))
    if not found:
        raise NumberIsNoneOfThisRegister(number=text, example=f"{scheme.upper()} 12345")
    return found[1].lstrip("0") + found[2]


def _read_uscc(code: str) -> str:
    """The two check digits of a Unified Social Credit Code tell most mistypings apart."""
    if len(code) != 18:
        raise NumberHasWrongLength(number=code, length=len(code), expected=18)
    for position, sign in enumerate(code, start=1):
        if sign not in _USCC:
            raise NumberHasWrongSign(position=position, found=sign, expected=_LOOKS_LIKE.get(sign, "0"))
    for position in range(3, 9):
        if not code[position - 1].isdigit():
            raise NumberHasWrongSign(position=position, found=code[position - 1], expected="0–9")
    if _is_uscc(code):
        return code
    if _body_digit(code) == code[16]:
        # Positions 9 to 17 vouch for each other: the mistake is in the rest, where any one digit could be the one.
        raise CheckDigitDoesNotFit(position=18, found=code[17], expected=_whole_digit(code))
    repairs = list(_repairs(code))
    if len(repairs) == 1:
        position, expected = repairs[0]
        raise DigitIsWrong(position=position, found=code[position - 1], expected=expected)
    raise CheckDigitDoesNotFit(position=17, found=code[16], expected=_body_digit(code))


def _repairs(code: str) -> Iterator[tuple[int, str]]:
    """Changes of one character among positions 9 to 17 that make both check digits right."""
    for position in range(9, 18):
        for sign in _USCC:
            if sign != code[position - 1] and _is_uscc(code[: position - 1] + sign + code[position:]):
                yield position, sign


def _is_uscc(code: str) -> bool:
    return _whole_digit(code) == code[17] and _body_digit(code) == code[16]


def _whole_digit(code: str) -> str:
    total = sum(_USCC.index(sign) * weight for sign, weight in zip(code[:17], _WHOLE_WEIGHTS, strict=True))
    return _USCC[-total % 31]


def _body_digit(code: str) -> str:
    """The signs count as in base 36 here, where the letters that the code leaves out have their places."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(code[8:16], _BODY_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _read_vat(number: str) -> str:
    if re.fullmatch(r"DE\d{9}", number):
        _check(number, 11, _german_digit(number[2:10]))
    elif re.fullmatch(r"IT\d{11}", number):
        _check(number, 13, _italian_digit(number[2:12]))
    elif not re.fullmatch(r"[A-Z]{2}[0-9A-Z+*]{2,12}", number):
        raise NumberIsNoneOfThisRegister(number=number, example="DE136695976")
    return number


def _check(number: str, position: int, expected: str) -> None:
    if number[position - 1] != expected:
        raise CheckDigitDoesNotFit(position=position, found=number[position - 1], expected=expected)


def _german_digit(digits: str) -> str:
    """ISO 7064, MOD 11,10."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return str((11 - product) % 10)


def _italian_digit(digits: str) -> str:
    """The Luhn algorithm."""
    total = sum(int(digit) for digit in digits[::2])
    total += sum(sum(divmod(2 * int(digit), 10)) for digit in digits[1::2])
    return str(-total % 10)
