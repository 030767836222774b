"""Time zones to choose from: cities in the reader's language with their distance from UTC, common ones first."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from kontor.ui.formatting import city_of, short_language

COMMON = (
    "Asia/Shanghai", "Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Amsterdam", "Europe/Brussels",
    "Europe/Paris", "Europe/London", "Europe/Rome", "Europe/Madrid", "Europe/Prague", "Europe/Warsaw",
    "Europe/Stockholm", "Europe/Copenhagen", "Europe/Helsinki", "Asia/Jerusalem", "Asia/Hong_Kong", "Asia/Taipei",
    "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "America/New_York", "America/Los_Angeles",
)  # fmt: skip
"""where most people of these events live"""
ZoneGroups = list[tuple[str, list[tuple[str, str]]]]


def zone_choices(at: datetime, *, chosen: str = "") -> ZoneGroups:
    """Groups of (zone, label) for a form; the distance from UTC is that of `at`, and `chosen` is always among them."""
    language = short_language()
    common = [(zone, _label(zone, at.astimezone(ZoneInfo(zone)).utcoffset(), language)) for zone in COMMON]
    others = [
        (zone, label) for zone, label in _all_zones(at.strftime("%Y-%m-%d"), language) if zone not in COMMON
    ]
    if chosen and chosen not in dict(common) and chosen not in dict(others):
        others.insert(0, (chosen, _label(chosen, at.astimezone(ZoneInfo(chosen)).utcoffset(), language)))
    return [(pgettext("time zones", "Common"), common), (pgettext("time zones", "All others"), others)]


@lru_cache(maxsize=12)
def _all_zones(day: str, language: str) -> list[tuple[str, str]]:
    """From west to east, then by name; some four hundred, so each day and language is worked out once."""
    noon = datetime.fromisoformat(f"{day}T12:00+00:00")
    found = []
    for zone in _one_per_place():
        offset = noon.astimezone(ZoneInfo(zone)).utcoffset()
        found.append((offset or timedelta(0), _label(zone, offset, language), zone))
    return [(zone, label) for _offset, label, zone in sorted(found)]


@lru_cache(maxsize=1)
def _one_per_place() -> list[str]:
    """Zones that stand for a place today, under the name that the city has now: Kolkata, not Calcutta."""
    places, aliases = get_global("zone_territories"), get_global("zone_aliases")
    names: dict[str, list[str]] = {}
    for zone in sorted(available_timezones()):
        place = aliases.get(zone, zone)
        if place in places and "/" in zone and not zone.startswith("Etc/"):
            names.setdefault(place, []).append(zone)
    return [_present_name(place, zones) for place, zones in names.items()]


def _present_name(place: str, zones: list[str]) -> str:
    city = city_of(place, "en").replace(" ", "_")
    return next((zone for zone in zones if zone.endswith(f"/{city}")), place if place in zones else zones[0])


def _label(zone: str, offset: timedelta | None, language: str) -> str:
    minutes = round((offset or timedelta(0)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    distance = f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
    with override("zh-hans" if language == "zh" else language):
        return _("%(city)s (%(distance)s)") % {
            "city": city_of(zone, language).rpartition("/")[2],
            "distance": distance if minutes else "UTC",
        }
