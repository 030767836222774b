"""The style sheets: small, in layers, readable in both themes, and never wanting anything from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest

import kontor.ui

FOLDER = Path(kontor.ui.__file__).parent / "static" / "ui"
SHEETS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("css/*.css"))}

# (text, ground) that stand on each other
TEXTS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3", "blue") for ground in ("paper", "sheet")],
    *[("ink", f"{colour}-wash") for colour in ("blue", "seal", "spring", "amber")],
    *[(f"{colour}-ink", f"{colour}-wash") for colour in ("blue", "seal", "spring", "amber")],
    ("seal-ink", "sheet"),
    ("seal-ink", "paper"),
    ("on-blue", "blue"),
    ("on-seal", "seal"),
    ("sheet", "ink"),
]
LINES = [
    (line, ground)
    for line in ("rule-strong", "blue", "seal", "spring", "amber")
    for ground in ("paper", "sheet")
]


def themes() -> dict[str, dict[str, str]]:
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", block))
        for block in re.findall(r":root \{(.*?)\n\s+\}", SHEETS["base.css"], re.DOTALL)[:2]
    )
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(theme: dict[str, str], first: str, second: str) -> float:
    lighter, darker = sorted((luminance(theme[first]), luminance(theme[second])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_in_both_themes(theme: str) -> None:
    tokens = themes()[theme]
    assert {pair: round(contrast(tokens, *pair), 2) for pair in TEXTS if contrast(tokens, *pair) < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_that_matter_are_visible_in_both_themes(theme: str) -> None:
    tokens = themes()[theme]
    assert {pair: round(contrast(tokens, *pair), 2) for pair in LINES if contrast(tokens, *pair) < 3} == {}


def test_the_dark_theme_has_every_colour() -> None:
    light, dark = (
        set(re.findall(r"--([\w-]+): #", block))
        for block in re.findall(r":root \{(.*?)\n\s+\}", SHEETS["base.css"], re.DOTALL)[:2]
    )
    assert light == dark


def test_the_sheets_are_small() -> None:
    assert sum(len(sheet.encode()) for sheet in SHEETS.values()) <= 32_000
    assert sum(len(gzip.compress(sheet.encode())) for sheet in SHEETS.values()) <= 9_000


def test_everything_stands_in_a_layer() -> None:
    for name, sheet in SHEETS.items():
        outside = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
        while (inner := re.sub(r"\{[^{}]*\}", ";", outside)) != outside:
            outside = inner
        statements = [part.strip() for part in outside.split(";") if part.strip()]
        assert all(part.startswith("@layer") for part in statements), (name, statements)


def test_nothing_is_fetched_from_anywhere() -> None:
    for path in [*FOLDER.rglob("*.css"), *FOLDER.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|@import|url\(|@font-face|eval\(|innerHTML", text), path.name


def test_chinese_is_never_slanted_or_spaced() -> None:
    assert not re.search(r"(?<!text-)font-style: (?!normal)", "".join(SHEETS.values()))
    assert re.search(
        r":lang\(zh\) \{[^}]*line-height: 1\.7;[^}]*font-style: normal; letter-spacing: 0;",
        SHEETS["base.css"],
    )


def test_focus_is_visible_everywhere() -> None:
    assert ":focus-visible { outline: 3px solid" in SHEETS["base.css"]
    removed = re.findall(r"([^{}]+)\{[^}]*outline: none", "".join(SHEETS.values()))
    assert [selector.strip() for selector in removed] == ["main:focus"]
