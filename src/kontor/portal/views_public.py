"""Public pages: the network, one announced event, and the map of the site for search engines."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from kontor.events.models import Event
from kontor.jobs.clock import now
from kontor.news.models import Article
from kontor.portal import sitemaps
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


@page(roles=ROLES)
def sitemap_show(request: HttpRequest) -> HttpResponse:
    """sitemap.xml: which parts the map of the site has."""
    addresses = [
        settings.ORIGIN + reverse("root:sitemap-part", args=[part, number])
        for part, number in sitemaps.parts()
    ]
    context = {"sitemaps": [{"location": address} for address in addresses]}
    return render(request, "sitemap_index.xml", context, content_type="application/xml")


@page(roles=ROLES)
def sitemap_part(request: HttpRequest, section: str, number: int) -> HttpResponseBase:
    """A part of the map of the site, each address in all languages."""
    chosen = sitemaps.read_part(section, number)
    if chosen is None:
        raise Http404
    answer: HttpResponseBase = sitemap(request, sitemaps=chosen)
    return answer
