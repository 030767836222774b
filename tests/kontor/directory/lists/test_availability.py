"""Words about time become intervals on the days of the event (Wednesday 31 October to Friday 2 November 2018)."""

import datetime as dt

import pytest

from kontor.directory.lists.availability import AvailabilityReading, Interval, read_availability
from kontor.directory.lists.phrases import ImpossibleTime, _phrases

MORNING, AFTERNOON = "0-12", "12-18"
PHRASES = {
    # A day
    "1 Nov only": "1: 0-24",
    "only Thursday": "1: 0-24",
    "Nov 1, 2018": "1: 0-24",
    "1st of November": "1: 0-24",
    "2018-11-01": "1: 0-24",
    "43405": "1: 0-24",  # a date cell without its format
    "01.11.2018": "1: 0-24",
    "am 1.11.": "1: 0-24",
    "nur 1. November": "1: 0-24",
    "仅11月1日": "1: 0-24",
    "2018年11月1日": "1: 0-24",
    "1/11 only": "1: 0-24",
    "11/1": "1: 0-24",  # the American order lies in the event, the other one does not
    "day 2 only": "1: 0-24",
    "nur am zweiten Tag": "1: 0-24",
    "只有第二天": "1: 0-24",
    "last day only": "2: 0-24",
    "最后一天": "2: 0-24",
    # Several days
    "1 and 2 November": "1: 0-24, 2: 0-24",
    "1.–2.11.": "1: 0-24, 2: 0-24",
    "31 Oct - 1 Nov": "31: 0-24, 1: 0-24",
    "from 31 Oct to 1 Nov": "31: 0-24, 1: 0-24",
    "1.11. bis 2.11.": "1: 0-24, 2: 0-24",
    "11月1日至2日": "1: 0-24, 2: 0-24",
    "Do und Fr": "1: 0-24, 2: 0-24",
    "Do-Fr vormittags": "1: 0-12, 2: 0-12",
    # Parts of the day
    "nur vormittags": "31: 0-12, 1: 0-12, 2: 0-12",
    "mornings": "31: 0-12, 1: 0-12, 2: 0-12",
    "上午可以": "31: 0-12, 1: 0-12, 2: 0-12",
    "nur am 1.11. vormittags": "1: 0-12",
    "1 Nov, mornings only": "1: 0-12",
    "Freitagnachmittag": "2: 12-18",
    "11月2日上午": "2: 0-12",
    "1号上午": "1: 0-12",
    "zweiter Tag nachmittags": "1: 12-18",
    "Thursday afternoon, Friday morning": "1: 12-18, 2: 0-12",
    "11月1日全天，2日下午": "1: 0-24, 2: 12-18",
    # Times
    "10–12 Uhr": "31: 10-12, 1: 10-12, 2: 10-12",
    "10 bis 12 Uhr": "31: 10-12, 1: 10-12, 2: 10-12",
    "from 10:00 until 12:00": "31: 10-12, 1: 10-12, 2: 10-12",
    "9 to 11 am": "31: 9-11, 1: 9-11, 2: 9-11",
    "2-4 pm": "31: 14-16, 1: 14-16, 2: 14-16",
    "下午2点到4点": "31: 14-16, 1: 14-16, 2: 14-16",
    "Fri 9.30-11.00 Uhr": "2: 9:30-11",
    "between 10 and 12 on 1 Nov": "1: 10-12",
    "zwischen 10 und 12 Uhr": "31: 10-12, 1: 10-12, 2: 10-12",
    "1 Nov 10:00-12:00 and 14:00-16:00": "1: 10-12, 1: 14-16",
    "only after 3 pm": "31: 15-24, 1: 15-24, 2: 15-24",
    "下午3点半以后": "31: 15:30-24, 1: 15:30-24, 2: 15:30-24",
    "Freitag ab 14 Uhr": "2: 14-24",
    "11月1日15点以后": "1: 15-24",
    # Arrival and departure
    "from 15:00 on 1 Nov": "1: 15-24, 2: 0-24",
    "ab 15 Uhr am 1.11.": "1: 15-24, 2: 0-24",
    "arrival 1 Nov 15:00": "1: 15-24, 2: 0-24",
    "从11月1日15点起": "1: 15-24, 2: 0-24",
    "ab 2.11.": "2: 0-24",
    "after 1 Nov": "2: 0-24",
    "before 2 Nov": "31: 0-24, 1: 0-24",
    "11月2日之前": "31: 0-24, 1: 0-24",
    "bis 12 Uhr am 2.11.": "31: 0-24, 1: 0-24, 2: 0-12",
    "until Friday noon": "31: 0-24, 1: 0-24, 2: 0-12",
    "Abreise 2.11. 12 Uhr": "31: 0-24, 1: 0-24, 2: 0-12",
    "1.11. ab 15 Uhr, 2.11. bis 12 Uhr": "1: 15-24, 2: 0-12",
    "ab 15 Uhr am 1.11., bis 12 Uhr am 2.11.": "1: 15-24, 2: 0-12",
    "not before 10:00": "31: 10-24, 1: 10-24, 2: 10-24",
    "nicht vor 10 Uhr": "31: 10-24, 1: 10-24, 2: 10-24",
    # Exceptions
    "not Friday afternoon": "31: 0-24, 1: 0-24, 2: 0-12, 2: 18-24",
    "außer Freitagnachmittag": "31: 0-24, 1: 0-24, 2: 0-12, 2: 18-24",
    "除11月2日下午外": "31: 0-24, 1: 0-24, 2: 0-12, 2: 18-24",
    "11月1日下午不行": "31: 0-24, 1: 0-12, 1: 18-24, 2: 0-24",
    "11月1日下午、2日上午不行": "31: 0-24, 1: 0-12, 1: 18-24, 2: 12-24",
    "nicht am 2.11.": "31: 0-24, 1: 0-24",
    "1.11. nicht": "31: 0-24, 2: 0-24",
    "周五不行": "31: 0-24, 1: 0-24",
    "kein Freitag": "31: 0-24, 1: 0-24",
    "not 1 and 2 November": "31: 0-24",
    "am 1.11. und 2.11. geht nicht": "31: 0-24",
    "Friday not 10-12": "31: 0-24, 1: 0-24, 2: 0-10, 2: 12-24",
    "1 Nov but not noon": "1: 0-12, 1: 14-24",
    # All and nothing
    "": "always",
    "always": "always",
    "jederzeit": "always",
    "ganztägig": "always",
    "全程参加": "always",
    "随时": "always",
    "两天都可以": "always",
    "not available": "",
    "nie": "",
    "没空": "",
}


