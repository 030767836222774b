"""Tables as CSV and XLSX, in which no cell can become a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from kontor.ui.usertext import clean_user_text

Cell = str | int | float | datetime | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Spreadsheet programs calculate a cell that begins with one of these, in their full-width forms too.
FORMULA_STARTS = frozenset("=+-@＝＋－＠|%\t\r\n")
WIDEST_COLUMN = 60


def export_cell(value: object) -> str | int | float:
    """The value as a cell: numbers stay numbers, text that a program would calculate gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.strftime("%Y-%m-%d %H:%M")
    raw = str(value)
    text = clean_user_text(raw)
    return f"'{text}" if text[:1] in FORMULA_STARTS or raw[:1] in FORMULA_STARTS else text


def csv_bytes(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as CSV that spreadsheet programs open in UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([export_cell(cell) for cell in header])
    writer.writerows([export_cell(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def xlsx_bytes(title: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as a workbook with one sheet, a fixed header row and columns as wide as their texts."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _sheet_name(title)
    sheet.append([export_cell(cell) for cell in header])
    for row in rows:
        sheet.append([export_cell(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"
    for index, column in enumerate(sheet.iter_cols(), start=1):
        widest = max(_display_width(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(index)].width = min(widest, WIDEST_COLUMN) + 2
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet_name(title: str) -> str:
    """At most 31 characters, without those that workbooks forbid."""
    allowed = "".join(" " if character in "[]:*?/\\" else character for character in clean_user_text(title))
    return allowed.strip(" '")[:31] or "Kontor"


def _display_width(text: str) -> int:
    """In columns of Latin letters: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
