"""Places as their readers know them: a list names Jinan or 济南, and everybody reads both."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kontor.directory.countries import country_name
from kontor.i18n import Text
from kontor.ui.rows import with_commas
from kontor.ui.templatetags.kontor import words_beside

_DATA = Path(__file__).parent / "data" / "cities.toml"


def place_text(place: str) -> Text:
    """A well-known city in the three languages; any other place as it is written, in characters as Chinese."""
    if city := _cities().get(_key(place)):
        return city
    return Text.of("zh", zh=place) if _is_han(place) else Text.of("en", en=place)


def place_words(place: str, country: str) -> SafeString:
    """Jinan 济南, China · 德累斯顿 Dresden，德国: place and country for the reader of the page."""
    language = get_language() or "en"
    if _is_han(place) or _key(place) in _cities():
        text = place_text(place)
        shown, original = text.for_reader(language), text.beside(language)
        in_one_script = original is not None and _is_han(original.text) == _is_han(shown.text)
        place = words_beside(shown, None if in_one_script else original)
    return with_commas(place, country_name(country, language) if country else "")


@cache
def _cities() -> dict[str, Text]:
    """By each of their spellings."""
    groups: dict[str, list[list[str]]] = tomllib.loads(_DATA.read_text(encoding="utf-8"))["cities"]
    cities: dict[str, Text] = {}
    for original, rows in groups.items():
        for german, english, chinese, *others in rows:
            city = Text.of(original, de=german, en=english, zh=chinese)
            cities |= {_key(name): city for name in (german, english, chinese, *others)}
    return cities


def _key(place: str) -> str:
    """济南市 is 济南."""
    return place.strip().removesuffix("市").casefold()


def _is_han(text: str) -> bool:
    return any("\u3400" <= sign <= "\u9fff" for sign in text)
