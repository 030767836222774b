"""The cells of one row of a list, what each says, and what has to be said about them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Generic

from kontor.directory.lists.availability import AvailabilityReading, read_availability
from kontor.directory.lists.cells import is_formula, is_nothing, read_address, read_phone
from kontor.directory.lists.fields import Field, OrganisationField
from kontor.directory.lists.headings import FieldKind
from kontor.directory.lists.phrases import ImpossibleTime
from kontor.directory.lists.results import Notice, Proposal, Refusal
from kontor.directory.lists.tables import TableRow, clean
from kontor.directory.names import PersonName, display, is_title, join_name

MAX_LENGTHS = {
    Field.FAMILY: 100,
    Field.GIVEN: 100,
    Field.NAME: 200,
    Field.NATIVE_NAME: 100,
    Field.ROMANISED_NAME: 200,
    Field.TITLE: 100,
    Field.ORGANISATION: 300,
    Field.ORGANISATION_OTHER: 300,
    Field.FUNCTION: 200,
    Field.PLACE: 200,
    Field.EMAIL: 254,
    Field.PHONE: 60,
    Field.WECHAT: 60,
    Field.OFFERS: 4000,
    Field.SEEKS: 4000,
    Field.AVAILABILITY: 500,
}
"""Characters a cell may have; what is longer is refused, never cut."""

_JOINED: frozenset[str] = frozenset(
    {
        Field.OFFERS,
        Field.SEEKS,
        Field.LANGUAGES,
        Field.FOREIGN_LANGUAGES,
        Field.LANGUAGE_PAIRS,
        OrganisationField.ALIAS,
        OrganisationField.TOPICS,
        OrganisationField.WORKING_GROUPS,
    }
)

NAME_FIELDS = (Field.FAMILY, Field.GIVEN, Field.NAME, Field.NATIVE_NAME, Field.ROMANISED_NAME)


class RowCells(Generic[FieldKind]):
    """The cells of one row by field, and what has to be said about them."""

    def __init__(
        self,
        row: TableRow,
        fields: Sequence[FieldKind | None],
        headings: Sequence[str],
        corrections: Mapping[tuple[int, FieldKind], str],
    ) -> None:
        self.row = row
        self.fields: Sequence[FieldKind | None] = fields
        self.refusals: list[Refusal] = []
        self.notices: list[Notice] = []
        self._texts: dict[FieldKind, str] = {}
        self._columns: dict[FieldKind, str] = {}
        for field, heading, cell in zip(fields, headings, row.cells, strict=True):
            if field is None or field == Field.IGNORED:
                continue
            self._columns.setdefault(field, heading)
            if cell and field in _JOINED and field in self._texts:
                self._texts[field] += f"\n{cell}"
            elif cell:
                self._texts.setdefault(field, cell)
        for (number, field), text in corrections.items():
            if number == row.number:
                self._texts[field] = clean(text)

    def __getitem__(self, field: FieldKind) -> str:
        return self._texts.get(field, "")

    def known(self, field: FieldKind) -> str:
        """The text, or nothing if it says that there is nothing."""
        return "" if is_nothing(self[field]) else self[field]

    def has(self, field: FieldKind) -> bool:
        return field in self._columns

    def present(self) -> list[tuple[FieldKind, str]]:
        return list(self._texts.items())

    def refuse(self, field: FieldKind, code: str, *, proposal: str = "", **params: str | int) -> None:
        self.refusals.append(
            Refusal(
                row_number=self.row.number,
                line=self.row.line,
                field=field.value,
                column=self._columns.get(field, ""),
                value=self[field],
                code=code,
                params=params,
                proposal=Proposal(field=field.value, value=proposal) if proposal else None,
            )
        )

    def notice(self, field: FieldKind | None, code: str, **params: str | int) -> None:
        self.notices.append(
            Notice(
                row_number=self.row.number,
                line=self.row.line,
                field=field.value if field else "",
                column=self._columns.get(field, "") if field else "",
                value=self[field] if field else "",
                code=code,
                params=params,
            )
        )


def first_name_field(cells: RowCells[Field]) -> Field:
    return next((field for field in NAME_FIELDS if cells[field]), Field.NAME)


def check_cells(cells: RowCells[Field]) -> None:
    if cells.row.is_hidden:
        cells.notice(None, "hidden_row")
    for field, text in cells.present():
        is_name = field in NAME_FIELDS
        if is_formula(text, is_name=is_name):
            cells.refuse(field, "name_is_formula" if is_name else "cell_is_formula")
        elif len(text) > MAX_LENGTHS.get(field, 1000):
            cells.refuse(field, "too_long", limit=MAX_LENGTHS.get(field, 1000))
        elif "\n" in text:
            cells.notice(field, "line_break")


def read_name(cells: RowCells[Field]) -> PersonName | None:
    fields = [field for field in NAME_FIELDS if cells[field]]
    if any(refusal.field in NAME_FIELDS for refusal in cells.refusals):
        return None
    for field in fields:
        if not any(sign.isalpha() for sign in cells[field]) or "@" in cells[field]:
            code = "name_is_no_name" if not is_nothing(cells[field]) else "no_name"
            cells.refuse(field, code, value=cells[field])
            return None
    native = cells[Field.NATIVE_NAME] or cells[Field.NAME]
    romanised = cells[Field.ROMANISED_NAME] or (cells[Field.NAME] if cells[Field.NATIVE_NAME] else "")
    if not (cells[Field.FAMILY] or native or romanised):
        if cells.has(Field.FAMILY):
            cells.refuse(Field.FAMILY, "no_family_name")
        else:
            cells.refuse(
                next(f for f in (Field.NAME, Field.NATIVE_NAME, Field.ROMANISED_NAME) if cells.has(f)),
                "no_name",
            )
        return None
    titles = cells[Field.TITLE] if is_title(cells[Field.TITLE]) or cells.has(Field.FUNCTION) else ""
    split = join_name(
        family=cells[Field.FAMILY],
        given=cells[Field.GIVEN],
        native=native.replace("\n", " "),
        romanised=romanised.replace("\n", " "),
        titles="" if is_nothing(titles) else titles,
    )
    if not display(split.name, "en"):
        cells.refuse(fields[0], "name_is_no_name", value=cells[fields[0]])
        return None
    if split.is_assumed:
        family = split.name.family or split.name.native_family
        cells.notice(
            fields[0], "name_split_assumed", family=family, given=split.name.given or split.name.native_given
        )
    return split.name


def read_email(cells: RowCells[Field]) -> str:
    text = cells[Field.EMAIL]
    reading = read_address(text)
    if not reading.is_address:
        cells.refuse(Field.EMAIL, "email_is_no_address", value=text)
    elif reading.is_none:
        cells.notice(Field.EMAIL, "email_none", value=text)
    elif reading.is_first_of_several:
        cells.notice(Field.EMAIL, "email_first_of_several", email=reading.email)
    elif reading.is_normalised:
        cells.notice(Field.EMAIL, "email_normalised", value=text, email=reading.email)
    return reading.email


def read_phone_number(cells: RowCells[Field]) -> str:
    phone, is_rounded = read_phone(cells[Field.PHONE])
    if is_rounded:
        cells.notice(Field.PHONE, "phone_rounded", value=cells[Field.PHONE])
    return phone


def read_time(cells: RowCells[Field], event_days: Sequence[dt.date]) -> AvailabilityReading:
    try:
        reading = read_availability(cells.known(Field.AVAILABILITY), event_days)
    except ImpossibleTime as error:
        cells.refuse(Field.AVAILABILITY, error.code, **error.params)
        return AvailabilityReading()
    for words in reading.not_understood:
        cells.notice(Field.AVAILABILITY, "availability_not_understood", value=words)
    for words in reading.outside:
        cells.notice(Field.AVAILABILITY, "outside_event_days", value=words)
    if not reading.is_always and not reading.intervals:
        cells.notice(Field.AVAILABILITY, "never_available")
    return reading
