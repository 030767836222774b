"""What names of one organisation have in common across spellings and scripts."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import urlsplit

from kontor.directory.countries import han_places
from kontor.directory.models import OrganisationKey
from kontor.search.spelling import HAN, canonical, pinyin, runs, syllables

_LEGAL_FORMS = frozenset(
    """gmbh ggmbh mbh ag se kg kgaa ug ohg gbr ev eg e v co ltd limited inc incorporated corp corporation company llc
    llp plc sa sas sarl srl spa bv nv oy oyj ab as aps asa sro spzoo kft pty pte group holding gruppe the und and
    of""".split()  # noqa: SIM905 -- a list of sixty short words is easier to read like this
)
_HAN_LEGAL_FORMS = re.compile(r"(?:（集团）|\(集团\)|集团|股份|有限|责任|公司|控股)+$")
_HAN_GENERIC = re.compile(r"^(?:中国|中德)")
BRAND_SYLLABLES = 2
"""the distinctive part of a Chinese company name mostly has two characters"""
SHORTEST_BRAND = 4


def keys_of_names(names: Iterable[str]) -> Iterator[tuple[OrganisationKey.Kind, str]]:
    """A key of the whole name, and one of how its distinctive part sounds."""
    for name in names:
        if key := _name_key(name):
            yield OrganisationKey.Kind.NAME, key[:120]
        if key := _brand(name):
            yield OrganisationKey.Kind.SOUND, key[:120]


def domain_of(website: str) -> str:
    """The host of an address without www."""
    return (urlsplit(website).hostname or "").removeprefix("www.")


def _name_key(name: str) -> str:
    """The words in order of the alphabet, without legal forms, accents and spaces: 'Zone Jinan' is 'Jinan-Zone'."""
    words = [run for run in runs(name) if run not in _LEGAL_FORMS]
    han = "".join(_without_legal_form(run) for run in words if HAN.match(run))
    latin = sorted(canonical(run) for run in words if not HAN.match(run))
    return han + "".join(latin)


def _brand(name: str) -> str:
    """山东芯源电子有限公司 and 'Shandong Xinyuan Electronics Co., Ltd.' both sound like xinyuan."""
    words = list(runs(name))
    for run in words:
        if HAN.match(run):
            core = _without_place(_without_legal_form(_HAN_GENERIC.sub("", run)))
            sound = "".join(pinyin(core)[:BRAND_SYLLABLES])
            return sound if len(sound) >= SHORTEST_BRAND else ""
    latin = [
        canonical(word)
        for word in words
        if word not in _LEGAL_FORMS and canonical(word) not in _latin_places()
    ]
    if len(latin) > 1 and len(syllables(latin[0])) == 1 and len(syllables(latin[1])) == 1:
        latin[0] += latin[1]  # 'Xin Yuan'
    if not latin:
        return ""
    cut = syllables(latin[0])
    sound = "".join(cut[:BRAND_SYLLABLES]) if cut else latin[0]
    return sound if len(sound) >= SHORTEST_BRAND else ""


def _without_legal_form(run: str) -> str:
    return _HAN_LEGAL_FORMS.sub("", run) or run


def _without_place(run: str) -> str:
    """Without the province and the city with which most Chinese company names begin, and what follows them."""
    for _round in range(2):
        place = next(
            (place for place in han_places() if run.startswith(place) and len(run) > len(place) + 1), ""
        )
        run = re.sub(r"^[市省]", "", run.removeprefix(place))
    return run


@cache
def _latin_places() -> frozenset[str]:
    return frozenset("".join(pinyin(place)) for place in han_places())
