"""Filters of events: countries, languages and pairs in the reader's language, moments in the zone of the place."""

from collections.abc import Iterable
from datetime import datetime

from babel import Locale
from django import template
from django.utils.translation import get_language, pgettext

from kontor.directory.countries import country_name
from kontor.directory.names import PersonName, display
from kontor.i18n import content_language
from kontor.ui.formatting import SHORT_WEEKDAY_AND_DAY, format_clock, format_day

register = template.Library()
_LOCALES = {code: Locale.parse(name) for code, name in (("de", "de"), ("en", "en_GB"), ("zh", "zh_Hans"))}


@register.filter
def country(code: str) -> str:
    """Germany · Deutschland · 德国."""
    return country_name(code, get_language() or "en") if code else ""


@register.filter
def full_name(name: PersonName) -> str:
    """A name as its owner orders it, for places that hold plain text only."""
    return display(name, content_language(get_language()))


@register.filter
def language_label(code: str) -> str:
    """German · Deutsch · 德语."""
    name = str(_LOCALES[content_language(get_language())].languages.get(code, code))
    return name[:1].upper() + name[1:]


@register.filter
def pair_label(pair: str) -> str:
    """German – Chinese, for "de-zh"."""
    return " – ".join(language_label(code) for code in pair.split("-"))


@register.filter
def listed(items: Iterable[str]) -> str:
    """Several words in a row, with the separator of the reader's language."""
    return pgettext("between items of a list", ", ").join(items)


@register.filter
def event_day(moment: datetime, zone: str) -> str:
    """The day in the zone of the place."""
    return format_day(moment, SHORT_WEEKDAY_AND_DAY, zone=zone)


@register.filter
def event_time(moment: datetime, zone: str) -> str:
    """The time in the zone of the place."""
    return format_clock(moment, zone)
