"""As many made-up organisations as one wishes, to measure the directory and the search with."""

import random
from collections.abc import Iterator
from functools import cache
from itertools import islice

from django.db import transaction

from kontor.demo.people import COUNTRIES, SECTORS, load, weighted
from kontor.demo.profiles import compose, concepts_of
from kontor.directory.models import Organisation
from kontor.directory.names import organisation_key
from kontor.directory.services.refreshing import refresh_organisations, sort_key_of
from kontor.i18n import Text
from kontor.jobs import clock

BATCH = 200
"""organisations in one transaction; others write in between"""
MOST_TEXTS = 250
"""different texts per field and language: writing and reading them is not what is measured"""
CHINESE = 0.6
"""share of organisations in China"""
_BRAND_SIGNS = (
    "华中联合新科海天东方金创信远达通瑞恒泰安博德宏宇正大永兴嘉盛智云光明启航润泽晨曦凯利丰源康诚鼎立卓越腾飞"
)
_BRAND_SOUNDS = (
    "al an ar bel bo cor da del ek el fa fi ga ka ko la lin lo ma mi na no "
    "or pa po ra ri ro sa sol ta te ti to va ver vi wal xen zan"
)
_KINDS = {"sme": 60, "large": 12, "startup": 8, "institute": 8, "service": 7, "university": 3, "other": 2}


def build_many(number: int, *, seed: int) -> None:
    """Write them in batches, each with its rows of the search; goes on where an earlier start was ended."""
    rnd = random.Random(seed)  # noqa: S311 -- sample data, not secrets
    made = _organisations(rnd)
    done = Organisation.objects.filter(is_sample=True, source=_source(seed)).count()
    for _skipped in islice(made, done):
        pass
    while done < number:
        batch = list(islice(made, min(BATCH, number - done)))
        for one in batch:
            one.source = _source(seed)
        with transaction.atomic():
            Organisation.objects.bulk_create(batch)
            refresh_organisations(one.pk for one in batch)
        done += len(batch)


def _source(seed: int) -> str:
    return f"sample data {seed}"


def _organisations(rnd: random.Random) -> Iterator[Organisation]:
    while True:
        sector = weighted(rnd, SECTORS)
        name, country, place = _chinese(rnd, sector) if rnd.random() < CHINESE else _foreign(rnd, sector)
        says = rnd.choice(_texts(sector, name.original))
        if rnd.random() < 0.3:
            other = "en" if name.original != "en" else "de"
            says = says.with_version(other, rnd.choice(_texts(sector, other)).in_language(other))
        one = Organisation(
            name=name,
            name_key=organisation_key(str(name)),
            kind=weighted(rnd, _KINDS),
            country=country,
            place=place,
            num_staff=rnd.randint(2, 400),
            topics=[rnd.choice(concepts_of(sector)).id],
            capability=says,
            state=Organisation.State.PUBLISHED,
            confirmed_at=clock.now(),
            is_sample=True,
        )
        one.sort_key = sort_key_of(one)
        yield one


@cache
def _texts(sector: str, language: str) -> list[Text]:
    rnd = random.Random(f"{sector} {language}")  # noqa: S311 -- sample data, not secrets
    return [compose(rnd, field=sector, side="offers", language=language) for _ in range(MOST_TEXTS)]


def _chinese(rnd: random.Random, sector: str) -> tuple[Text, str, str]:
    data = load("organisations")
    place, place_en = rnd.choice(data["zh_places"])
    what, what_en = rnd.choice(data["zh_sectors"][sector])
    form, form_en = rnd.choice(data["zh_forms"])
    brand = rnd.choice(_BRAND_SIGNS) + rnd.choice(_BRAND_SIGNS)
    zh = f"{place}{brand}{what}{form}"
    if rnd.random() < 0.5:
        return Text.of("zh", zh=zh), "CN", place
    return Text.of("zh", zh=zh, en=f"{place_en} {_brand(rnd)} {what_en} {form_en}"), "CN", place


def _foreign(rnd: random.Random, sector: str) -> tuple[Text, str, str]:
    data = load("organisations")
    country = weighted(rnd, COUNTRIES)
    if country == "DE":
        place = rnd.choice(data["de_places"]["Germany"])
        name = f"{_brand(rnd)} {rnd.choice(data['de_sectors'][sector])} {rnd.choice(data['de_forms'])}"
        return Text.of("de", de=name), country, place
    name = f"{_brand(rnd)} {rnd.choice(data['foreign_sectors'][sector])} {data['foreign_forms'][country]}"
    return Text.of("en", en=name), country, data["foreign_places"][country]


def _brand(rnd: random.Random) -> str:
    return "".join(rnd.choice(_BRAND_SOUNDS.split()) for _ in range(rnd.randint(2, 4))).capitalize()
