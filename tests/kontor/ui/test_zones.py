"""Time zones are chosen by city, in the reader's language, with their distance from UTC."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from kontor.ui.zones import COMMON, zone_choices

SUMMER, WINTER = datetime(2018, 7, 1, tzinfo=UTC), datetime(2018, 12, 1, tzinfo=UTC)


def labels(at: datetime, language: str = "en", **more: str) -> dict[str, str]:
    with translation.override(language):
        return {zone: label for _group, zones in zone_choices(at, **more) for zone, label in zones}


@pytest.mark.parametrize(
    ("language", "label", "groups"),
    [
        ("en", "Vienna (UTC+1)", ["Common", "All others"]),
        ("de", "Wien (UTC+1)", ["Häufige", "Alle anderen"]),
        ("zh-hans", "维也纳（UTC+1）", ["常用", "其他"]),
    ],
)
def test_cities_are_named_in_the_language_of_the_reader(language: str, label: str, groups: list[str]) -> None:
    assert labels(WINTER, language)["Europe/Vienna"] == label
    with translation.override(language):
        assert [group for group, _zones in zone_choices(WINTER)] == groups


def test_the_distance_from_utc_is_that_of_the_day() -> None:
    assert (labels(SUMMER)["Europe/Berlin"], labels(WINTER)["Europe/Berlin"]) == (
        "Berlin (UTC+2)",
        "Berlin (UTC+1)",
    )
    found = labels(WINTER)
    assert found["America/Caracas"] == "Caracas (UTC−4)"
    assert found["Asia/Kathmandu"] == "Kathmandu (UTC+5:45)"
    assert found["Atlantic/Reykjavik"] == "Reykjavik (UTC)"


def test_common_zones_come_first_and_the_others_from_west_to_east_each_place_once() -> None:
    common, others = (zones for _group, zones in zone_choices(WINTER))
    assert [zone for zone, _label in common] == list(COMMON)
    assert (others[0][1], others[-1][1]) == ("Midway (UTC−11)", "Kiritimati (UTC+14)")
    found = labels(WINTER)
    assert len(found) == len(common) + len(others)
    assert "Asia/Kolkata" in found
    assert not {"Asia/Calcutta", "Asia/Chongqing", "Etc/UTC", "PRC"} & set(found)


def test_a_zone_chosen_before_stays_among_the_choices() -> None:
    assert labels(WINTER, chosen="Asia/Calcutta")["Asia/Calcutta"] == "Kolkata (UTC+5:30)"
    assert labels(WINTER, chosen="UTC")["UTC"].endswith("(UTC)")
