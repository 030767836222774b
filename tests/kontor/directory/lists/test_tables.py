"""A file is read in its own encoding and shape, or refused with a sentence that says what to do."""

import datetime as dt
import io
import time
import tracemalloc
import zipfile

import pytest

from kontor.directory.lists import Field, UnreadableFile, propose_mapping, read_table
from kontor.directory.lists.messages import FILE_SENTENCES
from kontor.directory.lists.tables import NO_HEADER, clean

GERMAN = "Nachname;Vorname;Firma\nMüller;Jörg;Elbtal Sensorik GmbH\n"
CHINESE = "姓名\t单位名称\t邮箱\n王伟\t大明湖软件有限公司\tsample@example.cn\n"
HEADER = ["Nachname", "Vorname", "Firma"]


def refusal(data: bytes, filename: str = "list.csv", **choices: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_table(data, filename, **choices)
    assert str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (GERMAN.encode(), "utf-8"),
        (GERMAN.encode("utf-8-sig"), "utf-8-sig"),
        (GERMAN.encode("utf-16"), "utf-16"),
        (GERMAN.encode("utf-16-le"), "utf-16-le"),
        (GERMAN.encode("utf-16-be"), "utf-16-be"),
        (GERMAN.encode("cp1252"), "cp1252"),
        (GERMAN.encode("gb18030"), "gb18030"),
    ],
)
def test_the_encoding_is_recognised(data, encoding):
    table = read_table(data, "liste.csv")
    assert table.encoding == encoding
    assert table.headings == ("Nachname", "Vorname", "Firma")
    assert table.rows[0].cells == ("Müller", "Jörg", "Elbtal Sensorik GmbH")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_chinese_is_recognised_in_all_its_encodings(encoding):
    table = read_table(CHINESE.encode(encoding), "名单.csv")
    assert (table.encoding, table.delimiter) == (encoding, "\t")
    assert table.rows[0].cells[0] == "王伟"


def test_a_short_western_list_without_headings_is_not_read_as_chinese():
    table = read_table("Müller;Jörg".encode("cp1252"), "kurz.csv")
    assert table.encoding == "cp1252"
    assert table.rows[0].cells == ("Müller", "Jörg")


def test_a_chinese_list_also_decodes_as_western_but_is_not_taken_so():
    # These four characters have no byte that Windows-1252 does not know.
    data = "姓名,公司\n李敏,齐鲁".encode("gb18030")
    table = read_table(data, "名单.csv")
    assert table.encodings == ("gb18030", "cp1252")
    assert read_table(data, "名单.csv", encoding="cp1252").headings != table.headings


def test_the_encoding_can_be_chosen_and_must_then_fit():
    assert refusal(GERMAN.encode("cp1252"), encoding="utf-8") == "wrong_encoding"
    assert refusal(GERMAN.encode(), encoding="rot13") == "wrong_encoding"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_recognised(delimiter):
    table = read_table(GERMAN.replace(";", delimiter).encode(), "list.csv")
    assert table.delimiter == delimiter
    assert len(table.headings) == 3


def test_excel_may_declare_the_delimiter():
    table = read_table(b"sep=|\r\nNachname|Firma\r\nJung|A;B;C;D\r\n", "list.csv")
    assert table.rows[0].cells == ("Jung", "A;B;C;D")
    assert table.rows[0].line == 3


def test_quoted_cells_keep_delimiters_quotes_and_line_breaks():
    table = read_table(b'Nachname;Firma;Sucht\nJung;"A; ""B""";"one\r\ntwo"\nAlt;C;D\n', "list.csv")
    assert table.rows[0].cells == ("Jung", 'A; "B"', "one\ntwo")
    assert [row.line for row in table.rows] == [2, 4]


def test_a_quotation_mark_in_the_middle_is_only_a_sign():
    table = read_table(b'Nachname;Firma\nJung;Forum "Zukunft" GmbH\n"Alt" er;B\n', "list.csv")
    assert table.rows[0].cells[1] == 'Forum "Zukunft" GmbH'
    assert len(table.rows) == 2


def test_a_quotation_mark_that_is_never_closed_refuses_the_file():
    assert refusal(b'Nachname;Firma\n"Jung;A\nAlt;B\n') == "open_quotation"


def test_titles_stand_above_the_header_and_people_are_counted_from_one():
    table = read_table(
        b"Teilnehmerliste;;\n\n;;\nNachname;Vorname;Firma;;\nJung;Anna;A;;\n;;\nAlt;Uwe;B;;\n", "l.csv"
    )
    assert table.titles == ("Teilnehmerliste",)
    assert table.header_line == 4
    assert table.headings == ("Nachname", "Vorname", "Firma")
    assert [(row.number, row.line) for row in table.rows] == [(1, 5), (2, 7)]


