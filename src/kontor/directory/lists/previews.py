"""What the page of a preview shows: as large for a long list as for a short one, in the reader's language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import get_language

from kontor.directory.lists import (
    CandidateGroup,
    Field,
    Notice,
    OrganisationField,
    PairField,
    Refusal,
    Repetition,
    UnreadableFile,
    field_label,
)
from kontor.directory.lists.messages import NOTICE_TITLES, REFUSAL_TITLES
from kontor.directory.names import NameOrder, PersonName
from kontor.i18n import Text

Json = dict[str, Any]
SHOWN_ROWS = 100
SHOWN_OF_A_REASON = 20
FATES = ("changed", "new", "unchanged")
"""in the order in which the page shows them"""
COLUMN_PROBLEMS = frozenset(
    {
        "no_name_column",
        "no_organisation_column",
        "no_pair_column",
        "no_pair_columns",
        "no_name_of_organisation_column",
    }
)
"""what somebody can put right on the page, by saying what the columns mean"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A file, read and compared with the event."""

    preview: Json
    """what is applied: `rows`; what was refused: `refusals`; `counts`"""
    summary: Json
    """what the page shows; never larger than a page"""


def summary_row(
    number: int,
    fate: str,
    *,
    name: PersonName | None = None,
    pairs: Sequence[str] = (),
    cells: Sequence[str | Text] = (),
    fields: Sequence[str] = (),
) -> Json:
    """A row as the page shows it; `fields` are those that change, a text among `cells` is shown in the reader's language."""
    return {
        "row": number,
        "fate": fate,
        "name": asdict(name) if name else None,
        "pairs": list(pairs),
        "cells": [cell.as_json() if isinstance(cell, Text) else cell for cell in cells],
        "fields": list(fields),
    }


def build(
    *,
    reading: Json,
    rows: Sequence[Json],
    shown: Sequence[Json],
    num_rows: int,
    refusals: Sequence[Refusal] = (),
    repetitions: Sequence[Repetition] = (),
    notices: Sequence[Notice] = (),
    candidates: Sequence[CandidateGroup] = (),
    problem: str = "",
) -> Built:
    """Put together what is stored: `rows` to write (each with its `fate`), `shown` the same for the page."""
    fates = Counter(row["fate"] for row in rows)
    counts = {
        "people": num_rows,
        "new": fates["new"],
        "changed": fates["changed"],
        "unchanged": fates["unchanged"],
        "refused": len({refusal.row_number for refusal in refusals}),
        "repeated": len(repetitions),
    }
    return Built(
        preview={
            "rows": list(rows),
            "refusals": [refusal.to_json() for refusal in refusals],
            "counts": counts,
        },
        summary={
            "problem": problem,
            "reading": reading,
            "counts": counts,
            "rows": sorted(shown, key=lambda row: FATES.index(row["fate"]))[:SHOWN_ROWS],
            "refused": _by_reason(refusals),
            "noticed": _by_reason(notices),
            "repeated": _first(repetitions),
            "candidates": _first(candidates),
        },
    )


def _by_reason(entries: Iterable[Refusal | Notice]) -> list[Json]:
    """The commonest reason first, each with its first rows."""
    groups: dict[str, list[Refusal | Notice]] = defaultdict(list)
    for entry in entries:
        groups[entry.code].append(entry)
    return [
        {
            "code": code,
            "num_rows": len({entry.row_number for entry in found}),
            "shown": [_shortened(entry.to_json()) for entry in found[:SHOWN_OF_A_REASON]],
        }
        for code, found in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]


def _shortened(entry: Json) -> Json:
    """A cell may hold pages of text."""
    value = entry["value"]
    params = {
        name: _cut(param) if isinstance(param, str) else param for name, param in entry["params"].items()
    }
    return {**entry, "value": _cut(value), "column": _cut(entry["column"]), "params": params}


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _first(entries: Sequence[Repetition] | Sequence[CandidateGroup]) -> Json:
    return {"num": len(entries), "shown": [entry.to_json() for entry in entries[:SHOWN_OF_A_REASON]]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGroup:
    """Rows that are refused, or worth a look, for the same reason."""

    title: str
    num_rows: int
    refusals: tuple[Refusal, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def num_more(self) -> int:
        """Rows of the list that are not on the page."""
        shown = {entry.row_number for entry in self.refusals} | {entry.row_number for entry in self.notices}
        return self.num_rows - len(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row of the list and what happens with it."""

    number: int
    fate: str
    name: PersonName | None
    pairs: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    """(heading, text)"""
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPreview:
    """A stored preview in the reader's language."""

    problem: str
    reading: Json
    counts: Mapping[str, int]
    rows: tuple[ShownRow, ...]
    refused: tuple[ReasonGroup, ...]
    noticed: tuple[ReasonGroup, ...]
    repeated: tuple[str, ...]
    num_more_repeated: int
    candidates: tuple[str, ...]
    num_more_candidates: int

    @property
    def has_something_new(self) -> bool:
        """Whether applying would write anything."""
        return bool(self.counts["new"] or self.counts["changed"])

    @property
    def num_more(self) -> int:
        """Rows of the list that are not on the page."""
        understood = self.counts["new"] + self.counts["changed"] + self.counts["unchanged"]
        return understood - len(self.rows)


def show(
    data: Json,
    *,
    headings: Sequence[str],
    kind: type[Field] | type[PairField] | type[OrganisationField] = Field,
) -> ShownPreview:
    """The preview of a list from its stored summary; `headings` stand above the cells of its rows."""
    repeated = [Repetition.from_json(entry).text for entry in data["repeated"]["shown"]]
    candidates = [CandidateGroup.from_json(entry).text for entry in data["candidates"]["shown"]]
    return ShownPreview(
        problem=str(UnreadableFile(data["problem"])) if data["problem"] else "",
        reading=data["reading"],
        counts=data["counts"],
        rows=tuple(_shown_row(entry, headings, kind) for entry in data["rows"]),
        refused=tuple(
            ReasonGroup(
                title=str(REFUSAL_TITLES[group["code"]]),
                num_rows=group["num_rows"],
                refusals=tuple(map(Refusal.from_json, group["shown"])),
            )
            for group in data["refused"]
        ),
        noticed=tuple(
            ReasonGroup(
                title=str(NOTICE_TITLES[group["code"]]),
                num_rows=group["num_rows"],
                notices=tuple(map(Notice.from_json, group["shown"])),
            )
            for group in data["noticed"]
        ),
        repeated=tuple(repeated),
        num_more_repeated=data["repeated"]["num"] - len(repeated),
        candidates=tuple(candidates),
        num_more_candidates=data["candidates"]["num"] - len(candidates),
    )


def _shown_row(
    entry: Json, headings: Sequence[str], kind: type[Field] | type[PairField] | type[OrganisationField]
) -> ShownRow:
    name = entry["name"]
    return ShownRow(
        number=entry["row"],
        fate=entry["fate"],
        name=PersonName(**{**name, "order": NameOrder(name["order"])}) if name else None,
        pairs=tuple(entry["pairs"]),
        cells=tuple(zip(headings, map(_cell_words, entry["cells"]), strict=True)),
        fields=tuple(field_label(kind(field)) for field in entry["fields"]),
    )


def _cell_words(cell: str | Json) -> str:
    return cell if isinstance(cell, str) else str(Text.from_json(cell).for_reader(get_language() or "en"))
