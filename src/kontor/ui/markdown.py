"""Longer texts with a few marks (headings, lists, quotations, emphasis, links), rendered through the one door."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kontor.ui.usertext import clean_user_text

Resolve = Callable[[str, str], str | None]
"""(kind, id) of a reference like claim:abc → its address, or None where there is no such thing"""

_REFERENCE = re.compile(r"^([a-z]+):([0-9a-z-]+)$")
# What word processors put on the clipboard for the points of a list: a bullet and a tab, or a number and a tab.
_BULLET = re.compile(r"^[ \t]*(?:[•·▪◦‣\uf0b7\uf0a7]|[oo–-](?=\t))[ \t\u00a0]*", re.MULTILINE)
_NUMBER = re.compile(r"^[ \t]*(\d{1,3})[.)]\t[ \t]*", re.MULTILINE)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False})
    parser.enable(["heading", "list", "blockquote", "emphasis", "link", "escape", "newline", "hr"])
    return parser


_PARSER = _parser()


def tidy_pasted(text: str) -> str:
    """Text from a word processor: its bullets become list marks, its soft line ends real ones; words stay as they are."""
    text = clean_user_text(text.replace("\x0b", "\n"))
    text = _BULLET.sub("- ", text)
    return _NUMBER.sub(r"\1. ", text)


def references(text: str) -> set[tuple[str, str]]:
    """What a text refers to: (kind, id) of every link such as [rund 340](claim:abc)."""
    return {
        (found[1], found[2])
        for token in _links(_PARSER.parse(text))
        if (found := _REFERENCE.match(str(token.attrs.get("href", ""))))
    }


def render_markdown(text: str, *, resolve: Resolve | None = None) -> SafeString:
    """HTML with headings from the second level on; HTML in the text is shown as text, and unsafe links lose their address."""
    tokens = _PARSER.parse(clean_user_text(text))
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
    for token in _links(tokens):
        _aim(token, resolve)
    return SafeString(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def _links(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or () if child.type == "link_open"]


def _aim(link: Token, resolve: Resolve | None) -> None:
    href = str(link.attrs.get("href", ""))
    if found := _REFERENCE.match(href):
        address = resolve(found[1], found[2]) if resolve else None
        link.attrs = {"href": address, "class": "reference"} if address else {}
    elif urlsplit(href).scheme in {"http", "https"}:
        link.attrs = {"href": href, "rel": "noreferrer noopener"}
    else:
        link.attrs = {}
