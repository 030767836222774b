"""Markup of many rows, made in one go: a loop in a template costs more than reading the rows from the database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol, get_args

from django.utils.safestring import SafeData, SafeString
from django.utils.translation import gettext, pgettext

from kontor.ui.components import AgendaLine, Board, DayLink, Seat, SeatState, Table, Tone
from kontor.ui.formatting import COLON, COMMA, DOT, format_number, short_language

CURRENT = ' aria-current="page"'
NUM_TABS = 4


def marked(text: str) -> str:
    """The text escaped, unless it is marked as safe for HTML."""
    return text if isinstance(text, SafeData) else escape(text)


# Parts of cells


def link(url: str, text: str) -> SafeString:
    """What leads somewhere."""
    return SafeString(f'<a href="{escape(url)}">{marked(text)}</a>')


def in_one_line(*parts: str) -> SafeString:
    """The parts that are not empty, with spaces between."""
    return SafeString(" ".join(marked(part) for part in parts if part))


def with_commas(*parts: str) -> SafeString:
    """The parts of one statement that are not empty, as the language of the page separates them."""
    return SafeString(COMMA[short_language()].join(marked(part) for part in parts if part))


def checkbox(name: str, value: str, label: str) -> SafeString:
    """With this a row is chosen; its label is read out."""
    return SafeString(
        f'<input type="checkbox" name="{escape(name)}" value="{escape(value)}" aria-label="{escape(label)}">'
    )


def chip(text: str, tone: Tone = "") -> SafeString:
    """A state."""
    kind = f"chip {tone}" if tone else "chip"
    return SafeString(f'<span class="{kind}">{marked(text)}</span>')


# Menus


class MenuEntry(Protocol):
    """An entry of the menu of this page."""

    @property
    def label(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def is_current(self) -> bool: ...
    @property
    def badge(self) -> int: ...


def sample_mark(text: str) -> SafeString:
    """The word that says that a row is made up."""
    return SafeString(f'<span class="sample">{escape(text)}</span>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Menus:
    """The menu of a page in the places where it stands; nothing where it has no entries."""

    main: SafeString
    """in the bar at the top"""
    short: SafeString
    """its first entries at the bottom of a phone"""
    rest: SafeString
    """the entries that a phone has no room for there, for the menu of somebody's account"""
    rest_in_foot: SafeString
    """the same for visitors, who have no account"""


def draw_menus(entries: Sequence[MenuEntry]) -> Menus:
    """The menu of a page, in the reader's language."""
    bar = _entries(entries, lambda entry: in_one_line(entry.label, _badge(entry)))
    tabs = _entries(
        entries[:NUM_TABS],
        lambda entry: f'<span class="tab-label">{marked(entry.label)}</span>{_badge(entry)}',
    )
    rest = entries[NUM_TABS:]
    return Menus(
        main=_menu("main-nav", gettext("Main menu"), bar),
        short=_menu("tabs", gettext("Short menu"), tabs),
        rest=SafeString(
            "".join(f'<li class="phone-only">{link(entry.url, entry.label)}</li>' for entry in rest)
        ),
        rest_in_foot=SafeString(
            "".join(
                f'<p class="phone-only no-print">{_entry(entry, marked(entry.label))}</p>' for entry in rest
            )
        ),
    )


def _menu(kind: str, label: str, items: str) -> SafeString:
    if not items:
        return SafeString("")
    return SafeString(f'<nav class="{kind}" aria-label="{escape(label)}">\n<ul>\n{items}\n</ul>\n</nav>')


def _entries(entries: Iterable[MenuEntry], draw: Callable[[MenuEntry], str]) -> str:
    return "\n".join(f"<li>{_entry(entry, draw(entry))}</li>" for entry in entries)


def _entry(entry: MenuEntry, shown: str) -> str:
    return f'<a href="{escape(entry.url)}"{CURRENT if entry.is_current else ""}>{shown}</a>'