def shown(reading: AvailabilityReading) -> str:
    if reading.is_always:
        return "always"

    def clock(minutes: int) -> str:
        return f"{minutes // 60}:{minutes % 60:02d}" if minutes % 60 else str(minutes // 60)

    return ", ".join(f"{int(i.day[-2:])}: {clock(i.start_min)}-{clock(i.end_min)}" for i in reading.intervals)


@pytest.mark.parametrize(("text", "expected"), PHRASES.items())
def test_words_about_time_are_understood(text, expected, event_days):
    reading = read_availability(text, event_days)
    assert shown(reading) == expected
    assert reading.not_understood == ()
    assert reading.outside == ()


def test_the_table_has_at_least_sixty_phrases_in_each_script():
    phrases = [phrase for phrase, _, _ in _phrases()]
    assert len([phrase for phrase in phrases if phrase.isascii()]) >= 60
    assert len([phrase for phrase in phrases if not phrase.isascii()]) >= 60


@pytest.mark.parametrize(
    ("text", "expected", "not_understood"),
    [
        ("nach Absprache", "always", ("nach Absprache",)),
        ("15:00 on 1 Nov", "always", ("15:00 on 1 Nov",)),  # neither from nor until
        ("1 Nov only; ask my secretary", "1: 0-24", ("ask my secretary",)),
    ],
)
def test_what_is_not_understood_is_said_and_excludes_nothing(text, expected, not_understood, event_days):
    reading = read_availability(text, event_days)
    assert (shown(reading), reading.not_understood) == (expected, not_understood)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("31 November", "no_such_day", "31 November"),
        ("nur am 30.2.", "no_such_day", "30.2."),
        ("11月31日", "no_such_day", "11月31日"),
        ("29 Feb", "no_such_day", "29 Feb"),
        ("1.13.", "no_such_day", "1.13."),
        ("30.–31.11.", "no_such_day", "31.11."),
        ("from 25:00", "no_such_time", "25:00"),
        ("10:75 Uhr", "no_such_time", "10:75 Uhr"),
        ("13 pm", "no_such_time", "13 pm"),
        ("from 17:00 to 15:00", "ends_before_it_begins", "from 17:00 to 15:00"),
        ("2.11. bis 1.11.", "ends_before_it_begins", "2.11. bis 1.11."),
    ],
)
def test_days_and_times_there_are_not_are_refused_in_the_words_of_the_list(text, code, words, event_days):
    with pytest.raises(ImpossibleTime) as caught:
        read_availability(text, event_days)
    assert caught.value.code == code
    assert list(caught.value.params.values()) == [words]


def test_days_outside_the_event_are_said(event_days):
    reading = read_availability("5 Nov only", event_days)
    assert reading == AvailabilityReading(is_always=False, outside=("5 Nov only",))
    assert read_availability("not Monday", event_days).outside == ("not Monday",)


def test_without_days_of_an_event_nothing_is_concluded_but_impossible_days_are_found():
    assert read_availability("1 Nov only", ()).not_understood == ("1 Nov only",)
    with pytest.raises(ImpossibleTime):
        read_availability("31 November", ())


def test_an_event_over_new_year_takes_the_nearest_year():
    days = (dt.date(2018, 12, 31), dt.date(2019, 1, 1))
    assert read_availability("1 Jan only", days).intervals == (
        Interval(day="2019-01-01", start_min=0, end_min=1440),
    )
