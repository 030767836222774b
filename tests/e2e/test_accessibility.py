"""Every page in three languages and two widths: usable by everybody, nothing cut off, nothing fetched from elsewhere."""

from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page
from sample_site import EVENT, LANGUAGES, Site, Tour, in_language

pytestmark = pytest.mark.e2e

PHONE, DESK = 320, 1280
HEIGHT = 900

# Addresses that no link on a page leads to, and why.
NOT_LINKED = {
    "healthz": "for machines",
    "readyz": "for machines",
    "calendars:calendar-feed": "calendar apps get the address; the journey reads a feed",
    "root:language-choose": "sends the reader on to their language",
    "accounts:link-open": "stands in a mail; the journey opens one",
    "accounts:code-open": "stands on paper behind a QR code",
    "account_confirm_email": "stands in a mail",
    "account_reset_password_from_key": "stands in a mail",
    "account_email_verification_sent": "only while an address is being confirmed",
    "account_confirm_login_code": "only while a code is on its way",
    "account_set_password": "only for people who have no password yet",
    "account_reauthenticate": "only where a page asks for the password again",
    "mfa_authenticate": "only in the middle of signing in",
    "mfa_reauthenticate": "only for people with a second factor",
    "mfa_deactivate_totp": "only for people with a second factor",
    "mfa_view_recovery_codes": "only for people with a second factor",
    "mfa_generate_recovery_codes": "only for people with a second factor",
    "mfa_download_recovery_codes": "only for people with a second factor",
    "mfa_reauthenticate_webauthn": "only for people with a passkey",
    "mfa_edit_webauthn": "only for people with a passkey",
    "mfa_remove_webauthn": "only for people with a passkey",
    "mfa_login_webauthn": "answers the browser's own dialogue",
    "meetings:run-progress": "a fragment of the page of a running search",
    "meetings:plan-curve": "only after a repair, for which the tour does not wait",
    "agreements:document-show": "a file for the people of the parties; the sample site files none",
    "news:photo-show": "a picture inside an article; the sample site has none",
    "directory:site-edit": "stands beside each site of the few organisations that have one",
    "root:sitemap-show": "for machines",
    "root:sitemap-part": "for machines",
    "skos:vocabulary-open": "for machines",
    "skos:vocabulary-download": "for machines",
    "skos:concept-open": "for machines",
    "skos:concept-download": "for machines",
}

# What a reader sees after sending a form with nothing in it, and where nothing is.
EMPTY_FORMS = ("/en/events/new/", f"{EVENT}participants/new/", f"{EVENT}interpreters/new/")
NOTHING_THERE = "/en/events/no-such-event/"

MEASURE = """() => ({
  lang: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  title: document.title,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  widest: [...document.querySelectorAll("main *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, .visually-hidden"))
    .map(e => e.tagName.toLowerCase() + "." + e.className).slice(0, 3),
})"""
AXE = """() => axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(
  one => `${one.id}: ${one.nodes.map(node => node.target.join(" ")).slice(0, 3).join(" | ")}`))"""
AXE_COLOURS = AXE.replace("{resultTypes", '{runOnly: ["color-contrast", "link-in-text-block"], resultTypes')

# What a network shows to everybody: read at night too.
SHOWN = (
    "portal:network-show",
    "portal:search-show",
    "directory:organisation-list",
    "directory:organisation-show",
    "directory:cluster-list",
    "directory:cluster-show",
    "directory:person-list",
    "directory:person-show",
    "figures:subject-show",
    "agreements:relation-show",
    "news:article-show",
)


def test_every_link_leads_somewhere(tour: Tour) -> None:
    dead = [(page.role, page.address, page.status) for page in tour.reached if page.status >= 400]
    expected = [route for route in NOT_LINKED if route.startswith(("mfa_", "account_"))]
    assert [one for one in dead if tour.route_names[one[1]] not in expected] == []


