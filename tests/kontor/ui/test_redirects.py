"""Redirects never leave the site."""

import pytest
from django.test import RequestFactory

from kontor.ui.redirects import safe_redirect


@pytest.mark.parametrize("target", ["/en/events/smec/?day=1", "?page=2", "http://testserver/de/"])
def test_addresses_of_this_site_are_followed(target: str) -> None:
    assert safe_redirect(RequestFactory().get("/"), target, "/en/").url == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://evil.example.com/",
        "//evil.example.com/",
        "/\\evil.example.com",
        "\\\\evil.example.com",
        "http:///evil.example.com",
        "javascript:alert(1)",
        "http://testserver@evil.example.com/",
        "\x08//evil.example.com",
    ],
)
def test_everything_else_leads_to_the_fallback(target: str | None) -> None:
    assert safe_redirect(RequestFactory().get("/"), target, "portal:home").url == "/en/"


def test_a_secure_site_does_not_lead_to_an_insecure_page() -> None:
    request = RequestFactory().get("/", secure=True)
    assert safe_redirect(request, "http://testserver/de/", "/en/").url == "/en/"
