"""Numbers, days and times as each language writes them."""

from datetime import UTC, date, datetime

import pytest

from kontor.ui import formatting

DAY = date(2018, 11, 1)
MOMENT = datetime(2018, 11, 1, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(("language", "text"), [("de", "1.234,5"), ("en", "1,234.5"), ("zh-hans", "1,234.5")])
def test_numbers_have_the_marks_of_the_language(language: str, text: str) -> None:
    assert formatting.format_number(1234.5, language=language) == text


def test_decimals_are_exact_where_asked_for() -> None:
    assert formatting.format_number(2, 2, "de") == "2,00"
    assert formatting.format_number(0.118, 2, "en") == "0.12"
    assert formatting.format_number(1499.6, 0, "de") == "1.500"


@pytest.mark.parametrize(("language", "text"), [("de", "97\u00a0%"), ("en", "97%"), ("zh-hans", "97%")])
def test_shares_are_percentages(language: str, text: str) -> None:
    assert formatting.format_share(0.97, language=language) == text


@pytest.mark.parametrize(
    ("precision", "language", "text", "short"),
    [
        ("day", "de", "1. November 2018", "Nov. 2018"),
        ("month", "en", "November 2018", "Nov 2018"),
        ("year", "zh-hans", "2018年", "2018年"),
    ],
)
def test_a_day_is_as_exact_as_it_is_known(precision: str, language: str, text: str, short: str) -> None:
    assert formatting.format_known_day(DAY, precision, language=language) == text
    assert formatting.format_known_day(DAY, precision, is_short=True, language=language) == short


@pytest.mark.parametrize(
    ("zone", "language", "text"),
    [
        ("Europe/Berlin", "de", "1. November 2018, 07:00\u00a0Berlin"),
        ("Asia/Shanghai", "zh-hans", "2018年11月1日 14:00\u00a0上海"),
        ("America/New_York", "en", "1 November 2018, 02:00\u00a0New York"),
        ("UTC", "en", "1 November 2018, 06:00\u00a0UTC"),
    ],
)
def test_a_moment_is_written_by_the_clocks_of_its_place(zone: str, language: str, text: str) -> None:
    assert formatting.format_moment(MOMENT, zone, language) == text


def test_a_unit_stays_with_its_number() -> None:
    assert formatting.format_quantity(20, "min", "de") == "20\u00a0min"


@pytest.mark.parametrize(
    ("pattern", "language", "text"),
    [
        (formatting.LONG, "de", "1. November 2018"),
        (formatting.LONG, "en", "1 November 2018"),
        (formatting.LONG, "zh-hans", "2018年11月1日"),
        (formatting.WEEKDAY_AND_DAY, "de", "Donnerstag, 1. November"),
        (formatting.WEEKDAY_AND_DAY, "en", "Thursday, 1 November"),
        (formatting.WEEKDAY_AND_DAY, "zh-hans", "11月1日 星期四"),
        (formatting.MONTH, "zh-hans", "2018年11月"),
    ],
)
def test_days_are_written_as_the_language_does(pattern: dict[str, str], language: str, text: str) -> None:
    assert formatting.format_day(DAY, pattern, language=language) == text


def test_the_day_of_a_moment_depends_on_the_place() -> None:
    late = datetime(2018, 10, 31, 17, 0, tzinfo=UTC)
    assert formatting.format_day(late, zone="Asia/Shanghai", language="en") == "1 November 2018"
    assert formatting.format_day(late, zone="Europe/Berlin", language="en") == "31 October 2018"


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        (DAY, DAY, ("1. November 2018", "1 November 2018", "2018年11月1日")),
        (DAY, date(2018, 11, 2), ("1.–2. November 2018", "1–2 November 2018", "2018年11月1日至2日")),
        (
            date(2018, 10, 31),
            date(2018, 11, 2),
            ("31. Oktober – 2. November 2018", "31 October – 2 November 2018", "2018年10月31日至11月2日"),
        ),
        (
            date(2018, 12, 31),
            date(2019, 1, 1),
            (
                "31. Dezember 2018 – 1. Januar 2019",
                "31 December 2018 – 1 January 2019",
                "2018年12月31日至2019年1月1日",
            ),
        ),
    ],
)
def test_ranges_of_days_repeat_nothing(first: date, last: date, texts: tuple[str, str, str]) -> None:
    assert tuple(formatting.format_days(first, last, code) for code in ("de", "en", "zh-hans")) == texts


def test_two_places_have_two_clocks() -> None:
    both = formatting.format_both_times(
        MOMENT, "Asia/Shanghai", "Europe/Berlin", place="Jinan", home="Dresden"
    )
    assert both == ("14:00\u00a0Jinan", "07:00\u00a0Dresden")


def test_summer_time_is_known() -> None:
    summer = datetime(2018, 7, 1, 6, 0, tzinfo=UTC)
    assert formatting.format_both_times(summer, "Asia/Shanghai", "Europe/Berlin")[1] == "08:00\u00a0Berlin"


def test_the_same_clock_is_shown_once() -> None:
    assert formatting.format_both_times(MOMENT, "Europe/Berlin", "Europe/Paris", place="Dresden") == (
        "07:00\u00a0Dresden",
        "",
    )


def test_another_day_is_named() -> None:
    early = datetime(2018, 10, 31, 22, 30, tzinfo=UTC)
    assert formatting.format_both_times(early, "Asia/Shanghai", "Europe/Berlin", language="zh-hans") == (
        "06:30\u00a0上海",
        "23:30\u00a0柏林 (10月31日 周三)",
    )


@pytest.mark.parametrize(
    ("language", "names", "place"),
    [
        ("de", "Deutsch, Chinesisch", "Jinan, China"),
        ("en", "German, Chinese", "Jinan, China"),
        ("zh-hans", "德语、中文", "Jinan，China"),
    ],
)
def test_separators_are_those_of_the_language(language: str, names: str, place: str) -> None:
    spoken = (formatting.language_name(code, language) for code in ("de", "zh"))
    assert formatting.list_of(spoken, language) == names
    assert formatting.with_commas("Jinan", "", "China", language=language) == place


def test_a_language_without_a_name_is_shown_by_its_code() -> None:
    assert formatting.language_name("xq", "de") == "xq"
