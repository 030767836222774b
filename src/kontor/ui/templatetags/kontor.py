"""Words with their language, names, numbers, days and times as the reader's language writes them; languages of a page."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from typing import Protocol

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context, Node
from django.template.base import Parser, Token
from django.template.defaulttags import url as do_url
from django.templatetags.i18n import do_translate
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from kontor.ui import formatting, rows
from kontor.ui.components import WordsLike
from kontor.ui.nodes import Address, Sentence, language_of
from kontor.ui.usertext import clean_user_text, markup_language, render_user_text

register = template.Library()

Number = int | float | Decimal
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_JOINED_WORDS = re.compile(r"(?<=[a-zäöüß]{4})(?=[A-ZÄÖÜ][a-zäöüß]{3})")


class NameParts(Protocol):
    """A personal name as its owner gives it."""

    @property
    def latin(self) -> str: ...
    @property
    def native(self) -> str: ...
    @property
    def titles(self) -> str: ...


# Words


# These tags run once per row and more: they build their markup by hand, with `escape` around everything given.


@register.simple_tag
def words(value: str | WordsLike | None, kind: str = "", show_state: bool = False) -> SafeString:
    """The words in a span with their language; plain strings are in the language of the page.

    `kind` is a class ("quiet", "term"); `show_state` adds in words how a translation came to be.
    """
    if value is None or value == "":
        return SafeString("")
    if isinstance(value, str):
        plain = rows.marked(value)
        return SafeString(f'<span class="{kind}">{plain}</span>') if kind else SafeString(plain)
    if not value.text:
        return SafeString("")
    marked = _in_language(value.text, value.language, kind)
    note = _state_note(str(value.state)) if show_state else ""
    return SafeString(f'{marked} <small class="text-state">{escape(note)}</small>') if note else marked


@lru_cache(maxsize=8192)
def _in_language(text: str, language: str, kind: str) -> SafeString:
    """Names of organisations, of people and of topics come back on every page."""
    attributes = (f'class="{kind}" ' if kind else "") + f'lang="{escape(markup_language(language))}"'
    # No dictionary hyphenates a name such as TechnologieZentrumDresden.
    shown = _JOINED_WORDS.sub("\u00ad", clean_user_text(text))
    return SafeString(f"<span {attributes}>{escape(shown)}</span>")


def _state_note(state: str) -> str:
    notes: Mapping[str, Callable[[], str]] = {
        "machine": lambda: pgettext("state of a translation", "machine-translated"),
        "stale": lambda: pgettext("state of a translation", "older than the original"),
        "verified": lambda: pgettext("state of a translation", "verified translation"),
    }
    return notes[state]() if state in notes else ""


@register.simple_tag
def words_beside(shown: WordsLike | None, original: WordsLike | None) -> SafeString:
    """The words for the reader and, in the quiet colour, the original where it differs."""
    first = words(shown)
    if original is None or not original.text or (shown is not None and shown.text == original.text):
        return first
    return SafeString(f"{first} {words(original, 'quiet')}")


@register.simple_tag
def user_text(value: str | WordsLike | None, language: str = "") -> SafeString:
    """A longer text that somebody wrote, in paragraphs."""
    if value is None:
        return SafeString("")
    if isinstance(value, str):
        return render_user_text(value, language or get_language() or "en")
    return render_user_text(value.text, value.language)


def native_language(native: str) -> str:
    """The value of `lang=` for a name in characters."""
    if _KANA.search(native):
        return "ja"
    return "ko" if _HANGUL.search(native) else "zh-Hans"


@register.simple_tag
def person_name(name: NameParts | None, both: bool = True) -> SafeString:
    """A name in the order of its owner: LYU Wentao 吕文涛 for readers of Latin letters, 吕文涛 LYU Wentao for Chinese."""
    if name is None:
        return SafeString("")
    native, plain = name.native, name.latin
    latin = f'<span class="name" translate="no">{escape(f"{name.titles} {plain}".strip())}</span>'
    if not native:
        return SafeString(latin)
    is_native_first = formatting.short_language() == "zh"
    kind = "name" if is_native_first or not plain else "name quiet"
    marked = f'<span class="{kind}" lang="{native_language(native)}" translate="no">{escape(native)}</span>'
    if not plain:
        return SafeString(marked)
    if not both:
        return SafeString(marked if is_native_first else latin)
    if is_native_first:
        second = f'<span class="name quiet" lang="en" translate="no">{escape(plain)}</span>'
        return SafeString(f"{marked} {second}")
    return SafeString(f"{latin} {marked}")


@register.filter
def initials(name: str) -> str:
    """LB for Lea Berger, 王 for 王伟: at most two letters."""
    parts = [part for part in re.split(r"[\s\-]+", clean_user_text(str(name))) if part]
    if not parts or ord(parts[0][0]) > 0x2E7F:
        return parts[0][0] if parts else ""
    return "".join(part[0].upper() for part in (parts[0], *parts[1:][-1:]))


# Rows

for _rows in (rows.table_rows, rows.board_rows, rows.seat_state):
    register.simple_tag(_rows)


# Numbers, days, times


@register.filter
def number(value: Number | None, decimals: int | None = None) -> str:
    """1.234,5 · 1,234.5."""
    return "" if value is None else formatting.format_number(value, decimals)


@register.filter
def share(value: float | None, decimals: int = 0) -> str:
    """97 % · 97% from 0.97."""
    return "" if value is None else formatting.format_share(value, decimals)


@register.filter
def quantity(value: Number | None, unit: str) -> str:
    """The number and its unit, never separated."""
    return "" if value is None else formatting.format_quantity(value, unit)


DAY_PATTERNS = {
    "long": formatting.LONG,
    "short": formatting.SHORT,
    "month": formatting.MONTH,
    "weekday": formatting.WEEKDAY_AND_DAY,
    "weekday_short": formatting.SHORT_WEEKDAY_AND_DAY,
}


@register.simple_tag
def day(value: date | datetime | None, pattern: str = "long", zone: tzinfo | str | None = None) -> SafeString:
    """A day in words, with its machine-readable form; patterns: long, short, month, weekday, weekday_short."""
    if value is None:
        return SafeString("")
    text = formatting.format_day(value, DAY_PATTERNS[pattern], zone=zone)
    return format_html('<time datetime="{}">{}</time>', formatting.local_day(value, zone).isoformat(), text)


@register.simple_tag
def days(first: date, last: date) -> str:
    """31. Oktober – 2. November 2018."""
    return formatting.format_days(first, last)


@register.simple_tag
def clock(moment: datetime | None, zone: tzinfo | str | None = None) -> SafeString:
    """14:00 at the place of the zone."""
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(), formatting.format_clock(moment, zone)
    )


@register.simple_tag
def moment(value: datetime, zone: str) -> SafeString:
    """1. November 2018, 14:00 Berlin: a moment as the clocks of a place show it."""
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), formatting.format_moment(value, zone)
    )


@register.simple_tag
def both_times(
    moment: datetime,
    place_zone: tzinfo | str,
    reader_zone: tzinfo | str | None = None,
    place: str = "",
    home: str = "",
) -> SafeString:
    """14:00 Jinan · 07:00 Dresden; only the first where both clocks agree."""
    first, second = formatting.format_both_times(
        moment, place_zone, reader_zone or timezone.get_current_timezone(), place=place, home=home
    )
    marked = format_html('<time datetime="{}">{}</time>', moment.isoformat(), first)
    return format_html('{} · <span class="home-time">{}</span>', marked, second) if second else marked


@register.simple_tag
def colon() -> str:
    """What stands between a label and what it is about."""
    return formatting.COLON[formatting.short_language()]


@register.simple_tag
def sentence_gap() -> str:
    """What stands between two sentences: nothing in Chinese."""
    return formatting.BETWEEN_SENTENCES[formatting.short_language()]


@register.simple_tag
def list_comma() -> str:
    """What stands between things of one kind."""
    return formatting.ENUMERATION[formatting.short_language()]


@register.simple_tag
def comma() -> str:
    """What stands between parts of one statement."""
    return formatting.COMMA[formatting.short_language()]


# The page


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Django's tag; a plain sentence is looked up directly, for a page has dozens of them."""
    node = do_translate(parser, token)
    text = getattr(node.filter_expression.var, "literal", None)
    context = None if node.message_context is None else node.message_context.var
    if not isinstance(text, str) or "%" in text or node.filter_expression.filters or node.noop:
        return node
    if context is not None and not isinstance(context, str):
        return node
    return Sentence(text, context, node.asvar)


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """Django's tag; a page that is named outright and found by words is reversed once per language."""
    node = do_url(parser, token)
    name = node.view_name.var
    if not isinstance(name, str) or node.view_name.filters or node.kwargs:
        return node
    return Address(node, name)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> SafeString:
    """This page in each language of the interface; pages without an address of their own lead to the home page."""
    rest = escape(_behind_language(context.get("request")))
    return SafeString(_language_links(language_of(context) or "en").replace(_REST, rest))


