"""How a file is read: what was recognised, and what somebody corrected on the page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kontor.directory.lists import ListKind, Table, read_table
from kontor.directory.lists.headings import ColumnMeaning, FieldKind
from kontor.directory.lists.tables import NO_HEADER


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How a file is read; empty values mean: recognise it yourself."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_line: int = 0
    mapping: tuple[str, ...] = ()
    """a field per column; empty: as recognised"""
    corrections: tuple[tuple[int, str, str], ...] = ()
    """(row, field, new text): proposals that were accepted"""

    def as_json(self) -> dict[str, Any]:
        """The form in which the row holds it."""
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "header_line": self.header_line,
            "mapping": list(self.mapping),
            "corrections": [list(entry) for entry in self.corrections],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Choices":
        """The reverse of `as_json`."""
        return cls(
            encoding=data.get("encoding", ""),
            delimiter=data.get("delimiter", ""),
            sheet=data.get("sheet", ""),
            header_line=data.get("header_line", 0),
            mapping=tuple(data.get("mapping", ())),
            corrections=tuple(
                (int(row), str(name), str(value)) for row, name, value in data.get("corrections", ())
            ),
        )


def read_chosen(content: bytes, file_name: str, choices: Choices, *, list_kind: ListKind) -> Table:
    """The table of a file, read as chosen. Raises `UnreadableFile`."""
    return read_table(
        content,
        file_name,
        encoding=choices.encoding,
        delimiter=choices.delimiter,
        sheet=choices.sheet,
        header_line=choices.header_line,
        list_kind=list_kind,
    )


def chosen_fields(
    choices: Choices, recognised: Sequence[ColumnMeaning[FieldKind]], kind: type[FieldKind]
) -> list[FieldKind | None]:
    """What each column means: as chosen where that fits the file, else as recognised."""
    if len(choices.mapping) == len(recognised):
        return [kind(name) if name else None for name in choices.mapping]
    return [meaning.field for meaning in recognised]


def reading_facts(
    table: Table, recognised: Sequence[ColumnMeaning[FieldKind]], fields: Sequence[FieldKind | None]
) -> dict[str, Any]:
    """How a table was read, as JSON for the page that shows it and lets it be corrected."""
    return {
        "kind": table.kind,
        "encoding": table.encoding,
        "encodings": list(table.encodings),
        "delimiter": table.delimiter,
        "delimiters": list(table.delimiters),
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "header_line": max(table.header_line, 0),
        "columns": [
            {
                "heading": heading,
                "field": str(field) if field else "",
                "is_sure": meaning.confidence >= 0.9 or field != meaning.field,
                "sample": [line.cells[index][:60] for line in table.rows[:5] if line.cells[index]],
            }
            for index, (heading, meaning, field) in enumerate(
                zip(table.headings, recognised, fields, strict=True)
            )
        ],
    }


def wished_choices(
    now: Choices,
    facts: Mapping[str, Any],
    *,
    wanted: Mapping[str, str],
    mapping: Sequence[str],
    fields: Collection[str],
) -> Choices:
    """What the form of the page asks for; a new encoding or sheet forgets mapping and corrections of the old one."""
    chosen = {name: wanted.get(name, "") for name in ("encoding", "delimiter", "sheet", "header_line")}
    is_same_table = all(value == str(facts[name]) for name, value in chosen.items())
    line = chosen["header_line"]
    number = int(line) if line.isdecimal() and len(line) < 6 else facts["header_line"]
    return Choices(
        encoding=chosen["encoding"] if chosen["encoding"] in facts["encodings"] else "",
        delimiter=chosen["delimiter"] if chosen["delimiter"] in facts["delimiters"] else "",
        sheet=chosen["sheet"] if chosen["sheet"] in facts["sheets"] else "",
        header_line=number or NO_HEADER,
        mapping=tuple(name if name in fields else "" for name in mapping) if is_same_table else (),
        corrections=now.corrections if is_same_table else (),
    )
