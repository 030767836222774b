"""What the columns of a list mean: headings in German, English and Chinese, in any order, with how sure that is."""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Generic, Literal, TypeVar

from kontor.directory.lists.fields import INTERPRETER_FIELDS, Field, OrganisationField, PairField
from kontor.directory.names import fold, simplified

_DATA = tomllib.loads((Path(__file__).parent / "data" / "headings.toml").read_text(encoding="utf-8"))


ListKind = Literal["participants", "interpreters", "pairs", "organisations"]
"""Whose headings are looked for."""
_MAX_HEADING = 80
"""What is longer is no heading but a text."""
_NAME_FIELDS = (Field.FAMILY, Field.NAME, Field.NATIVE_NAME, Field.ROMANISED_NAME)
_MAY_REPEAT: set[Field | PairField | OrganisationField] = {
    Field.IGNORED,
    Field.OFFERS,
    Field.SEEKS,
    Field.LANGUAGES,
    Field.FOREIGN_LANGUAGES,
    Field.LANGUAGE_PAIRS,
    Field.PHONE,
    OrganisationField.ALIAS,
    OrganisationField.TOPICS,
    OrganisationField.WORKING_GROUPS,
}
# IGNORED compares equal in all enumerations.
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


FieldKind = TypeVar("FieldKind", Field, PairField, OrganisationField)


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


def propose_organisation_mapping(headings: Sequence[str]) -> tuple[ColumnMeaning[OrganisationField], ...]:
    """One meaning per column of a list of organisations or members."""
    return _without_repetitions([_recognise(heading, _organisation_phrases()) for heading in headings], {})


def count_recognised(cells: Sequence[str], *, list_kind: ListKind = "participants") -> int:
    """How many cells of a row are known headings; decides which row is the header and which encoding is right."""
    meanings: Sequence[ColumnMeaning[Field] | ColumnMeaning[PairField] | ColumnMeaning[OrganisationField]]
    if list_kind == "organisations":
        meanings = [_recognise(cell, _organisation_phrases(), is_fuzzy=False) for cell in cells if cell]
    elif list_kind == "pairs":
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


def list_language(meanings: Sequence[ColumnMeaning[FieldKind]]) -> str:
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
    return _phrases("people", Field)


@cache
def _interpreter_phrases() -> dict[str, _Phrase[Field]]:
    """The headings of people that fit, and what only lists of interpreters have."""
    people = {key: one for key, one in _people_phrases().items() if one.field in INTERPRETER_FIELDS}
    return people | _phrases("interpreters", Field)


@cache
def _pair_phrases() -> dict[str, _Phrase[PairField]]:
    return _phrases("pairs", PairField)


@cache
def _organisation_phrases() -> dict[str, _Phrase[OrganisationField]]:
    return _phrases("organisations", OrganisationField)


def _phrases(group: str, kind: type[FieldKind]) -> dict[str, _Phrase[FieldKind]]:
    return {
        _key(words): _Phrase(field=kind(name), language=language)
        for name, languages in _DATA[group].items()
        for language in ("zh", "de", "en")
        for words in languages[language]
    }
