"""What the columns of a list mean: headings in German, English and Chinese, in any order, with how sure that is."""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Generic, Literal, TypeVar

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from kontor.directory.names import fold, simplified

_DATA = tomllib.loads((Path(__file__).parent / "data" / "headings.toml").read_text(encoding="utf-8"))


class Field(StrEnum):
    """What a column of a list of people, participants or interpreters, can mean."""

    FAMILY = "family"
    GIVEN = "given"
    NAME = "name"
    NATIVE_NAME = "native_name"
    ROMANISED_NAME = "romanised_name"
    TITLE = "title"
    ORGANISATION = "organisation"
    ORGANISATION_OTHER = "organisation_other"
    FUNCTION = "function"
    COUNTRY = "country"
    PLACE = "place"
    EMAIL = "email"
    PHONE = "phone"
    WECHAT = "wechat"
    LANGUAGES = "languages"
    FOREIGN_LANGUAGES = "foreign_languages"
    OFFERS = "offers"
    SEEKS = "seeks"
    AVAILABILITY = "availability"
    CATEGORY = "category"
    LANGUAGE_PAIRS = "language_pairs"
    MAX_RUN = "max_run"
    IGNORED = "ignored"


class PairField(StrEnum):
    """What a column of a list of pairs who want to meet can mean; the first person asks the second."""

    FIRST_NAME = "first_name"
    FIRST_ORGANISATION = "first_organisation"
    FIRST_EMAIL = "first_email"
    SECOND_NAME = "second_name"
    SECOND_ORGANISATION = "second_organisation"
    SECOND_EMAIL = "second_email"
    REASON = "reason"
    PRIORITY = "priority"
    IGNORED = "ignored"


INTERPRETER_FIELDS = (
    Field.FAMILY,
    Field.GIVEN,
    Field.NAME,
    Field.NATIVE_NAME,
    Field.ROMANISED_NAME,
    Field.EMAIL,
    Field.PHONE,
    Field.WECHAT,
    Field.LANGUAGE_PAIRS,
    Field.LANGUAGES,
    Field.MAX_RUN,
    Field.AVAILABILITY,
    Field.IGNORED,
)
"""What a list of interpreters can say."""
PARTICIPANT_FIELDS = tuple(field for field in Field if field not in {Field.LANGUAGE_PAIRS, Field.MAX_RUN})
"""What a list of participants can say."""
ListKind = Literal["participants", "interpreters", "pairs"]
"""Whose headings are looked for."""
_MAX_HEADING = 80
"""What is longer is no heading but a text."""
_NAME_FIELDS = (Field.FAMILY, Field.NAME, Field.NATIVE_NAME, Field.ROMANISED_NAME)
_MAY_REPEAT = {
    Field.IGNORED,
    Field.OFFERS,
    Field.SEEKS,
    Field.LANGUAGES,
    Field.FOREIGN_LANGUAGES,
    Field.LANGUAGE_PAIRS,
    Field.PHONE,
    PairField.IGNORED,
}
_LABELS: dict[Field | PairField, Promise] = {
    Field.FAMILY: pgettext_lazy("column of a list", "Family name"),
    Field.GIVEN: pgettext_lazy("column of a list", "Given name"),
    Field.NAME: pgettext_lazy("column of a list", "Full name"),
    Field.NATIVE_NAME: pgettext_lazy("column of a list", "Name in characters"),
    Field.ROMANISED_NAME: pgettext_lazy("column of a list", "Name in Latin letters"),
    Field.TITLE: pgettext_lazy("column of a list", "Academic title"),
    Field.ORGANISATION: pgettext_lazy("column of a list", "Organisation"),
    Field.ORGANISATION_OTHER: pgettext_lazy("column of a list", "Organisation in another script"),
    Field.FUNCTION: pgettext_lazy("column of a list", "Function"),
    Field.COUNTRY: pgettext_lazy("column of a list", "Country or region"),
    Field.PLACE: pgettext_lazy("column of a list", "Place"),
    Field.EMAIL: pgettext_lazy("column of a list", "E-mail"),
    Field.PHONE: pgettext_lazy("column of a list", "Phone"),
    Field.WECHAT: pgettext_lazy("column of a list", "WeChat"),
    Field.LANGUAGES: pgettext_lazy("column of a list", "Languages"),
    Field.FOREIGN_LANGUAGES: pgettext_lazy("column of a list", "Foreign languages"),
    Field.OFFERS: pgettext_lazy("column of a list", "Offers"),
    Field.SEEKS: pgettext_lazy("column of a list", "Seeks"),
    Field.AVAILABILITY: pgettext_lazy("column of a list", "Availability"),
    Field.CATEGORY: pgettext_lazy("column of a list", "Category"),
    Field.LANGUAGE_PAIRS: pgettext_lazy("column of a list", "Language pairs"),
    Field.MAX_RUN: pgettext_lazy("column of a list", "Meetings in a row without a pause"),
    Field.IGNORED: pgettext_lazy("column of a list", "Not imported"),
    PairField.FIRST_NAME: pgettext_lazy("column of a list", "Who asks"),
    PairField.FIRST_ORGANISATION: pgettext_lazy("column of a list", "Organisation of the one who asks"),
    PairField.FIRST_EMAIL: pgettext_lazy("column of a list", "E-mail of the one who asks"),
    PairField.SECOND_NAME: pgettext_lazy("column of a list", "Who is asked"),
    PairField.SECOND_ORGANISATION: pgettext_lazy("column of a list", "Organisation of the one who is asked"),
    PairField.SECOND_EMAIL: pgettext_lazy("column of a list", "E-mail of the one who is asked"),
    PairField.REASON: pgettext_lazy("column of a list", "Reason for the meeting"),
    PairField.PRIORITY: pgettext_lazy("column of a list", "Priority"),
}
# IGNORED compares equal in both enumerations, so one label serves both.
_SECOND_OF = {
    PairField.FIRST_NAME: PairField.SECOND_NAME,
    PairField.FIRST_ORGANISATION: PairField.SECOND_ORGANISATION,
    PairField.FIRST_EMAIL: PairField.SECOND_EMAIL,
}
_FIRST_BY_PLAIN_HEADING = {
    Field.NAME: PairField.FIRST_NAME,
    Field.ORGANISATION: PairField.FIRST_ORGANISATION,
    Field.EMAIL: PairField.FIRST_EMAIL,
}


