"""Sample lists as organisers send them; everybody in them is invented."""

import datetime as dt
import io
from collections.abc import Callable, Sequence

import pytest
from openpyxl import Workbook

from kontor.directory.lists import ListKind, Table, read_table

Rows = Sequence[Sequence[object]]


@pytest.fixture(scope="session")
def event_days() -> tuple[dt.date, ...]:
    """Wednesday to Friday, as at the conference in Jinan."""
    return (dt.date(2018, 10, 31), dt.date(2018, 11, 1), dt.date(2018, 11, 2))


@pytest.fixture(scope="session")
def as_table() -> Callable[..., Table]:
    """A list written as semicolon-separated lines of text, read as a table."""

    def read(*lines: str, list_kind: ListKind = "participants") -> Table:
        return read_table("\n".join(lines).encode(), "list.csv", list_kind=list_kind)

    return read


@pytest.fixture(scope="session")
def as_xlsx() -> Callable[..., bytes]:
    """A workbook with one sheet of these rows, changed by `prepare` before it is saved."""

    def write(rows: Rows, prepare: Callable[[Workbook], None] = lambda book: None) -> bytes:
        book = Workbook()
        for row in rows:
            book.active.append(list(row))
        prepare(book)
        data = io.BytesIO()
        book.save(data)
        return data.getvalue()

    return write
