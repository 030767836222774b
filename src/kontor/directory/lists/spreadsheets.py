"""XLSX files: looked through within hard limits first, then read with openpyxl, formulas as text and never evaluated."""

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from kontor.directory.lists.messages import UnreadableFile

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_UNPACKED = 64_000_000
MAX_RATIO = 200
_MAX_PARTS = 2_000
_MAX_SHEETS = 50
_MAX_MERGED = 2 * MAX_ROWS
"""Cells that are filled from above; beyond that no list is meant, and the rest stays empty."""
_SAMPLE_ROWS = 40
_PACKED_NAMES = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".7z", ".rar", ".gz", ".jar")
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """One row of a sheet as text, merged cells filled downwards."""

    number: int
    cells: tuple[str, ...]
    is_hidden: bool


@dataclass(slots=True)
class _Layout:
    """What the read-only mode of openpyxl does not tell about a sheet."""

    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """Column, first row, last row of cells merged downwards; all counted from 1."""
    last_row: int = 0
    last_column: int = 0
    """The last ones with a value; formats alone reach to the end of the sheet now and then."""


class Spreadsheet:
    """An XLSX file that passed all limits; sheets are read one at a time."""

    def __init__(self, data: bytes) -> None:
        self._layouts = _look_through(data)
        self._workbook = _load(data)
        visible = [sheet.title for sheet in self._workbook.worksheets if sheet.sheet_state == "visible"]
        self.sheets = tuple(visible or self._workbook.sheetnames)[:_MAX_SHEETS]
        if not self.sheets:
            raise UnreadableFile("empty")

    def lines(self, sheet: str) -> tuple[SheetLine, ...]:
        """All lines of a sheet that have anything in them."""
        return tuple(self._read(sheet, num_rows=None))

    def first_lines(self, sheet: str) -> tuple[SheetLine, ...]:
        """Enough lines to see whether the sheet has a header."""
        return tuple(self._read(sheet, num_rows=_SAMPLE_ROWS))

    def _read(self, sheet: str, *, num_rows: int | None) -> Iterator[SheetLine]:
        worksheet = self._workbook[sheet]
        # A file may claim a million rows or none; what is really there counts.
        worksheet.reset_dimensions()
        # openpyxl says only here from which part of the file a read-only sheet comes.
        part: str = worksheet._worksheet_path  # type: ignore[attr-defined]  # noqa: SLF001 -- see above
        layout = self._layouts.get(part.lstrip("/"), _Layout())
        downwards: dict[tuple[int, int], tuple[int, int]] = {
            (row, column): (first, column)
            for column, first, last in layout.merged
            for row in range(first + 1, last + 1)
        }
        tops = {(first, column): "" for column, first, _ in layout.merged}
        try:
            last_row = min(layout.last_row, num_rows or layout.last_row)
            if not last_row:
                return
            rows = worksheet.iter_rows(max_row=last_row, max_col=layout.last_column, values_only=True)
            merged_rows = {row for row, _ in downwards}
            for number, values in enumerate(rows, start=1):
                if number not in merged_rows and not any(value is not None for value in values):
                    continue
                cells = [_as_text(value) for value in values]
                for column, text in enumerate(cells, start=1):
                    if (number, column) in tops:
                        tops[number, column] = text
                    elif not text and (number, column) in downwards:
                        cells[column - 1] = tops[downwards[number, column]]
                if any(cells):
                    yield SheetLine(number=number, cells=tuple(cells), is_hidden=number in layout.hidden_rows)
        except Exception as error:
            # openpyxl raises whatever it stumbles over in a damaged file.
            raise UnreadableFile("damaged") from error


def _load(data: bytes) -> Workbook:
    try:
        with warnings.catch_warnings():
            # Extensions that openpyxl does not know are of no interest here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except Exception as error:
        # openpyxl raises whatever it stumbles over in a damaged file.
        raise UnreadableFile("damaged") from error


