"""From a table to checked people: every row becomes a participant, a repetition, or is refused with its reasons."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kontor.directory.countries import find_country
from kontor.directory.names import (
    PersonName,
    candidate_key,
    display,
    identity_key,
    is_title,
    join_name,
    organisation_key,
)
from kontor.events.lists.availability import AvailabilityReading, read_availability
from kontor.events.lists.candidates import find_candidates
from kontor.events.lists.cells import (
    address_key,
    is_formula,
    is_nothing,
    read_address,
    read_category,
    read_phone,
    split_items,
)
from kontor.events.lists.headings import Field, list_language, missing_fields, propose_mapping
from kontor.events.lists.languages import SpokenLanguage, read_languages
from kontor.events.lists.messages import UnreadableFile
from kontor.events.lists.phrases import ImpossibleTime
from kontor.events.lists.results import (
    Notice,
    ParticipantList,
    ParticipantRow,
    Proposal,
    Refusal,
    Repetition,
)
from kontor.events.lists.tables import Table, TableRow, clean

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
_JOINED = {Field.OFFERS, Field.SEEKS, Field.LANGUAGES, Field.FOREIGN_LANGUAGES}
_NAME_FIELDS = (Field.FAMILY, Field.GIVEN, Field.NAME, Field.NATIVE_NAME, Field.ROMANISED_NAME)


def read_participants(
    table: Table,
    *,
    mapping: Sequence[Field | None] | None = None,
    event_days: Sequence[dt.date] = (),
    language: str = "",
    corrections: Mapping[tuple[int, Field], str] | None = None,
) -> ParticipantList:
    """Read all people of a table. `corrections` replaces the text of a cell, by number of the row and field."""
    meanings = propose_mapping(table.headings)
    fields = [meaning.field for meaning in meanings] if mapping is None else list(mapping)
    if len(fields) != len(table.headings):
        raise UnreadableFile("mapping_does_not_fit")
    for missing in missing_fields(fields):
        raise UnreadableFile(f"no_{missing}_column")
    language = language or list_language(meanings)
    people = _People()
    for row in table.rows:
        cells = _Cells(row, fields, table.headings, corrections or {})
        people.add(_read_row(cells, language=language, event_days=event_days), cells)
    return ParticipantList(
        language=language,
        num_people=len(table.rows),
        rows=tuple(people.rows),
        refusals=tuple(people.refusals),
        repetitions=tuple(people.repetitions),
        notices=tuple(people.notices),
        candidates=find_candidates(people.rows),
    )


class _Cells:
    """The cells of one row by field, and what has to be said about them."""

    def __init__(
        self,
        row: TableRow,
        fields: Sequence[Field | None],
        headings: Sequence[str],
        corrections: Mapping[tuple[int, Field], str],
    ) -> None:
        self.row = row
        self.fields = fields
        self.refusals: list[Refusal] = []
        self.notices: list[Notice] = []
        self._texts: dict[Field, str] = {}
        self._columns: dict[Field, str] = {}
        for field, heading, cell in zip(fields, headings, row.cells, strict=True):
            if field is None or field is Field.IGNORED:
                continue
            self._columns.setdefault(field, heading)
            if cell and field in _JOINED and field in self._texts:
                self._texts[field] += f"\n{cell}"
            elif cell:
                self._texts.setdefault(field, cell)
        for (number, field), text in corrections.items():
            if number == row.number:
                self._texts[field] = clean(text)

    def __getitem__(self, field: Field) -> str:
        return self._texts.get(field, "")

    def known(self, field: Field) -> str:
        """The text, or nothing if it says that there is nothing."""
        return "" if is_nothing(self[field]) else self[field]

    def has(self, field: Field) -> bool:
        return field in self._columns

    def present(self) -> list[tuple[Field, str]]:
        return list(self._texts.items())

    def refuse(self, field: Field, code: str, *, proposal: str = "", **params: str | int) -> None:
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

    def notice(self, field: Field | None, code: str, **params: str | int) -> None:
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


class _People:
    """The rows read so far, each person once."""

    def __init__(self) -> None:
        self.rows: list[ParticipantRow] = []
        self.refusals: list[Refusal] = []
        self.repetitions: list[Repetition] = []
        self.notices: list[Notice] = []
        self._by_identity: dict[str, ParticipantRow] = {}

    def add(self, person: ParticipantRow | None, cells: _Cells) -> None:
        """Keep a person, or say which earlier row it repeats or contradicts."""
        earlier = self._by_identity.get(person.identity) if person else None
        if person and earlier:
            if replace(person, row_number=0, line=0) == replace(earlier, row_number=0, line=0):
                self.repetitions.append(
                    Repetition(row_number=person.row_number, line=person.line, of_row=earlier.row_number)
                )
                return
            is_other = identity_key(person.name) != identity_key(earlier.name)
            field = Field.EMAIL if is_other or person.email else _first_name_field(cells)
            code = "same_email_other_person" if is_other else "contradicts_row"
            cells.refuse(field, code, row=earlier.row_number)
        self.refusals += cells.refusals
        if person and not cells.refusals:
            self.notices += cells.notices
            self.rows.append(person)
            self._by_identity[person.identity] = person


def _first_name_field(cells: _Cells) -> Field:
    return next((field for field in _NAME_FIELDS if cells[field]), Field.NAME)


def _read_row(cells: _Cells, *, language: str, event_days: Sequence[dt.date]) -> ParticipantRow | None:
    """The person of a row, or nothing; then the cells know why."""
    _check_cells(cells)
    name = _read_name(cells)
    organisation = _read_organisation(cells)
    country, place = _read_place(cells)
    email = _read_email(cells)
    spoken = _read_spoken(cells, language)
    time = _read_time(cells, event_days)
    if cells.refusals or name is None:
        return None
    function = cells.known(Field.FUNCTION)
    if not function and cells[Field.TITLE] and not name.titles:
        # English lists call the job a title.
        function = cells.known(Field.TITLE)
    by_name = f"name:{identity_key(name)}|{organisation_key(organisation)}"
    return ParticipantRow(
        row_number=cells.row.number,
        line=cells.row.line,
        name=name,
        organisation=organisation,
        organisation_other=cells.known(Field.ORGANISATION_OTHER),
        function=function,
        country=country,
        place=place,
        email=email,
        phone=_read_phone_number(cells),
        wechat=cells.known(Field.WECHAT),
        languages=spoken,
        offers=split_items(cells[Field.OFFERS]),
        seeks=split_items(cells[Field.SEEKS]),
        is_available_always=time.is_always,
        intervals=time.intervals,
        availability=cells[Field.AVAILABILITY],
        category=_read_category_of(cells),
        language=language,
        identity=f"mail:{address_key(email)}" if email else by_name,
        candidate_key=candidate_key(name),
    )


def _check_cells(cells: _Cells) -> None:
    if cells.row.is_hidden:
        cells.notice(None, "hidden_row")
    for field, text in cells.present():
        is_name = field in _NAME_FIELDS
        if is_formula(text, is_name=is_name):
            cells.refuse(field, "name_is_formula" if is_name else "cell_is_formula")
        elif len(text) > MAX_LENGTHS.get(field, 1000):
            cells.refuse(field, "too_long", limit=MAX_LENGTHS.get(field, 1000))
        elif "\n" in text:
            cells.notice(field, "line_break")


def _read_name(cells: _Cells) -> PersonName | None:
    fields = [field for field in _NAME_FIELDS if cells[field]]
    if any(refusal.field in _NAME_FIELDS for refusal in cells.refusals):
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


def _read_organisation(cells: _Cells) -> str:
    organisation = " ".join(cells.known(Field.ORGANISATION).split())
    if not organisation:
        cells.refuse(Field.ORGANISATION, "no_organisation")
    return organisation


def _read_place(cells: _Cells) -> tuple[str, str]:
    text, place = cells.known(Field.COUNTRY), cells.known(Field.PLACE)
    if not text:
        return "", place
    reading = find_country(text)
    if not reading.code:
        cells.refuse(Field.COUNTRY, f"country_is_{reading.kind}", value=text, proposal=reading.proposal)
    return reading.code, place or reading.place


def _read_email(cells: _Cells) -> str:
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


def _read_phone_number(cells: _Cells) -> str:
    phone, is_rounded = read_phone(cells[Field.PHONE])
    if is_rounded:
        cells.notice(Field.PHONE, "phone_rounded", value=cells[Field.PHONE])
    return phone


def _read_spoken(cells: _Cells, language: str) -> tuple[SpokenLanguage, ...]:
    spoken: dict[str, SpokenLanguage] = {}
    for field in (Field.LANGUAGES, Field.FOREIGN_LANGUAGES):
        if not cells.has(field):
            continue
        reading = read_languages(
            cells[field], own_language=language if field is Field.FOREIGN_LANGUAGES else ""
        )
        for item in reading.languages:
            spoken.setdefault(item.code, item)
        for words in reading.not_understood:
            cells.notice(field, "language_not_understood", value=words)
        assumed = [item.code for item in reading.languages if item.is_assumed]
        if assumed:
            cells.notice(field, "level_assumed", languages=" ".join(assumed))
    return tuple(spoken.values())


def _read_time(cells: _Cells, event_days: Sequence[dt.date]) -> AvailabilityReading:
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


def _read_category_of(cells: _Cells) -> str:
    text = cells.known(Field.CATEGORY)
    category = read_category(text)
    if text and not category:
        cells.notice(Field.CATEGORY, "category_not_understood", value=text)
    return category
