"""The agenda as data and in words: days, free time, now and next, two clocks, three languages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from kontor.i18n import Words
from kontor.meetings.agenda import (
    AgendaDay,
    AgendaEntry,
    AgendaHall,
    AgendaPerson,
    TwoScripts,
    Zone,
    arrange_days,
    both_times,
    current_entry,
    format_day,
    lead,
    local_time,
    next_entry,
    pair_name,
    place_words,
    title_words,
)
from kontor.ui.formatting import NO_BREAK, city_of

JINAN = Zone(key="Asia/Shanghai", city="Jinan")
DRESDEN = Zone(key="Europe/Berlin", city="Dresden")
HALL_E = AgendaHall(position=1, name=Words("Hall E", "en"))
HALL_B = AgendaHall(position=0, name=Words("Hall B", "en"))
LUNENG = AgendaPerson(
    name=TwoScripts(reading=Words("LYU Wentao", "en"), original=Words("吕文涛", "zh")),
    organisation=TwoScripts(reading=Words("Luneng Power", "en"), original=Words("鲁能电力", "zh")),
)


def at(hour: int, minute: int = 0, *, day: int = 1) -> datetime:
    """A moment on a day of November 2018 in Jinan."""
    return datetime(2018, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def meeting(uid: str, starts_at: datetime, *, hall: AgendaHall = HALL_E, **more: object) -> AgendaEntry:
    ends_at = starts_at + timedelta(minutes=20)
    values: dict[str, object] = {"table": "A07", "counterparts": (LUNENG,), **more}
    return AgendaEntry(kind="meeting", uid=uid, starts_at=starts_at, ends_at=ends_at, hall=hall, **values)  # type: ignore[arg-type]


def session(uid: str, starts_at: datetime, minutes: int, *, kind: str = "forum") -> AgendaEntry:
    title = TwoScripts(reading=Words("Life Sciences", "en"))
    ends_at = starts_at + timedelta(minutes=minutes)
    return AgendaEntry(
        kind="session",
        uid=uid,
        session_kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        title=title,
        hall=HALL_B,
    )


def the_day(*entries: AgendaEntry) -> AgendaDay:
    (day,) = arrange_days(entries, JINAN)
    return day


# Days, free time, now and next


def test_entries_are_sorted_into_the_days_of_the_place() -> None:
    late = meeting("late", datetime(2018, 11, 1, 16, 30, tzinfo=UTC))  # 00:30 on the 2nd in Jinan
    days = arrange_days([late, meeting("b", at(10)), meeting("a", at(9))], JINAN)
    assert [(day.on, [entry.uid for entry in day.entries if entry.uid]) for day in days] == [
        (date(2018, 11, 1), ["a", "b"]),
        (date(2018, 11, 2), ["late"]),
    ]


def test_free_time_is_named_from_a_quarter_of_an_hour_on() -> None:
    day = the_day(meeting("a", at(10)), meeting("b", at(10, 25)), meeting("c", at(11)))
    assert [(entry.kind, entry.starts_at, entry.minutes) for entry in day.entries] == [
        ("meeting", at(10), 20),
        ("meeting", at(10, 25), 20),
        ("free", at(10, 45), 15),
        ("meeting", at(11), 20),
    ]


def test_a_meeting_during_a_long_session_leaves_no_free_time() -> None:
    day = the_day(session("s", at(9), 180), meeting("a", at(9, 30)), meeting("b", at(12)))
    assert [entry.uid for entry in day.entries] == ["s", "a", "b"]


def test_a_cancelled_meeting_frees_its_time() -> None:
    day = the_day(meeting("a", at(10)), meeting("b", at(10, 20), state="cancelled"), meeting("c", at(10, 40)))
    assert [(entry.kind, entry.starts_at) for entry in day.entries] == [
        ("meeting", at(10)),
        ("meeting", at(10, 20)),
        ("free", at(10, 20)),
        ("meeting", at(10, 40)),
    ]


def test_a_change_of_hall_is_marked() -> None:
    day = the_day(
        meeting("a", at(10)), meeting("b", at(10, 25), hall=HALL_B), meeting("c", at(10, 50), hall=HALL_B)
    )
    assert [entry.in_other_hall for entry in day.entries] == [False, True, False]


def test_now_prefers_the_meeting_to_the_session_around_it() -> None:
    entries = [session("s", at(9), 180), meeting("a", at(9, 30))]
    assert [
        getattr(current_entry(entries, at=moment), "uid", None) for moment in (at(9), at(9, 30), at(12))
    ] == [
        "s",
        "a",
        None,
    ]


def test_next_passes_over_what_is_cancelled() -> None:
    entries = [meeting("a", at(9)), meeting("b", at(10), state="cancelled"), meeting("c", at(11))]
    assert [getattr(next_entry(entries, at=moment), "uid", None) for moment in (at(8), at(9), at(11))] == [
        "a",
        "c",
        None,
    ]


def test_moments_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="starts_at must know its time zone"):
        AgendaEntry(kind="free", starts_at=datetime(2018, 11, 1, 9), ends_at=at(10))  # noqa: DTZ001 -- the point


def test_an_entry_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="ends_at must be after starts_at"):
        AgendaEntry(kind="free", starts_at=at(9), ends_at=at(9))


# Two clocks


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2018, 10, 27, 6, tzinfo=UTC), "14:00_Jinan · 08:00_Dresden"),  # summer time
        (datetime(2018, 10, 28, 0, 59, tzinfo=UTC), "08:59_Jinan · 02:59_Dresden"),  # its last minute
        (datetime(2018, 10, 28, 1, 0, tzinfo=UTC), "09:00_Jinan · 02:00_Dresden"),  # the hour comes again
        (datetime(2018, 11, 1, 6, tzinfo=UTC), "14:00_Jinan · 07:00_Dresden"),
        (datetime(2018, 10, 31, 22, 0, tzinfo=UTC), "06:00_Jinan · 23:00_Dresden (Wed 31 Oct)"),
    ],
)
def test_both_clocks_follow_the_end_of_summer_time(moment: datetime, words: str) -> None:
    with override("en"):
        assert both_times(moment, place=JINAN, reader=DRESDEN) == words.replace("_", NO_BREAK)


def test_a_reader_on_the_clock_of_the_place_sees_one_time() -> None:
    singapore = Zone(key="Asia/Singapore", city="Singapore")
    assert local_time(at(14), place=JINAN, reader=singapore).reader is None
    assert both_times(at(14), place=JINAN, reader=singapore) == f"14:00{NO_BREAK}Jinan"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Shanghai", "Berlin", "Thursday, 1 November 2018", "Chinese–German")),
        ("de", ("Shanghai", "Berlin", "Donnerstag, 1. November 2018", "Chinesisch–Deutsch")),
        ("zh-hans", ("上海", "柏林", "2018年11月1日 星期四", "中文–德语")),
    ],
)
def test_zones_days_and_pairs_in_the_readers_language(language: str, words: tuple[str, ...]) -> None:
    with override(language):
        on = format_day(date(2018, 11, 1), with_year=True)
        assert (city_of("Asia/Shanghai"), city_of("Europe/Berlin"), on, pair_name(("zh", "de"))) == words


# Words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Four meetings and one forum today. Your next meeting starts in 12 minutes, in the hall you are in.",
        ),
        (
            "de",
            (
                "Heute: vier Gespräche und ein Forum. "
                "Ihr nächstes Gespräch beginnt in 12 Minuten, in der Halle, in der Sie gerade sind."
            ),
        ),
        ("zh-hans", "今天有4场洽谈和1场论坛。您的下一场洽谈12分钟后开始，就在您现在所在的会场。"),
    ],
)
def test_the_lead_says_how_much_there_is_and_what_comes_next(language: str, words: str) -> None:
    meetings = (meeting(str(moment), moment) for moment in (at(10), at(10, 25), at(11), at(11, 25)))
    day = the_day(session("f", at(9), 60), *meetings)
    with override(language):
        assert lead(day, at=at(10, 48), place=JINAN) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(9), "Two meetings today. Your next meeting starts in 60 minutes, at table A07, Hall E."),
        (at(8), "Two meetings today. Your next meeting starts at 10:00, at table A07, Hall E."),
        (at(9, 59), "Two meetings today. Your next meeting starts in one minute, at table A07, Hall E."),
        (at(10, 5), "Two meetings today. Your meeting runs until 10:20."),
        (at(10, 51), "Two meetings today. Your next meeting starts in 9 minutes, at booth B12, Hall B."),
        (at(11, 20), "Two meetings today. Nothing more is planned for you today."),
        (at(12, day=2), "Two meetings on this day."),
        (datetime(2018, 10, 31, 12, tzinfo=UTC), "Two meetings on this day. The first starts at 10:00."),
    ],
)
def test_the_lead_follows_the_clock(moment: datetime, words: str) -> None:
    day = the_day(meeting("a", at(10)), meeting("b", at(11), hall=HALL_B, table="", booth="B12"))
    with override("en"):
        assert lead(day, at=moment, place=JINAN) == words


def test_the_lead_rounds_the_minutes_up() -> None:
    day = the_day(meeting("a", at(10)))
    with override("en"):
        words = lead(day, at=at(9, 57) + timedelta(seconds=59), place=JINAN)
    assert words == "One meeting today. Your next meeting starts in 3 minutes, at table A07, Hall E."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "One session today. “Life Sciences” runs until 10:30. One meeting is cancelled."),
        ("de", "Heute: ein Programmpunkt. „Life Sciences“ dauert bis 10:30 Uhr. Ein Gespräch fällt aus."),
        ("zh-hans", "今天有1项议程。“Life Sciences”将于10:30结束。有1场洽谈已取消。"),
    ],
)
def test_the_lead_names_sessions_and_cancelled_meetings(language: str, words: str) -> None:
    day = the_day(session("s", at(9), 90, kind="keynote"), meeting("a", at(11), state="cancelled"))
    with override(language):
        assert lead(day, at=at(9, 30), place=JINAN) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Nothing is planned for you on this day."),
        ("de", "An diesem Tag ist nichts für Sie geplant."),
        ("zh-hans", "当天没有为您安排的活动。"),
    ],
)
def test_an_empty_day_says_so(language: str, words: str) -> None:
    with override(language):
        assert lead(AgendaDay(on=date(2018, 11, 1), entries=()), at=at(9), place=JINAN) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Table A07, Hall E", "Booth B12, Hall B", "Luneng Power"]),
        ("de", ["Tisch A07, Hall E", "Stand B12, Hall B", "Luneng Power"]),
        ("zh-hans", ["Hall E A07 桌", "Hall B B12 展位", "Luneng Power"]),
    ],
)
def test_places_and_titles_in_words(language: str, words: list[str]) -> None:
    table, booth = meeting("a", at(10)), meeting("b", at(11), hall=HALL_B, table="", booth="B12")
    with override(language):
        assert [place_words(table), place_words(booth), title_words(table)] == words


def test_a_title_names_each_organisation_once() -> None:
    colleague = AgendaPerson(
        name=TwoScripts(reading=Words("WANG Wei", "en")), organisation=LUNENG.organisation
    )
    guest = AgendaPerson(name=TwoScripts(reading=Words("Aino Virtanen", "en")))
    with override("en"):
        entry = meeting("a", at(10), counterparts=(LUNENG, colleague, guest))
        assert title_words(entry) == "Luneng Power and Aino Virtanen"
