"""A schematic map: places by their coordinates, without borders, tiles or third parties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kontor.directory.models import Site
from kontor.i18n import Text

WIDTH, HEIGHT, MARGIN = 360.0, 200.0, 16.0
SMALLEST_SPAN = 0.5
"""degrees; places that are closer together do not fill the map"""
NEAREST = 14.0
"""units of the map within which sites share one point, so that names do not cover each other"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place of the map with its number in the table behind."""

    number: int
    x: float
    y: float
    sites: tuple[Site, ...]

    @property
    def is_at_the_right(self) -> bool:
        """Its name stands to the left of it then."""
        return self.x > WIDTH * 0.65

    @property
    def place(self) -> Text:
        """The name of the first place."""
        place: Text = self.sites[0].place
        return place

    @property
    def num_more(self) -> int:
        """How many other sites share the point."""
        return len(self.sites) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMap:
    """Places from west to east, north at the top."""

    points: tuple[Point, ...]
    width: float = WIDTH
    height: float = HEIGHT


def draw_site_map(sites: Iterable[Site]) -> SiteMap | None:
    """The sites whose coordinates are known; None for fewer than two places, which no map makes clearer."""
    known = [site for site in sites if site.latitude is not None and site.longitude is not None]
    if not known:
        return None
    longitudes = [float(site.longitude or 0) for site in known]
    latitudes = [float(site.latitude or 0) for site in known]
    placed = sorted(
        (
            (
                _scaled(float(site.longitude or 0), longitudes, WIDTH),
                round(HEIGHT - _scaled(float(site.latitude or 0), latitudes, HEIGHT), 1),
                site,
            )
            for site in known
        ),
        key=lambda one: (one[0], one[1], one[2].pk),
    )
    groups: list[tuple[float, float, list[Site]]] = []
    for x, y, site in placed:
        near = next((group for group in groups if _is_near(group, x, y)), None)
        if near:
            near[2].append(site)
        else:
            groups.append((x, y, [site]))
    if len(groups) < 2:
        return None
    return SiteMap(
        points=tuple(
            Point(number=number, x=x, y=y, sites=tuple(group))
            for number, (x, y, group) in enumerate(groups, start=1)
        )
    )


def _is_near(group: tuple[float, float, list[Site]], x: float, y: float) -> bool:
    return abs(group[0] - x) < NEAREST and abs(group[1] - y) < NEAREST


def _scaled(value: float, values: Sequence[float], size: float) -> float:
    """Where a degree stands between the outermost ones, within the margins."""
    low, high = min(values), max(values)
    span = max(high - low, SMALLEST_SPAN)
    start = (low + high - span) / 2
    return round(MARGIN + (value - start) / span * (size - 2 * MARGIN), 1)
