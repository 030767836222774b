"""The meeting plan as a workbook: by slot, by person, by interpreter, and what could not be placed and why."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, override, pgettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kontor.meetings.agenda import (
    AgendaHall,
    AgendaPerson,
    AssignedInterpreter,
    TwoScripts,
    Zone,
    format_day,
    pair_name,
)
from kontor.meetings.phrases import join_clauses
from kontor.ui.formatting import language_name

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# XML has no room for these; Excel refuses the whole file if one is in it.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_LIKE_FORMULA = tuple("=+-@\t\r")
_A4 = 9
_MOST_CHARACTERS = 32_767  # in one cell

_HEADER_FONT = Font(bold=True, color="1D2730")
_HEADER_FILL = PatternFill("solid", fgColor="F1EDE4")
_HEADER_BORDER = Border(bottom=Side(style="medium", color="1D2730"))
_WRAP = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeeting:
    starts_at: datetime
    ends_at: datetime
    hall: AgendaHall
    table: str
    """Name of the table, or of the booth where the meeting takes none."""
    sides: tuple[AgendaPerson, ...]
    interpreters: tuple[AssignedInterpreter, ...] = ()
    language: str = ""
    is_locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedMeeting:
    sides: tuple[AgendaPerson, ...]
    reason: str
    """Why there is no place, a sentence in the reader's language."""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheets:
    event: str
    language: str
    place: Zone
    as_of: datetime
    meetings: tuple[PlannedMeeting, ...]
    unplaced: tuple[UnplacedMeeting, ...] = ()
    is_sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    heading: str
    width: int


def build_workbook(plan: PlanSheets) -> bytes:
    """The plan as XLSX, in the reader's language; every text is a text, whatever it begins with."""
    meetings = sorted(plan.meetings, key=lambda one: (one.starts_at, one.hall.position, _natural(one.table)))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    with override(plan.language):
        workbook.properties.title = _clean(gettext("Meeting plan: %(event)s") % {"event": plan.event})
        workbook.properties.creator = "Kontor"
        workbook.properties.created = plan.as_of.replace(tzinfo=None)
        note = [gettext("Sample data")] if plan.is_sample else []
        _add_sheet(
            workbook, pgettext("sheet", "By slot"), _slot_columns(), _by_slot(meetings, plan.place), note
        )
        _add_sheet(
            workbook,
            pgettext("sheet", "By person"),
            _person_columns(),
            _by_person(meetings, plan.place),
            note,
        )
        by_interpreter = _by_interpreter(meetings, plan.place)
        _add_sheet(
            workbook, pgettext("sheet", "By interpreter"), _interpreter_columns(), by_interpreter, note
        )
        _add_sheet(
            workbook, pgettext("sheet", "Unplaced"), _unplaced_columns(), _unplaced(plan.unplaced), note
        )
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


# The four sheets


def _when_columns() -> list[_Column]:
    return [
        _Column(heading=pgettext("column", "Day"), width=24),
        _Column(heading=pgettext("column", "From"), width=8),
        _Column(heading=pgettext("column", "To"), width=8),
    ]


def _where_columns() -> list[_Column]:
    return [
        _Column(heading=pgettext("column", "Hall"), width=16),
        _Column(heading=pgettext("column", "Table"), width=9),
    ]


def _side_columns(person: str, organisation: str) -> list[_Column]:
    """A name in two columns, one per script, so that both can be sorted and searched."""
    original = gettext("%(column)s, original script")
    return [
        _Column(heading=person, width=24),
        _Column(heading=original % {"column": person}, width=16),
        _Column(heading=organisation, width=34),
        _Column(heading=original % {"column": organisation}, width=28),
    ]


def _language_columns() -> list[_Column]:
    return [
        _Column(heading=pgettext("column", "Meeting language"), width=20),
        _Column(heading=pgettext("column", "Interpreter"), width=24),
    ]


def _slot_columns() -> list[_Column]:
    first = _side_columns(gettext("First participant"), gettext("First organisation"))
    second = _side_columns(gettext("Second participant"), gettext("Second organisation"))
    others = [_Column(heading=gettext("Further participants"), width=30)]
    locked = [_Column(heading=pgettext("column", "Locked"), width=9)]
    return [*_when_columns(), *_where_columns(), *first, *second, *others, *_language_columns(), *locked]


def _by_slot(meetings: Sequence[PlannedMeeting], place: Zone) -> Iterable[list[str]]:
    for one in meetings:
        sides = [*one.sides, None, None]
        others = join_clauses(_one_line(person) for person in one.sides[2:])
        locked = gettext("yes") if one.is_locked else ""
        yield [
            *_when(one, place),
            *_where(one),
            *_side(sides[0]),
            *_side(sides[1]),
            others,
            *_spoken(one),
            locked,
        ]


