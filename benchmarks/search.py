"""How long a search takes among 100,000 organisations, a list of results while somebody types, and a page of the directory.

A few thousand organisations are made and indexed as the site does it. The rest are copies of their rows with names of
their own, so that every token is as frequent among 100,000 as it would be, without reading 100,000 texts first.
Runs on SQLite; on PostgreSQL as `python tools/with_postgres.py python benchmarks/search.py`. With `--folder` it measures what a
`kontor demo --organisations 100000` left there, all of it analysed.
"""

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS-search.md"
MOST_SEARCH_MS, MOST_TYPING_MS, MOST_PAGE_MS = 50.0, 30.0, 15.0
ROUNDS = 3
QUERIES = (
    "功率半导体", "Leistungselektronik", "power electronics", "洁净室", "Faserlaser", "Temperatursensor", "温度传感器",
    "Industrieroboter", "人工智能", "Künstliche Intelligenz", "Universitaet", "Medizintechnik", "Lü", "Jinan", "济南",
    "Dresden", "GmbH", "有限公司", "Sensorik GmbH Dresden", "Halbleiter Jinan", "Robotics Co., Ltd.", "智能装备",
    "jinan jiqiren", "Software", "logistics", "Automation Leipzig", "Lithium-Ionen-Batterie", "德国 传感器",
    "microelectronics", "半导体 青岛", "nothing has this name", "Maschinenbau Partner in China",
)  # fmt: skip
TYPED = (
    "Leistungsel",
    "Sens",
    "Jin",
    "济",
    "济南泉",
    "Alte",
    "Bor",
    "shandong",
    "Mikroel",
    "a",
    "Te",
    "Uni",
    "ji",
    "机器",
    "Robotics Q",
)
PAGES = ("/de/organisations/", "/en/organisations/?country=DE", "/zh-hans/organisations/?kind=university")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one kind of question took, milliseconds."""

    name: str
    times: Sequence[float]
    """by the clock on the wall, which other work on the machine lengthens"""
    cpu: Sequence[float]
    """of this process, and of the database's where that runs on this machine: what a quiet machine comes near to"""
    slowest: str
    most: float
    is_cpu: bool = False
    """whether the limit is one of the median of CPU time"""

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1]

    @property
    def is_kept(self) -> bool:
        return (statistics.median(self.cpu) if self.is_cpu else self.p95) <= self.most

    def line(self) -> str:
        middle = statistics.median(self.times)
        cpu, limit = statistics.quantiles(self.cpu, n=20)[-1], f"{self.most:g}"
        if self.is_cpu:
            limit += f" of CPU; median {statistics.median(self.cpu):.1f}"
        return (
            f"| {self.name} | {middle:.1f} | {self.p95:.1f} | {max(self.times):.1f} ({self.slowest}) "
            f"| {cpu:.1f} | {limit} |"
        )


def main() -> int:
    """1 if anything exceeds its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument("--base", type=int, default=3_000, help="how many of them are analysed")
    parser.add_argument("--folder", help="keep the data here, and use what is there")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kontor-search-") as folder:
        _set_up(Path(arguments.folder or folder))
        _build(arguments.organisations, base=arguments.base)
        found = _measure()
    report = _report(found)
    print(report)
    if arguments.write:
        RESULTS.write_text(report, encoding="utf-8")
    return 0 if all(one.is_kept for one in found) else 1


def _set_up(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["KONTOR_DATA_DIR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _build(number: int, *, base: int) -> None:
    from django.db import connection

    from kontor.demo.many import build_many
    from kontor.directory.models import Organisation
    from kontor.search.models import SearchRow

    build_many(base, seed=1)
    rows = list(SearchRow.objects.filter(kind="organisation").order_by("id")[: base * 2])
    done = SearchRow.objects.values("key").distinct().count()
    rnd = random.Random(7)
    copy = 0
    while done < number:
        copy += 1
        names: dict[str, tuple[str, str]] = {}
        for row in rows:
            if row.key not in names:
                brand = "".join(rnd.choice("bdfgklmnprstvw") + rnd.choice("aeiou") for _ in range(4))
                names[row.key] = (f"{copy:03d}{row.key}"[:24], brand)
        fresh = []
        for row in rows[: (number - done) * 2]:
            key, brand = names[row.key]
            fresh.append(
                SearchRow(
                    kind=row.kind,
                    key=key,
                    language=row.language,
                    audience=row.audience,
                    title=row.title,
                    sort_key=row.sort_key,
                    names=row.names,
                    place=row.place,
                    country=row.country,
                    category=row.category,
                    address=row.address,
                    is_sample=True,
                    tokens=f"{row.tokens} n{brand} x{brand}",
                )
            )
        SearchRow.objects.bulk_create(fresh, batch_size=500)
        done += len({row.key for row in fresh})
    print(
        f"{done} documents, {SearchRow.objects.count()} rows, {Organisation.objects.count()} analysed",
        file=sys.stderr,
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE search_searchrow")
        else:
            cursor.execute("INSERT INTO search_tokens(search_tokens) VALUES ('optimize')")


def _measure() -> list[Figures]:
    from django.test import Client

    from kontor.search.queries import search, suggest
    from kontor.search.registry import PUBLIC

    visitor = Client(SERVER_NAME="localhost")
    search_for = partial(search, audiences=(PUBLIC,), language="de")
    suggest_for = partial(suggest, audiences=(PUBLIC,), language="de")
    questions: list[tuple[str, Callable[[str], object], Sequence[str], float]] = [
        ("search", search_for, QUERIES, MOST_SEARCH_MS),
        ("as one types", suggest_for, TYPED, MOST_TYPING_MS),
        ("first page of the directory", visitor.get, PAGES, MOST_PAGE_MS),
    ]
    found = []
    for name, ask, texts, most in questions:
        times: list[tuple[float, float, str]] = []
        for round_ in range(ROUNDS + 1):
            for text in texts:
                begin, begin_cpu = time.perf_counter(), _cpu_s()
                ask(text)
                if round_:  # the first round warms the caches, as the first reader of the day does
                    wall, cpu = time.perf_counter() - begin, _cpu_s() - begin_cpu
                    times.append((wall * 1000, cpu * 1000, text))
        found.append(
            Figures(
                name=name,
                times=[wall for wall, _cpu, _text in times],
                cpu=[cpu for _wall, cpu, _text in times],
                slowest=max(times)[2],
                most=most,
                is_cpu=texts is PAGES,
            )
        )
    return found


def _cpu_s() -> float:
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    of_database = int(backend.read_text().split()[0]) / 1e9 if backend.exists() else 0.0
    return time.process_time() + of_database


def _report(found: Sequence[Figures]) -> str:
    from django.db import connection

    from kontor.search.models import SearchRow

    lines = "\n".join(one.line() for one in found)
    num_rows = SearchRow.objects.count()
    num_documents = SearchRow.objects.values("key").distinct().count()
    return (
        "# What a search takes\n\n"
        f"`python benchmarks/search.py`: {num_rows:,} rows of {num_documents:,} organisations, "
        f"{connection.vendor}, CPython {platform.python_version()}, {os.cpu_count()} cores; milliseconds of wall time.\n\n"
        "| Question | median | 95th percentile | slowest | 95th percentile, CPU | limit |\n|---|---|---|---|---|---|\n"
        f"{lines}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
