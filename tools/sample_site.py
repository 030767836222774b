"""The sample event, served by the real command, and the people who walk through its pages in a real browser."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

from find_browser import FLAGS, find_browser
from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
KONTOR = Path(sys.executable).parent / "kontor"
LANGUAGES = {"de": "de", "en": "en", "zh-hans": "zh-Hans"}
"""the language in an address, and the one that markup must carry"""
ROLES = ("visitor", "participant", "interpreter", "organiser", "editor", "staff", "operator")
# Pages that are something else for a later reader, not the same with another name in the corner.
LOOK_DIFFERENT = {
    "interpreter": ("meetings:day-show",),
    "organiser": ("meetings:request-list", "meetings:request-new", "matching:match-list"),
    "operator": ("portal:home",),
}
PAGERS = {"after", "before", "from", "next"}
EVENT = "/en/events/smec-2018/"
LIST = """Name,Company,Country,Email,Languages,We offer,We seek,Available
"Example, Anna",Sample Sensors Ltd,Germany,anna.example@example.org,"English, German B1",gas sensors,machining,1 Nov only
Ben Example,Sample Sensors Ltd,Atlantis,ben.example@example.org,Elvish,lasers,mirrors,when the moon is full
Cora Example,,Germany,cora.example@example.org,English,,,
"""
PAIRS = """First e-mail,Second e-mail,Reason
nobody@example.org,nobody.else@example.org,They do not exist
,,
"""
ORGANISATIONS = """Name,Country,City,USCC
Sample Sensors Ltd,Germany,Dresden,
Sample Lasers Ltd,Atlantis,Nowhere,91370100MA3C0W5L8X
"""
BUILD_LIMIT_S = 600
SPECIMENS = 2
"""how many addresses of one kind the crawl opens; the rest look the same"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of `kontor routes --json`."""

    name: str
    path: str
    methods: tuple[str, ...]
    roles: tuple[str, ...]
    pattern: re.Pattern[str]

    @property
    def has_parameters(self) -> bool:
        """Whether somebody has to say which event, person or meeting is meant."""
        return "<" in self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A page that a reader came to."""

    route: str
    role: str
    address: str
    """path and query, English"""
    status: int
    is_html: bool
    ends_at: str
    """path after redirects"""

    @property
    def parameters(self) -> frozenset[str]:
        """Names of what stands behind the question mark."""
        return frozenset(parse_qs(urlsplit(self.address).query))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """A walk through the whole site."""

    windows: Mapping[str, BrowserContext]
    """one signed-in window per role"""
    reached: tuple[Reached, ...]
    """every address that was asked for, and what came"""
    pages: tuple[Reached, ...]
    """the pages worth looking at, each once"""

    @property
    def route_names(self) -> dict[str, str]:
        """The name of the route behind each address that was asked for."""
        return {page.address: page.route for page in self.reached}


class Site:
    """A running demonstration: its address, its sample people and its folder."""

    def __init__(self, *, origin: str, folder: Path, sign_ins: Mapping[str, Mapping[str, str]]) -> None:
        self.origin = origin
        self.folder = folder
        self.sign_ins = sign_ins

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Every address of the site, in the order in which they are tried."""
        answer = subprocess.run([KONTOR, "routes", "--json"], check=True, capture_output=True, cwd=ROOT)
        return tuple(
            Route(
                name=row["name"],
                path=row["path"],
                methods=tuple(row["methods"]),
                roles=tuple(row["roles"]),
                pattern=_pattern(row["path"]),
            )
            for row in json.loads(answer.stdout)
        )

    def route_of(self, address: str) -> Route | None:
        """The route that answers this English path."""
        path = urlsplit(address).path
        return next((route for route in self.routes if route.pattern.fullmatch(path)), None)

    def sign_in(self, browser: Browser, role: str, **options: object) -> BrowserContext:
        """A window of a sample person, by the demonstration's button; role "visitor" stays outside."""
        context = browser.new_context(base_url=self.origin, **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        if role != "visitor":
            page = context.new_page()
            page.goto("/en/demo/")
            page.locator(f"button[name=role][value={role}]").click()
            page.wait_for_url(lambda url: "/demo/" not in url)
            page.close()
        return context

    def confirm(self, context: BrowserContext, role: str) -> None:
        """Say the password again, which pages about passwords and passkeys ask for."""
        page = context.new_page()
        page.goto("/en/accounts/reauthenticate/")
        page.locator("input[type=password]").fill(self.sign_ins[role]["password"])
        page.locator("main form button").first.click()
        page.wait_for_load_state()
        page.close()

    def tour(self, browser: Browser) -> "Tour":
        """Walk the whole site as everybody; each page is kept once, and again where it looks different for another."""
        windows: dict[str, BrowserContext] = {}
        reached: list[Reached] = []
        pages: dict[tuple[str, frozenset[str], str], Reached] = {}
        for role in ROLES:
            windows[role] = self.sign_in(browser, role)
            if role == "organiser":
                self._read_a_list(windows[role], f"{EVENT}imports/", "participants.csv", LIST)
                self._read_a_list(windows[role], f"{EVENT}pairs/", "pairs.csv", PAIRS)
                self._leave_a_meeting_out(windows[role])
            if role == "staff":
                self._read_a_list(
                    windows[role], "/en/organisations/lists/", "organisations.csv", ORGANISATIONS
                )
            if role == "operator":
                self.confirm(windows[role], role)
            found = self.crawl(windows[role], role, *self._starts(role))
            reached += found
            for page in found:
                if page.is_html and page.status == 200 and page.ends_at == urlsplit(page.address).path:
                    look = role if page.route in LOOK_DIFFERENT.get(role, ()) else ""
                    pages.setdefault((page.route, page.parameters - PAGERS, look), page)
        return Tour(windows=windows, reached=tuple(reached), pages=tuple(pages.values()))

    def _read_a_list(self, context: BrowserContext, address: str, name: str, text: str) -> None:
        """Leave a preview with refused rows and notices behind, so that there is one to look at."""
        page = context.new_page()
        page.goto(address)
        page.set_input_files(
            "input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        )
        page.locator("main form button.primary").first.click()
        page.wait_for_load_state()
        page.close()

    def _leave_a_meeting_out(self, context: BrowserContext) -> None:
        """Take one meeting out of the newest draft, so that there is one without a place."""
        page = context.new_page()
        page.goto(f"{EVENT}plan/")
        page.locator(".board a.seat").first.click()
        page.wait_for_url("**/meetings/*/")
        page.locator("button[value=remove]").click()
        page.wait_for_load_state()
        page.close()

    def _starts(self, role: str) -> list[str]:
        """Every address that needs no parameter: nothing has to link to a settings page to be tested."""
        home = [EVENT, f"{EVENT}plan/recovery/", "/en/"] if role in ("organiser", "operator") else ["/en/"]
        return home + [
            route.path
            for route in self.routes
            if role in route.roles and not route.has_parameters and route.path.startswith("/en/")
        ]

    def crawl(self, context: BrowserContext, role: str, *starts: str) -> list[Reached]:
        """Follow the links from these addresses, a few specimens of each kind."""
        waiting, seen, reached = list(starts), set(starts), []
        counts: dict[tuple[str, frozenset[str]], int] = {}
        while waiting:
            address = waiting.pop(0)
            route = self.route_of(address)
            if route is None or "GET" not in route.methods:
                continue
            kind = (route.name, frozenset(parse_qs(urlsplit(address).query)) - PAGERS)
            if counts.get(kind, 0) >= SPECIMENS:
                continue
            counts[kind] = counts.get(kind, 0) + 1
            answer = context.request.get(address, timeout=60_000)
            is_html = answer.headers.get("content-type", "").startswith("text/html")
            ends_at = urlsplit(answer.url).path
            reached.append(
                Reached(
                    route=route.name,
                    role=role,
                    address=address,
                    status=answer.status,
                    is_html=is_html,
                    ends_at=ends_at,
                )
            )
            if is_html:
                for link in _links(answer.text(), answer.url):
                    if link not in seen:
                        seen.add(link)
                        waiting.append(link)
        return reached


def in_language(address: str, language: str) -> str:
    """The same page for readers of another language."""
    return re.sub(r"^/en/", f"/{language}/", address)


@contextlib.contextmanager
def serve_sample(folder: Path, *, scale: float, quiet: bool = True) -> Iterator[Site]:
    """Build the sample event in this folder (or find it there) and serve it with a worker until the block ends."""
    port = _free_port()
    log = (folder / "log").open("wb") if quiet else None
    process = subprocess.Popen(
        [KONTOR, "demo", "--scale", str(scale), "--port", str(port), "--json"],
        cwd=ROOT,
        env=os.environ | {"KONTOR_DATA_DIR": str(folder), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    watch = signal.signal(signal.SIGALRM, lambda *_: process.terminate())
    signal.alarm(BUILD_LIMIT_S)
    try:
        answer = _read_object(process)
        _wait_until_it_answers(port)
        signal.alarm(0)
        people = {row["role"]: row for row in answer["sign_ins"]}
        yield Site(origin=answer["address"], folder=folder, sign_ins=people)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, watch)
        process.terminate()
        process.wait(timeout=300)
        if log is not None:
            log.close()


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """The Chromium of this machine, without a window."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), chromium_sandbox=False)
        try:
            yield browser
        finally:
            browser.close()


def _read_object(process: "subprocess.Popen[str]") -> dict[str, list[dict[str, str]]]:
    """The JSON that the command prints once the event is complete; it goes on serving afterwards."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.rstrip() == "}":
            return json.loads("".join(lines))
    raise RuntimeError(f"kontor demo ended with code {process.wait()} before the sample event was complete.")


def _wait_until_it_answers(port: int) -> None:
    """Where the event was there already, the command is done before the web server listens."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _pattern(path: str) -> re.Pattern[str]:
    """Django's notation as an expression; parts that are expressions already stay as they are."""
    parts = re.split(r"(<\w+:\w+>)", path.replace("^", "").replace("$", ""))
    kinds = {"int": r"\d+", "slug": r"[-\w]+", "str": r"[^/]+"}
    return re.compile(
        "".join(
            kinds[part[1:].partition(":")[0]] if re.fullmatch(r"<\w+:\w+>", part) else part for part in parts
        )
    )


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.hrefs += [value for name, value in attrs if name == "href" and value]


def _links(html: str, base: str) -> Iterator[str]:
    """Addresses of this site that a page links to, without the fragment; other languages are left out."""
    reader = _LinkReader()
    reader.feed(html)
    here = urlsplit(base)
    for href in reader.hrefs:
        there = urlsplit(urljoin(base, href))
        if there.netloc == here.netloc and there.path.startswith("/en/"):
            yield there.path + (f"?{there.query}" if there.query else "")
