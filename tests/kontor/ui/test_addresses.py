"""Addresses that are kept, and those of rows, are the ones that Django reverses."""

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse
from django.test import override_settings
from django.urls import NoReverseMatch, path, reverse
from django.utils import translation

from kontor.ui.addresses import address, row_addresses


def test_the_address_of_a_row_is_the_one_that_is_reversed() -> None:
    of_row = row_addresses("event")
    assert [of_row(slug) for slug in ("smec", "forum")] == [
        reverse("event", args=[slug]) for slug in ("smec", "forum")
    ]


def test_an_address_is_that_of_the_readers_language() -> None:
    found = []
    for language in ("de", "en", "zh-hans", "de"):
        with translation.override(language):
            found.append(address("event", "smec"))
    assert found == [f"/{language}/events/smec/" for language in ("de", "en", "zh-hans", "de")]


class OtherUrls:
    """The same name elsewhere."""

    urlpatterns = i18n_patterns(
        path("fairs/<slug:slug>/", lambda request, slug: HttpResponse(slug), name="event")
    )


def test_an_address_is_not_kept_for_another_site() -> None:
    with translation.override("en"):
        assert address("event", "smec") == "/en/events/smec/"
        with override_settings(ROOT_URLCONF=OtherUrls):
            assert address("event", "smec") == "/en/fairs/smec/"


def test_a_page_that_does_not_exist_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        address("nowhere")
