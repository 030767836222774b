"""The people and the day that every document is tried on: a guest from Dresden in Jinan, after the end of summer time."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kontor.i18n import Words
from kontor.meetings.agenda import (
    Agenda,
    AgendaEntry,
    AgendaHall,
    AgendaPerson,
    AssignedInterpreter,
    TwoScripts,
    Zone,
    arrange_days,
)


def at(hour: int, minute: int = 0, *, day: int = 1) -> datetime:
    return datetime(2018, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def scripts(reading: str, original: str = "") -> TwoScripts:
    return TwoScripts(reading=Words(reading, "en"), original=Words(original, "zh") if original else None)


@pytest.fixture
def jinan() -> Zone:
    return Zone(key="Asia/Shanghai", city="Jinan")


@pytest.fixture
def hall_e() -> AgendaHall:
    """The hall with sixty tables."""
    return AgendaHall(position=1, name=Words("Hall E", "en"))


@pytest.fixture
def lena() -> AgendaPerson:
    """Reads German, writes no Chinese."""
    firm = TwoScripts(reading=Words("Elbtal Reinraumtechnik GmbH", "de"))
    return AgendaPerson(name=scripts("Lena Brückner"), organisation=firm)


@pytest.fixture
def wentao() -> AgendaPerson:
    """Has a name and an organisation in two scripts."""
    return AgendaPerson(
        name=scripts("LYU Wentao", "吕文涛"),
        organisation=scripts("Luneng Power Electronics", "鲁能电力电子"),
        function=Words("Head of purchasing", "en"),
    )


@pytest.fixture
def li_na() -> AssignedInterpreter:
    """Interprets between Chinese and German."""
    return AssignedInterpreter(name=scripts("LI Na", "李娜"), pair=("zh", "de"))


@pytest.fixture
def lenas_day(
    jinan: Zone, hall_e: AgendaHall, lena: AgendaPerson, wentao: AgendaPerson, li_na: AssignedInterpreter
) -> Agenda:
    """A forum, an interpreted meeting, one that moved and one that is cancelled; sample data, read in English."""

    def meeting(uid: str, starts_at: datetime, table: str) -> AgendaEntry:
        return AgendaEntry(
            kind="meeting",
            uid=uid,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=20),
            counterparts=(wentao,),
            hall=hall_e,
            table=table,
            interpreters=(li_na,),
        )

    return Agenda(
        owner=lena,
        event=Words("Sino-German SME Conference 2018", "en"),
        place_zone=jinan,
        reader_zone=Zone(key="Europe/Berlin", city="Dresden"),
        language="en",
        days=arrange_days(
            [
                AgendaEntry(
                    kind="session",
                    uid="forum@kontor.example.org",
                    session_kind="forum",
                    starts_at=at(9),
                    ends_at=at(12),
                    title=scripts("Intelligent Manufacturing", "智能制造"),
                    hall=AgendaHall(position=0, name=Words("Hall B", "en")),
                ),
                meeting("m1@kontor.example.org", at(14), "A07"),
                replace(
                    meeting("m2@kontor.example.org", at(14, 25), "A08"),
                    state="moved",
                    moved_from=at(13, 40),
                    sequence=2,
                ),
                replace(meeting("m3@kontor.example.org", at(9, day=2), "F10"), state="cancelled", sequence=1),
            ],
            jinan,
        ),
        as_of=datetime(2018, 10, 31, 18, tzinfo=ZoneInfo("Asia/Shanghai")),
        is_sample=True,
    )
