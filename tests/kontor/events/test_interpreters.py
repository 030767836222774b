"""Interpreters by hand: their languages, when they are not there, and that the plan knows it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.events.models import Event, Interpreter, InterpreterUnavailability
from kontor.meetings.planner import build_instance

NEW = "/en/events/smec-2018/interpreters/new/"
FORM = {
    "family": "Lin",
    "given": "Yue",
    "native_family": "林",
    "native_given": "悦",
    "family_first": "on",
    "email": "lin.yue@example.cn",
    "pairs": ["de-zh", "en-zh"],
    "max_run": "3",
}
JINAN = ZoneInfo("Asia/Shanghai")


def absences(one: Interpreter) -> list[tuple[str, str]]:
    return [
        (f"{row.starts_at.astimezone(JINAN):%d %H:%M}", f"{row.ends_at.astimezone(JINAN):%d %H:%M}")
        for row in one.unavailabilities.all()
    ]


def test_words_about_time_become_absences_that_the_plan_respects(
    smec: Event, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    answer = browse(mara).post(NEW, FORM | {"availability_words": "1 Nov from 14:20, 2 Nov until 9:30"})
    assert answer["Location"] == "/en/events/smec-2018/interpreters/"
    lin = Interpreter.objects.get()
    assert (lin.pairs, lin.max_run, lin.availability_words) == (
        ["de-zh", "en-zh"],
        3,
        "1 Nov from 14:20, 2 Nov until 9:30",
    )
    assert absences(lin) == [("01 00:00", "01 14:20"), ("02 09:30", "03 00:00")]
    instance = build_instance(smec, at=now)
    # slots begin at 14:00, 14:25 and 14:50, then at 9:00, 9:25 and 9:50, and last twenty minutes
    assert [one["unavailable"] for one in instance["interpreters"]] == [[0, 4, 5]]


def test_words_in_german_and_chinese_say_the_same(
    smec: Event, mara: User, lin: Interpreter, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    path = f"/en/events/smec-2018/interpreters/{lin.public_id}/"
    for words in ("not on 2 Nov", "nicht am 2.11.", "11月2日不行"):
        InterpreterUnavailability.objects.all().delete()
        client.post(path, FORM | {"availability_words": words})
        assert absences(lin) == [("02 00:00", "03 00:00")], words


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("31 Nov", "There is no 31 Nov."),
        ("only 25:00", "There is no time 25:00."),
        ("when the moon is full", "not understood: when the moon is full"),
        ("only 5 Dec", "“only 5 Dec” is outside the days of the event."),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_saved(
    smec: Event, mara: User, now: datetime, browse: Callable[..., Client], words: str, sentence: str
) -> None:
    answer = browse(mara).post(NEW, FORM | {"availability_words": words})
    assert answer.context["form"].errors == {"availability_words": [sentence]}
    assert Interpreter.objects.count() == 0


def test_absences_stay_while_the_words_about_them_do_not_change(
    smec: Event, mara: User, lin: Interpreter, now: datetime, browse: Callable[..., Client]
) -> None:
    InterpreterUnavailability.objects.create(
        interpreter=lin,
        starts_at=datetime(2018, 11, 2, 9, tzinfo=JINAN),
        ends_at=datetime(2018, 11, 2, 10, 15, tzinfo=JINAN),
    )
    client = browse(mara)
    path = f"/en/events/smec-2018/interpreters/{lin.public_id}/"
    page = client.get(path).content.decode()
    assert "Fri 2 Nov, 09:00–10:15" in page
    client.post(path, FORM)
    assert absences(lin) == [("02 09:00", "02 10:15")]
    client.post(path, FORM | {"availability_words": "always"})
    assert absences(lin) == []


def test_the_list_says_when_somebody_is_not_there(
    smec: Event, mara: User, lin: Interpreter, now: datetime, browse: Callable[..., Client]
) -> None:
    for begins, hours in (
        (datetime(2018, 11, 1, 22, tzinfo=JINAN), 2),
        (datetime(2018, 11, 2, tzinfo=JINAN), 24),
    ):
        InterpreterUnavailability.objects.create(
            interpreter=lin, starts_at=begins, ends_at=begins + timedelta(hours=hours)
        )
    client = browse(mara)
    texts = {
        language: client.get(f"/{language}/events/smec-2018/interpreters/").content.decode()
        for language in ("en", "de", "zh-hans")
    }
    assert "Thu 1 Nov, 22:00–24:00" in texts["en"]
    assert "Fr., 2. Nov., ganztägig" in texts["de"]
    assert "11月2日 周五全天" in texts["zh-hans"]
