"""A site with empty pages, so that components can be drawn without the rest of Kontor."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path, resolve
from django.utils import translation

from kontor.ui.rows import draw_menus

Draw = Callable[..., str]


def empty_page(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse(slug)


class TrialUrls:
    """What Django reads from a module of addresses."""

    urlpatterns = i18n_patterns(
        path(
            "accounts/",
            include(
                (
                    [
                        path("link/", empty_page, name="link-ask"),
                        path("settings/", empty_page, name="settings-edit"),
                    ],
                    "accounts",
                )
            ),
        ),
        path("accounts/logout/", empty_page, name="account_logout"),
        path("topics/", include(([path("", empty_page, name="topic-list")], "topics"))),
        path("events/<slug:slug>/", empty_page, name="event"),
        path("", include(([path("", empty_page, name="home")], "portal"))),
    )


@pytest.fixture(autouse=True)
def trial_site(settings: SimpleNamespace) -> Iterator[None]:
    settings.ROOT_URLCONF = TrialUrls
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with translation.override("en"):
        yield


@pytest.fixture
def draw() -> Draw:
    """Renders a template as a page under an address answers it; visitors unless `user` is given."""

    def render(template: str, address: str = "/en/", **context: object) -> str:
        request = RequestFactory().get(address)
        visitor = {"navigation": lambda: draw_menus(()), "user": SimpleNamespace(is_authenticated=False)}
        shown = {**visitor, "messages": [], **context}
        with translation.override(address.split("/")[1]):
            request.resolver_match = resolve(request.path)
            return render_to_string(template, shown, request=request)

    return render