def test_every_page_is_linked_from_another(site: Site, tour: Tour) -> None:
    reached = {page.route for page in tour.reached if page.status == 200}
    pages = {route.name for route in site.routes if "GET" in route.methods}
    assert sorted(pages - reached - NOT_LINKED.keys()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_and_fits(site: Site, tour: Tour, language: str) -> None:
    faults: dict[str, list[str]] = defaultdict(list)
    for role, context in tour.windows.items():
        pages = [page for page in tour.pages if page.role == role]
        window = context.new_page()
        heard = _listen(window, site)
        for page in pages:
            name = f"{page.route} ({role}) {in_language(page.address, language)}"
            window.set_viewport_size({"width": PHONE, "height": HEIGHT})
            window.goto(in_language(page.address, language))
            faults[name] += _faults(window, language=language)
            faults[name] += heard
            heard.clear()
        window.close()
    assert [f"{name}: {fault}" for name, found in faults.items() for fault in found] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_network_shows_has_enough_contrast_in_the_dark_too(tour: Tour, language: str) -> None:
    pages = [page for page in tour.pages if page.role == "visitor" and page.route in SHOWN]
    assert {page.route for page in pages} == set(SHOWN)
    window = tour.windows["visitor"].new_page()
    window.emulate_media(color_scheme="dark")
    faults = []
    for page in pages:
        window.goto(in_language(page.address, language))
        assert window.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        window.evaluate(AXE_SCRIPT)
        faults += [f"{page.route}: {fault}" for fault in window.evaluate(AXE_COLOURS)]
    window.close()
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_form_refuses_and_what_is_not_there_is_accessible_too(tour: Tour, language: str) -> None:
    window = tour.windows["organiser"].new_page()
    faults = []
    for address in EMPTY_FORMS:
        window.set_viewport_size({"width": PHONE, "height": HEIGHT})
        window.goto(in_language(address, language))
        form = window.locator("main form.form").first
        form.evaluate("form => { form.noValidate = true }")
        form.locator("input[type=text], input:not([type])").evaluate_all(
            "fields => fields.forEach(field => { field.value = '' })"
        )
        form.locator("button.primary").click()
        window.wait_for_load_state()
        if not window.locator("main [aria-invalid=true]").count():
            faults.append(f"{address}: nothing is refused")
        faults += [f"{address}: {fault}" for fault in _faults(window, language=language)]
    window.goto(in_language(NOTHING_THERE, language))
    faults += [f"404: {fault}" for fault in _faults(window, language=language)]
    window.close()
    assert faults == []


def _listen(window: Page, site: Site) -> list[str]:
    """What goes wrong behind the picture: messages of the console (a broken policy among them), requests elsewhere."""
    heard: list[str] = []
    here = urlsplit(site.origin).netloc

    def note(url: str) -> None:
        if urlsplit(url).scheme != "data" and urlsplit(url).netloc != here:
            heard.append(f"asks another host: {url}")

    window.on(
        "console",
        lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None,
    )
    window.on("pageerror", lambda error: heard.append(str(error)))
    window.on("request", lambda request: note(request.url))
    return heard


def _faults(window: Page, *, language: str) -> list[str]:
    """What is wrong with the open page at both widths, in words."""
    window.evaluate(AXE_SCRIPT)
    faults = []
    for width in (PHONE, DESK):
        window.set_viewport_size({"width": width, "height": HEIGHT})
        seen = window.evaluate(MEASURE)
        faults += [f"{width} px: {one}" for one in window.evaluate(AXE)]
        if seen["lang"] != LANGUAGES[language]:
            faults.append(f"lang is {seen['lang']}")
        if seen["headings"] != 1:
            faults.append(f"{seen['headings']} h1")
        if seen["title"].startswith(" ·"):
            faults.append("no title")
        if seen["wide"] > 0:
            faults.append(f"{width} px: {seen['wide']} px too wide, {seen['widest']}")
    return faults
