"""Lists of interpreters: names, language pairs, addresses, when they are there, and how many meetings in a row."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from kontor.directory.lists.cells import address_key, is_nothing
from kontor.directory.lists.each_once import EachOnce
from kontor.directory.lists.fields import Field
from kontor.directory.lists.headings import is_without_name, propose_interpreter_mapping
from kontor.directory.lists.languages import read_languages
from kontor.directory.lists.messages import UnreadableFile
from kontor.directory.lists.results import InterpreterList, InterpreterRow
from kontor.directory.lists.row_cells import (
    RowCells,
    check_cells,
    read_email,
    read_name,
    read_phone_number,
    read_time,
)
from kontor.directory.lists.tables import Table
from kontor.directory.names import identity_key

LANGUAGES = ("de", "en", "zh")
"""Between these the site plans interpreters."""
MAX_RUN = 20
_BETWEEN = re.compile(r"\s*(?:<->|[-–—↔⇄/]|互译)\s*")


def read_interpreters(
    table: Table, *, mapping: Sequence[Field | None] | None = None, event_days: Sequence[dt.date] = ()
) -> InterpreterList:
    """Read all interpreters of a table."""
    fields = (
        [m.field for m in propose_interpreter_mapping(table.headings)] if mapping is None else list(mapping)
    )
    if len(fields) != len(table.headings):
        raise UnreadableFile("mapping_does_not_fit")
    if is_without_name(fields):
        raise UnreadableFile("no_name_column")
    if not {Field.LANGUAGE_PAIRS, Field.LANGUAGES} & set(fields):
        raise UnreadableFile("no_pair_column")
    people = EachOnce[InterpreterRow]()
    for row in table.rows:
        cells = RowCells(row, fields, table.headings, {})
        people.add(_read_row(cells, event_days=event_days), cells)
    return InterpreterList(
        num_people=len(table.rows),
        rows=tuple(people.rows),
        refusals=tuple(people.refusals),
        repetitions=tuple(people.repetitions),
        notices=tuple(people.notices),
    )


def _read_row(cells: RowCells[Field], *, event_days: Sequence[dt.date]) -> InterpreterRow | None:
    """The interpreter of a row, or nothing; then the cells know why."""
    check_cells(cells)
    name = read_name(cells)
    email = read_email(cells)
    pairs = _read_pairs(cells)
    max_run = _read_run(cells)
    time = read_time(cells, event_days)
    if cells.refusals or name is None:
        return None
    return InterpreterRow(
        row_number=cells.row.number,
        line=cells.row.line,
        name=name,
        email=email,
        phone=read_phone_number(cells),
        wechat=cells.known(Field.WECHAT),
        pairs=pairs,
        max_run=max_run,
        is_available_always=time.is_always,
        intervals=time.intervals,
        availability=cells.known(Field.AVAILABILITY),
        identity=f"mail:{address_key(email)}" if email else f"name:{identity_key(name)}",
    )


def _read_pairs(cells: RowCells[Field]) -> tuple[str, ...]:
    """ "de-zh, Englisch–Chinesisch" or "Deutsch, Chinesisch" → sorted pairs of the languages of this site."""
    field = Field.LANGUAGE_PAIRS if cells[Field.LANGUAGE_PAIRS] else Field.LANGUAGES
    written = [part for part in re.split(r"[,;，；、\n]+", cells[field]) if not is_nothing(part)]
    named = [codes for part in written if len(codes := list(_codes(_BETWEEN.split(part)))) > 1]
    groups: Sequence[Sequence[str]] = named or [list(_codes(written))]
    pairs = sorted(
        {"-".join(sorted(pair)) for codes in groups for pair in combinations(dict.fromkeys(codes), 2)}
    )
    if not pairs:
        cells.refuse(field if cells.has(field) else Field.LANGUAGE_PAIRS, "no_pair")
    return tuple(pairs)


def _codes(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        word = part.strip().lower()
        if word in LANGUAGES:
            yield word
        else:
            yield from (spoken.code for spoken in read_languages(part).languages if spoken.code in LANGUAGES)


def _read_run(cells: RowCells[Field]) -> int:
    text = cells.known(Field.MAX_RUN)
    found = re.search(r"\d+", text)
    number = int(found[0][:4]) if found else 0
    if 1 <= number <= MAX_RUN:
        return number
    if text:
        cells.notice(Field.MAX_RUN, "run_not_understood", value=text)
    return 0