def _as_text(value: object) -> str:
    """A cell as its reader sees it, except that long numbers keep all digits and formulas stay formulas."""
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case float():
            return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.isoformat("minutes")
        case ArrayFormula():
            return f"={str(value.text).removeprefix('=')}"
        case DataTableFormula():
            return "=TABLE()"
        case _:
            text = str(value)
            return "" if re.fullmatch(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", text) else text


def _look_through(data: bytes) -> dict[str, _Layout]:
    """Unpack every part once in small pieces, stopping at the first broken limit, and note the layout of the sheets."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_kind({part.filename for part in parts})
            _check_declared_sizes(parts)
            return _unpack(archive, parts)
    except UnreadableFile:
        raise
    except Exception as error:
        # In a damaged archive every number may be wrong, and zipfile trusts them all.
        raise UnreadableFile("damaged") from error


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if any(name.startswith("word/") for name in names):
        raise UnreadableFile("word")
    if "xl/workbook.bin" in names or "content.xml" in names or any(name.startswith("ppt/") for name in names):
        raise UnreadableFile("other_spreadsheet")
    # Some programs write the workbook elsewhere; the content types say so, and openpyxl follows them.
    if "[Content_Types].xml" not in names:
        raise UnreadableFile("archive")


def _check_declared_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnreadableFile("unpacks_too_large")
    for part in parts:
        if part.filename.lower().endswith(_PACKED_NAMES):
            raise UnreadableFile("file_inside")
        if part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise UnreadableFile("unpacks_too_large")


def _unpack(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> dict[str, _Layout]:
    layouts: dict[str, _Layout] = {}
    num_bytes = 0
    for part in parts:
        is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
        scanner = _PartScanner() if is_xml else None
        with archive.open(part) as stream:
            is_first = True
            while chunk := stream.read(_CHUNK):
                num_bytes += len(chunk)
                if num_bytes > MAX_UNPACKED:
                    raise UnreadableFile("unpacks_too_large")
                if is_first and chunk.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf")):
                    raise UnreadableFile("file_inside")
                is_first = False
                if scanner:
                    scanner.feed(chunk)
        if scanner and not is_first:
            scanner.close()
            if scanner.is_sheet:
                layouts[part.filename] = scanner.layout
    return layouts


class _PartScanner:
    """Reads one XML part in pieces, which defusedxml cannot: refuses declarations, counts rows, notes the layout."""

    def __init__(self) -> None:
        self.layout = _Layout()
        self.is_sheet = False
        self._row = 0
        self._column = 0
        self._num_filled_rows = 0
        self._num_merged = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)  # noqa: FBT003 -- expat takes no keyword

    def close(self) -> None:
        self._parser.Parse(b"", True)  # noqa: FBT003 -- expat takes no keyword

    def _refuse(self, *_: object) -> None:
        raise UnreadableFile("declarations")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "worksheet":
            self.is_sheet = True
        if not self.is_sheet:
            return
        if tag == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
            if attributes.get("hidden") in {"1", "true"}:
                self.layout.hidden_rows.add(self._row)
        elif tag == "c":
            letters = re.match(r"[A-Za-z]{1,3}", attributes.get("r", ""))
            self._column = column_index_from_string(letters.group()) if letters else self._column + 1
        elif tag in {"v", "is", "f"}:
            self._count_value()
        elif tag == "mergeCell":
            self._note_merged(attributes.get("ref", ""))

    def _count_value(self) -> None:
        if self._column > MAX_COLUMNS:
            raise UnreadableFile("too_many_columns", line=self._row, limit=MAX_COLUMNS)
        self.layout.last_column = max(self.layout.last_column, self._column)
        if self._row != self.layout.last_row:
            self.layout.last_row = max(self.layout.last_row, self._row)
            self._num_filled_rows += 1
            # Leave room for title lines; the exact number is counted when the rows are known.
            if self._num_filled_rows > MAX_ROWS + 100:
                raise UnreadableFile("too_many_rows", limit=MAX_ROWS)

    def _note_merged(self, reference: str) -> None:
        if not re.fullmatch(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}", reference):
            return
        left, top, _, bottom = range_boundaries(reference)
        if not (left and top and bottom) or top >= bottom:
            return
        self._num_merged += bottom - top
        if self._num_merged <= _MAX_MERGED:
            self.layout.merged.append((left, top, bottom))


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,7}", text) else otherwise
