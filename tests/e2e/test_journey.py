"""The main job in a real browser, from an event that does not exist yet to the day in a participant's pocket."""

import email
import re
import secrets
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sample_site import Site

pytestmark = pytest.mark.e2e

KARIN, ZHANG, MARY, LI = (
    "karin.weber@example.org",
    "zhang.wei@example.cn",
    "mary.brown@example.com",
    "li.na@example.cn",
)
PEOPLE = f"""Nachname;Vorname;Firma;Land;E-Mail;Sprachen;Bietet;Sucht
Weber;Karin;Elbtal Leistungselektronik GmbH;Deutschland;{KARIN};Deutsch C2;Wechselrichter für Elektroautos;Siliziumkarbid-Wafer
张;伟;齐鲁半导体有限公司;中国;{ZHANG};Chinesisch C2;碳化硅晶圆;逆变器
Brown;Mary;Northern Vision Ltd;Vereinigtes Königreich;{MARY};Englisch C2;machine vision;industrial robots
李;娜;泉城机器人有限公司;中国;{LI};Chinesisch C2, Englisch C1;工业机器人;机器视觉
"""
SEARCH_LIMIT_MS = 120_000


@pytest.fixture
def organiser(site: Site, browser: Browser) -> Page:
    """The organiser of the sample event, who may set up others."""
    return site.sign_in(browser, "organiser").new_page()


def test_from_nothing_to_everybodys_day(site: Site, browser: Browser, organiser: Page) -> None:
    slug = f"dresden-{secrets.token_hex(3)}"
    at = f"/en/events/{slug}"
    _create_event(organiser, slug)
    _import_people(organiser, at)
    _add_interpreter(organiser, at)
    _find_matches(organiser, at)

    karin = _sign_in_by_mail(site, browser, KARIN)
    _ask_for_a_meeting(karin, at)
    zhang = _sign_in_by_mail(site, browser, ZHANG)
    _accept(zhang, at)

    _plan_and_publish(organiser, at)
    _send_mails(site, organiser)

    karin.goto(f"{at}/day/?on=2019-03-28")
    agenda = karin.locator("#day-agenda")
    expect(agenda).to_contain_text("齐鲁半导体有限公司")
    expect(agenda).to_contain_text(re.compile(r"A\d\d"))
    expect(agenda).to_contain_text("14:00")
    expect(agenda).to_contain_text("07:00")
    expect(agenda).to_contain_text("Yue Lin")
    _read_calendar(karin, at)


def _create_event(page: Page, slug: str) -> None:
    page.goto("/en/events/new/")
    page.fill("[name=name_de]", "Mikroelektronik-Treffen")
    page.fill("[name=name_en]", "Microelectronics meeting")
    page.fill("[name=name_zh]", "微电子对接会")
    page.fill("[name=slug]", slug)
    page.fill("[name=place_en]", "Jinan")
    page.select_option("[name=zone]", "Asia/Shanghai")
    page.fill("[name=starts_on]", "2019-03-28")
    page.fill("[name=ends_on]", "2019-03-29")
    page.fill("[name=requests_open_at]", "2018-10-01T09:00")
    page.fill("[name=requests_close_at]", "2019-03-27T18:00")
    _press(page)
    expect(page).to_have_url(re.compile(rf"/en/events/{slug}/times/$"))
    page.fill("[name=start]", "14:00")
    page.fill("[name=num_slots]", "6")
    _press(page)
    expect(page.locator("main table")).to_contain_text("14:00–16:25")
    page.goto(f"/en/events/{slug}/halls/")
    page.fill("[name=name_en]", "Hall 1")
    page.fill("[name=tables]", "A01–A10")
    _press(page)
    expect(page.locator("main table td.num").first).to_have_text("10")


