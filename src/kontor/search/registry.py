"""What can be searched: each app declares its kinds, and whom it lets see more than the public, in its `indexing.py`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from kontor.accounts.models import User
from kontor.i18n import Text

PUBLIC = "public"
SIGNED_IN = "signed-in"
OPERATORS = "operators"
"""nobody else: operators see every audience"""

NO_TEXT = Text()

Reader = User | AnonymousUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing as it is found."""

    key: str
    """its public id"""
    title: Text
    """in both scripts, where both are known"""
    names: Sequence[str] = ()
    """every other name or spelling under which it is found, in any language"""
    readings: Sequence[str] = ()
    """pinyin that differs from the dictionary's: the surname 单 is shan, not dan"""
    place: Text = NO_TEXT
    """where it is, as shown"""
    places: Sequence[str] = ()
    """more words for the place: the country in three languages"""
    texts: Sequence[Text] = ()
    """what it says about itself"""
    topics: Sequence[str] = ()
    """ids of concepts"""
    country: str = ""
    category: str = ""
    """its kind within the kind, to filter by: sme, university …"""
    audiences: Sequence[str] = (PUBLIC,)
    """who may find it; nobody if empty"""
    address: Sequence[str] = ()
    """arguments of the kind's URL name"""
    is_sample: bool = False


def _nothing(_kind: str, _keys: Sequence[str]) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Something an app lets people search."""

    name: str
    label: str | Promise
    plural: str | Promise
    load: Callable[[Sequence[str]], Iterable[Document]]
    """the documents of these keys; those that are gone are left out"""
    keys: Callable[[], Iterable[str]]
    """all keys, for building the index anew"""
    url_name: str = ""
    """of the page that shows it; empty where it has none"""
    categories: Callable[[], Iterable[tuple[str, str | Promise]]] = tuple
    """values and labels of the category"""
    follows: Callable[[str, Sequence[str]], Iterable[str]] = _nothing
    """from a kind and keys of it: the keys of this kind whose documents say something of those"""


_kinds: dict[str, Kind] = {}
_audiences: list[Callable[[User], Iterable[str]]] = []


def register(kind: Kind) -> None:
    """Declare a kind; call it in the app's `indexing.py`."""
    if kind.name in _kinds:
        raise ValueError(f"two kinds of documents are named {kind.name!r}")
    _kinds[kind.name] = kind


def register_audiences(audiences_of: Callable[[User], Iterable[str]]) -> None:
    """Declare to which audiences, beside the public and all who are signed in, a user belongs."""
    _audiences.append(audiences_of)


def kinds() -> Mapping[str, Kind]:
    """All kinds by name."""
    _discover()
    return _kinds


def audiences_of(reader: Reader) -> tuple[str, ...] | None:
    """The audiences a reader belongs to; None for operators, who see all."""
    if not isinstance(reader, User):
        return (PUBLIC,)
    if reader.is_superuser:
        return None
    _discover()
    return tuple(dict.fromkeys([PUBLIC, SIGNED_IN, *_special_audiences(reader)]))


@cache
def _discover() -> None:
    """Once: looking for modules that most apps do not have takes longer than a search."""
    autodiscover_modules("indexing")


def _special_audiences(user: User) -> Iterator[str]:
    for provide in _audiences:
        yield from provide(user)
