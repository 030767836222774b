"""Addresses that pages ask for again and again: reversed once per language, and those of rows once per table."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

_ROW = "kontor-row"


def address(name: str, *args: str) -> str:
    """The address of a page in the reader's language, as Django reverses it."""
    return _reversed(settings.ROOT_URLCONF, get_language(), name, args)


@lru_cache(maxsize=4096)
def _reversed(_site: object, _language: str | None, name: str, args: tuple[str, ...]) -> str:
    """What an address depends on is named, so that none is kept for another site (tests swap it) or language."""
    return reverse(name, args=args)


def row_addresses(name: str, *before: str) -> Callable[[str], str]:
    """What makes the address of a row of its public id, the last part of the address after `before`."""
    start, _, end = address(name, *before, _ROW).partition(_ROW)
    return lambda public_id: f"{start}{public_id}{end}"
