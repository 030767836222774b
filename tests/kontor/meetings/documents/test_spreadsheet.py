"""The plan as a workbook: four sheets, both scripts, and texts that stay texts."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import Workbook, load_workbook

from kontor.i18n import Words
from kontor.meetings.agenda import Agenda, AgendaHall, AgendaPerson, AssignedInterpreter, TwoScripts, Zone
from kontor.meetings.documents.spreadsheet import PlannedMeeting, PlanSheets, UnplacedMeeting, build_workbook


@pytest.fixture
def plan(
    lenas_day: Agenda,
    hall_e: AgendaHall,
    lena: AgendaPerson,
    wentao: AgendaPerson,
    li_na: AssignedInterpreter,
    jinan: Zone,
) -> PlanSheets:
    """Two meetings of the same two people, the later one given first, and one without a place."""
    starts_at = lenas_day.entries[2].starts_at
    first = PlannedMeeting(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=20),
        hall=hall_e,
        table="A07",
        sides=(lena, wentao),
        interpreters=(li_na,),
    )
    second = replace(
        first,
        starts_at=starts_at + timedelta(hours=1),
        ends_at=starts_at + timedelta(hours=1, minutes=20),
        interpreters=(),
        language="en",
        is_locked=True,
    )
    return PlanSheets(
        event="Sino-German SME Conference 2018",
        language="en",
        place=jinan,
        as_of=lenas_day.as_of,
        meetings=(second, first),
        unplaced=(
            UnplacedMeeting(sides=(wentao, lena), reason="All are busy.", remedy="Add an interpreter."),
        ),
        is_sample=True,
    )


def read(plan: PlanSheets) -> Workbook:
    return load_workbook(io.BytesIO(build_workbook(plan)))


def rows(workbook: Workbook, sheet: str) -> list[list[object]]:
    return [
        [value for value in row if value is not None] for row in workbook[sheet].iter_rows(values_only=True)
    ]


LENA = ["Lena Brückner", "Elbtal Reinraumtechnik GmbH"]
WENTAO = ["LYU Wentao", "吕文涛", "Luneng Power Electronics", "鲁能电力电子"]
LENA_LINE = "Lena Brückner (Elbtal Reinraumtechnik GmbH)"
WENTAO_LINE = "LYU Wentao 吕文涛 (Luneng Power Electronics 鲁能电力电子)"
FIRST = ["Thursday, 1 November 2018", "14:00", "14:20", "Hall E", "A07"]
SECOND = ["Thursday, 1 November 2018", "15:00", "15:20", "Hall E", "A07"]


def test_the_four_sheets_show_the_plan_from_each_side(plan: PlanSheets) -> None:
    workbook = read(plan)
    assert workbook.sheetnames == ["By slot", "By person", "By interpreter", "Unplaced"]
    interpreted = ["Chinese–German", "LI Na 李娜"]
    assert rows(workbook, "By slot")[1:] == [
        [*FIRST, *LENA, *WENTAO, *interpreted],
        [*SECOND, *LENA, *WENTAO, "English", "yes"],
    ]
    assert rows(workbook, "By person")[1:] == [
        [*LENA, *FIRST, WENTAO_LINE, *interpreted],
        [*LENA, *SECOND, WENTAO_LINE, "English"],
        [*WENTAO, *FIRST, LENA_LINE, *interpreted],
        [*WENTAO, *SECOND, LENA_LINE, "English"],
    ]
    assert rows(workbook, "By interpreter")[1:] == [
        ["LI Na", "李娜", "Chinese–German", *FIRST, f"{LENA_LINE}; {WENTAO_LINE}"]
    ]
    assert rows(workbook, "Unplaced")[1:] == [[*WENTAO, *LENA, "All are busy.", "Add an interpreter."]]


def test_the_header_row_stays_and_can_be_filtered(plan: PlanSheets) -> None:
    for sheet in read(plan):
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", sheet.dimensions)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", ["Nach Zeitfenster", "Nach Person", "Nach Dolmetscher", "Nicht platziert"]),
        ("zh-hans", ["按时段", "按参会者", "按翻译", "未能安排"]),
    ],
)
def test_the_sheets_are_named_in_the_readers_language(
    plan: PlanSheets, language: str, names: list[str]
) -> None:
    assert read(replace(plan, language=language)).sheetnames == names


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "007", "1e5"]
)
def test_a_text_stays_a_text_whatever_it_begins_with(plan: PlanSheets, text: str) -> None:
    evil = AgendaPerson(name=TwoScripts(reading=Words(text, "en")))
    cell = read(replace(plan, meetings=(replace(plan.meetings[0], sides=(evil,)),)))["By slot"]["F2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", text[0] in "=+-@")


def test_characters_that_no_workbook_can_hold_are_left_out(plan: PlanSheets) -> None:
    odd = AgendaPerson(name=TwoScripts(reading=Words("Lü\x00 \x0bWen\ufffftao\ud800" + "x" * 40_000, "en")))
    cell = read(replace(plan, meetings=(replace(plan.meetings[0], sides=(odd,)),)))["By slot"]["F2"]
    assert cell.value == ("Lü Wentao" + "x" * 40_000)[:32_767]