_REST = "%rest%"


@cache
def _language_links(current: str) -> str:
    links = []
    for code, name in settings.LANGUAGES:
        markup, short = markup_language(code), "中文" if code == "zh-hans" else code
        here = ' aria-current="true"' if code == current else ""
        whole = "" if short == name else f'<span class="visually-hidden"> · {name}</span>'
        links.append(
            f'<a href="/{code}/{_REST}" lang="{markup}" hreflang="{markup}"{here}>{short}{whole}</a>'
        )
    return "".join(links)


@register.simple_tag(takes_context=True)
def alternate_links(context: Context) -> SafeString:
    """For search engines: the full address of this page in each language of the interface."""
    rest = escape(_behind_language(context.get("request")))
    return SafeString(
        "\n  ".join(
            f'<link rel="alternate" hreflang="{markup_language(code)}" href="{settings.ORIGIN}/{code}/{rest}">'
            for code, _name in settings.LANGUAGES
        )
    )


def _behind_language(request: HttpRequest | None) -> str:
    """What follows the language in the address of this page: no address of ours has translated words in it."""
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or request.method not in {"GET", "HEAD"}:
        return ""
    language, _, rest = request.get_full_path().removeprefix("/").partition("/")
    return rest if language in dict(settings.LANGUAGES) else ""


