"""Public pages: the network, one announced event, and the map of the site for search engines."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from kontor.agreements.models import Agreement
from kontor.directory.models import Cluster, ClusterPartnership, Organisation
from kontor.events.models import Event
from kontor.figures.models import Claim
from kontor.jobs.clock import now
from kontor.news.models import Article
from kontor.portal.network import read_network
from kontor.routes import ROLES, page
from kontor.ui.usertext import markup_language


@page(roles=ROLES)
def network_show(request: HttpRequest) -> HttpResponse:
    """What two regions do together, on one page."""
    return show_network(request)


def show_network(request: HttpRequest) -> HttpResponse:
    """The page itself, for the address of the network and as the home of visitors."""
    context = {"network": read_network(at=now()), "is_demo": settings.DEMO}
    return render(request, "portal/network.html", context)


@page(roles=ROLES, of="events.Event")
def event_about(request: HttpRequest, event: str) -> HttpResponse:
    """An announced event, for everybody."""
    found = Event.objects.visible_to(request.user).filter(slug=event, is_announced=True).first()
    if found is None:
        raise Http404
    articles = found.articles.all() & Article.objects.public(now())
    return render(
        request,
        "portal/event_about.html",
        {"event": found, "data": _event_data(found), "articles": articles[:10]},
    )


def _event_data(event: Event) -> dict[str, object]:
    """schema.org Event in the language of the page."""
    language = get_language() or "en"
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.name.for_reader(language).text,
        "inLanguage": markup_language(language),
        "startDate": event.starts_on.isoformat(),
        "endDate": event.ends_on.isoformat(),
        "location": {
            "@type": "Place",
            "name": event.venue.for_reader(language).text or event.place.for_reader(language).text,
            "address": event.place.for_reader(language).text,
        },
        "url": settings.ORIGIN + reverse("portal:event-about", args=[event.slug]),
    }


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


class _Articles(_Pages):
    def items(self) -> Any:
        return Article.objects.public(now()).order_by("pk")

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


class _Organisations(_Pages):
    def items(self) -> Any:
        return Organisation.objects.listed().filter(is_sample=False).order_by("pk")

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


SITEMAPS: dict[str, Any] = {
    "pages": _FixedPages,
    "news": _Articles,
    "events": _Events,
    "organisations": _Organisations,
    "clusters": _Clusters,
    "relations": _Relations,
    "agreements": _Agreements,
}


@page(roles=ROLES)
def sitemap_show(request: HttpRequest) -> HttpResponseBase:
    """sitemap.xml."""
    answer: HttpResponseBase = sitemap(request, sitemaps=SITEMAPS)
    return answer
