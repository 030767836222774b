"""The feed as other calendars read it: stable, updated, cancelled, and safe from what people type."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from kontor.i18n import Words
from kontor.meetings.agenda import Agenda, AgendaPerson, TwoScripts, arrange_days
from kontor.meetings.documents.calendar import build_calendar


def events(feed: bytes) -> dict[str, Event]:
    return {str(event["uid"]).partition("@")[0]: event for event in Calendar.from_ical(feed).walk("VEVENT")}


def test_the_feed_is_published_and_says_how_often_it_changes(lenas_day: Agenda) -> None:
    calendar = Calendar.from_ical(build_calendar(lenas_day))
    assert (str(calendar["method"]), str(calendar["version"]), str(calendar["x-wr-timezone"])) == (
        "PUBLISH",
        "2.0",
        "Asia/Shanghai",
    )
    assert calendar["refresh-interval"].dt == timedelta(minutes=15)
    assert calendar["refresh-interval"].params["VALUE"] == "DURATION"
    assert str(calendar["x-wr-calname"]) == "My day: Sino-German SME Conference 2018"


def test_a_meeting_says_when_where_with_whom_and_who_interprets(lenas_day: Agenda) -> None:
    event = events(build_calendar(lenas_day, url="https://kontor.example.org/day"))["m1"]
    assert {name: str(event[name]) for name in ("uid", "summary", "location", "status", "url")} == {
        "uid": "m1@kontor.example.org",
        "summary": "Luneng Power Electronics",
        "location": "Table A07, Hall E",
        "status": "CONFIRMED",
        "url": "https://kontor.example.org/day",
    }
    assert (event["dtstart"].dt, event["dtend"].dt) == (
        datetime(2018, 11, 1, 6, tzinfo=UTC),
        datetime(2018, 11, 1, 6, 20, tzinfo=UTC),
    )
    assert event["dtstamp"].dt == datetime(2018, 10, 31, 10, tzinfo=UTC)
    assert str(event["description"]).split("\n") == [
        "14:00\u00a0Jinan · 07:00\u00a0Dresden",
        "LYU Wentao 吕文涛 · Head of purchasing · Luneng Power Electronics 鲁能电力电子",
        "Interpreter: LI Na 李娜 (Chinese–German)",
        "Sample data",
    ]


def test_moves_and_cancellations_are_told_by_sequence_and_status(lenas_day: Agenda) -> None:
    told = events(build_calendar(lenas_day))
    assert {uid: (int(event["sequence"]), str(event["status"])) for uid, event in told.items()} == {
        "forum": (0, "CONFIRMED"),
        "m1": (0, "CONFIRMED"),
        "m2": (2, "CONFIRMED"),
        "m3": (1, "CANCELLED"),
    }
    assert str(told["m3"]["summary"]) == "Cancelled: Luneng Power Electronics"
    assert "Moved from 13:40\u00a0Jinan · 06:40\u00a0Dresden" in str(told["m2"]["description"]).split("\n")


def test_the_same_plan_gives_the_same_feed(lenas_day: Agenda) -> None:
    assert build_calendar(lenas_day) == build_calendar(lenas_day)


@pytest.mark.parametrize(
    ("language", "summary", "location"),
    [
        ("de", "Fällt aus: Luneng Power Electronics", "Tisch F10, Hall E"),
        ("zh-hans", "已取消：Luneng Power Electronics", "Hall E F10 桌"),
    ],
)
def test_the_feed_speaks_the_readers_language(
    lenas_day: Agenda, language: str, summary: str, location: str
) -> None:
    event = events(build_calendar(replace(lenas_day, language=language)))["m3"]
    assert (str(event["summary"]), str(event["location"])) == (summary, location)


def test_free_time_stays_out_of_the_feed(lenas_day: Agenda) -> None:
    assert [entry.kind for entry in lenas_day.entries].count("free") == 1
    assert list(events(build_calendar(lenas_day))) == ["forum", "m1", "m2", "m3"]


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_nobody_can_write_lines_of_their_own_into_the_feed(lenas_day: Agenda, line_end: str) -> None:
    bad = f"Luneng{line_end}END:VEVENT{line_end}BEGIN:VEVENT{line_end}UID:evil\u202e\x00"
    evil = AgendaPerson(
        name=TwoScripts(reading=Words(bad, "en")), organisation=TwoScripts(reading=Words(bad, "en"))
    )
    entry = replace(lenas_day.entries[2], counterparts=(evil,), table=bad)
    feed = build_calendar(
        replace(lenas_day, event=Words(bad, "en"), days=arrange_days([entry], lenas_day.place_zone))
    )
    assert list(events(feed)) == ["m1"]
    assert feed.split(b"\r\n").count(b"BEGIN:VEVENT") == 1
    for line in feed.decode().split("\r\n"):
        assert line == "".join(line.splitlines())
        assert not set(line) & {"\u202e", "\x00"}
    summary = str(events(feed)["m1"]["summary"])
    assert summary == "Luneng END:VEVENT BEGIN:VEVENT UID:evil"


def test_long_chinese_lines_are_folded_between_characters(lenas_day: Agenda) -> None:
    name = "济南高新技术产业开发区" * 20
    long = AgendaPerson(name=TwoScripts(reading=Words(name, "zh")))
    entry = replace(lenas_day.entries[2], counterparts=(long,))
    feed = build_calendar(replace(lenas_day, days=arrange_days([entry], lenas_day.place_zone)))
    assert max(len(line) for line in feed.split(b"\r\n")) == 75
    for line in feed.split(b"\r\n"):
        line.decode()
    assert str(events(feed)["m1"]["summary"]) == name