@register.simple_tag
def json_ld(data: Mapping[str, object]) -> SafeString:
    """What machines read of a page (schema.org), as data that no browser runs."""
    escaped = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder).translate(_JSON_ESCAPES)
    return SafeString(f'<script type="application/ld+json">{escaped}</script>')


@register.simple_tag
def site_origin() -> str:
    """The beginning of full addresses, for what other machines read."""
    return settings.ORIGIN


@register.simple_tag
def markup_code() -> str:
    """The page's own language for `lang=`."""
    return markup_language(get_language() or "en")


@register.simple_tag(takes_context=True)
def printed_words(context: Context) -> str:
    """When a page was made, for its print: by the clock of whoever is signed in, else by that of the site."""
    zone = getattr(context.get("user"), "time_zone", settings.TIME_ZONE)
    minute = timezone.now().replace(second=0, microsecond=0)
    return _printed(minute, zone, language_of(context))


@lru_cache(maxsize=64)
def _printed(minute: datetime, zone: str, language: str | None) -> str:
    return gettext("Printed %(moment)s") % {"moment": formatting.format_moment(minute, zone, language)}


@register.filter
def error_list(form: BaseForm) -> list[tuple[str, str, str]]:
    """(address of the field, label, message) of every field that is wrong, in the order of the form."""
    return [
        (bound.auto_id if not bound.is_hidden else "", str(bound.label), str(message))
        for bound in form
        for message in bound.errors
    ]


@register.filter
def percent_of(value: Number, total: Number) -> str:
    """The length of a bar from 0 to 100, with a dot whatever the language: for attributes of SVG."""
    return f"{100 * float(value) / float(total):.1f}" if total else "0"


@register.filter
def coordinate(value: float) -> str:
    """A number for an attribute of SVG, with a dot whatever the language."""
    return f"{value:g}"
