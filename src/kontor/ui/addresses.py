"""Addresses of many rows: those of a table differ in one public id, so that reversing each of them would be waste."""

from collections.abc import Callable

from django.urls import reverse

_ROW = "kontor-row"


def row_addresses(name: str, *before: str) -> Callable[[str], str]:
    """What makes the address of a row of its public id, the last part of the address after `before`."""
    start, _, end = reverse(name, args=[*before, _ROW]).partition(_ROW)
    return lambda public_id: f"{start}{public_id}{end}"
