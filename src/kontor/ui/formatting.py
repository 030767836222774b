"""Numbers, days and times as each language writes them; used by pages, mails and printed documents alike."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_location
from babel.numbers import format_decimal, format_percent
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy

NO_BREAK = "\u00a0"
LOCALES = {"de": Locale("de"), "en": Locale("en", "GB"), "zh": Locale("zh", "CN", "Hans")}

# Babel's patterns, because its named styles change with each edition of the data behind it.
LONG = {"de": "d. MMMM y", "en": "d MMMM y", "zh": "y年M月d日"}
SHORT = {"de": "d. MMM y", "en": "d MMM y", "zh": "y年M月d日"}
MONTH = {"de": "MMMM y", "en": "MMMM y", "zh": "y年M月"}
SHORT_MONTH = {"de": "MMM y", "en": "MMM y", "zh": "y年M月"}
YEAR = {"de": "y", "en": "y", "zh": "y年"}
WEEKDAY_AND_DAY = {"de": "EEEE, d. MMMM", "en": "EEEE, d MMMM", "zh": "M月d日 EEEE"}
SHORT_WEEKDAY_AND_DAY = {"de": "EEE, d. MMM", "en": "EEE d MMM", "zh": "M月d日 EEE"}
FROM_SAME_MONTH = {"de": "d.", "en": "d", "zh": "y年M月d日"}
FROM_SAME_YEAR = {"de": "d. MMMM", "en": "d MMMM", "zh": "y年M月d日"}
TO_SAME_MONTH = {"de": LONG["de"], "en": LONG["en"], "zh": "d日"}
TO_SAME_YEAR = {"de": LONG["de"], "en": LONG["en"], "zh": "M月d日"}
# German and English set spaces around a dash between dates of several words; Chinese uses 至.
BETWEEN = {"de": " – ", "en": " – ", "zh": "至"}
BETWEEN_DAYS = {"de": "–", "en": "–", "zh": "至"}
# Chinese has its own comma, a mark between things of one kind, and no space behind either.
COMMA = {"de": ", ", "en": ", ", "zh": "，"}
ENUMERATION = {"de": ", ", "en": ", ", "zh": "、"}
# Between facts in one line: where the line breaks, the dot ends it.
DOT = f"{NO_BREAK}· "
BETWEEN_DAY_AND_TIME = {"de": ", ", "en": ", ", "zh": " "}
# A Chinese full stop is wide enough to need no space after it.
BETWEEN_SENTENCES = {"de": " ", "en": " ", "zh": ""}
COLON = {"de": ": ", "en": ": ", "zh": "："}


class Precision(TextChoices):
    """How exactly a day is known."""

    DAY = "day", pgettext_lazy("precision of a date", "day")
    MONTH = "month", pgettext_lazy("precision of a date", "month")
    YEAR = "year", pgettext_lazy("precision of a date", "year")


def short_language(language: str | None = None) -> str:
    """ "de", "en" or "zh": of the given code, else of the page; English for anything unknown."""
    code = (language or get_language() or "en").lower()[:2]
    return code if code in LOCALES else "en"


def list_of(things: Iterable[str], language: str | None = None) -> str:
    """Deutsch, Chinesisch · German, Chinese · 德语、中文: things of one kind; empty ones are left out."""
    return ENUMERATION[short_language(language)].join(filter(None, things))


def with_commas(*parts: str, language: str | None = None) -> str:
    """Dresden, Deutschland · Dresden，德国: parts of one statement; empty ones are left out."""
    return COMMA[short_language(language)].join(filter(None, parts))


def format_number(value: float | Decimal, decimals: int | None = None, language: str | None = None) -> str:
    """1.234,5 · 1,234.5; with `decimals` exactly so many places, else as many as the value has, at most three."""
    return _written_number(value, decimals, short_language(language))


@lru_cache(maxsize=2048, typed=True)
def _written_number(value: float | Decimal, decimals: int | None, language: str) -> str:
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=LOCALES[language])


def format_share(share: float, decimals: int = 0, language: str | None = None) -> str:
    """97 % · 97%: `share` is in [0, 1]; the sign never stands alone on a line."""
    short = short_language(language)
    pattern = (
        "#,##0" + ("." + "0" * decimals if decimals else "") + (f"{NO_BREAK}%" if short == "de" else "%")
    )
    return format_percent(share, format=pattern, locale=LOCALES[short])


def format_quantity(value: float | Decimal, unit: str, language: str | None = None) -> str:
    """20 min · 20 分钟: the unit, given in the reader's language, stays with its number."""
    return f"{format_number(value, language=language)}{NO_BREAK}{unit}"


