"""Which languages somebody speaks and how well, from words such as 'Deutsch, Englisch (fließend)' or '德语B1，英语'."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale

from kontor.directory.names import fold, simplified

_DATA = tomllib.loads((Path(__file__).parent / "data" / "languages.toml").read_text(encoding="utf-8"))
_ASSUMED_LEVEL = "B2"
# Of a range the lower level counts.
_LEVEL_CODE = re.compile(r"(?<![a-z0-9])([abc][12])(?: [abc][12])?(?![a-z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLanguage:
    """A language somebody speaks, and where the level comes from."""

    code: str
    """ISO 639-1, or yue for Cantonese."""
    level: str
    """A1 to C2; a mother tongue is C2."""
    is_assumed: bool = False
    """No level was given, so B2 counts until somebody says otherwise."""
    is_implied: bool = False
    """Not written at all: the list's own language beside a column of foreign languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagesReading:
    """The languages of one cell, the first level of each, and what could not be read."""

    languages: tuple[SpokenLanguage, ...] = ()
    not_understood: tuple[str, ...] = ()


def read_languages(text: str, *, own_language: str = "") -> LanguagesReading:
    """Read a cell; `own_language` is the list's language if the column asks for foreign ones, and empty otherwise.

    Nothing is ever concluded from nationality.
    """
    spoken: dict[str, SpokenLanguage] = {}
    not_understood: list[str] = []
    if own_language:
        spoken[own_language] = SpokenLanguage(code=own_language, level="C2", is_implied=True)
    for item in _items(text):
        found, rest = _read_item(item)
        for language in found:
            known = spoken.get(language.code)
            if known is None or (known.is_implied and not language.is_assumed):
                spoken[language.code] = language
        if rest:
            not_understood.append(item.strip())
    return LanguagesReading(languages=tuple(spoken.values()), not_understood=tuple(not_understood))


def language_names(codes: Sequence[str], reader: str) -> str:
    """Languages by their names, for a reader of German, English or Chinese."""
    locale = Locale.parse({"de": "de", "zh": "zh_Hans"}.get(reader[:2], "en"))
    return ("、" if reader.startswith("zh") else ", ").join(
        locale.languages.get(code, code) for code in codes
    )


def _items(text: str) -> Iterator[str]:
    """The cell cut at separators outside brackets."""
    text = unicodedata.normalize("NFKC", text)
    # Separators inside brackets belong to the level: 'Englisch (B2, gut)'.
    text = re.sub(r"\(([^()]*)\)", lambda match: f"({re.sub(r'[,;/、]', ' ', match.group(1))})", text)
    for item in re.split(r"[,;、\n|]|(?<!\d)/(?!\d)|\s(?:und|and|sowie|as well as)\s|[和及与]", text):
        if item.strip():
            yield item


@lru_cache(maxsize=2000)
def _read_item(item: str) -> tuple[tuple[SpokenLanguage, ...], str]:
    """The languages of one item with their level, and what is left over in it."""
    key = _key(item)
    if not key or key in _words("none") or key in _words("interpreter"):
        return (), ""
    level, rest = _take_level(key)
    codes: list[str] = []
    while rest:
        code, length = _language_at_start(rest)
        if not code:
            break
        codes.append(code)
        rest = rest[length:].strip()
    rest = " ".join(word for word in rest.split() if word not in _words("fillers"))
    if not codes:
        return (), rest or key
    languages = tuple(
        SpokenLanguage(code=code, level=level or _ASSUMED_LEVEL, is_assumed=not level) for code in codes
    )
    return languages, rest


def _take_level(key: str) -> tuple[str, str]:
    """The level in an item, as a code or in words, and the item without it."""
    key = _apart(key)
    if match := _LEVEL_CODE.search(key):
        rest = key[: match.start()] + " " + key[match.end() :]
        # 'B2 (gut)' says it twice.
        return match.group(1).upper(), _take_level_words(" ".join(rest.split()))[1]
    return _take_level_words(key)


def _take_level_words(key: str) -> tuple[str, str]:
    for pattern, level in _level_patterns():
        if match := pattern.search(key):
            rest = " ".join((key[: match.start()] + " " + key[match.end() :]).split())
            if rest or match.group() not in _languages():
                return level, rest
    return "", key


def _apart(key: str) -> str:
    """'德语b1' → '德语 b1'."""
    return re.sub(r"(?<=[\u3400-\u9fff])(?=[a-z0-9])|(?<=[a-z0-9])(?=[\u3400-\u9fff])", " ", key)


def _language_at_start(key: str) -> tuple[str, int]:
    for words, code in _languages_longest_first():
        if key.startswith(words) and (not words.isascii() or not key[len(words) : len(words) + 1].isalnum()):
            return code, len(words)
    return "", 0


@cache
def _languages() -> dict[str, str]:
    names: dict[str, str] = {}
    for locale in ("de", "en", "zh_Hans"):
        known = {str(code): str(name) for code, name in Locale.parse(locale).languages.items()}
        names |= {_key(name): code for code, name in known.items() if re.fullmatch(r"[a-z]{2}|yue", code)}
        names |= {code: code for code in known if re.fullmatch(r"[a-z]{2}", code)}
    return names | {_key(name): code for code, aliases in _DATA["aliases"].items() for name in aliases}


@cache
def _languages_longest_first() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_languages().items(), key=lambda item: -len(item[0])))


@cache
def _level_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What says a level, the longest words first; Latin ones only as whole words."""
    words = [(_key(word), level) for level, group in _DATA["levels"].items() for word in group]
    words.sort(key=lambda item: -len(item[0]))
    return tuple(
        (re.compile(rf"(?<!\w){re.escape(word)}(?!\w)" if word.isascii() else re.escape(word)), level)
        for word, level in words
    )


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(_key(word) for word in _DATA["words"][group])


def _key(text: str) -> str:
    return fold(simplified(unicodedata.normalize("NFKC", text)))
