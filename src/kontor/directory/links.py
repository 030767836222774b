"""What apps above this one know of an organisation: each says where more of it is to be read, and whether there is anything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists
from django.utils.functional import Promise

from kontor.directory.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """A page with more about an organisation."""

    name: str
    """a word for the column of the statement that reads the organisation"""
    exists: Callable[[], Exists]
    """of an outer `pk`: whether a visitor would find something there"""
    text: Promise
    address: Callable[[Organisation], str]


_known: list[More] = []


def register(more: More) -> None:
    """To be called where the views of an app are."""
    _known.append(more)


def conditions() -> dict[str, Exists]:
    """Columns to read an organisation with, so that its links take no statement of their own."""
    return {f"has_{more.name}": more.exists() for more in _known}


def links_of(organisation: Organisation) -> Iterator[tuple[str, str]]:
    """Text and address of what there is about an organisation that was read with `conditions`."""
    for more in _known:
        if vars(organisation)[f"has_{more.name}"]:
            yield str(more.text), more.address(organisation)
