"""The map of the site for search engines: an index, and parts of a few thousand addresses, however many there are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Exists, OuterRef
from django.urls import reverse

from kontor.agreements.models import Agreement
from kontor.directory.models import Cluster, ClusterPartnership, Organisation
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.jobs.clock import now
from kontor.news.models import Article

SLICE = 1_600
"""documents in one part; in three languages these are less than 5,000 addresses"""
Address = tuple[str, ...]
"""a URL name and its arguments"""


def _with_figures(url_name: str, kind: str, rows: Iterable[tuple[str, str, bool]]) -> list[Address]:
    found: list[Address] = []
    for slug, public_id, has_figures in rows:
        found.append((url_name, slug))
        if has_figures:
            found.append(("figures:subject-show", kind, public_id))
    return found


class _Pages(Sitemap):  # type: ignore[type-arg]  # not generic at run time
    """Addresses in all three languages, each naming the others."""

    i18n = True
    alternates = True
    limit = 5000
    protocol = "https" if settings.IS_SECURE else "http"


class _FixedPages(_Pages):
    def items(self) -> Sequence[str]:
        return (
            "portal:home",
            "directory:organisation-list",
            "directory:cluster-list",
            "figures:figure-list",
            "agreements:agreement-list",
            "news:article-list",
        )

    def location(self, item: str) -> str:
        return reverse(item)


class _Slice(_Pages):
    """Some of very many documents: Django would read all of them, in every language, to cut out a page."""

    def __init__(self, number: int) -> None:
        self._first = (number - 1) * SLICE

    @classmethod
    def rows(cls) -> Any:
        """All documents, in an order that stays."""
        raise NotImplementedError

    def items(self) -> Any:
        return self.rows()[self._first : self._first + SLICE]


class _Articles(_Slice):
    @classmethod
    def rows(cls) -> Any:
        return Article.objects.public(now()).order_by("pk").only("slug", "changed_at")

    def location(self, item: Article) -> str:
        return reverse("news:article-show", args=[item.slug])

    def lastmod(self, item: Article) -> Any:
        return item.changed_at


class _Events(_Pages):
    """What everybody may read about an event, and its figures where there are some."""

    def items(self) -> Sequence[Address]:
        has_figures = Exists(Claim.objects.filter(event=OuterRef("pk")))
        rows = Event.objects.filter(is_announced=True).order_by("pk")
        return _with_figures(
            "portal:event-about", "event", rows.values_list("slug", "public_id", has_figures)
        )

    def location(self, item: Address) -> str:
        return reverse(item[0], args=item[1:])


class _Organisations(_Slice):
    @classmethod
    def rows(cls) -> Any:
        rows = Organisation.objects.listed().filter(is_sample=False).order_by("pk")
        return rows.only("public_id", "confirmed_at", "created_at")

    def location(self, item: Organisation) -> str:
        return reverse("directory:organisation-show", args=[item.public_id])

    def lastmod(self, item: Organisation) -> Any:
        return item.confirmed_at or item.created_at


class _Clusters(_Pages):
    """A cluster, and its figures where there are some."""

    def items(self) -> Sequence[Address]:
        has_figures = Exists(Claim.objects.filter(cluster=OuterRef("pk")))
        rows = Cluster.objects.filter(is_published=True).order_by("pk")
        return _with_figures(
            "directory:cluster-show", "cluster", rows.values_list("slug", "public_id", has_figures)
        )

    def location(self, item: Address) -> str:
        return reverse(item[0], args=item[1:])


class _Relations(_Pages):
    def items(self) -> Any:
        both = ClusterPartnership.objects.filter(first__is_published=True, second__is_published=True)
        return both.select_related("first", "second").order_by("pk")

    def location(self, item: ClusterPartnership) -> str:
        return reverse("agreements:relation-show", args=[item.first.slug, item.second.slug])


class _Agreements(_Pages):
    def items(self) -> Any:
        return Agreement.objects.filter(is_public=True).order_by("pk")

    def location(self, item: Agreement) -> str:
        return reverse("agreements:agreement-show", args=[item.public_id])


_NETWORK: Mapping[str, type[_Pages]] = {
    "pages": _FixedPages,
    "events": _Events,
    "clusters": _Clusters,
    "relations": _Relations,
    "agreements": _Agreements,
}
"""what no site has by the thousand, together in one part"""
_SLICED: Mapping[str, type[_Slice]] = {"news": _Articles, "organisations": _Organisations}


def parts() -> Iterator[tuple[str, int]]:
    """Name and number of each part of the map. Two statements."""
    yield "network", 1
    for name, kind in _SLICED.items():
        yield from ((name, number + 1) for number in range(-(-kind.rows().count() // SLICE)))


def read_part(name: str, number: int) -> dict[str, Any] | None:
    """What Django's view shows of a part; None where there is no such part."""
    if name == "network" and number == 1:
        return dict(_NETWORK)
    if name not in _SLICED or number < 1:
        return None
    chosen = _SLICED[name](number)
    return {name: chosen} if chosen.items().exists() else None
