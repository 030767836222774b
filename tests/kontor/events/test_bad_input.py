"""Whatever is uploaded gets a clear answer within seconds and bounded memory, and nothing is lost or half imported."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.events.models import Event, ListImport, Participation

PATH = "/en/events/smec-2018/imports/"
HEADINGS = "Name;Firma;Land;E-Mail;Verfügbarkeit\n"


@pytest.fixture
def mara_browses(smec: Event, mara: User, now: datetime, browse: Callable[..., Client]) -> Client:
    """The browser of the organiser."""
    return browse(mara)


def upload(client: Client, content: bytes, name: str = "list.csv") -> str:
    """Where the browser goes, or what the form says of the file."""
    answer = client.post(PATH, {"file": SimpleUploadedFile(name, content)})
    return answer.headers.get("Location") or " ".join(answer.context["form"].errors["file"])


def preview(client: Client, text: str, language: str = "en") -> str:
    """What the page says of a list."""
    path = upload(client, (HEADINGS + text).encode())
    return unescape(client.get(path.replace("/en/", f"/{language}/")).content.decode())


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b" \r\n\t", "list.csv", "This file is empty."),
        (b"\xef\xbb\xbf;;;\n", "list.csv", "This file is empty."),
        (b"Name;Firma\n", "list.csv", "This list has a header but no people."),
        (
            b"%PDF-1.7 no list at all",
            "list.csv",
            "This is a PDF. Please send the list as a spreadsheet (XLSX) or as CSV.",
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0",
            "list.xlsx",
            "This is a picture. Please send the list as a spreadsheet (XLSX) or as CSV.",
        ),
        (
            packed(word__document_xml=b"<w/>"),
            "list.xlsx",
            "This is a text document. Please copy the table into a spreadsheet and save it as XLSX or CSV.",
        ),
        (
            b"PK\x03\x04 broken",
            "list.xlsx",
            "This spreadsheet is damaged. Please open it, save it again as XLSX and try once more.",
        ),
        (
            bytes(range(256)) * 20,
            "list.csv",
            "This is neither a spreadsheet nor a text file. Please send the list as XLSX or CSV.",
        ),
        (b"Name;Firma\n" + b"x" * 19_000_000, "list.csv", "Line 2 is longer than 200000 characters."),
        (
            b'Name;Firma\n"Eva;Muster\nUwe;Beispiel\n',
            "list.csv",
            "A quotation mark is opened and never closed, so rows would be swallowed. Please correct it.",
        ),
    ],
    ids=[
        "blank",
        "separators",
        "no rows",
        "pdf",
        "picture",
        "word",
        "broken",
        "binary",
        "long line",
        "quotation",
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence_and_leaves_nothing(
    mara_browses: Client, content: bytes, name: str, sentence: str
) -> None:
    assert upload(mara_browses, content, name) == sentence
    assert (ListImport.objects.count(), Participation.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_no_file_at_all_is_asked_for_again(mara_browses: Client) -> None:
    answer = mara_browses.post(PATH, {"file": SimpleUploadedFile("list.csv", b"")})
    assert answer.context["form"].errors == {"file": ["The submitted file is empty."]}
    assert list(mara_browses.post(PATH, {}).context["form"].errors) == ["file"]


def test_a_zip_bomb_is_not_unpacked(mara_browses: Client) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(160):
                part.write(b" " * 1_000_000)
    content = file.getvalue()
    tracemalloc.start()
    begin = time.process_time()
    answer = upload(mara_browses, content, "list.xlsx")
    taken, peak = time.process_time() - begin, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer == "This spreadsheet unpacks to far more than a list of people can need. It is not opened."
    assert taken < 10, taken
    assert peak < 20_000_000, peak
    assert ListImport.objects.count() == 0


class GeneratedUpload(io.RawIOBase):
    """The body of a form with one endless line, made while it is read: the test needs no memory for it."""

    HEAD = (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\nName;Firma\n"
    )
    TAIL = b"\r\n--edge--\r\n"

    def __init__(self, size: int) -> None:
        self.length = len(self.HEAD) + size + len(self.TAIL)
        self._pieces = self._made(size)
        self._rest = b""

    def _made(self, size: int) -> Iterator[bytes]:
        yield self.HEAD
        for start in range(0, size, 65_536):
            yield b"x" * min(65_536, size - start)
        yield self.TAIL

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or next(self._pieces, b"")
        found = self._rest[: len(buffer)]
        buffer[: len(found)] = found
        self._rest = self._rest[len(found) :]
        return len(found)


def test_a_line_of_two_hundred_megabytes_is_refused_without_holding_it(mara_browses: Client) -> None:
    body = GeneratedUpload(200_000_000)
    tracemalloc.start()
    begin = time.process_time()
    answer = mara_browses.request(
        PATH_INFO=PATH,
        REQUEST_METHOD="POST",
        CONTENT_TYPE="multipart/form-data; boundary=edge",
        CONTENT_LENGTH=str(body.length),
        **{"wsgi.input": io.BufferedReader(body)},
    )
    taken, peak = time.process_time() - begin, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.context["form"].errors == {
        "file": ["This file is larger than 20 MB. Please split it, or remove pictures from it."]
    }
    assert taken < 20, taken
    assert peak < 30_000_000, peak
    assert ListImport.objects.count() == 0


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_country_is_named_by_row_column_value_and_reason(mara_browses: Client) -> None:
    text = preview(mara_browses, "Eva Muster;Muster GmbH;Atlantis;eva@example.org;\n")
    assert "1 person: 0 new, 0 changed, 0 unchanged, 1 refused, 0 repeated." in text
    for words in ("1 row: an unknown country", ">Land<", ">Atlantis<", "“Atlantis” is not a known country."):
        assert words in text


def test_a_proposal_corrects_the_row(mara_browses: Client) -> None:
    path = upload(mara_browses, (HEADINGS + "Eva Muster;Muster GmbH;Bayern;eva@example.org;\n").encode())
    row = ListImport.objects.get()
    refusal = row.preview["refusals"][0]
    assert (refusal["code"], refusal["proposal"]) == (
        "country_is_region",
        {"field": "country", "value": "DE"},
    )
    mara_browses.post(path, {"act": "proposal", "row": "1"} | refusal["proposal"])
    row.refresh_from_db()
    assert (row.preview["counts"]["new"], row.preview["refusals"]) == (1, [])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("31.11.", "Den Tag „31.11.“ gibt es nicht."),
        ("nur 25:00", "Die Uhrzeit „25:00“ gibt es nicht."),
        ("1.11. 16:00–14:00", "endet, bevor es beginnt"),
    ],
)
def test_impossible_times_are_refused_in_the_language_of_the_reader(
    mara_browses: Client, words: str, reason: str
) -> None:
    text = preview(mara_browses, f"Eva Muster;Muster GmbH;;eva@example.org;{words}\n", "de")
    assert "1 Person: 0 neu, 0 geändert, 0 unverändert, 1 abgewiesen, 0 wiederholt." in text
    assert reason in text


def test_people_who_stand_in_a_list_twice_are_repeated_refused_or_shown_as_candidates(
    mara_browses: Client,
) -> None:
    text = preview(
        mara_browses,
        "Eva Muster;Muster GmbH;;eva@example.org;\n"
        "Eva Muster;Muster GmbH;;eva@example.org;\n"
        "Uwe Anders;Muster GmbH;;eva@example.org;\n"
        "LYU Wentao;Quanxin;;lyu@example.cn;\n"
        "LV Wentao;Quanxin;;lv@example.cn;\n",
    )
    assert "5 people: 3 new, 0 changed, 0 unchanged, 1 refused, 1 repeated." in text
    for words in (
        "1 row that repeats another one",
        "Row 2 repeats row 1.",
        "1 row: the e-mail address of somebody else",
        "The address is already that of row 1, which has another name.",
        "Rows 4, 5 may be one person",
    ):
        assert words in text


# ── what the page tells together ─────────────────────────────────────────────────────────────────


def test_the_page_of_a_preview_does_not_grow_with_the_file(
    mara_browses: Client, django_assert_num_queries: Callable[..., object]
) -> None:
    sizes = []
    for number in (150, 1_500):
        rows = "".join(
            f"Anna Nummer{index};Firma {index};{'Atlantis' if index % 3 == 0 else ''};"
            f"{'keine' if index % 3 == 1 else f'p{index}@example.org'};{'bei Vollmond' if index % 3 else ''}\n"
            for index in range(number)
        )
        path = upload(mara_browses, (HEADINGS + rows).encode())
        mara_browses.get(path)
        with django_assert_num_queries(5, exact=False):  # type: ignore[attr-defined]
            page = mara_browses.get(path).content
        sizes.append(len(page))
        text = unescape(page.decode())
        shown = {150: "50", 1_500: "500"}[number]
        for reason in ("an unknown country", "no e-mail address"):
            assert f"{shown} rows: {reason}" in text
        assert f"{shown} rows: availability not understood" not in text
        assert f"and {int(shown) - 20} more rows" in text
    assert sizes[1] < sizes[0] * 1.05


# ── columns that are not understood ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "lines", "problem", "mapping", "found"),
    [
        (
            "",
            "Wer;Wofür;Wie erreichbar\nEva Muster;Muster GmbH;eva@example.org\n",
            "No column gives the names. Please say which one does.",
            ["name", "organisation", "email"],
            "Eva Muster",
        ),
        (
            "interpreters",
            "Wer;Was;Wie viele\nPaul Krämer;Deutsch–Chinesisch;3\n",
            "No column gives the names. Please say which one does.",
            ["name", "language_pairs", "max_run"],
            "German – Chinese",
        ),
        (
            "interpreters",
            "Name;Was;Wie viele\nPaul Krämer;Deutsch–Chinesisch;3\n",
            "No column gives the language pairs. Please say which one does.",
            ["name", "language_pairs", "max_run"],
            "German – Chinese",
        ),
    ],
    ids=["participants", "interpreters", "pairs of languages"],
)
def test_columns_that_are_not_recognised_are_asked_for_and_corrected_on_the_page(
    mara_browses: Client, kind: str, lines: str, problem: str, mapping: list[str], found: str
) -> None:
    answer = mara_browses.post(
        f"{PATH}?kind={kind}", {"file": SimpleUploadedFile("list.csv", lines.encode())}
    )
    path = answer["Location"]
    text = unescape(mara_browses.get(path).content.decode())
    assert problem in text
    assert 'value="apply"' not in text
    form = {"act": "choices", "encoding": "utf-8", "delimiter": ";", "header_line": "1", "mapping": mapping}
    mara_browses.post(path, form)
    text = unescape(mara_browses.get(path).content.decode())
    assert problem not in text
    assert found in text
    assert "1 person: 1 new" in text
    mara_browses.post(path, form | {"mapping": ["", "", ""]})
    assert 'value="apply"' not in mara_browses.get(path).content.decode()


def test_a_wrong_encoding_is_corrected_on_the_page_for_interpreters_too(mara_browses: Client) -> None:
    lines = "Name;Sprachpaare\nJörg Krämer;Deutsch–Chinesisch\n"
    answer = mara_browses.post(
        f"{PATH}?kind=interpreters", {"file": SimpleUploadedFile("list.csv", lines.encode("cp1252"))}
    )
    path, row = answer["Location"], ListImport.objects.get()
    reading = row.summary["reading"]
    assert (reading["encoding"], row.summary["rows"][0]["name"]["family"]) == ("cp1252", "Krämer")
    other = next(name for name in reading["encodings"] if name != "cp1252")
    mara_browses.post(path, {"act": "choices", "encoding": other, "delimiter": ";", "header_line": "1"})
    row.refresh_from_db()
    assert row.summary["reading"]["encoding"] == other
    assert "Krämer" not in str(row.summary["rows"])
    mara_browses.post(path, {"act": "choices", "encoding": "cp1252", "delimiter": ";", "header_line": "1"})
    row.refresh_from_db()
    assert row.summary["rows"][0]["name"]["family"] == "Krämer"


def test_a_list_without_headings_is_read_when_the_organiser_says_so(mara_browses: Client) -> None:
    path = upload(
        mara_browses, b"Eva Muster;Muster GmbH;eva@example.org\nUwe Anders;Anders AG;uwe@example.org\n"
    )
    columns = {"act": "choices", "encoding": "utf-8", "delimiter": ";"}
    mara_browses.post(path, columns | {"header_line": "0"})
    row = ListImport.objects.get()
    assert [column["heading"] for column in row.summary["reading"]["columns"]] == ["A", "B", "C"]
    mapping = ["name", "organisation", "email"]
    mara_browses.post(path, columns | {"header_line": "0", "mapping": mapping})
    row.refresh_from_db()
    assert row.preview["counts"]["new"] == 2
