"""The schematic map: north is up, west is left, places that are close share a point."""

from decimal import Decimal

from kontor.directory.models import Site
from kontor.directory.site_map import HEIGHT, WIDTH, draw_site_map


def site(number: int, latitude: str, longitude: str) -> Site:
    return Site(pk=number, latitude=Decimal(latitude), longitude=Decimal(longitude))


DRESDEN = site(1, "51.05", "13.74")
CHEMNITZ = site(2, "50.83", "12.92")
CATANIA = site(3, "37.50", "15.09")
JINAN = site(4, "36.65", "117.00")


def test_north_is_up_and_west_is_left_and_all_stands_within_the_map() -> None:
    drawn = draw_site_map([JINAN, CATANIA, DRESDEN])
    assert drawn is not None
    dresden, catania, jinan = drawn.points
    assert (dresden.sites, catania.sites, jinan.sites) == ((DRESDEN,), (CATANIA,), (JINAN,))
    assert dresden.x < catania.x < jinan.x
    assert dresden.y < catania.y < jinan.y
    assert all(0 < point.x < WIDTH and 0 < point.y < HEIGHT for point in drawn.points)
    assert (dresden.is_at_the_right, jinan.is_at_the_right) == (False, True)


def test_neighbours_share_a_point_on_a_map_of_continents_and_stand_apart_on_one_of_a_region() -> None:
    wide = draw_site_map([DRESDEN, CHEMNITZ, JINAN])
    near = draw_site_map([DRESDEN, CHEMNITZ])
    assert wide is not None
    assert near is not None
    assert [point.num_more for point in wide.points] == [1, 0]
    assert [point.sites for point in near.points] == [(CHEMNITZ,), (DRESDEN,)]


def test_less_than_two_places_make_no_map() -> None:
    assert draw_site_map([]) is None
    assert draw_site_map([DRESDEN]) is None
    assert draw_site_map([DRESDEN, site(5, "51.05", "13.74"), Site(pk=6)]) is None
