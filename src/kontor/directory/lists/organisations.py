"""From a table to checked organisations and memberships: every row becomes one, a repetition, or is refused with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from kontor.directory.countries import find_country
from kontor.directory.lists.cells import is_formula, split_items
from kontor.directory.lists.fields import OrganisationField
from kontor.directory.lists.headings import list_language, propose_organisation_mapping
from kontor.directory.lists.messages import UnreadableFile
from kontor.directory.lists.organisation_cells import (
    Cells,
    read_choice,
    read_count,
    read_day,
    read_numbers,
    read_topics,
    read_website,
    read_year,
)
from kontor.directory.lists.results import Repetition
from kontor.directory.lists.row_cells import RowCells
from kontor.directory.lists.tables import Table
from kontor.directory.models import OrganisationName
from kontor.directory.names import organisation_key
from kontor.search.spelling import HAN

Field = OrganisationField
Json = dict[str, Any]
MAX_LENGTHS = {
    Field.NAME: 300,
    Field.NAME_DE: 300,
    Field.NAME_EN: 300,
    Field.NAME_ZH: 300,
    Field.SHORT_NAME: 300,
    Field.FORMER_NAME: 300,
    Field.ALIAS: 12_000,
    Field.LEGAL_FORM: 60,
    Field.COURT: 80,
    Field.PLACE: 120,
    Field.ADDRESS: 300,
    Field.WEBSITE: 200,
    Field.CAPABILITY: 4000,
    Field.PARENT: 300,
    Field.SOURCE: 300,
}
"""Characters a cell may have; what is longer is refused, never cut."""
_NAME_FIELDS = (Field.NAME, Field.NAME_DE, Field.NAME_EN, Field.NAME_ZH)
_LANGUAGE_OF = {Field.NAME_DE: "de", Field.NAME_EN: "en", Field.NAME_ZH: "zh"}
_OTHER_NAMES = {
    Field.SHORT_NAME: OrganisationName.Kind.SHORT,
    Field.FORMER_NAME: OrganisationName.Kind.FORMER,
    Field.ALIAS: OrganisationName.Kind.ALIAS,
}
_GERMAN_SPEAKING = frozenset({"DE", "AT", "CH", "LI"})
_CHINESE_SPEAKING = frozenset({"CN", "HK", "MO", "TW", "SG"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipWords:
    """A membership as the list says it; which cluster and groups are meant, only the database knows."""

    cluster: str = ""
    """Empty if the list as a whole belongs to one."""
    state: str = ""
    category: str = ""
    since: str = ""
    """ISO date."""
    until: str = ""
    working_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """One organisation as the list says it, every value clean and checked; what is empty the list does not say."""

    row_number: int
    line: int
    names: tuple[tuple[str, str], ...]
    """(language, official name), the original first."""
    other_names: tuple[tuple[str, str, str], ...] = ()
    """(kind, language, name)"""
    kind: str = ""
    legal_form: str = ""
    size_class: str = ""
    size_standard: str = ""
    num_staff: int | None = None
    founded_in: int | None = None
    numbers: tuple[tuple[str, str, str], ...] = ()
    """(register, number, court)"""
    country: str = ""
    """ISO 3166-1 alpha-2."""
    place: str = ""
    address: str = ""
    website: str = ""
    topics: tuple[str, ...] = ()
    """Ids of concepts."""
    capability: str = ""
    capability_language: str = ""
    parent: str = ""
    """Its name."""
    source: str = ""
    membership: MembershipWords | None = None

    @property
    def identity(self) -> str:
        """Equal for rows that name the same organisation: by a registry number, or by name and country."""
        if self.numbers:
            return "|".join(self.numbers[0])
        return f"{organisation_key(self.names[0][1])}|{self.country}"

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "OrganisationRow":
        words = data["membership"]
        if words is not None:
            words = MembershipWords(**{**words, "working_groups": tuple(words["working_groups"])})
        return cls(
            **{
                **data,
                "names": tuple((language, name) for language, name in data["names"]),
                "other_names": tuple(map(tuple, data["other_names"])),
                "numbers": tuple(map(tuple, data["numbers"])),
                "topics": tuple(data["topics"]),
                "membership": words,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRows:
    """A whole list, read: every row is either an organisation, refused, or a repetition."""

    num_rows: int
    rows: tuple[OrganisationRow, ...]
    cells: Mapping[int, Cells]
    """The cells of each row, by its number, to refuse what only the database knows to be wrong."""
    repetitions: tuple[Repetition, ...]


def read_organisations(
    table: Table,
    *,
    mapping: Sequence[OrganisationField | None] | None = None,
    are_members: bool = False,
    corrections: Mapping[tuple[int, OrganisationField], str] | None = None,
) -> OrganisationRows:
    """Read all rows of a table; `are_members` says that each of them belongs to one cluster that the list does not name."""
    meanings = propose_organisation_mapping(table.headings)
    fields = [meaning.field for meaning in meanings] if mapping is None else list(mapping)
    if len(fields) != len(table.headings):
        raise UnreadableFile("mapping_does_not_fit")
    if not set(fields) & set(_NAME_FIELDS):
        raise UnreadableFile("no_name_of_organisation_column")
    language = list_language(meanings)
    rows: list[OrganisationRow] = []
    cells_of: dict[int, Cells] = {}
    repetitions: list[Repetition] = []
    seen: dict[str, list[OrganisationRow]] = {}
    for line in table.rows:
        cells = cells_of[line.number] = RowCells(line, fields, table.headings, corrections or {})
        row = _read_row(cells, language=language, are_members=are_members)
        if row is None:
            continue
        earlier = seen.setdefault(row.identity, [])
        same = next((one for one in earlier if _without_place(one) == _without_place(row)), None)
        if same is not None:
            repetitions.append(Repetition(row_number=row.row_number, line=row.line, of_row=same.row_number))
            continue
        if earlier and not _may_stand_beside(row, earlier):
            cells.refuse(name_field(cells), "contradicts_organisation", row=earlier[0].row_number)
            continue
        earlier.append(row)
        rows.append(row)
    return OrganisationRows(
        num_rows=len(table.rows), rows=tuple(rows), cells=cells_of, repetitions=tuple(repetitions)
    )


def _without_place(row: OrganisationRow) -> OrganisationRow:
    return replace(row, row_number=0, line=0)


def _may_stand_beside(row: OrganisationRow, earlier: Sequence[OrganisationRow]) -> bool:
    """An organisation may stand in several rows with the same profile, once for each cluster it belongs to."""
    clusters = [one.membership.cluster if one.membership else None for one in (*earlier, row)]
    profiles = {replace(_without_place(one), membership=None) for one in (*earlier, row)}
    return len(profiles) == 1 and None not in clusters and len(set(clusters)) == len(clusters)


def _read_row(cells: Cells, *, language: str, are_members: bool) -> OrganisationRow | None:
    """The organisation of a row, or nothing; then the cells know why."""
    _check_cells(cells)
    country, place = _read_place(cells)
    names = _read_names(cells, language=_home_language(country) or language)
    size_class, size_standard = _read_size(cells, country)
    capability = cells.known(Field.CAPABILITY)
    kind = read_choice(cells, Field.KIND)
    num_staff, founded_in = read_count(cells, Field.NUM_STAFF), read_year(cells, Field.FOUNDED_IN)
    numbers, website = read_numbers(cells), read_website(cells)
    membership = _read_membership(cells, are_members=are_members)
    if cells.refusals:
        return None
    return OrganisationRow(
        row_number=cells.row.number,
        line=cells.row.line,
        names=names,
        other_names=_read_other_names(cells, names),
        legal_form=cells.known(Field.LEGAL_FORM),
        size_class=size_class,
        size_standard=size_standard,
        country=country,
        place=place,
        address=cells.known(Field.ADDRESS),
        capability=capability,
        capability_language=_language_of(capability, names[0][0]) if capability else "",
        parent=" ".join(cells.known(Field.PARENT).split()),
        source=cells.known(Field.SOURCE),
        kind=kind,
        num_staff=num_staff,
        founded_in=founded_in,
        numbers=numbers,
        website=website,
        topics=read_topics(cells),
        membership=membership,
    )


def _check_cells(cells: Cells) -> None:
    if cells.row.is_hidden:
        cells.notice(None, "hidden_row")
    for field, text in cells.present():
        if is_formula(text, is_name=field in _NAME_FIELDS):
            cells.refuse(field, "cell_is_formula")
        elif len(text) > MAX_LENGTHS.get(field, 1000):
            cells.refuse(field, "too_long", limit=MAX_LENGTHS.get(field, 1000))


def name_field(cells: Cells) -> OrganisationField:
    """The column that names the organisation of a row."""
    return next((field for field in _NAME_FIELDS if cells[field]), Field.NAME)


def _read_names(cells: Cells, *, language: str) -> tuple[tuple[str, str], ...]:
    """One official name per language, the one in the plain column or in the language of the country first."""
    names: dict[str, str] = {}
    for field in _NAME_FIELDS:
        text = " ".join(cells.known(field).split())
        if text:
            names.setdefault(_LANGUAGE_OF.get(field) or _language_of(text, language), text)
    if not names:
        cells.refuse(next((field for field in _NAME_FIELDS if cells.has(field)), Field.NAME), "no_name")
        return ()
    first = _language_of(cells.known(Field.NAME), language) if cells.known(Field.NAME) else language
    return tuple(sorted(names.items(), key=lambda item: item[0] != first))


def _language_of(text: str, language: str) -> str:
    """Characters are Chinese; in Latin letters the language of the country or the list, if that is written so."""
    if HAN.search(text):
        return "zh"
    return language if language in {"de", "en"} else "en"


def _home_language(country: str) -> str:
    if country in _GERMAN_SPEAKING:
        return "de"
    return "zh" if country in _CHINESE_SPEAKING else "en" if country else ""


def _read_other_names(cells: Cells, names: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    official = {name for _language, name in names}
    found = []
    for field, kind in _OTHER_NAMES.items():
        items = split_items(cells[field]) if field == Field.ALIAS else (cells.known(field),)
        for item in items:
            name = " ".join(item.split())
            if name and name not in official:
                found.append((kind.value, _language_of(name, names[0][0]), name))
    return tuple(dict.fromkeys(found))


def _read_place(cells: Cells) -> tuple[str, str]:
    text, place = cells.known(Field.COUNTRY), cells.known(Field.PLACE)
    if not text:
        return "", place
    reading = find_country(text)
    if not reading.code:
        cells.refuse(Field.COUNTRY, f"country_is_{reading.kind}", value=text, proposal=reading.proposal)
    return reading.code, place or reading.place


def _read_size(cells: Cells, country: str) -> tuple[str, str]:
    """A size means nothing without its standard; where the list does not say it, the country decides."""
    size, standard = read_choice(cells, Field.SIZE), read_choice(cells, Field.SIZE_STANDARD)
    if not size:
        return "", ""
    if not standard:
        standard = "cn" if country == "CN" else "eu"
        cells.notice(Field.SIZE, "size_standard_assumed", value=cells[Field.SIZE])
    return size, standard


def _read_membership(cells: Cells, *, are_members: bool) -> MembershipWords | None:
    words = MembershipWords(
        cluster=" ".join(cells.known(Field.CLUSTER).split()),
        state=read_choice(cells, Field.STATE),
        category=read_choice(cells, Field.CATEGORY),
        since=read_day(cells, Field.SINCE),
        until=read_day(cells, Field.UNTIL, is_last=True),
        working_groups=split_items(cells[Field.WORKING_GROUPS]),
    )
    if words == MembershipWords() and not are_members:
        return None
    if not words.cluster and not are_members:
        cells.refuse(Field.CLUSTER, "no_cluster")
    if words.state == "ended" and not words.until:
        cells.refuse(Field.UNTIL, "ended_without_day")
    if words.since and words.until and words.until < words.since:
        cells.refuse(Field.UNTIL, "ends_before_it_begins", value=f"{words.since} – {words.until}")
    return words