def test_a_header_repeated_on_every_printed_page_is_no_person():
    table = read_table(b"Nachname;Firma\nJung;A\nNachname;Firma\nAlt;B\n", "list.csv")
    assert [row.cells[0] for row in table.rows] == ["Jung", "Alt"]


def test_the_header_can_be_chosen():
    data = b"foo;bar\nbaz;qux\nJung;A\n"
    assert read_table(data, "list.csv").is_header_recognised is False
    assert read_table(data, "list.csv", header_line=2).headings == ("baz", "qux")
    without = read_table(data, "list.csv", header_line=NO_HEADER)
    assert without.headings == ("A", "B")
    assert len(without.rows) == 3
    with pytest.raises(UnreadableFile) as caught:
        read_table(data, "list.csv", header_line=9)
    assert caught.value.code == "no_such_line"


def test_characters_that_hide_or_turn_text_are_taken_out():
    assert clean("\u202eJörg\u200b\u00a0Mu\u0308ller\x00\ufeff ") == "Jörg Müller"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n ;;\r\n", "empty"),
        (b"Nachname;Firma\n", "no_rows"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"\xff\xd8\xff\xe0....", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old_excel"),
        (b"{\\rtf1 ...", "word"),
        (b"Rar!\x1a\x07....", "archive"),
        (b"\x1f\x8b\x08....", "archive"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "web_page"),
        (b'<?xml version="1.0"?><Workbook/>', "web_page"),
        (b"a\x00b\x01c\x00\x00\x00\x02\x03\xff\xfe" * 30, "not_text"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"Nachname;Firma\n" + b"x" * 200_001, "line_too_long"),
        (b"Nachname;Firma\nJung;" + b"x" * 20_001, "cell_too_long"),
        (b"Nachname;Firma\n" + b"Jung;A\n" * 20_001, "too_many_rows"),
        (b"Nachname;Firma\n" + b";".join([b"x"] * 201), "too_many_columns"),
        (b"x" * 20_000_001, "too_large"),
    ],
)
def test_what_is_no_list_is_refused_with_its_own_sentence(data, code):
    assert refusal(data) == code


def test_a_text_file_called_xlsx_is_refused():
    assert refusal(GERMAN.encode(), "liste.xlsx") == "damaged"


def test_every_refusal_has_a_sentence_of_its_own():
    sentences = [str(text) for text in FILE_SENTENCES.values()]
    assert len(sentences) == len(set(sentences))


def zipped(parts: dict[str, bytes], level: int = 9) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"word/document.xml": b"<a/>"}, "word"),
        ({"content.xml": b"<a/>", "mimetype": b"x"}, "other_spreadsheet"),
        ({"xl/workbook.bin": b""}, "other_spreadsheet"),
        ({"list.csv": b"Nachname;Firma"}, "archive"),
        ({"xl/workbook.xml": b"<a/>", "xl/embeddings/more.xlsx": b""}, "file_inside"),
        ({"xl/workbook.xml": b"<a/>", "xl/media/image1.png": b"PK\x03\x04...."}, "file_inside"),
        ({"xl/workbook.xml": b"<workbook"}, "damaged"),
        ({"xl/workbook.xml": b"<a/>"}, "damaged"),
        ({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}, "declarations"),
        (
            {"xl/workbook.xml": '<!DOCTYPE a SYSTEM "http://example.org/"><a/>'.encode("utf-16")},
            "declarations",
        ),
        (
            {"xl/workbook.xml": b"<a/>", "xl/sharedStrings.xml": b"<sst>" + b" " * 30_000_000 + b"</sst>"},
            "unpacks_too_large",
        ),
        (
            {"xl/workbook.xml": b"<a/>"} | {f"xl/part{n}.xml": b"<a/>" for n in range(2001)},
            "unpacks_too_large",
        ),
    ],
)
def test_zipped_files_that_are_no_list_are_refused(parts, code):
    assert refusal(zipped(parts), "list.xlsx") == code


