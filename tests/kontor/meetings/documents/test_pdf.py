"""Paper as a printer gets it: both scripts, both clocks, fonts inside, in order of tables, and nothing as markup."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import typst
from pypdf import PdfReader

from kontor.i18n import Words
from kontor.meetings.agenda import (
    Agenda,
    AgendaHall,
    AgendaPerson,
    AssignedInterpreter,
    TwoScripts,
    Zone,
    arrange_days,
)
from kontor.meetings.documents import fonts
from kontor.meetings.documents.pdf import (
    PersonalCode,
    Schedule,
    Sitting,
    TentCard,
    order_by_table,
    print_schedules,
    print_tent_cards,
)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, with all white space as single spaces."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def embedded_fonts(pdf: bytes) -> set[str]:
    """The names of all fonts, each of which must come with its file."""
    names = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            (descendant,) = font.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(descriptor["/FontName"].partition("+")[2])
    return names


def test_a_schedule_holds_both_scripts_both_clocks_table_and_interpreter(lenas_day: Agenda) -> None:
    (page,) = pages(print_schedules([Schedule(agenda=lenas_day)]))
    for words in (
        "Personal schedule · Sino-German SME Conference 2018",
        "Sample data",
        "Lena Brückner",
        "Thursday, 1 November 2018",
        "two meetings and one forum",
        "Jinan Dresden",
        "14:00–14:20 07:00",
        "Luneng Power Electronics 鲁能电力电子 LYU Wentao 吕文涛 · Head of purchasing",
        "Table A07 Hall E",
        "Interpreter, Chinese–German LI Na 李娜",
        "moved from 13:40",
        "cancelled",
        "free · 120 min",
        "As of Wednesday, 31 October 2018, 18:00 Jinan. A later plan replaces this sheet.",
        "Lena Brückner · 1 / 1",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["Persönlicher Tagesplan", "Donnerstag, 1. November 2018", "Tisch A07", "verlegt von 13:40"]),
        ("zh-hans", ["个人洽谈日程", "2018年11月1日 星期四", "桌 A07", "原定 13:40", "翻译（中文–德语）"]),
    ],
)
def test_a_schedule_speaks_the_readers_language(
    lenas_day: Agenda, language: str, expected: list[str]
) -> None:
    (page,) = pages(print_schedules([Schedule(agenda=replace(lenas_day, language=language))]))
    assert [words for words in expected if words.replace(" ", "") not in page.replace(" ", "")] == []


def test_fonts_are_embedded_and_chinese_is_set_in_simplified_glyphs(lenas_day: Agenda) -> None:
    names = embedded_fonts(print_schedules([Schedule(agenda=lenas_day)]))
    assert any(name.startswith("NotoSansCJKsc") for name in names)
    assert [name for name in names if "CJK" in name and "CJKsc" not in name] == []


def test_without_a_system_font_the_one_of_the_package_is_taken(
    lenas_day: Agenda, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = typst.Fonts

    def without_system_fonts(font_paths: object = ()) -> typst.Fonts:
        return real(include_system_fonts=False, font_paths=list(font_paths))  # type: ignore[call-overload]

    monkeypatch.setattr(fonts.typst, "Fonts", without_system_fonts)
    fonts.document_fonts.cache_clear()
    try:
        pdf = print_schedules([Schedule(agenda=lenas_day)])
    finally:
        fonts.document_fonts.cache_clear()
    assert embedded_fonts(pdf) == {"NotoSansCJKsc-Regular", "LibertinusSerif-Regular"}
    assert "鲁能电力电子" in pages(pdf)[0]


def test_what_people_type_is_never_markup(lenas_day: Agenda) -> None:
    name = '#panic("x") *bold* $x$ `code` \\ <label> @ref [box] // note "quoted"'
    owner = AgendaPerson(name=TwoScripts(reading=Words(name, "en")))
    (page,) = pages(print_schedules([Schedule(agenda=replace(lenas_day, owner=owner))]))
    assert name in page


def test_the_personal_code_is_printed_with_its_picture(lenas_day: Agenda) -> None:
    code = PersonalCode(code="7KQ4-MX2P", url="https://kontor.example.org/c/7KQ4MX2P")
    pdf = print_schedules([Schedule(agenda=lenas_day, personal_code=code)])
    assert "Your day on the phone 7KQ4-MX2P kontor.example.org/c/7KQ4MX2P" in pages(pdf)[0]
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1


def test_the_same_plan_gives_the_same_file(lenas_day: Agenda) -> None:
    assert print_schedules([Schedule(agenda=lenas_day)]) == print_schedules([Schedule(agenda=lenas_day)])


def test_an_empty_schedule_says_so(lenas_day: Agenda) -> None:
    (page,) = pages(print_schedules([Schedule(agenda=replace(lenas_day, days=()))]))
    assert "Nothing is planned for you yet." in page


def test_all_schedules_in_one_file_number_their_own_pages(lenas_day: Agenda) -> None:
    long = replace(
        lenas_day,
        days=tuple(
            replace(lenas_day.days[0], on=lenas_day.days[0].on.replace(day=d)) for d in (1, 2, 3, 4, 5)
        ),
    )
    numbers = [
        re.search(r"\d+ / \d+", page)
        for page in pages(print_schedules([Schedule(agenda=long), Schedule(agenda=lenas_day)]))
    ]
    assert [number and number.group() for number in numbers] == ["1 / 2", "2 / 2", "1 / 1"]


def test_schedules_are_laid_out_in_order_of_halls_and_tables(lenas_day: Agenda, jinan: Zone) -> None:
    def at_table(name: str, position: int, table: str) -> Schedule:
        hall = AgendaHall(position=position, name=Words(f"Hall {9 - position}", "en"))
        days = arrange_days([replace(lenas_day.entries[2], hall=hall, table=table)], jinan) if table else ()
        owner = AgendaPerson(name=TwoScripts(reading=Words(name, "en")))
        return Schedule(agenda=replace(lenas_day, owner=owner, days=days))

    pile = [
        at_table("idle", 1, ""),
        at_table("other hall", 2, "A01"),
        at_table("ten", 1, "A10"),
        at_table("two", 1, "A2"),
        at_table("B", 1, "B01"),
    ]
    names = [str(schedule.agenda.owner.name) for schedule in order_by_table(pile)]
    assert names == ["two", "ten", "B", "other hall", "idle"]


def test_an_interpreters_sheet_names_both_sides_and_the_pair(
    lenas_day: Agenda, lena: AgendaPerson, wentao: AgendaPerson, li_na: AssignedInterpreter, jinan: Zone
) -> None:
    entry = replace(lenas_day.entries[2], counterparts=(lena, wentao))
    agenda = replace(
        lenas_day, owner=AgendaPerson(name=li_na.name), days=arrange_days([entry], jinan), interprets=True
    )
    (page,) = pages(print_schedules([Schedule(agenda=agenda)]))
    for words in (
        "Interpreter's sheet",
        "LI Na 李娜",
        "Elbtal Reinraumtechnik GmbH Lena Brückner",
        "LYU Wentao 吕文涛",
        "Chinese–German",
    ):
        assert words in page
    assert "Interpreter, " not in page


def test_tent_cards_show_the_table_on_both_sides_and_who_sits_there(
    lenas_day: Agenda, hall_e: AgendaHall, lena: AgendaPerson, wentao: AgendaPerson, jinan: Zone
) -> None:
    organisations = tuple(person.organisation for person in (lena, wentao) if person.organisation)
    sitting = Sitting(starts_at=lenas_day.entries[2].starts_at, organisations=organisations)
    cards = [
        TentCard(table="A10", hall=hall_e),
        TentCard(table="A07", hall=hall_e, sittings=(sitting,)),
    ]
    pdf = print_tent_cards(
        cards,
        event=lenas_day.event,
        place=jinan,
        language="en",
        as_of=lenas_day.as_of,
        is_sample=True,
    )
    first, second = pages(pdf)
    assert (first.count("A07"), second.count("A10")) == (2, 2)
    assert first.count("Tisch · Table · 桌号") == 2
    for words in ("14:00", "Luneng Power Electronics", "鲁能电力电子", "Elbtal Reinraumtechnik GmbH"):
        assert first.count(words) == 2
    assert "LYU Wentao" not in first  # a card in the hall shows organisations, not people


@pytest.mark.parametrize("num_sittings", [1, 8, 14, 40])
def test_a_card_holds_all_sittings_of_its_table(
    num_sittings: int,
    lenas_day: Agenda,
    hall_e: AgendaHall,
    lena: AgendaPerson,
    wentao: AgendaPerson,
    jinan: Zone,
) -> None:
    organisations = tuple(person.organisation for person in (lena, wentao) if person.organisation)
    assert lenas_day.as_of is not None
    starts_at = lenas_day.entries[2].starts_at
    sittings = [
        Sitting(starts_at=starts_at + timedelta(minutes=number), organisations=organisations)
        for number in range(num_sittings)
    ]
    pdf = print_tent_cards(
        [TentCard(table="A07", hall=hall_e, sittings=tuple(sittings))],
        event=lenas_day.event,
        place=jinan,
        language="en",
        as_of=lenas_day.as_of,
        is_sample=True,
    )
    (card,) = pages(pdf)
    times = [f"{one.starts_at.astimezone(jinan.info):%H:%M}" for one in sittings]
    assert [card.count(time) for time in times] == [2] * num_sittings


@pytest.mark.slow
def test_a_pile_of_360_schedules_is_one_run(lenas_day: Agenda) -> None:
    languages = ("en", "de", "zh-hans")
    pile = [Schedule(agenda=replace(lenas_day, language=languages[number % 3])) for number in range(360)]
    assert len(PdfReader(io.BytesIO(print_schedules(pile))).pages) == 360


def test_a_sheet_that_goes_on_overleaf_says_there_too_which_day_it_is(lenas_day: Agenda, jinan: Zone) -> None:
    meeting = lenas_day.entries[2]
    entries = [
        replace(meeting, starts_at=meeting.starts_at + shift, ends_at=meeting.ends_at + shift)
        for shift in (timedelta(minutes=10 * number) for number in range(24))
    ]
    agenda = replace(lenas_day, days=arrange_days(entries, jinan))
    first, second = pages(print_schedules([Schedule(agenda=agenda)]))
    assert "Lena Brückner" in first
    assert second.startswith("Thursday, 1 November 2018 ")
