"""From the bytes of a CSV or XLSX file to a table of clean text: titles, headings and the rows of people."""

import codecs
import csv
import io
import re
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.utils import get_column_letter

from kontor.directory.lists.encodings import decode, possible_encodings
from kontor.directory.lists.headings import ListKind, count_recognised
from kontor.directory.lists.messages import UnreadableFile
from kontor.directory.lists.spreadsheets import MAX_COLUMNS, MAX_ROWS, SheetLine, Spreadsheet

MAX_BYTES = 20_000_000
MAX_LINE = 200_000
MAX_CELL = 20_000
DELIMITERS = (";", ",", "\t", "|")
NO_HEADER = -1
"""As the line of the header: there is none, and the columns are called A, B, C."""
_HEADER_WITHIN = 30
_SAMPLE_LINES = 60
_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"RIFF", "picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
    (b"\x09\x08\x10\x00", "old_excel"),
    (b"{\\rtf", "word"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|head|meta|body)", re.IGNORECASE)
# Line feeds and tabs may stay; other controls, and characters that hide or turn text round, may not.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One person or pair of a list."""

    number: int
    """Counts the people from 1, without titles, header and empty lines."""
    line: int
    """The line of the text file or the row of the sheet, as the program that wrote it shows it."""
    cells: tuple[str, ...]
    """As many as there are headings."""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list as it stands in the file, and how it was read, so that this can be shown and changed."""

    kind: Literal["csv", "xlsx"]
    encoding: str
    """Empty for a spreadsheet."""
    encodings: tuple[str, ...]
    """Those in which this file can be read, the most plausible first."""
    delimiter: str
    delimiters: tuple[str, ...]
    sheet: str
    """Empty for a text file."""
    sheets: tuple[str, ...]
    titles: tuple[str, ...]
    header_line: int
    is_header_recognised: bool
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]


def read_table(
    data: bytes,
    filename: str,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    header_line: int = 0,
    with_hidden_rows: bool = True,
    list_kind: ListKind = "participants",
) -> Table:
    """Read a file as a table; what is not given is chosen by the headings of lists of this kind.

    `header_line` is a line of the file, or NO_HEADER if the list begins with a person.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile("too_large", size=-(-len(data) // 1_000_000), limit=MAX_BYTES // 1_000_000)
    _refuse_other_kinds(data, filename)
    if data.startswith(b"PK"):
        book = Spreadsheet(data)
        if sheet and sheet not in book.sheets:
            raise UnreadableFile("no_such_sheet", sheet=sheet)
        sheet = sheet or _best_sheet(book, list_kind=list_kind)
        lines = book.lines(sheet)
        reading = _Reading(kind="xlsx", sheet=sheet, sheets=book.sheets)
    else:
        encodings = possible_encodings(data)
        encoding = encoding or encodings[0]
        text = decode(data, encoding)
        if not text.strip("\ufeff \t\r\n;,|"):
            raise UnreadableFile("empty")
        text, declared = _without_declaration(text)
        _check_lines(text)
        delimiter = delimiter or declared or _best_delimiter(text, list_kind=list_kind)
        lines = _read_csv(text, delimiter, first_line=2 if declared else 1)
        encodings = encodings if encoding in encodings else (*encodings, encoding)
        reading = _Reading(kind="csv", encoding=encoding, encodings=encodings, delimiter=delimiter)
    if not with_hidden_rows:
        lines = tuple(line for line in lines if not line.is_hidden)
    return _build(lines, reading, header_line=header_line, list_kind=list_kind)


def clean(text: str) -> str:
    """Text without control and direction characters, composed, with plain spaces and no blanks at the ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = (
        _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).replace("\u00a0", " ").replace("\u3000", " ")
    )
    return text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    kind: Literal["csv", "xlsx"]
    encoding: str = ""
    encodings: tuple[str, ...] = ()
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def _refuse_other_kinds(data: bytes, filename: str) -> None:
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFile("empty")
    for signature, code in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(code)
    if data[4:8] == b"ftyp":
        raise UnreadableFile("picture")
    if _MARKUP.match(data.removeprefix(codecs.BOM_UTF8)):
        raise UnreadableFile("web_page")
    if filename.lower().endswith((".xlsx", ".xlsm")) and not data.startswith(b"PK"):
        raise UnreadableFile("damaged")


def _without_declaration(text: str) -> tuple[str, str]:
    """Excel's own first line 'sep=;' says what separates the cells."""
    match = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return (text[match.end() :], match.group(1)) if match else (text, "")


def _check_lines(text: str) -> None:
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if len(line) > MAX_LINE:
            raise UnreadableFile("line_too_long", line=number, limit=MAX_LINE)


def _best_delimiter(text: str, *, list_kind: ListKind) -> str:
    """The sign that gives the best-known headings; without headings, the most cells per line."""
    sample = "\n".join(re.split(r"\r\n|\n|\r", text)[:_SAMPLE_LINES])

    def quality(delimiter: str) -> tuple[int, float]:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(row)]
        headings = max(
            (count_recognised(row, list_kind=list_kind) for row in rows[:_HEADER_WITHIN]), default=0
        )
        return headings, statistics.median(map(len, rows)) if rows else 0

    return max(DELIMITERS, key=quality)


def _read_csv(text: str, delimiter: str, *, first_line: int) -> tuple[SheetLine, ...]:
    # Read strictly, only an opening quotation mark that is never closed is fatal: it would swallow people.
    try:
        return _parse_csv(text, delimiter, first_line=first_line, strict=True)
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise UnreadableFile("open_quotation") from error
    try:
        return _parse_csv(text, delimiter, first_line=first_line, strict=False)
    except csv.Error as error:
        raise UnreadableFile("cell_too_long", line=1, limit=MAX_CELL) from error


def _parse_csv(text: str, delimiter: str, *, first_line: int, strict: bool) -> tuple[SheetLine, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    lines: list[SheetLine] = []
    start = 1
    for cells in reader:
        if any(cells):
            lines.append(SheetLine(number=start + first_line - 1, cells=tuple(cells), is_hidden=False))
            if len(lines) > MAX_ROWS + _HEADER_WITHIN:
                raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
        start = reader.line_num + 1
    return tuple(lines)


def _best_sheet(book: Spreadsheet, *, list_kind: ListKind) -> str:
    """The sheet with the best-known headings; the first one that has anything in it, if there are none."""

    def quality(sheet: str) -> tuple[int, bool]:
        lines = book.first_lines(sheet)
        known = (count_recognised(line.cells, list_kind=list_kind) for line in lines[:_HEADER_WITHIN])
        return max(known, default=0), bool(lines)

    return max(book.sheets, key=quality)


def _build(lines: Sequence[SheetLine], reading: _Reading, *, header_line: int, list_kind: ListKind) -> Table:
    rows = [(line, tuple(clean(cell) for cell in line.cells)) for line in lines]
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if not rows:
        raise UnreadableFile("empty")
    for line, cells in rows:
        if any(cells[MAX_COLUMNS:]):
            raise UnreadableFile("too_many_columns", line=line.number, limit=MAX_COLUMNS)
        if any(len(cell) > MAX_CELL for cell in cells):
            raise UnreadableFile("cell_too_long", line=line.number, limit=MAX_CELL)
    known = [count_recognised(cells, list_kind=list_kind) for _, cells in rows[:_HEADER_WITHIN]]
    if header_line:
        header = next((index for index, (line, _) in enumerate(rows) if line.number == header_line), -1)
        if header < 0 and header_line > 0:
            raise UnreadableFile("no_such_line", line=header_line)
    elif max(known) >= 2:
        header = known.index(max(known))
    else:
        # Nothing is recognised: the first line with most cells is the likeliest header.
        filled = [sum(map(bool, cells)) for _, cells in rows[:_HEADER_WITHIN]]
        header = filled.index(max(filled)) if len(rows) > 1 else NO_HEADER
    width = max(_width(cells) for _, cells in rows[max(header, 0) :])
    headings = (
        _fit(rows[header][1], width) if header >= 0 else tuple(map(get_column_letter, range(1, width + 1)))
    )
    people = [(line, _fit(cells, width)) for line, cells in rows[header + 1 :]]
    # Lists printed on several pages repeat their header.
    people = [(line, cells) for line, cells in people if cells != headings]
    if not people:
        raise UnreadableFile("no_rows")
    if len(people) > MAX_ROWS:
        raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
    return Table(
        kind=reading.kind,
        encoding=reading.encoding,
        encodings=reading.encodings,
        delimiter=reading.delimiter,
        delimiters=DELIMITERS,
        sheet=reading.sheet,
        sheets=reading.sheets,
        titles=tuple(" ".join(filter(None, cells)) for _, cells in rows[: max(header, 0)]),
        header_line=rows[header][0].number if header >= 0 else NO_HEADER,
        is_header_recognised=0 <= header < len(known) and known[header] >= 2,
        headings=headings,
        rows=tuple(
            TableRow(number=number, line=line.number, cells=cells, is_hidden=line.is_hidden)
            for number, (line, cells) in enumerate(people, start=1)
        ),
    )


def _width(cells: tuple[str, ...]) -> int:
    return max((index for index, cell in enumerate(cells, start=1) if cell), default=0)


def _fit(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))