FieldKind = TypeVar("FieldKind", Field, PairField)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMeaning(Generic[FieldKind]):
    """What one column probably means."""

    heading: str
    field: FieldKind | None = None
    """None if the heading is not recognised."""
    confidence: float = 0.0
    """1 for a known heading, less for one that only contains or resembles a known one."""
    language: str = ""
    """In which language the heading is written: de, en or zh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase(Generic[FieldKind]):
    field: FieldKind
    language: str


def propose_mapping(headings: Sequence[str]) -> tuple[ColumnMeaning[Field], ...]:
    """One meaning per column of a list of people; a field that can stand once is given to the surest column."""
    meanings = _with_family_names([_recognise(heading, _people_phrases()) for heading in headings])
    fields = {meaning.field for meaning in meanings}
    has_other = Field.ORGANISATION_OTHER in fields
    return _without_repetitions(meanings, {} if has_other else {Field.ORGANISATION: Field.ORGANISATION_OTHER})


def propose_interpreter_mapping(headings: Sequence[str]) -> tuple[ColumnMeaning[Field], ...]:
    """One meaning per column of a list of interpreters."""
    meanings = [_recognise(heading, _interpreter_phrases()) for heading in headings]
    return _without_repetitions(_with_family_names(meanings), {})


def _with_family_names(meanings: list[ColumnMeaning[Field]]) -> list[ColumnMeaning[Field]]:
    """Beside "Vorname", plain "Name" is the family name."""
    fields = {meaning.field for meaning in meanings}
    if Field.GIVEN not in fields or fields & {Field.FAMILY, Field.NATIVE_NAME}:
        return meanings
    return [
        replace(meaning, field=Field.FAMILY)
        if meaning.field is Field.NAME and _key(meaning.heading) == "name"
        else meaning
        for meaning in meanings
    ]


def propose_pair_mapping(headings: Sequence[str]) -> tuple[ColumnMeaning[PairField], ...]:
    """One meaning per column of a list of pairs; where 'Name' or 'E-mail' stands twice, the second is the one asked."""
    meanings = [_recognise(heading, _pair_phrases()) for heading in headings]
    for index, meaning in enumerate(meanings):
        if meaning.confidence == 1.0:
            continue
        plain = _recognise(meaning.heading, _people_phrases())
        if plain.field in _FIRST_BY_PLAIN_HEADING and plain.confidence > meaning.confidence:
            meanings[index] = ColumnMeaning(
                heading=meaning.heading,
                field=_FIRST_BY_PLAIN_HEADING[plain.field],
                confidence=0.8,
                language=plain.language,
            )
    return _without_repetitions(meanings, _SECOND_OF)


def count_recognised(cells: Sequence[str], *, list_kind: ListKind = "participants") -> int:
    """How many cells of a row are known headings; decides which row is the header and which encoding is right."""
    meanings: Sequence[ColumnMeaning[Field] | ColumnMeaning[PairField]]
    if list_kind == "pairs":
        meanings = [meaning for meaning in propose_pair_mapping(cells) if meaning.confidence >= 0.7]
    else:
        phrases = _interpreter_phrases() if list_kind == "interpreters" else _people_phrases()
        meanings = [_recognise(cell, phrases, is_fuzzy=False) for cell in cells if cell]
    return len({meaning.field for meaning in meanings if meaning.field})


def missing_fields(fields: Sequence[Field | None]) -> tuple[Field, ...]:
    """What a list of people cannot do without and this mapping does not have."""
    missing = [Field.NAME] if is_without_name(fields) else []
    return (*missing, *([] if Field.ORGANISATION in fields else [Field.ORGANISATION]))


def is_without_name(fields: Sequence[Field | None]) -> bool:
    """Whether no column gives a family name, alone or within a whole name."""
    return not any(field in _NAME_FIELDS for field in fields)


def field_label(field: Field | PairField) -> str:
    """The field in the language of the reader."""
    return str(_LABELS[field])


def list_language(meanings: Sequence[ColumnMeaning[Field]]) -> str:
    """The language most headings are written in; empty if none is recognised."""
    languages = [meaning.language for meaning in meanings if meaning.language]
    return max(sorted(set(languages)), key=languages.count) if languages else ""


def _without_repetitions(
    meanings: list[ColumnMeaning[FieldKind]], instead: dict[FieldKind, FieldKind]
) -> tuple[ColumnMeaning[FieldKind], ...]:
    """Keep the surest column of each field; `instead` says what a second one means, if anything."""
    taken: set[FieldKind] = set()
    result = list(meanings)
    for index in sorted(range(len(meanings)), key=lambda index: (-meanings[index].confidence, index)):
        field = meanings[index].field
        if field is None or field in _MAY_REPEAT:
            continue
        while field in taken:
            field = instead.get(field)
            if field is None:
                break
        if field is None:
            result[index] = ColumnMeaning(heading=meanings[index].heading, language=meanings[index].language)
            continue
        taken.add(field)
        result[index] = replace(meanings[index], field=field)
    return tuple(result)


def _recognise(
    heading: str, phrases: dict[str, _Phrase[FieldKind]], *, is_fuzzy: bool = True
) -> ColumnMeaning[FieldKind]:
    if len(heading) > _MAX_HEADING:
        return ColumnMeaning(heading=heading)
    for certainty, candidates in (
        (1.0, [heading]),
        (0.95, [re.sub(r"[(（\[【].*?[)）\]】]", "", heading)]),
        (0.9, _parts(heading)),
    ):
        for candidate in candidates:
            if phrase := phrases.get(_key(candidate)):
                return _meaning(heading, phrase, certainty)
    if phrase := _longest_contained(heading, phrases):
        return _meaning(heading, phrase, 0.7)
    key = _key(heading)
    if is_fuzzy and 5 <= len(key) <= 40:
        close = difflib.get_close_matches(key, phrases, n=1, cutoff=0.85)
        if close:
            return _meaning(heading, phrases[close[0]], 0.6)
    return ColumnMeaning(heading=heading)


def _meaning(heading: str, phrase: _Phrase[FieldKind], confidence: float) -> ColumnMeaning[FieldKind]:
    return ColumnMeaning(heading=heading, field=phrase.field, confidence=confidence, language=phrase.language)


def _parts(heading: str) -> list[str]:
    """'Firma / Einrichtung' and '姓名 Name' say the same thing twice."""
    latin = re.sub(r"[\u3400-\u9fff（）]+", " ", heading)
    chinese = "".join(re.findall(r"[\u3400-\u9fff]+", heading))
    return [part for part in (*re.split(r"[/|\n;,，、:：]", heading), chinese, latin) if part.strip()]


def _longest_contained(heading: str, phrases: dict[str, _Phrase[FieldKind]]) -> _Phrase[FieldKind] | None:
    """The longest known heading inside this one: whole words of Latin letters, any part of Chinese."""
    words, key = _words(heading), _key(heading)
    latin = ("".join(words[start:end]) for start, end in combinations(range(len(words) + 1), 2))
    chinese = (
        key[start:end] for start, end in combinations(range(len(key) + 1 if not key.isascii() else 0), 2)
    )
    found = {part for part in latin if len(part) > 3 and part in phrases and phrases[part].language != "zh"}
    found |= {
        part for part in chinese if len(part) > 1 and part in phrases and phrases[part].language == "zh"
    }
    # Of equally long ones the later is the noun: 公司联系人 is a person.
    return phrases[max(found, key=lambda part: (len(part), key.rfind(part)))] if found else None


@lru_cache(maxsize=4000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(simplified(unicodedata.normalize("NFKC", text))).replace("_", " ").split())


def _key(text: str) -> str:
    return "".join(_words(text)) or text.strip()


@cache
def _people_phrases() -> dict[str, _Phrase[Field]]:
    return {
        _key(words): _Phrase(field=Field(name), language=language)
        for name, languages in _DATA["people"].items()
        for language in ("zh", "de", "en")
        for words in languages[language]
    }


@cache
def _interpreter_phrases() -> dict[str, _Phrase[Field]]:
    """The headings of people that fit, and what only lists of interpreters have."""
    people = {key: one for key, one in _people_phrases().items() if one.field in INTERPRETER_FIELDS}
    return people | {
        _key(words): _Phrase(field=Field(name), language=language)
        for name, languages in _DATA["interpreters"].items()
        for language in ("zh", "de", "en")
        for words in languages[language]
    }


@cache
def _pair_phrases() -> dict[str, _Phrase[PairField]]:
    return {
        _key(words): _Phrase(field=PairField(name), language=language)
        for name, languages in _DATA["pairs"].items()
        for language in ("zh", "de", "en")
        for words in languages[language]
    }
