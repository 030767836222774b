"""Whether coordinates can be right: inside the country that they are said to be in."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kontor.errors import DomainError


class CoordinatesAreExchanged(DomainError):
    sentence = _("Latitude and longitude seem to be exchanged: %(latitude)s, %(longitude)s.")


class CoordinatesAreElsewhere(DomainError):
    sentence = _("%(latitude)s, %(longitude)s is not in %(country)s.")


def check_coordinates(latitude: float, longitude: float, *, country: str) -> None:
    """Raises when a place cannot be in its country; knows only the rough extent of some forty countries."""
    box = _boxes().get(country)
    if box is None or _is_inside(latitude, longitude, box):
        return
    if _is_inside(longitude, latitude, box):
        raise CoordinatesAreExchanged(latitude=latitude, longitude=longitude)
    raise CoordinatesAreElsewhere(latitude=latitude, longitude=longitude, country=country)


def _is_inside(latitude: float, longitude: float, box: tuple[int, int, int, int]) -> bool:
    west, south, east, north = box
    return west <= longitude <= east and south <= latitude <= north


@cache
def _boxes() -> dict[str, tuple[int, int, int, int]]:
    text = (Path(__file__).parent / "data" / "boxes.toml").read_text(encoding="utf-8")
    return {code: (box[0], box[1], box[2], box[3]) for code, box in tomllib.loads(text).items()}
