"""What the first view of the agenda costs on the wire, where lines are slow."""

import pytest
from playwright.sync_api import Browser
from sample_site import Site

pytestmark = pytest.mark.e2e

LIMIT = 150_000


@pytest.mark.parametrize("language", ["de", "en", "zh-hans"])
def test_first_view_of_the_agenda_is_light_and_asks_nobody_else(
    site: Site, browser: Browser, language: str
) -> None:
    with site.sign_in(browser, "participant", viewport={"width": 360, "height": 800}) as signed_in:
        cookies = signed_in.cookies()
    # a new window has an empty cache, as on the first visit
    with browser.new_context(base_url=site.origin, viewport={"width": 360, "height": 800}) as context:
        context.add_cookies(cookies)  # type: ignore[arg-type]  # what one window gives, another takes
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"/{language}/events/smec-2018/day/", wait_until="networkidle")
    assert [url for url in asked if not url.startswith((site.origin, "data:"))] == []
    assert len(sizes) == len([url for url in asked if not url.startswith("data:")])
    assert sum(sizes) <= LIMIT
