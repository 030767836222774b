"""Single cells: addresses, phone numbers, lists of offers, and the words that stand for nothing."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kontor.directory.names import fold, simplified

_DATA = tomllib.loads((Path(__file__).parent / "data" / "words.toml").read_text(encoding="utf-8"))
_LOCAL_PART = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(rf"({_LOCAL_PART})@((?:{_LABEL}\.)+[^\W\d_][\w-]*[^\W_])")
_FORMULA = re.compile(r"\s*(?:[=＝]|[@+＠＋-]\s*[A-Za-z]+\s*[(|!])")
_NUMBER_IN_POWERS = re.compile(r"\d[.,]\d+[eE]\+\d+")
_MAX_ITEM_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressReading:
    """What stands in an e-mail cell: an address, nothing, or something that is no address."""

    email: str = ""
    is_none: bool = False
    """Words such as 'keine' say that there is none."""
    is_normalised: bool = False
    """The address was written otherwise, for example with a full-width ＠."""
    is_first_of_several: bool = False
    is_address: bool = True


def read_address(text: str) -> AddressReading:
    """Read an e-mail cell; only one address per person is kept."""
    if not text:
        return AddressReading(is_none=False)
    if is_nothing(text):
        return AddressReading(is_none=True)
    plain = unicodedata.normalize("NFKC", text).strip()
    parts = [part for part in re.split(r"[\s;,、|]+|(?<=[a-z])/(?=\S+@)", plain) if "@" in part]
    if not parts:
        return AddressReading(is_address=False)
    candidate = re.sub(r"(?i)^mailto:", "", parts[0].strip("<>()[]\"'")).strip("<>.,:;\"'")
    match = _ADDRESS.fullmatch(candidate)
    if not match or len(candidate) > 254 or not _ascii_domain(match.group(2)):
        return AddressReading(is_address=False)
    return AddressReading(
        email=candidate,
        is_normalised=candidate != text and len(parts) == 1,
        is_first_of_several=len(parts) > 1,
    )


def address_key(email: str) -> str:
    """Equal for the same address: capitals do not count, domains are compared in their ASCII form."""
    local, _, domain = email.rpartition("@")
    return f"{local.casefold()}@{_ascii_domain(domain)}"


def _ascii_domain(domain: str) -> str:
    try:
        return domain.casefold().encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def read_phone(text: str) -> tuple[str, bool]:
    """A phone number as typed, digits in ASCII, and whether a spreadsheet has destroyed it by rounding."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _NUMBER_IN_POWERS.fullmatch(plain):
        return "", True
    return ("" if is_nothing(text) else re.sub(r"(?<=\d{5})\.0$", "", plain)), False


def split_items(text: str) -> tuple[str, ...]:
    """Offers or wishes one by one: each line, or divided by semicolons; commas divide only short items."""
    parts = [part for part in re.split(r"\n|;|；|•|·\s|\s\|\s", text) if part.strip()]
    if len(parts) == 1:
        chinese = re.split(r"[、，]", parts[0])
        western = re.split(r",\s+|,(?=\S)(?<!\d,)", parts[0])
        short = max((chinese, western), key=len)
        if all(len(item.split()) <= _MAX_ITEM_WORDS and len(item) <= 60 for item in short):
            parts = short
    else:
        parts = [item for part in parts for item in re.split("、", part)]
    items = (part.strip(" \t-–*,.，。、") for part in parts)
    return tuple(dict.fromkeys(item for item in items if item and not is_nothing(item)))


def is_nothing(text: str) -> bool:
    """'keine', 'n/a', '无', '-': somebody filled in that there is nothing."""
    return text.strip().casefold() in _nothing()


def is_formula(text: str, *, is_name: bool = False) -> bool:
    """Text that a spreadsheet would calculate; no name begins with a sign of arithmetic."""
    return bool(_FORMULA.match(text)) or (is_name and text.lstrip()[:1] in set("=+@＝＋＠"))


def read_category(text: str) -> str:
    """The category of participation the word stands for; empty if it is not known."""
    return _categories().get(fold(simplified(unicodedata.normalize("NFKC", text))), "")


@cache
def _nothing() -> frozenset[str]:
    return frozenset(word.casefold() for word in _DATA["none"])


@cache
def _categories() -> dict[str, str]:
    return {
        fold(simplified(word)): code for code, words in _DATA["categories"].items() for word in [code, *words]
    }
