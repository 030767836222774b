"""Made-up people and organisations of the sample event: names, places, languages, in the proportions of the real one."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kontor.directory.names import NameOrder, PersonName
from kontor.i18n import Text

DATA = Path(__file__).parent / "data"

# Residents of each country among 2,000 participants (China: the rest).
COUNTRIES = {
    "DE": 118, "FI": 15, "AT": 13, "NL": 13, "CH": 12, "IL": 9, "FR": 8, "IT": 7, "GB": 6, "SE": 4, "ES": 4, "CZ": 3,
    "PL": 2, "DK": 2, "JP": 2, "BE": 1, "KR": 1,
}  # fmt: skip
# Share of each field of the vocabulary among companies and institutes.
SECTORS = {
    "intelligent-manufacturing": 28, "ai-data": 12, "software-ict": 8, "life-sciences": 13, "microelectronics": 5,
    "photonics-laser": 3, "sensors-measurement": 3, "automotive-mobility": 9, "human-resources-education": 7,
    "energy-environment": 5, "business-law-finance": 5, "materials-processes": 2, "logistics-trade": 2,
    "food-agriculture": 2, "construction-infrastructure": 1, "culture-tourism-cooperation": 2,
}  # fmt: skip
NATIVE = {"FI": "fi", "AT": "de", "NL": "nl", "CH": "de", "IL": "he", "FR": "fr", "IT": "it", "GB": "en", "SE": "sv",
          "ES": "es", "CZ": "cs", "PL": "pl", "DK": "da", "JP": "ja", "BE": "nl", "KR": "ko", "DE": "de", "CN": "zh"}  # fmt: skip
Levels = Mapping[str, tuple[str, bool]]


@cache
def load(name: str) -> Any:
    """One of the data files beside this module."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOrganisation:
    """A made-up organisation."""

    name: Text
    country: str
    place: str
    kind: str
    sector: str
    num_staff: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePerson:
    """A made-up person."""

    name: PersonName
    sex: str
    """f or m: given names, titles and functions fit each other"""
    levels: Levels
    language: str


def weighted(rnd: random.Random, weights: Mapping[str, int]) -> str:
    """One key, by weight."""
    return rnd.choices(list(weights), list(weights.values()))[0]


def make_person(rnd: random.Random, country: str) -> SamplePerson:
    """A person resident in a country; languages by how often they are spoken there, not by the name."""
    if country == "CN":
        return _chinese_person(rnd)
    source = load("people")["de" if country == "DE" else country]
    sex = rnd.choice("fm")
    name = PersonName(
        family=rnd.choice(_fitting(source["families"], sex)),
        given=rnd.choice(source["givens"][sex]),
        native_family="",
        native_given="",
        order=NameOrder.GIVEN_FIRST,
        titles=rnd.choice(_fitting(source.get("titles", [""]), sex)),
    )
    native = NATIVE[country]
    levels = {native: ("C2", False)}
    if native != "en":
        levels["en"] = (
            (rnd.choice(["B2", "C1", "C1", "C2"]), rnd.random() < 0.2)
            if rnd.random() < 0.93
            else ("B1", False)
        )
    if native != "de" and rnd.random() < 0.18:
        levels["de"] = (rnd.choice(["A2", "B1", "B2"]), False)
    if rnd.random() < 0.09:
        levels["zh"] = (rnd.choice(["B1", "B1", "B2", "C1"]), False)
    return SamplePerson(name=name, sex=sex, levels=levels, language="de" if native == "de" else "en")


def _fitting(names: list[str] | dict[str, list[str]], sex: str) -> list[str]:
    """Most family names and titles are the same for women and men, some are not."""
    return names[sex] if isinstance(names, dict) else names


def _chinese_person(rnd: random.Random) -> SamplePerson:
    people = load("people")["zh"]
    family, pinyin, _weight = rnd.choices(people["families"], [entry[2] for entry in people["families"]])[0]
    sex = rnd.choice("fm")
    given, given_pinyin = rnd.choice(people["givens"][sex])
    if rnd.random() < 0.08:
        given_pinyin = f"{given_pinyin} ({rnd.choice(people['western'][sex])})"
    if family == "吕":  # three spellings of one surname are in use
        pinyin = rnd.choice(["Lyu", "Lv", "Lü"])
    levels = {"zh": ("C2", False)}
    draw = rnd.random()
    if draw < 0.32:
        levels["en"] = (rnd.choice(["B2", "B2", "C1"]), rnd.random() < 0.4)
    elif draw < 0.60:
        levels["en"] = (rnd.choice(["A2", "B1"]), False)
    if rnd.random() < 0.03:
        levels["de"] = (rnd.choice(["B1", "B2", "C1"]), False)
    name = PersonName(
        family=pinyin,
        given=given_pinyin,
        native_family=family,
        native_given=given,
        order=NameOrder.FAMILY_FIRST,
        titles="",
    )
    return SamplePerson(name=name, sex=sex, levels=levels, language="zh")


