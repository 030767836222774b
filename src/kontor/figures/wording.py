"""A claim in ready words: "rund 340 Mitgliedsunternehmen, Stand November 2018", in each of the three languages."""

from collections.abc import Mapping
from decimal import Decimal

from kontor.figures.models import Claim
from kontor.i18n import Words
from kontor.ui.formatting import NO_BREAK, format_known_day, format_number, short_language

# Written words, since each language puts them elsewhere; catalogues could not.
QUALIFIERS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "exact": "{}",
        "about": "rund {}",
        "more_than": "mehr als {}",
        "at_least": "mindestens {}",
        "nearly": "fast {}",
        "up_to": "bis zu {}",
    },
    "en": {
        "exact": "{}",
        "about": "about {}",
        "more_than": "more than {}",
        "at_least": "at least {}",
        "nearly": "nearly {}",
        "up_to": "up to {}",
    },
    "zh": {
        "exact": "{}",
        "about": "约{}",
        "more_than": "超过{}",
        "at_least": "至少{}",
        "nearly": "近{}",
        "up_to": "最多{}",
    },
}
SHORT_QUALIFIERS: Mapping[str, str] = {"more_than": f">{NO_BREAK}{{}}", "at_least": f"≥{NO_BREAK}{{}}"}
RANGES = {"de": "{} bis {}", "en": "{} to {}", "zh": "{}至{}"}
SCALES: Mapping[str, tuple[tuple[int, str, str], ...]] = {
    "de": ((10**9, "Milliarden", "Mrd."), (10**6, "Millionen", "Mio.")),
    "en": ((10**9, "billion", "bn"), (10**6, "million", "m")),
    "zh": ((10**8, "亿", "亿"), (10**4, "万", "万")),
}
UNITS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "de": {"EUR": ("Euro", "€"), "CNY": ("Yuan", "CNY"), "USD": ("US-Dollar", "USD")},
    "en": {"EUR": ("EUR", "EUR"), "CNY": ("CNY", "CNY"), "USD": ("USD", "USD")},
    "zh": {"EUR": ("欧元", "欧元"), "CNY": ("元人民币", "元"), "USD": ("美元", "美元")},
}
AS_OF = {"de": "Stand {}", "en": "as of {}", "zh": "截至{}"}
UNDATED = {"de": "ohne Datum", "en": "undated", "zh": "未注明日期"}


def amount(claim: Claim, language: str | None = None, *, is_short: bool = False) -> str:
    """The number with qualifier, scale and unit: "mehr als 4,5 Milliarden Euro", short "> 4,5 Mrd. €", zh "超过45亿欧元"."""
    code = short_language(language)
    words = _number(claim.value, claim.unit, code, is_short=is_short)
    if claim.value_to is not None:
        words = RANGES[code].format(words, _number(claim.value_to, claim.unit, code, is_short=is_short))
    pattern = QUALIFIERS[code][claim.qualifier]
    if is_short:
        pattern = SHORT_QUALIFIERS.get(claim.qualifier, pattern)
    return pattern.replace(" ", NO_BREAK).format(words)


def _number(value: Decimal, unit: str, code: str, *, is_short: bool) -> str:
    number, scale = value.normalize(), ""
    is_money = unit != Claim.Unit.COUNT
    for size, long, short in SCALES[code]:
        # Chinese counts in 万 where nothing is lost; German and English write counts out
        if (is_money or code == "zh") and value >= size and (is_money or value % (size // 100 or 1) == 0):
            number, scale = (value / size).normalize(), short if is_short else long
            break
    digits = format_number(Decimal(f"{number:f}"), language=code)
    if not is_money:
        return digits + scale
    name = UNITS[code][unit][1 if is_short else 0]
    if code == "zh":
        return digits + scale + name
    if code == "en":
        return NO_BREAK.join(filter(None, (name, digits, scale)))
    return NO_BREAK.join(filter(None, (digits, scale, name)))


def as_of(claim: Claim, language: str | None = None, *, is_short: bool = False) -> str:
    """ "Stand November 2018", as exact as it is known; "ohne Datum" where it is not."""
    code = short_language(language)
    if claim.as_of is None:
        return UNDATED[code]
    day = format_known_day(claim.as_of, claim.as_of_precision, is_short=is_short, language=code)
    return AS_OF[code].format(day)


def phrase(claim: Claim, language: str | None = None) -> str:
    """What is counted, without its day: "rund 340 Mitgliedsunternehmen"; zh "约340家会员企业"."""
    code = short_language(language)
    scope: Words = claim.scope.for_reader(code)
    gap = "" if code == scope.language == "zh" else " "
    return f"{amount(claim, code)}{gap}{scope}"


def sentence(claim: Claim, language: str | None = None) -> str:
    """Ready for a text: "rund 340 Mitgliedsunternehmen, Stand November 2018"; zh "约340家会员企业（截至2018年11月6日）"."""
    code = short_language(language)
    if code == "zh":
        return f"{phrase(claim, code)}（{as_of(claim, code)}）"
    return f"{phrase(claim, code)}, {as_of(claim, code)}"
