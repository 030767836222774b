"""Single cells of lists of organisations: words of a fixed choice, numbers, days, websites, registry numbers, topics."""

import calendar
import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import translation

from kontor.directory.lists.cells import split_items
from kontor.directory.lists.fields import CHOICES, OrganisationField
from kontor.directory.lists.row_cells import RowCells
from kontor.directory.models import RegistryNumber
from kontor.directory.names import fold, simplified
from kontor.directory.registry_numbers import (
    CheckDigitDoesNotFit,
    DigitIsWrong,
    NumberHasWrongLength,
    NumberHasWrongSign,
    NumberIsNoneOfThisRegister,
    read_number,
)
from kontor.errors import DomainError
from kontor.i18n.text import LANGUAGES
from kontor.topics.analysis import find_concepts, vocabulary

Cells = RowCells[OrganisationField]
_INTERFACE_LANGUAGES = ("de", "en", "zh-hans")
_SCHEMES = {
    OrganisationField.USCC: RegistryNumber.Scheme.USCC,
    OrganisationField.HRB: RegistryNumber.Scheme.HRB,
    OrganisationField.HRA: RegistryNumber.Scheme.HRA,
    OrganisationField.VR: RegistryNumber.Scheme.VR,
    OrganisationField.VAT: RegistryNumber.Scheme.VAT,
}
_COURT_SCHEMES = frozenset({RegistryNumber.Scheme.HRB, RegistryNumber.Scheme.HRA, RegistryNumber.Scheme.VR})
"""a court keeps these registers, and numbers them from 1"""
_CODES: dict[type[DomainError], str] = {
    NumberHasWrongLength: "number_has_wrong_length",
    NumberHasWrongSign: "number_has_wrong_sign",
    DigitIsWrong: "digit_is_wrong",
    CheckDigitDoesNotFit: "check_digit_does_not_fit",
    NumberIsNoneOfThisRegister: "number_of_no_register",
}
_MORE_WORDS = {
    OrganisationField.KIND: {
        "kmu": "sme", "sme": "sme", "中小企业": "sme", "grossunternehmen": "large", "大型企业": "large", "初创企业": "startup",
        "forschungsinstitut": "institute", "研究院": "institute", "研究所": "institute", "hochschule": "university",
        "大学": "university", "高校": "university", "verein": "association", "verband": "association", "协会": "association",
        "behorde": "authority", "政府机构": "authority", "商会": "chamber", "产业园区": "zone", "园区": "zone",
    },
    OrganisationField.SIZE: {
        "kleinst": "micro", "klein": "small", "mittel": "medium", "gross": "large",
        "微型": "micro", "小型": "small", "中型": "medium", "大型": "large",
    },
    OrganisationField.SIZE_STANDARD: {"eu": "eu", "欧盟": "eu", "cn": "cn", "china": "cn", "中国": "cn"},
    OrganisationField.STATE: {
        "mitglied": "active", "member": "active", "会员": "active", "beantragt": "applied", "申请中": "applied",
        "ausgetreten": "ended", "left": "ended", "已退会": "ended", "ruhend": "suspended", "暂停": "suspended",
    },
    OrganisationField.CATEGORY: {},
}  # fmt: skip
_DAY_FORMS = (
    re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})(?:[-/.月](?P<d>\d{1,2})日?)?月?(?:[T ]00:00(?::00)?)?"),
    re.compile(r"(?:(?P<d>\d{1,2})[./])?(?P<m>\d{1,2})[./](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})年?"),
)
_FIRST_YEAR, _LAST_YEAR = 1000, 2100
_SURE = 0.9
_is_address = URLValidator(schemes=["http", "https"])


def read_choice(cells: Cells, field: OrganisationField) -> str:
    """The value of a fixed choice, from its name in any of the three languages; what resembles one is proposed."""
    text = cells.known(field)
    if not text:
        return ""
    words, key = _words_of(field), _key(text)
    if key in words:
        return words[key]
    close = difflib.get_close_matches(key, words, n=1, cutoff=0.7)
    cells.refuse(field, "word_is_unknown", value=text, proposal=words[close[0]] if close else "")
    return ""