def make_organisations(rnd: random.Random, *, foreign: int, chinese: int) -> list[SampleOrganisation]:
    """Organisations with different names; the foreign ones first."""
    made: dict[str, SampleOrganisation] = {}
    pools = [("foreign", foreign), ("chinese", chinese)]
    for pool, wanted in pools:
        target = len(made) + wanted
        attempt = 0
        while len(made) < target:
            attempt += 1
            one = _foreign(rnd) if pool == "foreign" else _chinese(rnd)
            key = str(one.name)
            if key in made:
                # districts and founding years tell namesakes apart, as they do in life
                number = 2 + attempt % 9
                one = _renamed(one, number)
                key = str(one.name)
            made.setdefault(key, one)
    return list(made.values())


def _renamed(one: SampleOrganisation, number: int) -> SampleOrganisation:
    original = one.name.original
    names = {language: one.name.in_language(language) for language in ("de", "en", "zh")}
    marked = {
        language: (f"{words}（{_HAN[number]}厂）" if language == "zh" else f"{words} {_ROMAN[number]}")
        for language, words in names.items()
        if words
    }
    return SampleOrganisation(
        name=Text.of(original, **marked),
        country=one.country,
        place=one.place,
        kind=one.kind,
        sector=one.sector,
        num_staff=one.num_staff,
    )


_HAN = {2: "二", 3: "三", 4: "四", 5: "五", 6: "六", 7: "七", 8: "八", 9: "九", 10: "十"}
_ROMAN = {2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII", 9: "IX", 10: "X"}


def _size(rnd: random.Random, weights: Sequence[int]) -> int:
    low, high = rnd.choices([(2, 9), (10, 49), (50, 249), (250, 4800)], weights)[0]
    return rnd.randint(low, high)


def _chinese(rnd: random.Random) -> SampleOrganisation:
    data = load("organisations")
    place, place_en = rnd.choice(data["zh_places"])
    brand, brand_en = rnd.choice(data["zh_brands"])
    sector = weighted(rnd, SECTORS)
    kind = weighted(
        rnd,
        {
            "sme": 48,
            "large": 16,
            "authority": 10,
            "institute": 7,
            "university": 4,
            "cluster": 5,
            "service": 6,
            "media": 2,
            "other": 2,
        },
    )
    if kind == "authority":
        what, what_en = rnd.choice(data["zh_authorities"])
        zh, en = f"{place}{brand}{what}", f"{brand_en} {what_en}, {place_en}"
    elif kind in ("institute", "university"):
        what, what_en = rnd.choice(data["zh_sectors"][sector])
        form, form_en = rnd.choice(data["zh_institutes"])
        zh, en = f"{brand}{what}{form}", f"{brand_en} {what_en} {form_en}"
    elif kind in ("cluster", "media", "other"):
        what, what_en = rnd.choice(data["zh_others"])
        zh, en = f"{place}{brand}{what}", f"{brand_en} {what_en}, {place_en}"
    else:
        what, what_en = rnd.choice(data["zh_sectors"][sector])
        form, form_en = rnd.choice(data["zh_forms"])
        zh, en = f"{place}{brand}{what}{form}", f"{place_en} {brand_en} {what_en} {form_en}"
    return SampleOrganisation(
        name=Text.of("zh", zh=zh, en=en),
        country="CN",
        place=place_en,
        kind=kind,
        sector=sector,
        num_staff=_size(rnd, (14, 33, 29, 24)),
    )


def _foreign(rnd: random.Random) -> SampleOrganisation:
    data = load("organisations")
    country = weighted(rnd, COUNTRIES)
    sector = weighted(rnd, SECTORS)
    kind = weighted(
        rnd,
        {"sme": 60, "large": 12, "institute": 9, "university": 4, "authority": 5, "cluster": 5, "service": 5},
    )
    if country != "DE":
        what = rnd.choice(data["foreign_sectors"][sector])
        name = f"{rnd.choice(data['foreign_brands'])} {what} {data['foreign_forms'][country]}"
        place, language = data["foreign_places"][country], "en"
    else:
        place = rnd.choice(data["de_places"][rnd.choices(["Saxony", "Germany"], [34, 84])[0]])
        language = "de"
        if kind in ("institute", "university"):
            name = f"{rnd.choice(data['de_institutes'])}, {place}"
        elif kind in ("authority", "cluster"):
            name = f"{rnd.choice(data['de_authorities'])}, {place}"
        else:
            what = rnd.choice(data["de_sectors"][sector])
            name = f"{rnd.choice(data['de_brands'])} {what} {rnd.choice(data['de_forms'])}"
    return SampleOrganisation(
        name=Text.of(language, **{language: name}),
        country=country,
        place=place,
        kind=kind,
        sector=sector,
        num_staff=_size(rnd, (22, 38, 24, 16)),
    )
