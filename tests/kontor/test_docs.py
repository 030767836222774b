"""The documentation names what there is: settings, commands, make targets, pages it links to."""

import re
from pathlib import Path

import pytest

from kontor.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
INTERNAL = {"KONTOR_COLLECTING"}  # `kontor static` sets it for itself


def words_of_docs() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_every_setting_is_documented() -> None:
    used = set(re.findall(r"KONTOR_[A-Z_]+", (ROOT / "src/kontor/settings.py").read_text(encoding="utf-8")))
    documented = (ROOT / "docs/operate/settings.md").read_text(encoding="utf-8")
    assert {name for name in used - INTERNAL if name not in documented} == set()


def test_every_command_is_documented() -> None:
    text = words_of_docs()
    assert {name for name in COMMANDS if f"kontor {name}" not in text and f"`{name}`" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_make_targets_that_the_docs_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", words_of_docs()))
    assert named - targets == set()
