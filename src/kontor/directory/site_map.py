"""A schematic map: places by their coordinates, without borders, tiles or third parties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kontor.directory.models import Site

WIDTH, HEIGHT, MARGIN = 360.0, 200.0, 16.0
SMALLEST_SPAN = 0.5
"""degrees; a single place stands in the middle of so much"""
NEAR = 0.15
"""degrees within which sites share one point"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place of the map with its number in the table behind."""

    number: int
    x: float
    y: float
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMap:
    """Places from west to east, north at the top."""

    points: tuple[Point, ...]
    width: float = WIDTH
    height: float = HEIGHT


def draw_site_map(sites: Iterable[Site]) -> SiteMap | None:
    """The sites whose coordinates are known; None where there are none."""
    known = [site for site in sites if site.latitude is not None and site.longitude is not None]
    if not known:
        return None
    groups: dict[tuple[int, int], list[Site]] = {}
    for site in known:
        latitude, longitude = _place(site)
        groups.setdefault((round(longitude / NEAR), -round(latitude / NEAR)), []).append(site)
    ordered = [groups[place] for place in sorted(groups)]
    places = [_middle(group) for group in ordered]
    latitudes, longitudes = [place[0] for place in places], [place[1] for place in places]
    return SiteMap(
        points=tuple(
            Point(
                number=number,
                x=_scaled(longitude, longitudes, WIDTH),
                y=HEIGHT - _scaled(latitude, latitudes, HEIGHT),
                sites=tuple(group),
            )
            for number, (group, (latitude, longitude)) in enumerate(
                zip(ordered, places, strict=True), start=1
            )
        )
    )


def _place(site: Site) -> tuple[float, float]:
    return float(site.latitude or 0), float(site.longitude or 0)


def _middle(group: Sequence[Site]) -> tuple[float, float]:
    places = [_place(site) for site in group]
    return (
        sum(latitude for latitude, _ in places) / len(places),
        sum(longitude for _, longitude in places) / len(places),
    )


def _scaled(value: float, values: Sequence[float], size: float) -> float:
    """Where a degree stands between the outermost ones, within the margins."""
    low, high = min(values), max(values)
    span = max(high - low, SMALLEST_SPAN)
    start = (low + high - span) / 2
    return round(MARGIN + (value - start) / span * (size - 2 * MARGIN), 1)
