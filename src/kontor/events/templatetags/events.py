"""Filters of events: countries, languages and pairs in the reader's language, moments in the zone of the place."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from babel import Locale
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.directory.countries import country_name
from kontor.directory.names import PersonName, display
from kontor.i18n import content_language
from kontor.ui.formatting import SHORT_WEEKDAY_AND_DAY, format_clock, format_day, list_of, local_moment

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
    return list_of(items)


@register.filter
def event_day(moment: datetime, zone: str) -> str:
    """The day in the zone of the place."""
    return format_day(moment, SHORT_WEEKDAY_AND_DAY, zone=zone)


@register.filter
def event_time(moment: datetime, zone: str) -> str:
    """The time in the zone of the place."""
    return format_clock(moment, zone)


class Stretch(Protocol):
    """Any row that begins and ends."""

    starts_at: datetime
    ends_at: datetime


@register.filter
def stretch_words(stretch: Stretch, zone: str) -> str:
    """ "Thu 1 Nov, 09:00–10:15" or "Thu 1 Nov, all day" in the zone of the place."""
    start, end = local_moment(stretch.starts_at, zone), local_moment(stretch.ends_at, zone)
    day = format_day(start.date(), SHORT_WEEKDAY_AND_DAY)
    if end - start >= timedelta(days=1):
        return _("%(day)s, all day") % {"day": day}
    # midnight is the end of this day, not the beginning of the next
    closing = "24:00" if end.date() > start.date() else f"{end:%H:%M}"
    return _("%(day)s, %(start)s–%(end)s") % {"day": day, "start": f"{start:%H:%M}", "end": closing}
