"""Take a picture of every page in three languages and two widths, and lay them out on one sheet per language."""

import argparse
import sys
import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import Page
from sample_site import LANGUAGES, Reached, Site, in_language, open_browser, serve_sample

WIDTHS = (360, 1280)
HEIGHT = 900
SHEET = """<!doctype html><html lang="{markup}"><meta charset="utf-8"><title>Kontor {markup}</title>
<style>body{{font:14px sans-serif;margin:2rem}}section{{margin-bottom:3rem}}div{{display:flex;gap:2rem;align-items:start}}
img{{border:1px solid #999;max-width:100%}}img+img{{width:60rem}}</style><h1>{markup}: {number} pages</h1>
{sections}</html>
"""
SECTION = '<section><h2 id="{name}">{name}</h2><p>{role} · {address}</p><div>{pictures}</div></section>\n'


def main() -> int:
    """Every page, or those whose name holds one of the words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only pages whose name holds one of these")
    parser.add_argument("--scale", type=float, default=0.1, help="size of the sample event (default 0.1)")
    parser.add_argument("--data", type=Path, help="keep the sample event in this folder and use it again")
    parser.add_argument("--into", type=Path, default=Path("screenshots"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kontor-pictures-") as temporary:
        folder = arguments.data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with serve_sample(folder.resolve(), scale=arguments.scale) as site:
            number = take_pictures(site, into=arguments.into, words=arguments.words)
    print(
        f"{number} pages; the sheets are {', '.join(str(arguments.into / f'{one}.html') for one in LANGUAGES)}"
    )
    return 0


def take_pictures(site: Site, *, into: Path, words: list[str]) -> int:
    """Walk the site once, then picture each page in each language."""
    with open_browser() as browser:
        tour = site.tour(browser)
        chosen = {
            _name(page): page
            for page in tour.pages
            if not words or any(word in _name(page) for word in words)
        }
        windows = {role: context.new_page() for role, context in tour.windows.items()}
        for language, markup in LANGUAGES.items():
            (into / language).mkdir(parents=True, exist_ok=True)
            sections = []
            for name, page in chosen.items():
                pictures = _picture(windows[page.role], page, name, language=language, into=into)
                sections.append(
                    SECTION.format(
                        name=escape(name),
                        role=page.role,
                        address=escape(in_language(page.address, language)),
                        pictures="".join(f'<img src="{escape(path)}" alt="">' for path in pictures),
                    )
                )
            sheet = SHEET.format(markup=markup, number=len(sections), sections="".join(sections))
            (into / f"{language}.html").write_text(sheet, encoding="utf-8")
    return len(chosen)


def _name(page: Reached) -> str:
    """A file name that says the page and for whom, as `matching.match-list.organiser.participant`."""
    return ".".join((page.route.replace(":", "."), page.role, *sorted(page.parameters)))


def _picture(window: Page, page: Reached, name: str, *, language: str, into: Path) -> list[str]:
    window.goto(in_language(page.address, language))
    paths = []
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": HEIGHT})
        path = f"{language}/{name}.{width}.png"
        window.screenshot(path=into / path, full_page=True)
        paths.append(path)
    return paths


if __name__ == "__main__":
    sys.exit(main())
