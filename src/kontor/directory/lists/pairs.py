"""Lists of pairs: who wants to meet whom, read the same way as lists of people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kontor.directory.lists.cells import address_key, is_formula, is_nothing, read_address
from kontor.directory.lists.fields import PairField
from kontor.directory.lists.headings import propose_pair_mapping
from kontor.directory.lists.messages import UnreadableFile
from kontor.directory.lists.results import Notice, Refusal, Repetition
from kontor.directory.lists.tables import Table, TableRow
from kontor.directory.names import (
    NameOrder,
    PersonName,
    candidate_key,
    identity_key,
    organisation_key,
    split_name,
)

MAX_REASON = 1000
_FIRST = (PairField.FIRST_EMAIL, PairField.FIRST_NAME, PairField.FIRST_ORGANISATION)
_SECOND = (PairField.SECOND_EMAIL, PairField.SECOND_NAME, PairField.SECOND_ORGANISATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReference:
    """How a list of pairs names a person: by address, or by name and organisation."""

    email: str = ""
    name: PersonName
    organisation: str = ""

    @property
    def key(self) -> str:
        """Equal for references to the same person within one list."""
        if self.email:
            return f"mail:{address_key(self.email)}"
        return f"name:{identity_key(self.name)}|{organisation_key(self.organisation)}"

    @property
    def candidate_key(self) -> str:
        return candidate_key(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """One wish: the first person wants to meet the second."""

    row_number: int
    line: int
    first: PersonReference
    second: PersonReference
    reason: str = ""
    priority: int = 0
    """1 is the most important; 0 if the list does not say."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "PairRow":
        def person(stored: dict[str, Any]) -> PersonReference:
            name = PersonName(**{**stored["name"], "order": NameOrder(stored["name"]["order"])})
            return PersonReference(**{**stored, "name": name})

        return cls(**{**data, "first": person(data["first"]), "second": person(data["second"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class PairList:
    """A whole list of pairs, read: every pair is either a row, refused, or a repetition."""

    num_pairs: int
    rows: tuple[PairRow, ...]
    refusals: tuple[Refusal, ...]
    repetitions: tuple[Repetition, ...]
    notices: tuple[Notice, ...]

    @property
    def num_refused(self) -> int:
        """Pairs refused; one pair may be refused for several reasons."""
        return len({refusal.row_number for refusal in self.refusals})


def read_pairs(table: Table, *, mapping: Sequence[PairField | None] | None = None) -> PairList:
    """Read all pairs of a table; the same pair in the same direction counts once."""
    fields = [m.field for m in propose_pair_mapping(table.headings)] if mapping is None else list(mapping)
    if len(fields) != len(table.headings):
        raise UnreadableFile("mapping_does_not_fit")
    for side in (_FIRST, _SECOND):
        if not set(fields) & set(side[:2]):
            raise UnreadableFile("no_pair_columns")
    rows: list[PairRow] = []
    refusals: list[Refusal] = []
    repetitions: list[Repetition] = []
    notices: list[Notice] = []
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        reader = _PairReader(row, fields, table.headings)
        pair = reader.read()
        refusals += reader.refusals
        if pair is None:
            continue
        key = (pair.first.key, pair.second.key)
        if key in seen:
            repetitions.append(Repetition(row_number=row.number, line=row.line, of_row=seen[key]))
            continue
        seen[key] = row.number
        rows.append(pair)
        notices += reader.notices
    return PairList(
        num_pairs=len(table.rows),
        rows=tuple(rows),
        refusals=tuple(refusals),
        repetitions=tuple(repetitions),
        notices=tuple(notices),
    )


class _PairReader:
    """Reads one row and collects what has to be said about it."""

    def __init__(self, row: TableRow, fields: Sequence[PairField | None], headings: Sequence[str]) -> None:
        self.refusals: list[Refusal] = []
        self.notices: list[Notice] = []
        self._row = row
        self._texts: dict[PairField, str] = {}
        self._columns: dict[PairField, str] = {}
        for field, heading, cell in zip(fields, headings, row.cells, strict=True):
            if field is not None and field is not PairField.IGNORED:
                self._columns.setdefault(field, heading)
                self._texts.setdefault(field, "" if is_nothing(cell) else cell)

    def read(self) -> PairRow | None:
        for field, text in self._texts.items():
            if is_formula(text):
                self._refuse(field, "cell_is_formula", {})
            elif len(text) > MAX_REASON:
                self._refuse(field, "too_long", {"limit": MAX_REASON})
        first = self._read_person(_FIRST, "pair_without_first")
        second = self._read_person(_SECOND, "pair_without_second")
        if first and second and first.key == second.key:
            self._refuse(self._present(_SECOND), "pair_with_oneself", {})
        if self.refusals or first is None or second is None:
            return None
        return PairRow(
            row_number=self._row.number,
            line=self._row.line,
            first=first,
            second=second,
            reason=self._texts.get(PairField.REASON, ""),
            priority=self._read_priority(),
        )

    def _read_person(
        self, side: tuple[PairField, PairField, PairField], missing: str
    ) -> PersonReference | None:
        email_field, name_field, organisation_field = side
        text = self._texts.get(email_field, "")
        name_text = self._texts.get(name_field, "")
        if not text and "@" in name_text:
            # Short lists have one column per person and put the address there.
            text, name_text, email_field = name_text, "", name_field
        organisation = " ".join(self._texts.get(organisation_field, "").split())
        reading = read_address(text)
        if not reading.is_address:
            self._refuse(email_field, "email_is_no_address", {"value": text})
            return None
        if reading.is_first_of_several:
            self._notice(email_field, "email_first_of_several", {"email": reading.email})
        elif reading.is_normalised:
            self._notice(email_field, "email_normalised", {"value": text, "email": reading.email})
        if not reading.email and not name_text:
            self._refuse(self._present(side), missing, {})
            return None
        if not reading.email and not organisation:
            self._refuse(name_field, "email_missing_in_pair", {})
            return None
        name = split_name(name_text).name
        return PersonReference(email=reading.email, name=name, organisation=organisation)

    def _read_priority(self) -> int:
        text = self._texts.get(PairField.PRIORITY, "")
        if text.isdecimal() and len(text) <= 3:
            return int(text)
        if text:
            self._notice(PairField.PRIORITY, "priority_not_understood", {"value": text})
        return 0

    def _present(self, side: tuple[PairField, PairField, PairField]) -> PairField:
        return next((field for field in side if field in self._columns), side[1])

    def _refuse(self, field: PairField, code: str, params: Mapping[str, str | int]) -> None:
        self.refusals.append(Refusal(**self._place(field), code=code, params=params))

    def _notice(self, field: PairField, code: str, params: Mapping[str, str | int]) -> None:
        self.notices.append(Notice(**self._place(field), code=code, params=params))

    def _place(self, field: PairField) -> dict[str, Any]:
        return {
            "row_number": self._row.number,
            "line": self._row.line,
            "field": field.value,
            "column": self._columns.get(field, ""),
            "value": self._texts.get(field, ""),
        }