def language_name(code: str, language: str | None = None) -> str:
    """German · Deutsch · 德语, for the code "de"; the code itself for a language without a name."""
    return _language_names(short_language(language)).get(code.replace("-", "_"), code)


@cache
def _language_names(language: str) -> Mapping[str, str]:
    return {code: str(name) for code, name in LOCALES[language].languages.items()}


def local_day(value: date | datetime, zone: tzinfo | str | None = None) -> date:
    """The calendar day of a moment at a place (default: the current time zone); days stay what they are."""
    return local_moment(value, zone).date() if isinstance(value, datetime) else value


def local_moment(moment: datetime, zone: tzinfo | str | None = None) -> datetime:
    """The moment as the clocks of a place show it."""
    return timezone.localtime(moment, ZoneInfo(zone) if isinstance(zone, str) else zone)


def format_day(
    value: date | datetime,
    patterns: dict[str, str] = LONG,
    *,
    zone: tzinfo | str | None = None,
    language: str | None = None,
) -> str:
    """1. November 2018 · 1 November 2018 · 2018年11月1日, or another of the patterns above."""
    short = short_language(language)
    return _written_day(local_day(value, zone), patterns[short], short)


@lru_cache(maxsize=2048)
def _written_day(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=LOCALES[language])


def format_known_day(
    day: date, precision: str, *, is_short: bool = False, language: str | None = None
) -> str:
    """27. August 2013, August 2013 or 2013: as exactly as it is known; short ones name no day and cut the month."""
    patterns = {Precision.DAY: LONG, Precision.MONTH: MONTH, Precision.YEAR: YEAR}
    if is_short:
        patterns |= {Precision.DAY: SHORT_MONTH, Precision.MONTH: SHORT_MONTH}
    return format_day(day, patterns[Precision(precision)], language=language)


def format_days(first: date, last: date, language: str | None = None) -> str:
    """31. Oktober – 2. November 2018 · 1–2 November 2018 · 2018年10月31日至11月2日."""
    short = short_language(language)
    locale = LOCALES[short]
    if first == last:
        return format_date(first, LONG[short], locale=locale)
    begin, end, between = LONG, LONG, BETWEEN
    if first.year == last.year:
        begin, end = FROM_SAME_YEAR, TO_SAME_YEAR
        if first.month == last.month:
            begin, end, between = FROM_SAME_MONTH, TO_SAME_MONTH, BETWEEN_DAYS
    days = (format_date(first, begin[short], locale=locale), format_date(last, end[short], locale=locale))
    return between[short].join(days)


def format_clock(moment: datetime, zone: tzinfo | str | None = None) -> str:
    """14:00: the same in all three languages."""
    return local_moment(moment, zone).strftime("%H:%M")


def city_of(zone: tzinfo | str, language: str | None = None) -> str:
    """The city that stands for a time zone: 上海 for Asia/Shanghai; used where no place has a better name."""
    return _city(zone if isinstance(zone, str) else str(zone), short_language(language))


@lru_cache(maxsize=2048)
def _city(zone: str, language: str) -> str:
    return get_timezone_location(zone, locale=LOCALES[language], return_city=True)


def format_moment(moment: datetime, zone: str, language: str | None = None) -> str:
    """1. November 2018, 14:00 Berlin · 2018年11月1日 14:00 柏林: as the clocks of a place show it."""
    short = short_language(language)
    day = format_day(moment, zone=zone, language=short)
    between = BETWEEN_DAY_AND_TIME[short]
    return f"{day}{between}{format_clock(moment, zone)}{NO_BREAK}{city_of(zone, short)}"


def format_both_times(
    moment: datetime,
    place_zone: tzinfo | str,
    reader_zone: tzinfo | str,
    *,
    place: str = "",
    home: str = "",
    language: str | None = None,
) -> tuple[str, str]:
    """("14:00 Jinan", "07:00 Dresden"); the second is empty where both clocks agree, and names a different day."""
    here, there = local_moment(moment, place_zone), local_moment(moment, reader_zone)
    first = f"{here:%H:%M}{NO_BREAK}{place or city_of(place_zone, language)}"
    if here.replace(tzinfo=None) == there.replace(tzinfo=None):
        return first, ""
    second = f"{there:%H:%M}{NO_BREAK}{home or city_of(reader_zone, language)}"
    if here.date() != there.date():
        second += f" ({format_day(there.date(), SHORT_WEEKDAY_AND_DAY, language=language)})"
    return first, second