def _badge(entry: MenuEntry) -> SafeString:
    number = f'<span class="badge">{format_number(entry.badge)}</span>' if entry.badge else ""
    return SafeString(number)


# Tables


def table_rows(table: Table) -> SafeString:
    """All rows of a table; each cell says the heading of its column again, for phones."""
    starts = [
        '<td role="cell"'
        + (' class="num"' if column.is_number else "")
        + ("" if column.is_bare or column.is_title else f' data-label="{escape(column.heading)}"')
        + ">"
        for column in table.columns
    ]
    return SafeString("\n".join(_table_row(starts, row) for row in table.rows))


def _table_row(starts: Sequence[str], row: Sequence[str]) -> str:
    cells = "".join(f"{start}{marked(cell)}</td>" for start, cell in zip(starts, row, strict=True))
    return f'<tr role="row">{cells}</tr>'


# The board


def board_rows(board: Board) -> SafeString:
    """A row for each table, with what is in each slot."""
    states = {state: seat_state(state) for state in get_args(SeatState)}
    return SafeString(
        "\n".join(
            f'<tr><th scope="row">{escape(row.label)}</th>'
            + "".join([f"<td>{_seat(seat, states) if seat else ''}</td>" for seat in row.seats])
            + "</tr>"
            for row in board.rows
        )
    )


def _seat(seat: Seat, states: Mapping[SeatState, str]) -> str:
    attributes = f'class="seat {seat.state}"' + (f' title="{escape(seat.detail)}"' if seat.detail else "")
    told = escape(seat.text)
    if seat.state != "meeting":
        told += f'<span class="visually-hidden"> ({escape(states[seat.state])})</span>'
    if seat.url:
        return f'<a {attributes} href="{escape(seat.url)}">{told}</a>'
    return f"<span {attributes}>{told}</span>"


def seat_state(state: SeatState) -> str:
    """What a colour of the board means."""
    if state == "interpreter":
        return pgettext("state on the board", "with interpreter")
    if state == "fixed":
        return pgettext("state on the board", "locked")
    return pgettext("state on the board", "meeting")


# Days


def day_links(links: Iterable[DayLink]) -> SafeString:
    """The days of an agenda: the one shown, and buttons to the others."""
    colon = COLON[short_language()]
    return SafeString(
        "".join(
            f'<strong class="chip" aria-current="true">{escape(day.label)}</strong>'
            if day.is_current
            else f'<a class="button small" href="{escape(day.url)}">{escape(day.label)}'
            f'<span class="visually-hidden">{colon}{escape(day.amount)}</span></a>'
            for day in links
        )
    )


def agenda_lines(lines: Iterable[AgendaLine]) -> SafeString:
    """All entries of a day."""
    interpreter = gettext("Interpreter: %(name)s (%(pair)s)")
    return SafeString("\n".join(_agenda_line(line, interpreter) for line in lines))


def _agenda_line(line: AgendaLine, interpreter: str) -> str:
    now, now_words = "", ""
    if line.is_now:
        now, now_words = ' aria-current="time"', f'<span class="visually-hidden">{gettext("Now:")} </span>'
    home = f'<span class="home-time">{line.home_clock}</span>' if line.home_clock else ""
    title = in_one_line(line.title, *(chip(one.text, one.tone) for one in line.chips))
    notes = [marked(line.notes)] if line.notes else []
    notes += [DOT.join(map(marked, parts)) for parts in line.people]
    notes += [interpreter % {"name": marked(name), "pair": marked(pair)} for name, pair in line.interpreters]
    told = "".join([f'<p class="note">{note}</p>' for note in notes])
    return (
        f'<li class="entry {line.kind}{" now" if line.is_now else ""}"{now}>'
        f'<div class="entry-time"><time datetime="{line.starts_at}">{line.place_clock}</time>{home}</div>'
        f'<div class="entry-body"><p class="entry-title">{now_words}{title}</p>{told}</div></li>'
    )
