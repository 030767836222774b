"""One door per danger: what only `kontor.ui`, or one named file, may do, found by reading the source of all apps."""

import re
from pathlib import Path

import pytest

import kontor

SITE = Path(kontor.__file__).parent
# door → (which files, what they must not contain)
FORBIDDEN = {
    "ui.usertext": ("*.py", r"\bmark_safe\b|\bSafeString\(|\bSafeText\b|\bformat_html\b"),
    "autoescape": ("*.html", r"\|\s*safe\b|\{%\s*autoescape\s+off"),
    "ui.redirects": (
        "*.py",
        r"redirect\(\s*request\.(GET|POST|META|headers)|HttpResponseRedirect\(\s*request\.",
    ),
    "ui.downloads": ("*.py", r"Content-Disposition|\bFileResponse\b"),
    "ui.spreadsheets": ("*.py", r"\bcsv\.(Dict)?[wW]riter\b"),
    "jobs.outgoing": ("*.py", r"^\s*(import|from) (requests|urllib\.request|http\.client|httpx|aiohttp)\b"),
    "strict CSP": (
        "*.html",
        r"\sstyle=|\son[a-z]+=[\"']|<style\b|<script(?![^>]*\s(?:src=|type=\"application/json\"))",
    ),
}
DOORS_BESIDE_UI = {"jobs.outgoing": "jobs/outgoing.py"}
FILES_OF_VIEWS = re.compile(r"(^|/)(views|forms|api)(\.py$|/)")
OPENS = r"(?<![\w.])open\(|\.open\(\s*[\"'][rwab]|\.(read|write)_(text|bytes)\("


def offences(source: Path, files: str, pattern: str) -> list[str]:
    """File and line of each place outside `ui` that matches."""
    return [
        f"{path.relative_to(source)}:{number}"
        for path in sorted(source.rglob(files))
        if path.relative_to(source).parts[0] != "ui"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("door", FORBIDDEN)
def test_nobody_goes_around_the_door(door: str) -> None:
    found = offences(SITE, *FORBIDDEN[door])
    assert [place for place in found if place.rpartition(":")[0] != DOORS_BESIDE_UI.get(door)] == []


def test_views_open_no_files() -> None:
    found = offences(SITE, "*.py", OPENS)
    assert [place for place in found if FILES_OF_VIEWS.search(place.rpartition(":")[0])] == []


@pytest.mark.parametrize(
    ("door", "line"),
    [
        ("ui.usertext", "return mark_safe(text)"),
        ("ui.usertext", "return format_html('<b>{}</b>', x)"),
        ("autoescape", "{{ text | safe }}"),
        ("ui.redirects", 'return redirect(request.GET["next"])'),
        ("ui.downloads", 'response["Content-Disposition"] = name'),
        ("ui.spreadsheets", "csv.writer(file)"),
        ("jobs.outgoing", "from urllib.request import urlopen"),
        ("strict CSP", '<p style="color: red">'),
        ("strict CSP", "<script>"),
    ],
)
def test_the_rule_finds_what_it_forbids(tmp_path: Path, door: str, line: str) -> None:
    files, pattern = FORBIDDEN[door]
    place = tmp_path / "market" / files.replace("*", "page")
    place.parent.mkdir()
    place.write_text(f"fine\n{line}\n", encoding="utf-8")
    assert offences(tmp_path, files, pattern) == [f"market/{place.name}:2"]
