"""No cell of an exported table becomes a formula."""

import io
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from kontor.ui.spreadsheets import csv_bytes, export_cell, xlsx_bytes


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 351", "'+49 351"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r=1", "'=1"),
        ("＝1", "'＝1"),
        ("\u200b=1", "'=1"),
        ("|calc", "'|calc"),
        ("泉城 = 济南", "泉城 = 济南"),
        (-2, -2),
        (0.5, 0.5),
        (None, ""),
    ],
)
def test_what_a_program_would_calculate_gets_an_apostrophe(value: object, cell: object) -> None:
    assert export_cell(value) == cell


def test_moments_are_written_in_the_current_time_zone() -> None:
    with timezone.override("Asia/Shanghai"):
        assert export_cell(datetime(2018, 11, 1, 6, 0, tzinfo=UTC)) == "2018-11-01 14:00"


def test_csv_opens_in_utf8_and_keeps_commas_and_breaks() -> None:
    data = csv_bytes(["Name", "名称"], [["Elbtal, GmbH", "=HYPERLINK(1)"], ["a\nb", 3]])
    assert data.decode("utf-8-sig") == 'Name,名称\r\n"Elbtal, GmbH",\'=HYPERLINK(1)\r\n"a\nb",3\r\n'
    assert data.startswith(b"\xef\xbb\xbf")


def test_a_workbook_has_a_fixed_header_and_texts_only() -> None:
    book = load_workbook(
        io.BytesIO(xlsx_bytes("Gespräche: [1]/2", ["Name", "Zahl"], [["=1+1", 7], ["泉城智能装备", None]]))
    )
    sheet = book.worksheets[0]
    assert sheet.title == "Gespräche   1  2"
    assert sheet.freeze_panes == "A2"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Name", "Zahl"],
        ["'=1+1", 7],
        ["泉城智能装备", None],
    ]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert sheet.column_dimensions["A"].width == 14