def _person_columns() -> list[_Column]:
    person = _side_columns(pgettext("column", "Participant"), pgettext("column", "Organisation"))
    meets = [_Column(heading=pgettext("column", "Meets"), width=50)]
    return [*person, *_when_columns(), *_where_columns(), *meets, *_language_columns()]


def _by_person(meetings: Sequence[PlannedMeeting], place: Zone) -> Iterable[list[str]]:
    sittings = [(person, one) for one in meetings for person in one.sides]
    for person, one in sorted(sittings, key=lambda sitting: _one_line(sitting[0]).casefold()):
        others = join_clauses(_one_line(other) for other in one.sides if other is not person)
        yield [*_side(person), *_when(one, place), *_where(one), others, *_spoken(one)]


def _interpreter_columns() -> list[_Column]:
    name = pgettext("column", "Interpreter")
    return [
        _Column(heading=name, width=24),
        _Column(heading=gettext("%(column)s, original script") % {"column": name}, width=16),
        _Column(heading=pgettext("column", "Languages"), width=22),
        *_when_columns(),
        *_where_columns(),
        _Column(heading=pgettext("column", "Meeting"), width=70),
    ]


def _by_interpreter(meetings: Sequence[PlannedMeeting], place: Zone) -> Iterable[list[str]]:
    duties = [(interpreter, one) for one in meetings for interpreter in one.interpreters]
    for interpreter, one in sorted(duties, key=lambda duty: str(duty[0].name).casefold()):
        sides = join_clauses(_one_line(person) for person in one.sides)
        pair = pair_name(interpreter.pair)
        yield [*_scripts(interpreter.name), pair, *_when(one, place), *_where(one), sides]


def _unplaced_columns() -> list[_Column]:
    return [
        *_side_columns(gettext("First participant"), gettext("First organisation")),
        *_side_columns(gettext("Second participant"), gettext("Second organisation")),
        _Column(heading=gettext("Further participants"), width=30),
        _Column(heading=pgettext("column", "Reason"), width=60),
        _Column(heading=pgettext("column", "What would help"), width=60),
    ]


def _unplaced(meetings: Sequence[UnplacedMeeting]) -> Iterable[list[str]]:
    for one in meetings:
        sides = [*one.sides, None, None]
        others = join_clauses(_one_line(person) for person in one.sides[2:])
        yield [*_side(sides[0]), *_side(sides[1]), others, one.reason, one.remedy]


# Cells


def _when(one: PlannedMeeting, place: Zone) -> list[str]:
    start, end = one.starts_at.astimezone(place.info), one.ends_at.astimezone(place.info)
    return [format_day(start.date(), with_year=True), f"{start:%H:%M}", f"{end:%H:%M}"]


def _where(one: PlannedMeeting) -> list[str]:
    return [one.hall.name.text, one.table]


def _side(person: AgendaPerson | None) -> list[str]:
    if person is None:
        return ["", "", "", ""]
    return [*_scripts(person.name), *_scripts(person.organisation)]


def _scripts(name: TwoScripts | None) -> list[str]:
    if name is None:
        return ["", ""]
    return [name.reading.text, name.original.text if name.original else ""]


def _spoken(one: PlannedMeeting) -> list[str]:
    names = join_clauses(str(interpreter.name) for interpreter in one.interpreters)
    if one.interpreters:
        return [pair_name(one.interpreters[0].pair), names]
    return [language_name(one.language) if one.language else "", ""]


def _one_line(person: AgendaPerson) -> str:
    if not person.organisation:
        return str(person.name)
    return gettext("%(name)s (%(organisation)s)") % {"name": person.name, "organisation": person.organisation}


def _natural(table: str) -> tuple[tuple[str, int], ...]:
    return tuple((word, int(number or 0)) for word, number in re.findall(r"(\D*)(\d*)", table))


def _add_sheet(
    workbook: Workbook,
    title: str,
    columns: Sequence[_Column],
    rows: Iterable[list[str]],
    notes: Sequence[str],
) -> None:
    sheet = workbook.create_sheet(_clean(title))
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        heading = _write(sheet, 1, number, column.heading)
        heading.font, heading.fill, heading.border = _HEADER_FONT, _HEADER_FILL, _HEADER_BORDER
    for line, row in enumerate(rows, start=2):
        for number, words in enumerate(row, start=1):
            if words:
                _write(sheet, line, number, words)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.HeaderFooter.oddFooter.left.text = " · ".join(notes)


def _write(sheet: Worksheet, line: int, number: int, words: str) -> Cell:
    cell = sheet.cell(line, number, _clean(words)[:_MOST_CHARACTERS])
    # A text stays a text even if it begins like a formula, also when somebody edits the cell.
    cell.data_type = "s"
    cell.quotePrefix = words.startswith(_LOOKS_LIKE_FORMULA)
    cell.alignment = _WRAP
    return cell


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text)