def _import_people(page: Page, at: str) -> None:
    page.goto(f"{at}/imports/")
    page.set_input_files(
        "input[type=file]",
        {"name": "teilnehmer.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("utf-8-sig")},
    )
    _press(page)
    expect(page.locator(".lead")).to_have_text(
        "4 people: 4 new, 0 changed, 0 unchanged, 0 refused, 0 repeated."
    )
    page.locator("form[action$='/apply/'] button").click()
    page.goto(f"{at}/participants/")
    expect(page.locator("main tbody tr")).to_have_count(4)


def _add_interpreter(page: Page, at: str) -> None:
    page.goto(f"{at}/interpreters/new/")
    page.fill("[name=family]", "Lin")
    page.fill("[name=given]", "Yue")
    page.fill("[name=email]", "lin.yue@example.org")
    page.check("[name=pairs][value=de-zh]")
    _press(page)
    expect(page.locator("main tbody tr")).to_have_count(1)


def _find_matches(page: Page, at: str) -> None:
    page.goto(f"{at}/matches/")
    page.locator("form[action$='/matches/refresh/'] button").click()
    expect(page.locator(".lead")).to_have_text(
        "4 people have a list of partners with reasons.", timeout=SEARCH_LIMIT_MS
    )


def _sign_in_by_mail(site: Site, browser: Browser, address: str) -> Page:
    page = browser.new_context(base_url=site.origin).new_page()
    page.goto("/en/accounts/link/")
    page.fill("[name=email]", address)
    before = _mails(site)
    _press(page)
    expect(page).to_have_url(re.compile(r"/accounts/link/sent/$"))
    link = _mail_to(site, address, r"http://\S+/accounts/link/\S+", after=before)
    page.goto(link[0])
    _press(page)
    page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


def _ask_for_a_meeting(page: Page, at: str) -> None:
    page.goto(f"{at}/matches/")
    card = page.locator("article.match", has_text="齐鲁半导体有限公司")
    expect(card).to_contain_text(re.compile("You seek Siliziumkarbid.* — they offer 碳化硅"))
    expect(card.locator("[lang=zh-Hans]").first).to_be_visible()
    card.locator("a.button.primary").click()
    page.fill("[name=reason]", "Wir suchen einen Lieferanten für Wafer mit 150 mm.")
    _press(page)
    expect(page.locator("main tbody tr")).to_have_count(1)


def _accept(page: Page, at: str) -> None:
    page.goto(f"{at}/requests/")
    expect(page.locator("blockquote")).to_have_text("Wir suchen einen Lieferanten für Wafer mit 150 mm.")
    page.locator("button[name=answer][value=accept]").click()
    expect(page.locator("main .chip.ok")).to_have_count(1)


def _plan_and_publish(page: Page, at: str) -> None:
    page.goto(f"{at}/plan/")
    _press(page)
    board = page.locator(".board table")
    expect(board).to_be_visible(timeout=SEARCH_LIMIT_MS)
    expect(page.locator(".lead")).to_contain_text("places 1 of 1 meetings; no plan could place more than 1.")
    expect(board.locator("a")).to_have_count(1)
    page.goto(f"{at}/plan/1/compare/")
    page.locator("form[action$='/publish/'] button.primary").click()


def _send_mails(site: Site, page: Page) -> None:
    """Publishing leads to the mails; nothing left before they were looked at."""
    expect(page).to_have_url(re.compile(r"/plan/mails/1/$"))
    before = _mails(site)
    for address in (KARIN, ZHANG, "lin.yue@example.org"):
        expect(page.locator("main")).to_contain_text(address)
    page.locator("button[name=act][value=send]").click()
    text = _mail_to(site, KARIN, "A01", after=before).string
    assert "14:00" in text
    assert "齐鲁半导体有限公司" in text


def _read_calendar(page: Page, at: str) -> None:
    page.locator(f"form[action$='{at.removeprefix('/en')}/day/calendar/'] button").first.click()
    address = page.locator("#calendar-address").input_value()
    answer = page.request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    text = answer.text()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT\r\n") == 1
    assert re.search(r"\r\nDTSTART[^\r]*20190328T(140000|060000Z)\r\n", text)


def test_core_pages_work_without_javascript(site: Site, browser: Browser) -> None:
    page = site.sign_in(browser, "participant", java_script_enabled=False).new_page()
    page.goto("/en/")
    expect(page.locator("#day-agenda")).to_contain_text(re.compile(r"\d\d:\d\d"))
    _ask_somebody_new(page)
    expect(page.locator("main tbody tr").first).to_be_visible()
    page.locator("nav.main-nav a[href$='/profile/']").click()
    _press(page)
    expect(page.locator("h1")).to_have_count(1)

    staff = site.sign_in(browser, "organiser", java_script_enabled=False).new_page()
    staff.goto("/en/")
    staff.locator("main a[href$='/events/smec-2018/']").click()
    staff.locator("main a[href$='/plan/']").click()
    expect(staff.locator(".board table")).to_be_visible()
    staff.locator("nav.main-nav a[href$='/participants/']").click()
    staff.fill("[name=q]", "a")
    staff.locator("form[role=search] button").click()
    expect(staff.locator("main tbody tr").first).to_be_visible()


def test_going_back_after_a_post_repeats_nothing(site: Site, browser: Browser) -> None:
    page = site.sign_in(browser, "participant").new_page()
    page.goto("/en/events/smec-2018/requests/")
    before = page.locator("main tbody tr").count()
    _ask_somebody_new(page)
    expect(page.locator("main tbody tr")).to_have_count(before + 1)
    page.go_back()
    page.go_forward()
    expect(page.locator("main tbody tr")).to_have_count(before + 1)
    page.go_back()
    _press(page)
    page.goto("/en/events/smec-2018/requests/")
    expect(page.locator("main tbody tr")).to_have_count(before + 1)


def test_strangers_get_the_same_404_for_what_is_not_theirs_and_what_is_not_there(
    site: Site, browser: Browser
) -> None:
    page = site.sign_in(browser, "participant").new_page()
    bodies = set()
    for path in (
        "smec-2018/",
        "smec-2018/participants/",
        "smec-2018/plan/",
        "smec-2018/imports/",
        "no-such-event/",
    ):
        answer = page.goto(f"/en/events/{path}")
        assert answer is not None
        assert answer.status == 404
        bodies.add(page.locator("main").inner_text())
    assert len(bodies) == 1


def test_visitors_are_asked_to_sign_in_and_come_back(site: Site, browser: Browser) -> None:
    page = site.sign_in(browser, "visitor").new_page()
    page.goto("/en/events/smec-2018/plan/")
    expect(page).to_have_url(
        re.compile(r"/en/accounts/log?in/?.*\?next=/en/events/smec-2018/plan/$|/link/\?next=")
    )


def _ask_somebody_new(page: Page) -> None:
    """Send a request to the first match that has none yet, and arrive at the list of requests."""
    page.goto("/en/events/smec-2018/matches/")
    addresses = [link.get_attribute("href") for link in page.locator("article.match a.button.primary").all()]
    for address in addresses:
        page.goto(str(address))
        _press(page)
        if page.url.endswith("/requests/"):
            return
    pytest.fail("everybody on the list has been asked already")


def _press(page: Page) -> None:
    """The one primary button of the form on the page."""
    page.locator("main form button.primary").first.click()


def _mails(site: Site) -> set[Path]:
    return set((site.folder / "mails").glob("*.eml"))


def _mail_to(site: Site, address: str, pattern: str, *, after: set[Path]) -> re.Match[str]:
    """Where the pattern stands in a mail to this address that the worker delivers within two minutes; others may come too."""
    for _ in range(480):
        for path in _mails(site) - after:
            message = email.message_from_bytes(path.read_bytes(), policy=default)
            assert isinstance(message, EmailMessage)
            body = message.get_body(("plain",))
            if address in message["To"] and body is not None:
                found = re.search(pattern, str(body.get_content()))
                if found is not None:
                    return found
        time.sleep(0.25)
    pytest.fail(f"no mail to {address} with {pattern}")