def test_a_bomb_is_refused_quickly_and_in_little_memory():
    sheet = (
        b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 2_000_000 + b"</sheetData></worksheet>"
    )
    bomb = zipped(
        {"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": sheet, "xl/worksheets/sheet2.xml": sheet}
    )
    begin = time.process_time()
    assert refusal(bomb, "list.xlsx") == "unpacks_too_large"
    assert time.process_time() - begin < 2
    tracemalloc.start()
    refusal(bomb, "list.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64_000_000


def test_a_lie_about_the_unpacked_size_is_noticed_while_unpacking():
    honest = zipped({"xl/workbook.xml": b"<a>" + b"0123456789abcdef" * 100_000 + b"</a>"})
    # The central directory claims ten bytes instead of 1.6 million.
    size = (1_600_007).to_bytes(4, "little")
    assert size in honest
    assert refusal(honest.replace(size, (10).to_bytes(4, "little")), "list.xlsx") == "damaged"


def test_rows_and_columns_of_a_sheet_are_limited(as_xlsx):
    def far_away(book):
        book.active["GS2"] = "outside"  # column 201

    assert refusal(as_xlsx([HEADER, ["Jung", "Anna", "A"]], far_away), "l.xlsx") == "too_many_columns"


def test_a_claimed_size_of_the_sheet_and_one_far_cell_cost_nothing(as_xlsx):
    def stretch(book):
        book.active.cell(1_048_576, 1).number_format = "0.00"

    table = read_table(as_xlsx([HEADER, ["Jung", "Anna", "A"]], stretch), "l.xlsx")
    assert len(table.rows) == 1


def test_a_spreadsheet_is_read_as_its_reader_sees_it(as_xlsx):
    # Times in spreadsheets have no zone.
    whole_day, moment = dt.datetime(2018, 11, 1), dt.datetime(2018, 11, 1, 15, 30)  # noqa: DTZ001 -- see above
    rows = [
        ["Nachname", "Firma", "Telefon", "Verfügbarkeit", "Bemerkung"],
        ["Jung", "A", 4935112345678.0, whole_day, True],
        ["Alt", '=HYPERLINK("x")', 12.5, moment, dt.time(9, 5)],
        ["Neu", "C", "#N/A", None, 3],
    ]
    table = read_table(as_xlsx(rows), "list.xlsx")
    assert table.kind == "xlsx"
    assert [row.cells for row in table.rows] == [
        ("Jung", "A", "4935112345678", "2018-11-01", "True"),
        ("Alt", '=HYPERLINK("x")', "12.5", "2018-11-01 15:30", "09:05"),
        ("Neu", "C", "", "", "3"),
    ]


def test_the_sheet_with_the_people_is_chosen_and_another_can_be(as_xlsx):
    def more(book):
        book.active.title = "Hinweise"
        sheet = book.create_sheet("Personen")
        sheet.append(HEADER)
        sheet.append(["Jung", "Anna", "A"])
        book.create_sheet("Geheim").sheet_state = "hidden"

    data = as_xlsx([["Bitte lesen"], ["Danke"]], more)
    table = read_table(data, "list.xlsx")
    assert (table.sheet, table.sheets) == ("Personen", ("Hinweise", "Personen"))
    assert read_table(data, "list.xlsx", sheet="Hinweise").rows[0].cells == ("Danke",)
    assert refusal(data, "list.xlsx", sheet="Geheim") == "no_such_sheet"


def test_a_merged_title_and_cells_merged_downwards_are_understood(as_xlsx):
    def merge(book):
        sheet = book.active
        sheet.merge_cells("A1:D1")  # title
        sheet.merge_cells("A2:A3")  # header in two rows
        sheet.merge_cells("B2:C2")
        sheet.merge_cells("D2:D3")
        sheet.merge_cells("D4:D5")  # two colleagues of one company

    rows = [
        ["参会名单", None, None, None],
        ["Nr", "Person", None, "Firma"],
        [None, "Nachname", "Vorname", None],
        [1, "Jung", "Anna", "Elbtal AG"],
        [2, "Alt", "Uwe", None],
    ]
    table = read_table(as_xlsx(rows, merge), "list.xlsx")
    assert table.titles[0] == "参会名单"
    assert [meaning.field for meaning in propose_mapping(table.headings)] == [
        Field.IGNORED,
        Field.FAMILY,
        Field.GIVEN,
        Field.ORGANISATION,
    ]
    assert [row.cells for row in table.rows] == [
        ("1", "Jung", "Anna", "Elbtal AG"),
        ("2", "Alt", "Uwe", "Elbtal AG"),
    ]


def test_hidden_rows_are_read_and_marked_and_can_be_left_out(as_xlsx):
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    data = as_xlsx([HEADER, ["Jung", "Anna", "A"], ["Alt", "Uwe", "B"]], hide)
    assert [row.is_hidden for row in read_table(data, "list.xlsx").rows] == [False, True]
    assert [row.cells[0] for row in read_table(data, "list.xlsx", with_hidden_rows=False).rows] == ["Jung"]
