"""What a page costs: CPU time and SQL statements on the sample event at full size, and again at a quarter of it."""

import argparse
import gc
import hashlib
import io
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
BEGIN, END = "<!-- pages: begin -->", "<!-- pages: end -->"
LANGUAGE = "de"
EMPTY = f"/{LANGUAGE}/empty/"
ON_THE_DAY = datetime(2018, 11, 1, 5, 48, tzinfo=UTC)
"""13:48 in Jinan, twelve minutes before the first meetings"""
MOST_STATEMENTS = 8
MOST_TIMES_EMPTY = 4.0
MOST_NEWCOMERS = 100
NUM_UNCOUNTED = 3
LATER_PAGE = 8
"""how many times the list is turned over to reach a later page; there in the small event too"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An address, who opens it, and what it may cost."""

    name: str
    browser: "Browser"
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    most_ms: float | None = None
    """None: no limit of its own"""
    newcomers: "Sequence[Browser]" = ()
    """who opens it instead, each once, so that nothing of what they see was made before"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Somebody's browser: asks the site as gunicorn does, without the test client's own work on requests and answers."""

    site: Callable[..., Any]
    cookies: str

    def open(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The whole answer: through every middleware, compressed, until it is closed."""
        path, _, query = path.partition("?")
        environment = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies,
            "HTTP_ACCEPT_ENCODING": "gzip",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in (headers or {}).items():
            environment["HTTP_" + name.upper().replace("-", "_")] = value
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self.site(environment, lambda status, told: begun.append((status, told)))
        try:
            body = b"".join(parts)
        finally:
            parts.close()
        status, told = begun[0]
        return Answer(status=int(status.split()[0]), headers=dict(told), body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one page cost."""

    name: str
    statements: int
    ms: float
    """median CPU time of a request"""
    least_ms: float
    """what nine of ten requests exceed: the CPU time while neighbours leave the processor and its caches alone"""
    times_empty: float
    """to the median of an empty page, opened in turn with this one by the same person"""
    calls: int
    """of functions, Python's and C's: the same however busy the machine is"""
    kilobytes: float
    """on the wire"""
    most_ms: float | None

    @property
    def faults(self) -> list[str]:
        """What is dearer than it may be."""
        found = []
        if self.statements > MOST_STATEMENTS:
            found.append(f"{self.name}: {self.statements} statements, at most {MOST_STATEMENTS} are allowed")
        if self.most_ms is not None and self.least_ms > self.most_ms:
            found.append(
                f"{self.name}: {self.least_ms:.1f} CPU-ms at least, at most {self.most_ms:g} are allowed"
            )
        if self.name.startswith("My day, whole") and self.times_empty > MOST_TIMES_EMPTY:
            found.append(
                f"{self.name}: {self.times_empty:.1f} times an empty page, at most {MOST_TIMES_EMPTY:g}"
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One event: how large it is and what its pages cost."""

    num_participants: int
    num_meetings: int
    costs: Sequence[Cost]


# ── the events ───────────────────────────────────────────────────────────────────────────────────


def build_sample(scale: float) -> Path:
    """The folder of the sample event of this size, built where it is missing or from sources that have changed since."""
    folder = ROOT / "var" / f"bench-{scale:g}"
    mark, sources = folder / "built-from", state_of_sources()
    is_known = mark.exists() and mark.read_text(encoding="ascii") == sources
    print(
        f"sample event, scale {scale:g}: {folder.relative_to(ROOT)}, {'kept' if is_known else 'built anew'}",
        flush=True,
    )
    if is_known:
        return folder
    kontor = Path(sys.executable).parent / "kontor"
    subprocess.run(
        [kontor, "demo", "--fresh", "--no-serve", "--json", "--scale", str(scale)],
        cwd=ROOT,
        env=os.environ | {"KONTOR_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    mark.write_text(sources, encoding="ascii")
    return folder


def state_of_sources() -> str:
    """A hash of what the sample event is made of: the demonstration with its data, and all migrations."""
    package = ROOT / "src" / "kontor"
    files = [
        *(path for path in (package / "demo").rglob("*") if path.suffix != ".pyc" and path.is_file()),
        *package.glob("*/migrations/*.py"),
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def set_up(folder: Path) -> None:
    """Django as it runs for real: no debugging, compiled templates, collected static files where there are some."""
    os.environ.setdefault("KONTOR_STATIC_DIR", str(ROOT / "var" / "static"))
    os.environ["KONTOR_DATA_DIR"] = str(folder)
    from kontor.cli.site import setup

    setup()
    from django.conf.urls.i18n import i18n_patterns
    from django.contrib.auth.decorators import login_not_required
    from django.urls import path

    from kontor import urls

    # first of all, so that the empty page is found as soon as those that people open most
    urls.urlpatterns[:0] = i18n_patterns(path("empty/", login_not_required(_empty_page)))


def _empty_page(request: "HttpRequest") -> "HttpResponse":
    """The frame that all pages share, and nothing in it."""
    from django.shortcuts import render

    return render(request, "ui/base.html")


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """Work on a copy of the event in this folder, so that measuring leaves no trace in it."""
    from django.db import connection

    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "kontor.sqlite3"
        with sqlite3.connect(folder / "kontor.sqlite3") as source, sqlite3.connect(copy) as target:
            source.backup(target)
        source.close()
        target.close()
        connection.close()
        connection.settings_dict["NAME"] = str(copy)
        yield
        connection.close()


# ── the pages ────────────────────────────────────────────────────────────────────────────────────


def pages_of_event() -> list[Page]:
    """The pages people open most, and those that show many rows."""
    from django.urls import reverse

    from kontor.demo.services import sample_sign_ins
    from kontor.directory.models import Cluster, ClusterPartnership
    from kontor.events.models import Event, Participation
    from kontor.news.models import Article

    users = sample_sign_ins()
    browsers = {role: _signed_in(user) for role, user in users.items()}
    participant, interpreter, organiser = (
        browsers[role] for role in ("participant", "interpreter", "organiser")
    )
    event = Event.objects.get(slug="smec-2018")
    own = Participation.objects.select_related("person__user").get(
        event=event, person__user=users["participant"]
    )
    slug = event.slug
    day, listed = reverse("meetings:day-show", args=[slug]), reverse("events:participant-list", args=[slug])
    matches = reverse("matching:match-list", args=[slug])
    asked = reverse("meetings:request-list", args=[slug])
    partner = own.recommendations.order_by("rank", "id")[0].partner
    run = event.plan_runs.order_by("-number")[0]
    polled = {"HX-Request": "true"}
    known = {**polled, "If-None-Match": participant.open(day, polled).headers["ETag"]}
    feed = _calendar_path(own)
    visitor = _signed_in(None)
    cluster = Cluster.objects.order_by("pk")[0]
    relation = ClusterPartnership.objects.select_related("first", "second").get()
    return [
        Page(name="Empty page, signed in", browser=participant, path=EMPTY),
        Page(name="Network, home of visitors", browser=visitor, path=reverse("portal:home"), most_ms=15),
        Page(name="Network, signed in", browser=participant, path=reverse("portal:network-show"), most_ms=15),
        Page(
            name="Figures of a cluster",
            browser=visitor,
            path=reverse("figures:subject-show", args=["cluster", cluster.public_id]),
        ),
        Page(
            name="Timeline of a relation",
            browser=visitor,
            path=reverse("agreements:relation-show", args=[relation.first.slug, relation.second.slug]),
        ),
        Page(
            name="Article",
            browser=visitor,
            path=reverse("news:article-show", args=[Article.objects.latest("id").slug]),
        ),
        Page(name="My day, whole page, participant", browser=participant, path=day, most_ms=6),
        Page(name="My day, whole page, interpreter", browser=interpreter, path=day, most_ms=6),
        Page(
            name="My day, whole page, first opened",
            browser=participant,
            path=day,
            newcomers=_newcomers(event, besides=own),
        ),
        Page(name="My day, asked for news", browser=participant, path=day, headers=polled, most_ms=6),
        Page(
            name="My day, no news (304)", browser=participant, path=day, headers=known, status=304, most_ms=6
        ),
        Page(name="My day, calendar feed", browser=participant, path=feed, most_ms=10),
        Page(name="Participants, first page", browser=organiser, path=listed, most_ms=15),
        Page(
            name="Participants, a later page",
            browser=organiser,
            path=_turned_over(organiser, listed, times=LATER_PAGE),
            most_ms=15,
        ),
        Page(
            name="One participant",
            browser=organiser,
            path=reverse("events:participant-show", args=[slug, own.public_id]),
        ),
        Page(
            name="Import, preview of all people",
            browser=organiser,
            path=_import_path(event, users["organiser"]),
        ),
        Page(name="Matches, participant", browser=participant, path=matches),
        Page(name="Matches, organiser", browser=organiser, path=matches),
        Page(name="Requests, participant", browser=participant, path=asked),
        Page(name="Requests, organiser", browser=organiser, path=asked),
        Page(
            name="Ask for a meeting",
            browser=participant,
            path=reverse("meetings:request-new", args=[slug, partner.public_id]),
        ),
        Page(name="Meeting plan, board", browser=organiser, path=reverse("meetings:plan-show", args=[slug])),
        Page(
            name="Meeting plan, unplaced",
            browser=organiser,
            path=reverse("meetings:plan-unplaced", args=[slug, run.number]),
        ),
        Page(name="Meeting plan, check", browser=organiser, path=reverse("meetings:plan-check", args=[slug])),
        Page(
            name="Meeting plan, recovery",
            browser=organiser,
            path=reverse("meetings:plan-recovery", args=[slug]),
        ),
        Page(name="Event, organiser", browser=organiser, path=reverse("meetings:event-show", args=[slug])),
        Page(name="Home, operator", browser=browsers["operator"], path=reverse("portal:home")),
    ]


def _signed_in(user: Any) -> Browser:
    """A browser of this user, who has been here before; of a visitor where there is none."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    if user is not None:
        client.force_login(user)
    client.get(EMPTY)
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    return Browser(site=WSGIHandler(), cookies=cookies)


def _newcomers(event: Any, *, besides: Any) -> list[Browser]:
    """Participants with meetings of whom no page was drawn yet, as many as there are up to a hundred."""
    seated = event.participations.filter(seats__isnull=False, person__user__isnull=False)
    own = seated.exclude(pk=besides.pk).select_related("person__user").distinct().order_by("id")
    return [_signed_in(participation.person.user) for participation in own[:MOST_NEWCOMERS]]


def _turned_over(browser: Browser, path: str, *, times: int) -> str:
    """The address after following the link to the next page so many times."""
    address = path
    for _ in range(times):
        html = browser.open(address, {"Accept-Encoding": "identity"}).body.decode()
        cursors = re.findall(r'href="[^"]*[?&;]after=([\w-]+)', html)
        address = f"{path}?after={cursors[0]}"
    return address


def _calendar_path(own: Any) -> str:
    from django.urls import reverse

    from kontor.meetings.services.calendar import renew_calendar_address

    renew_calendar_address(own, by=own.person.user, at=ON_THE_DAY)
    own.refresh_from_db()
    return reverse("calendars:calendar-feed", args=[own.calendar_address.token])


def _import_path(event: Any, by: Any) -> str:
    """The preview of a list of everybody who takes part."""
    from django.urls import reverse

    from kontor.events.services.imports import prepare_import

    lines = ["Vorname,Name,Organisation,E-Mail,Land"]
    for row in event.participations.select_related("person", "organisation"):
        person = row.person
        values = (person.given, person.family, str(row.organisation), person.email or "", person.country)
        lines.append(",".join('"' + value.replace('"', '""') + '"' for value in values))
    content = "\n".join(lines).encode()
    prepared = prepare_import(event, file_name="list.csv", content=content, by=by, at=ON_THE_DAY)
    return reverse("events:import-show", args=[event.slug, prepared.public_id])


# ── measuring ────────────────────────────────────────────────────────────────────────────────────


def measure(page: Page, *, rounds: int) -> Cost:
    """Open the page and, just before, an empty one, many times: a busy machine slows both down."""
    visitors = [page.browser] * (rounds + NUM_UNCOUNTED + 2)
    if page.newcomers:
        visitors = list(page.newcomers)[: len(visitors)]
    statements, size = _count(page, visitors.pop())
    last = visitors.pop()
    empty_ms, ms = [], []
    for number, browser in enumerate(visitors):
        empty = _cpu_ms(lambda: browser.open(EMPTY))  # noqa: B023 -- called at once
        cost = _cpu_ms(lambda: browser.open(page.path, page.headers))  # noqa: B023 -- called at once
        if number >= NUM_UNCOUNTED:  # the first ones compile templates
            empty_ms.append(empty)
            ms.append(cost)
    return Cost(
        name=page.name,
        statements=statements,
        ms=statistics.median(ms),
        least_ms=statistics.quantiles(ms, n=10)[0],
        times_empty=statistics.median(ms) / statistics.median(empty_ms),
        calls=_count_calls(lambda: last.open(page.path, page.headers)),
        kilobytes=size / 1000,
        most_ms=page.most_ms,
    )


def _cpu_ms(work: Callable[[], object]) -> float:
    begin = time.process_time_ns()
    work()
    return (time.process_time_ns() - begin) / 1e6


def _count_calls(work: Callable[[], object]) -> int:
    calls = 0

    def listen(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(listen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def _count(page: Page, browser: Browser) -> tuple[int, int]:
    """How many statements the page needs, and how many bytes it weighs."""
    from django.db import connection

    statements: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        answer = browser.open(page.path, page.headers)
    if answer.status != page.status:
        raise SystemExit(f"{page.name}: {page.path} answered {answer.status}, expected {page.status}")
    return len(statements), len(answer.body)


def measure_event(folder: Path, *, rounds: int, only: str) -> Measured:
    """What the pages cost on the event in this folder."""
    from django.utils import translation

    from kontor.events.models import Event

    with opened(folder), translation.override(LANGUAGE), patch("kontor.jobs.clock.now", lambda: ON_THE_DAY):
        pages = pages_of_event()
        gc.collect()
        gc.freeze()  # what was loaded once is not searched again and again, as in a web worker
        costs = [measure(page, rounds=rounds) for page in pages if only in page.name]
        event = Event.objects.get(slug="smec-2018")
        return Measured(
            num_participants=event.participations.count(), num_meetings=event.meetings.count(), costs=costs
        )


# ── telling ──────────────────────────────────────────────────────────────────────────────────────


def table(full: Measured, quarter: Measured | None) -> str:
    """All figures as a table in Markdown."""
    small = {cost.name: cost for cost in quarter.costs} if quarter else {}
    size = f"{full.num_participants:,} people"
    lines = [
        f"| Page | SQL | CPU-ms, {size} | 1 of 10 below | × empty page | 1,000 calls | kB |"
        + (f" SQL, {quarter.num_participants:,} people | CPU-ms | growth |" if quarter else ""),
        "|---|--:|--:|--:|--:|--:|--:|" + ("--:|--:|--:|" if quarter else ""),
    ]
    for cost in full.costs:
        figures = (cost.ms, cost.least_ms, cost.times_empty, cost.calls / 1000, cost.kilobytes)
        line = f"| {cost.name} | {cost.statements} | " + " | ".join(f"{one:.1f}" for one in figures) + " |"
        if other := small.get(cost.name):
            line += f" {other.statements} | {other.ms:.1f} | {cost.times_empty / other.times_empty:.2f} |"
        lines.append(line)
    return "\n".join(lines)


def circumstances(full: Measured) -> str:
    """On what and how it was measured, in one paragraph."""
    from django import get_version

    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    return (
        f"Commit {commit}, {datetime.now(UTC):%Y-%m-%d}. {_processor()}, {os.cpu_count()} cores; "
        f"Python {platform.python_version()}, Django {get_version()}, SQLite {sqlite3.sqlite_version}. "
        f"{full.num_participants:,} participants, {full.num_meetings:,} agreed meetings."
    )


def _processor() -> str:
    try:
        facts = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        facts = ""
    found = re.search(r"model name\s*:\s*(.+)", facts)
    return found[1].strip() if found else platform.processor() or platform.machine()


def write(report: str) -> None:
    """Put the report into its section of RESULTS.md."""
    text = RESULTS.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    RESULTS.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Measure and tell; exit code 1 where a page costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, help="folder of a finished sample event, instead of building one"
    )
    parser.add_argument("--quarter", type=Path, help="folder of one at a quarter of the size")
    parser.add_argument("--rounds", type=int, default=60, help="requests per page (default 60)")
    parser.add_argument("--write", action="store_true", help="update the section of benchmarks/RESULTS.md")
    parser.add_argument("--only", default="", help="measure the pages whose names contain this")
    arguments = parser.parse_args()
    folders = (arguments.data or build_sample(1.0), arguments.quarter or build_sample(0.25))
    set_up(folders[0])
    full, quarter = (
        measure_event(folder, rounds=arguments.rounds, only=arguments.only) for folder in folders
    )
    report = f"{circumstances(full)}\n\n{table(full, quarter)}"
    print(report)
    if arguments.write:
        write(report)
    faults = [fault for cost in full.costs for fault in cost.faults]
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
