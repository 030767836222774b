"""Fonts for printed documents: the system's Noto CJK if it is there, else the one from the package mplfonts."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

SANS = "Noto Sans CJK SC"
SERIF = "Noto Serif CJK SC"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DocumentFonts:
    found: typst.Fonts
    text: str
    heading: str


@cache
def document_fonts() -> DocumentFonts:
    """Look for the fonts once per process; both Chinese families are the SC ones, so that 直 and 骨 look right."""
    system = typst.Fonts()
    families = set(system.families())
    if SANS in families:
        return DocumentFonts(found=system, text=SANS, heading=SERIF if SERIF in families else SANS)
    package = find_spec("mplfonts")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError(f"Printing needs the font {SANS}: install Noto CJK or the package mplfonts.")
    folder = Path(package.submodule_search_locations[0]) / "fonts"
    # Only the sans is taken from there; the templates forbid falling back to any font that they do not name.
    return DocumentFonts(found=typst.Fonts(font_paths=[folder]), text=SANS, heading=SANS)
