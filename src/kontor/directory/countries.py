"""Countries by their names in German, English and Chinese, and what lists write instead of a country."""

import difflib
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale

from kontor.directory.names import fold, romanise_text, simplified

_DATA = tomllib.loads((Path(__file__).parent / "data" / "countries.toml").read_text(encoding="utf-8"))
_LOCALES = {"de": "de", "en": "en", "zh": "zh_Hans"}
# Two letters that CLDR knows but ISO 3166-1 does not assign to a country.
_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
_POSTAL = re.compile(r"(?:D|DE|A|AT|CH|CN)\s*[-–]\s*\d{4,6}\b.*", re.IGNORECASE)
_JOINS = r"\s*[,，、/;；|()（）·–—]+\s*|\s+-\s+|\s*\n\s*"

Kind = Literal["country", "region", "province", "city", "continent", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryReading:
    """What a cell in the column of countries says."""

    code: str = ""
    """ISO 3166-1 alpha-2; empty unless the cell really names a country."""
    place: str = ""
    """What stands beside the country, as written: 济南 in 中国济南."""
    proposal: str = ""
    """The code of the country that was probably meant, if the cell does not name one."""
    kind: Kind = "country"


def find_country(text: str) -> CountryReading:
    """Read a country, alone or with a place before or behind it; a place alone is only a proposal."""
    text = " ".join(text.split())
    whole = _key(text)
    if code := _countries().get(whole):
        return CountryReading(code=code)
    if whole in _places():
        code, kind = _places()[whole]
        return CountryReading(proposal=code, kind=kind)
    parts = [part for part in re.split(_JOINS, text) if part]
    if len(parts) > 1 and (reading := _country_among(parts)):
        return reading
    if _POSTAL.fullmatch(text):
        letters, place = re.split(r"\s*[-–]\s*", text, maxsplit=1)
        return CountryReading(code=_countries()[_key(letters)], place=place)
    if reading := _country_at_the_edge(text):
        return reading
    return CountryReading(proposal=_similar(whole), kind="unknown")


def country_name(code: str, language: str) -> str:
    """The name for readers of German, English or Chinese (any other language reads English); the code if unknown."""
    return _names(language[:2] if language[:2] in _LOCALES else "en").get(code, code)


def country_choices(language: str) -> tuple[tuple[str, str], ...]:
    """All countries with their names, in the order a reader looks for them."""
    names = _names(language[:2] if language[:2] in _LOCALES else "en")
    return tuple(sorted(names.items(), key=lambda item: (fold(romanise_text(item[1])), item[0])))


@cache
def han_places() -> tuple[str, ...]:
    """Chinese provinces and cities in characters, the longest first."""
    names = {
        name
        for group in _DATA["places"]
        if group["country"] == "CN"
        for name in group["names"]
        if re.fullmatch(r"[\u3400-\u9fff]+", name)
    }
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _country_among(parts: list[str]) -> CountryReading | None:
    """'Jinan, China', 'Deutschland/Sachsen', 'D / Dresden': exactly one part may be a country."""
    codes = [_countries().get(_key(part), "") for part in parts]
    found = {code for code in codes if code}
    if len(found) != 1:
        return None
    place = ", ".join(part for part, code in zip(parts, codes, strict=True) if not code)
    return CountryReading(code=found.pop(), place=place)


def _country_at_the_edge(text: str) -> CountryReading | None:
    """'中国济南', 'China Jinan', 'Jinan China': the longest name of a country at one end, a place at the other."""
    for end in range(len(text) - 1, 1, -1):
        head, tail = text[:end], text[end:]
        if (code := _countries().get(_key(head))) and _may_stand_beside(head, tail):
            return CountryReading(code=code, place=tail.strip(" -"))
    for start in range(1, len(text) - 1):
        head, tail = text[:start], text[start:]
        if (code := _countries().get(_key(tail))) and _may_stand_beside(tail, head):
            return CountryReading(code=code, place=head.strip(" -"))
    return None


def _may_stand_beside(country: str, place: str) -> bool:
    """Chinese needs no space between country and place; Latin letters need one and more than a car plate."""
    if re.search(r"[\u3400-\u9fff]", country):
        return len(country.strip()) >= 2
    edges = country[:1] + country[-1:] + place[:1] + place[-1:]
    return len(_key(country)) > 2 and bool(re.search(r"[\s-]", edges))


@lru_cache(maxsize=4096)
def _similar(key: str) -> str:
    """The country that is spelt most alike: each misspelling is compared with all names once, however often a list has it."""
    if len(key) < 4:
        return ""
    close = difflib.get_close_matches(key, _countries(), n=1, cutoff=0.82)
    return _countries()[close[0]] if close else ""


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(_LOCALES[language]).territories
    names = {
        code: name
        for code, name in territories.items()
        if re.fullmatch(r"[A-Z]{2}", code) and code not in _NO_COUNTRIES
    }
    expected: dict[str, str] = _DATA["names"].get(language, {})
    return names | expected


@cache
def _countries() -> dict[str, str]:
    keys: dict[str, str] = {}
    for language in _LOCALES:
        keys |= {_key(name): code for code, name in _names(language).items()}
    keys |= {_key(name): code for code, names in _DATA["aliases"].items() for name in names}
    return keys | {_key(code): code for code in _names("en")}


@cache
def _places() -> dict[str, tuple[str, Kind]]:
    return {
        _key(name): (group["country"], group["kind"]) for group in _DATA["places"] for name in group["names"]
    }


def _key(text: str) -> str:
    folded = fold(simplified(unicodedata.normalize("NFKC", text)))
    for article in ("the ", "die ", "der "):
        folded = folded.removeprefix(article)
    # Oesterreich is Österreich, but the code AE is not the letter A of a number plate.
    return re.sub(r"([aou])e", r"\1", folded) if len(folded) > 3 else folded