@cache
def _words_of(field: OrganisationField) -> dict[str, str]:
    found = dict(_MORE_WORDS[field])
    for language in _INTERFACE_LANGUAGES:
        with translation.override(language):
            found |= {_key(str(label)): value for value, label in CHOICES[field].choices}
    return found | {_key(value): value for value in CHOICES[field].values}


def _key(text: str) -> str:
    return fold(simplified(unicodedata.normalize("NFKC", text))).replace(" ", "")


def read_count(cells: Cells, field: OrganisationField) -> int | None:
    """A whole number, however its thousands are divided: 1.200, 1 200, 1,200."""
    text = cells.known(field)
    plain = re.sub(r"(?<=\d)[.,'’ \u202f](?=\d{3}\b)", "", unicodedata.normalize("NFKC", text))
    found = re.fullmatch(r"(\d{1,8})(?:\.0)?\s*[人名]?", plain)
    if found:
        return int(found[1])
    if text:
        cells.refuse(field, "no_number", value=text)
    return None


def read_year(cells: Cells, field: OrganisationField) -> int | None:
    """The year of a date, or a year alone."""
    text = cells.known(field)
    day = _day(text)
    if day is None and text:
        cells.refuse(field, "no_year", value=text)
    return day.year if day else None


def read_day(cells: Cells, field: OrganisationField, *, is_last: bool = False) -> str:
    """A day as an ISO date; of a month or a year alone its first day, or its last one where something ends."""
    text = cells.known(field)
    day = _day(text, is_last=is_last)
    if day is None and text:
        cells.refuse(field, "no_date", value=text)
    return day.isoformat() if day else ""


def _day(text: str, *, is_last: bool = False) -> dt.date | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    for form in _DAY_FORMS:
        if not (found := form.fullmatch(plain)):
            continue
        parts = found.groupdict()
        year, month = int(parts["y"]), int(parts.get("m") or (12 if is_last else 1))
        if not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 <= month <= 12:
            return None
        last = calendar.monthrange(year, month)[1]
        day = int(parts.get("d") or (last if is_last else 1))
        return dt.date(year, month, day) if 1 <= day <= last else None
    return None


def read_website(cells: Cells) -> str:
    """An address with its scheme; a bare host is read as https."""
    text = cells.known(OrganisationField.WEBSITE)
    if not text:
        return ""
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
    try:
        _is_address(address)
    except ValidationError:
        cells.refuse(OrganisationField.WEBSITE, "no_website", value=text)
        return ""
    return address


def read_numbers(cells: Cells) -> tuple[tuple[str, str, str], ...]:
    """(register, number, court); a wrong number refuses the row with the digit that is wrong."""
    found = []
    court = cells.known(OrganisationField.COURT)
    for field, scheme in _SCHEMES.items():
        text = cells.known(field)
        if not text:
            continue
        try:
            number = read_number(scheme, text)
        except DomainError as error:
            proposal = _corrected(text, error) if isinstance(error, DigitIsWrong) else ""
            cells.refuse(field, _CODES[type(error)], proposal=proposal, **error.params)
        else:
            found.append((scheme.value, number, court if scheme in _COURT_SCHEMES else ""))
    return tuple(found)


def _corrected(text: str, error: DigitIsWrong) -> str:
    """The number with the one digit that makes both check digits right."""
    plain = re.sub(r"[\s.-]", "", unicodedata.normalize("NFKC", text).upper())
    position = int(error.params["position"])
    return plain[: position - 1] + str(error.params["expected"]) + plain[position:]


def read_topics(cells: Cells) -> tuple[str, ...]:
    """Concepts of the vocabulary by their labels; what names none is said, and left out."""
    found: list[str] = []
    for item in split_items(cells[OrganisationField.TOPICS]):
        concepts = list(_concepts_of(item))
        found += concepts
        if not concepts:
            cells.notice(OrganisationField.TOPICS, "topic_not_understood", value=item)
    return tuple(dict.fromkeys(found))


def _concepts_of(item: str) -> Iterator[str]:
    if item in vocabulary():
        yield item
    elif concept := _labels().get(_key(item)):
        yield concept
    else:
        yield from (one.concept_id for one in find_concepts(item) if one.sureness >= _SURE)


@cache
def _labels() -> dict[str, str]:
    return {
        _key(label): concept.id
        for concept in vocabulary()
        for language in LANGUAGES
        for label in reversed(concept.labels[language])
    }
