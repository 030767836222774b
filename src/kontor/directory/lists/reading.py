"""From a table to checked people: every row becomes a participant, a repetition, or is refused with its reasons."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache

from kontor.directory.countries import CountryReading, find_country
from kontor.directory.lists.candidates import find_candidates
from kontor.directory.lists.cells import address_key, read_category, split_items
from kontor.directory.lists.each_once import EachOnce
from kontor.directory.lists.fields import Field
from kontor.directory.lists.headings import list_language, missing_fields, propose_mapping
from kontor.directory.lists.languages import SpokenLanguage, read_languages
from kontor.directory.lists.messages import UnreadableFile
from kontor.directory.lists.results import ParticipantList, ParticipantRow
from kontor.directory.lists.row_cells import (
    RowCells,
    check_cells,
    read_email,
    read_name,
    read_phone_number,
    read_time,
)
from kontor.directory.lists.tables import Table
from kontor.directory.names import candidate_key, identity_key, organisation_key


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
    people = EachOnce[ParticipantRow]()
    for row in table.rows:
        cells = RowCells(row, fields, table.headings, corrections or {})
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


def _read_row(
    cells: RowCells[Field], *, language: str, event_days: Sequence[dt.date]
) -> ParticipantRow | None:
    """The person of a row, or nothing; then the cells know why."""
    check_cells(cells)
    name = read_name(cells)
    organisation = _read_organisation(cells)
    country, place = _read_place(cells)
    email = read_email(cells)
    spoken = _read_spoken(cells, language)
    time = read_time(cells, event_days)
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
        phone=read_phone_number(cells),
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


def _read_organisation(cells: RowCells[Field]) -> str:
    organisation = " ".join(cells.known(Field.ORGANISATION).split())
    if not organisation:
        cells.refuse(Field.ORGANISATION, "no_organisation")
    return organisation


def _read_place(cells: RowCells[Field]) -> tuple[str, str]:
    text, place = cells.known(Field.COUNTRY), cells.known(Field.PLACE)
    if not text:
        return "", place
    reading = _country(text)
    if not reading.code:
        cells.refuse(Field.COUNTRY, f"country_is_{reading.kind}", value=text, proposal=reading.proposal)
    return reading.code, place or reading.place


@lru_cache(maxsize=4000)
def _country(text: str) -> CountryReading:
    """A list says the same few countries again and again, and looking for a misspelt one takes long."""
    return find_country(text)


def _read_spoken(cells: RowCells[Field], language: str) -> tuple[SpokenLanguage, ...]:
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


def _read_category_of(cells: RowCells[Field]) -> str:
    text = cells.known(Field.CATEGORY)
    category = read_category(text)
    if text and not category:
        cells.notice(Field.CATEGORY, "category_not_understood", value=text)
    return category
