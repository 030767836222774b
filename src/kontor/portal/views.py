"""Home, and the pages that say what went wrong."""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from kontor.accounts.models import User
from kontor.portal.queries import my_clusters, my_events, my_organisations
from kontor.portal.views_public import show_network
from kontor.routes import ROLES, page
from kontor.ui.busy import busy_answer


@page(roles=ROLES)
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send the reader to the home page in their language: their setting, else their browser's wish."""
    user = request.user
    language = user.language if isinstance(user, User) else translation.get_language_from_request(request)
    with translation.override(language):
        response = redirect(reverse("portal:home"))
    response["Vary"] = "Accept-Language, Cookie"
    return response


@page(roles=ROLES)
def home(request: HttpRequest) -> HttpResponse:
    """Signed in: one's own events, or straight to the only one, and what one writes for. Visitors: the network."""
    user = request.user
    if isinstance(user, User):
        mine = my_events(user)
        if len(mine) == 1 and not user.may_organise and not user.is_superuser:
            return redirect(mine[0].url)
        written = {"my_organisations": my_organisations(user), "my_clusters": my_clusters(user)}
        return render(request, "portal/home.html", {"my_events": mine, **written})
    if settings.DEMO:
        return redirect("demo:demo-show")
    return show_network(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    """400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    """403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    """404: the same words for what is not there and for what is not theirs."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """503 where the database is busy or the disk full, else 500: pages that need nothing that could be broken.

    Django asks here while it handles what a view, or anything before and after it, raised.
    """
    return busy_answer(request, sys.exception()) or render(None, "500.html", status=500)
