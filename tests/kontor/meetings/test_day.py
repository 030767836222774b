"""My day as its reader gets it: on the page, on paper, in the calendar; and what nobody else may see of it."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from kontor.accounts.models import User
from kontor.accounts.services import issue_personal_code
from kontor.audit.models import Disclosure, Entry
from kontor.directory.models import Organisation, Person
from kontor.directory.names import organisation_key
from kontor.events.models import (
    Block,
    Event,
    Hall,
    Interpreter,
    Organiser,
    Participation,
    Slot,
    Table,
)
from kontor.i18n import Text
from kontor.matching.models import Recommendation, Verdict
from kontor.meetings.agenda import load_interpreter_agenda, load_participant_agenda, text_scripts
from kontor.meetings.models import (
    CalendarAddress,
    Meeting,
    MeetingParty,
    MeetingRequest,
    PersonSeat,
    Publication,
    Seat,
    SeatChange,
)

pytestmark = pytest.mark.django_db

JINAN = ZoneInfo("Asia/Shanghai")
PUBLISHED_AT = datetime(2018, 10, 31, 18, tzinfo=JINAN)
DAY = "/en/events/smec-2018/day/"


def at(hour: int, minute: int = 0, *, day: int = 1) -> datetime:
    """A moment in Jinan in November 2018."""
    return datetime(2018, 11, day, hour, minute, tzinfo=JINAN)


@pytest.fixture(autouse=True)
def _one_o_clock(settings: object) -> None:
    """It is 13:48 in Jinan on 1 November 2018; files are served without a manifest."""
    settings.TEST_CLOCK = at(13, 48).isoformat()  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def a_user(mail: str | None, *, zone: str = "Europe/Berlin", language: str = "en") -> User:
    return User.objects.create_user(mail, name=mail or "", time_zone=zone, language=language)


def a_person(family: str, given: str, *, user: User | None = None, **more: object) -> Person:
    key = f"{family} {given}".casefold()
    return Person.objects.create(
        family=family, given=given, user=user, sort_key=key, candidate_key=key, **more
    )


def an_organisation(**names: str) -> Organisation:
    original = next(iter(names))
    return Organisation.objects.create(
        name=Text.of(original, **names), name_key=organisation_key(names[original])
    )


@pytest.fixture
def smec(db: None) -> Event:
    """The conference in Jinan, with two halls, six tables and six slots on two days."""
    event = Event.objects.create(
        slug="smec-2018",
        name=Text.of("en", en="Sino-German SME Conference 2018", zh="2018中德中小企业合作交流大会"),
        place=Text.of("en", en="Jinan", zh="济南"),
        zone="Asia/Shanghai",
        starts_on=at(9).date(),
        ends_on=at(9, day=2).date(),
        is_announced=True,
        is_sample=True,
    )
    for position, letter in enumerate("EC"):
        hall = Hall.objects.create(
            event=event, name=Text.of("en", en=f"Hall {letter}", zh=f"{letter}厅"), position=position
        )
        for number in (1, 2, 3):
            Table.objects.create(hall=hall, number=number, name=f"{letter}{number:02}")
    position = 0
    for begins in (at(14), at(9, day=2)):
        block = Block.objects.create(event=event, starts_at=begins, num_slots=3)
        for number in range(3):
            starts_at = begins + timedelta(minutes=25 * number)
            Slot.objects.create(
                event=event,
                block=block,
                position=position,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=20),
            )
            position += 1
    Publication.objects.create(event=event, number=1, published_at=PUBLISHED_AT)
    return event


@pytest.fixture
def lena(smec: Event) -> Participation:
    """Reads English, lives by Berlin time, speaks no Chinese."""
    person = a_person("Brückner", "Lena", user=a_user("lena@example.org"), title="Dr.")
    firm = an_organisation(de="Elbtal Reinraumtechnik GmbH")
    return Participation.objects.create(
        event=smec, person=person, organisation=firm, sort_key=person.sort_key
    )


@pytest.fixture
def wentao(smec: Event) -> Participation:
    """Has a name and an organisation in two scripts, reads Chinese, and has no e-mail address."""
    person = a_person(
        "Lyu",
        "Wentao",
        user=a_user(None, zone="Asia/Shanghai", language="zh-hans"),
        native_family="吕",
        native_given="文涛",
        name_order="family_first",
        language="zh",
    )
    firm = an_organisation(zh="鲁能电力电子", en="Luneng Power Electronics")
    return Participation.objects.create(
        event=smec,
        person=person,
        organisation=firm,
        function=Text.of("en", en="Head of purchasing"),
        sort_key=person.sort_key,
    )


@pytest.fixture
def li_na(smec: Event) -> Interpreter:
    """Interprets between German and Chinese."""
    person = a_person("Li", "Na", user=a_user("lina@example.org"), native_family="李", native_given="娜")
    person.name_order = "family_first"
    person.save()
    return Interpreter.objects.create(event=smec, person=person, pairs=["de-zh"])


@pytest.fixture
def organiser(smec: Event) -> User:
    """May do everything in this event."""
    user = a_user("organiser@example.org")
    Organiser.objects.create(event=smec, user=user)
    return user


@pytest.fixture
def stranger(smec: Event) -> User:
    """Is signed in and has nothing to do with the event."""
    return a_user("stranger@example.org")


Meet = Callable[..., Meeting]


@pytest.fixture
def meet(smec: Event, lena: Participation, wentao: Participation) -> Meet:
    """Gives Lena and Wentao a published meeting in the slot of this position."""
    publication = smec.publications.get(number=1)

    def make(
        position: int, *, table: str = "E01", interpreter: Interpreter | None = None, **more: object
    ) -> Meeting:
        meeting = Meeting.objects.create(
            event=smec,
            pair="de-zh" if interpreter else "",
            language="" if interpreter else "en",
            created_at=PUBLISHED_AT,
            **more,
        )
        for side, party in enumerate((lena, wentao)):
            MeetingParty.objects.create(meeting=meeting, participation=party, side=side)
        place = Table.objects.get(hall__event=smec, name=table)
        seat = Seat.objects.create(
            meeting=meeting,
            slot=smec.slots.get(position=position),
            hall=place.hall,
            table=place,
            interpreter=interpreter,
        )
        for party in (lena, wentao):
            PersonSeat.objects.create(seat=seat, participation=party, slot=seat.slot)
        SeatChange.objects.create(publication=publication, meeting=meeting, kind=SeatChange.Kind.NEW)
        return meeting

    return make


def republish(
    meeting: Meeting, *, position: int | None, table: str = "E01", interpreter: Interpreter | None = None
) -> None:
    """A second plan moves the meeting, or removes it where `position` is None."""
    event, before = meeting.event, meeting.seat
    publication, _ = Publication.objects.get_or_create(
        event=event, number=2, defaults={"published_at": PUBLISHED_AT + timedelta(hours=1)}
    )
    SeatChange.objects.create(
        publication=publication,
        meeting=meeting,
        kind=SeatChange.Kind.REMOVED if position is None else SeatChange.Kind.MOVED,
        old_slot=before.slot,
        old_hall=before.hall,
        old_table=before.table,
        old_interpreter=before.interpreter,
    )
    people = [row.participation for row in before.people.all()]
    before.delete()
    meeting.sequence += 1
    meeting.save()
    if position is not None:
        place = Table.objects.get(hall__event=event, name=table)
        slot = event.slots.get(position=position)
        seat = Seat.objects.create(
            meeting=meeting, slot=slot, hall=place.hall, table=place, interpreter=interpreter
        )
        for participation in people:
            PersonSeat.objects.create(seat=seat, participation=participation, slot=slot)


def agenda_of(participation: Participation, language: str = "en") -> list[tuple[object, ...]]:
    """Start, table, state, former start and sequence of each meeting."""
    agenda = load_participant_agenda(
        Participation.objects.select_related("event").get(pk=participation.pk),
        language=language,
        zone="Europe/Berlin",
    )
    return [
        (entry.starts_at, entry.table, entry.state, entry.moved_from, entry.sequence)
        for entry in agenda.entries
        if entry.kind == "meeting"
    ]


def text_of(response: object) -> str:
    """The words of a page."""
    body = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body)).replace("\xa0", " ")


def pages(response: object) -> list[str]:
    reader = PdfReader(io.BytesIO(response.content))  # type: ignore[attr-defined]
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


# The agenda from the published plan


def test_a_meeting_is_read_with_both_scripts_and_its_interpreter(
    lena: Participation, meet: Meet, li_na: Interpreter
) -> None:
    meeting = meet(0, interpreter=li_na)
    agenda = load_participant_agenda(lena, language="en", zone="Europe/Berlin")
    (entry,) = agenda.entries
    (wentao,) = entry.counterparts
    assert (str(wentao.name), str(wentao.organisation), str(wentao.function)) == (
        "LYU Wentao 吕文涛",
        "Luneng Power Electronics 鲁能电力电子",
        "Head of purchasing",
    )
    assert [(str(person.name), person.pair) for person in entry.interpreters] == [
        ("LI Na 李娜", ("de", "zh"))
    ]
    assert (entry.uid, entry.starts_at, entry.table) == (f"{meeting.public_id}@localhost", at(14), "E01")
    assert (agenda.place_zone.city, agenda.reader_zone.city, agenda.as_of) == (
        "Jinan",
        "Berlin",
        PUBLISHED_AT,
    )


def test_chinese_readers_see_characters_first(wentao: Participation, lena: Participation, meet: Meet) -> None:
    meet(0)
    agenda = load_participant_agenda(wentao, language="zh-hans", zone="Asia/Shanghai")
    assert (str(agenda.owner.name), str(agenda.owner.organisation)) == ("吕文涛 LYU Wentao", "鲁能电力电子")
    assert [str(person.name) for person in agenda.entries[0].counterparts] == ["Dr. Lena Brückner"]
    assert (agenda.place_zone.city, agenda.reader_zone.city) == ("济南", "上海")


@pytest.mark.parametrize(
    ("language", "names", "words"),
    [
        (
            "de",
            {"zh": "鲁能电力电子", "en": "Luneng Power"},
            "Luneng Power 鲁能电力电子",
        ),  # English before none
        ("de", {"zh": "鲁能电力电子", "de": "Luneng"}, "Luneng 鲁能电力电子"),
        ("en", {"zh": "鲁能电力电子"}, "鲁能电力电子"),
        ("en", {"de": "Elbtal GmbH", "zh": "易北谷公司"}, "Elbtal GmbH"),
        ("zh-hans", {"zh": "鲁能电力电子", "en": "Luneng Power"}, "鲁能电力电子"),
        ("zh-hans", {"de": "Elbtal GmbH", "zh": "易北谷公司"}, "易北谷公司 Elbtal GmbH"),
        ("zh-hans", {"de": "Elbtal GmbH", "en": "Elbtal Ltd"}, "Elbtal GmbH"),
    ],
)
def test_a_name_is_read_in_the_readers_script_with_the_original_beside_it(
    language: str, names: dict[str, str], words: str
) -> None:
    assert str(text_scripts(Text.of(next(iter(names)), **names), language)) == words


def test_a_moved_meeting_says_when_it_was(lena: Participation, meet: Meet) -> None:
    republish(meet(0), position=2, table="E02")
    assert agenda_of(lena) == [(at(14, 50), "E02", "moved", at(14), 1)]


def test_another_table_at_the_same_time_is_a_move_too(lena: Participation, meet: Meet) -> None:
    republish(meet(0), position=0, table="E02")
    assert agenda_of(lena) == [(at(14), "E02", "moved", None, 1)]


def test_another_interpreter_alone_is_no_news_for_the_two_at_the_table(
    lena: Participation, meet: Meet, li_na: Interpreter
) -> None:
    republish(meet(0, interpreter=li_na), position=0)
    assert agenda_of(lena) == [(at(14), "E01", "planned", None, 1)]


def test_a_removed_meeting_stays_visible_as_cancelled(lena: Participation, meet: Meet) -> None:
    republish(meet(0), position=None)
    assert agenda_of(lena) == [(at(14), "E01", "cancelled", None, 1)]


def test_a_meeting_called_off_is_cancelled_before_the_next_plan(lena: Participation, meet: Meet) -> None:
    meet(0, state=Meeting.State.CANCELLED, cancelled_at=at(8), sequence=1)
    assert agenda_of(lena) == [(at(14), "E01", "cancelled", None, 1)]


def test_an_agreed_meeting_without_a_place_is_not_on_the_agenda(lena: Participation, meet: Meet) -> None:
    meet(0).seat.delete()
    assert agenda_of(lena) == []


def test_an_interpreter_sees_what_is_theirs_and_what_was_taken_from_them(
    li_na: Interpreter, smec: Event, meet: Meet
) -> None:
    other = Interpreter.objects.create(event=smec, person=a_person("Weber", "Jan"), pairs=["de-zh"])
    mine, taken = meet(0, interpreter=li_na), meet(1, interpreter=li_na)
    meet(2, interpreter=other)
    republish(taken, position=1, interpreter=other)
    agenda = load_interpreter_agenda(li_na, language="en", zone="Asia/Shanghai")
    assert [(entry.uid, entry.state) for entry in agenda.entries if entry.uid] == [
        (f"{mine.public_id}@localhost", "planned"),
        (f"{taken.public_id}@localhost", "cancelled"),
    ]
    assert [str(person.name) for person in agenda.entries[0].counterparts] == [
        "Dr. Lena Brückner",
        "LYU Wentao 吕文涛",
    ]
    given = load_interpreter_agenda(other, language="en", zone="Asia/Shanghai")
    assert [entry.state for entry in given.entries if entry.uid] == ["planned", "planned"]


@pytest.mark.parametrize("num_meetings", [1, 3])
def test_an_agenda_costs_three_statements(
    lena: Participation,
    li_na: Interpreter,
    meet: Meet,
    num_meetings: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for position in range(num_meetings):
        meet(position, interpreter=li_na)
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        load_participant_agenda(lena, language="en", zone="Europe/Berlin")
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        load_interpreter_agenda(li_na, language="en", zone="Europe/Berlin")


# The page


@pytest.mark.parametrize("num_rows", [1, 3])
@pytest.mark.parametrize("prefix", ["en", "de", "zh-hans"])
def test_the_whole_page_costs_eight_statements(
    client: Client,
    smec: Event,
    lena: Participation,
    li_na: Interpreter,
    meet: Meet,
    num_rows: int,
    prefix: str,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for position in range(num_rows):
        meet(position, interpreter=li_na)
        person = a_person(f"Partner{position}", "Good")
        partner = Participation.objects.create(
            event=smec, person=person, organisation=an_organisation(en=f"Firm {position}"), sort_key="p"
        )
        Recommendation.objects.create(participation=lena, partner=partner, rank=position, score=0.9)
    for user in (lena.person.user, li_na.person.user):
        client.force_login(user)
        with django_assert_num_queries(9):  # type: ignore[attr-defined]
            response = client.get(DAY.replace("/en/", f"/{prefix}/"))
        assert response.context["lines"].count('<li class="entry meeting') == num_rows


def test_news_cost_seven_statements(
    client: Client, lena: Participation, meet: Meet, django_assert_num_queries: Callable[..., object]
) -> None:
    meet(0)
    client.force_login(lena.person.user)
    with django_assert_num_queries(7):  # type: ignore[attr-defined]
        first = client.get(DAY, headers={"HX-Request": "true"})
    with django_assert_num_queries(7):  # type: ignore[attr-defined]
        client.get(DAY, headers={"HX-Request": "true", "If-None-Match": first.headers["ETag"]})


def test_the_day_answers_where_next_and_with_whom(
    client: Client, lena: Participation, meet: Meet, li_na: Interpreter
) -> None:
    meet(0, interpreter=li_na)
    meet(3)
    client.force_login(lena.person.user)
    response = client.get(DAY)
    assert (
        response.context["lead"]
        == "One meeting today. Your next meeting starts in 12 minutes, at table E01, Hall E."
    )
    words = text_of(response)
    for expected in (
        "Thursday, 1 November",
        "Luneng Power Electronics 鲁能电力电子 next",
        "Table E01, Hall E · 20 min",
        "LYU Wentao 吕文涛 · Head of purchasing",
        "Interpreter: LI Na 李娜 (German–Chinese)",
        "Jinan · Berlin below",
        "14:0007:00",
        "sample data",
    ):
        assert expected in words
    assert response.context["day_links"] == (
        '<strong class="chip" aria-current="true">Thu 1 Nov</strong>'
        '<a class="button small" href="/en/events/smec-2018/day/?on=2018-11-02">Fri 2 Nov'
        '<span class="visually-hidden">: one meeting</span></a>'
    )


def renames_the_hall(meeting: Meeting) -> None:
    meeting.event.halls.filter(position=0).update(name=Text.of("en", en="Hall of Mirrors", zh="镜厅"))


def renames_the_table(meeting: Meeting) -> None:
    Table.objects.filter(pk=meeting.seat.table_id).update(name="Z99")


def corrects_a_name(meeting: Meeting) -> None:
    Person.objects.filter(native_given="文涛").update(given="Wentai")


def corrects_an_organisation(meeting: Meeting) -> None:
    Organisation.objects.filter(name_key=organisation_key("鲁能电力电子")).update(
        name=Text.of("zh", zh="鲁能电力", en="Luneng Electric")
    )


def corrects_a_function(meeting: Meeting) -> None:
    Participation.objects.exclude(function=Text()).update(function=Text.of("en", en="Managing director"))


def corrects_the_interpreter(meeting: Meeting) -> None:
    Person.objects.filter(native_given="娜").update(given="Nala")


def shifts_the_slot(meeting: Meeting) -> None:
    meeting.event.slots.filter(position=0).update(starts_at=at(14, 5))


def cancels_the_meeting(meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.CANCELLED, cancelled_at=at(13, 40))


def publishes_another_plan(meeting: Meeting) -> None:
    republish(meeting, position=2, table="C02")


def renames_the_event(meeting: Meeting) -> None:
    Event.objects.filter(pk=meeting.event_id).update(name=Text.of("en", en="Conference of Springs"))


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (renames_the_hall, "Table E01, Hall E", "Table E01, Hall of Mirrors"),
        (renames_the_table, "Table E01, Hall E", "Table Z99, Hall E"),
        (corrects_a_name, "LYU Wentao", "LYU Wentai"),
        (corrects_an_organisation, "Luneng Power Electronics", "Luneng Electric 鲁能电力"),
        (corrects_a_function, "Head of purchasing", "Managing director"),
        (corrects_the_interpreter, "LI Na", "LI Nala"),
        (shifts_the_slot, "14:0007:00", "14:0507:05"),
        (cancels_the_meeting, "Your next meeting starts in 12 minutes", "cancelled"),
        (publishes_another_plan, "Table E01, Hall E", "Table C02, Hall C"),
        (renames_the_event, "Sino-German SME Conference 2018", "Conference of Springs"),
    ],
)
def test_what_changes_is_on_the_page_at_the_next_request(
    client: Client,
    lena: Participation,
    li_na: Interpreter,
    meet: Meet,
    change: Callable[[Meeting], None],
    before: str,
    after: str,
) -> None:
    meeting = meet(0, interpreter=li_na)
    client.force_login(lena.person.user)
    for headers in ({}, {}, {"HX-Request": "true"}):
        first = client.get(DAY, headers=headers)
        assert after not in text_of(first)
    assert before in text_of(client.get(DAY))
    change(meeting)
    known = {"HX-Request": "true", "If-None-Match": first.headers["ETag"]}
    assert after in text_of(client.get(DAY))
    news = client.get(DAY, headers=known)
    if change is renames_the_event:
        assert news.status_code == 304  # its name stands in the frame, which news leave alone
    else:
        assert after in text_of(news)


def test_the_day_proposes_whom_else_to_meet_with_the_reason(
    client: Client, smec: Event, lena: Participation, wentao: Participation, meet: Meet
) -> None:
    meet(0)  # with Wentao, who is therefore not proposed again

    def propose(name: str, score: float) -> Participation:
        person = a_person(name, "Partner")
        partner = Participation.objects.create(
            event=smec,
            person=person,
            organisation=an_organisation(zh=f"{name}公司", en=name),
            offers=Text.of("zh", zh="功率半导体模块"),
            sort_key=person.sort_key,
        )
        reason = {"seek": "Leistungselektronik", "offer": "功率半导体模块", "direction": "forward"}
        Recommendation.objects.create(
            participation=lena, partner=partner, rank=1, score=score, reasons=[reason]
        )
        return partner

    Participation.objects.filter(pk=lena.pk).update(seeks=Text.of("de", de="Leistungselektronik"))
    Recommendation.objects.create(participation=lena, partner=wentao, rank=1, score=0.99)
    good = propose("Good", 0.91)
    propose("Weak", 0.005)
    colleague = propose("Colleague", 0.8)
    colleague.organisation = good.organisation
    colleague.save()
    asked, dismissed = propose("Asked", 0.95), propose("Dismissed", 0.95)
    MeetingRequest.objects.create(
        event=smec, sender=asked, recipient=lena, sent_at=PUBLISHED_AT, expires_at=at(9)
    )
    Verdict.objects.create(participation=lena, partner=dismissed, kind="not_for_us", at=PUBLISHED_AT)
    client.force_login(lena.person.user)
    response = client.get(DAY)
    cards = response.context["worth_meeting"]
    assert re.findall(r'<h3 class="match-title"><a href="[^"]*"><span lang="en">(.*?)</span></a>', cards) == [
        "Good"
    ]
    assert re.findall(r'aria-label="(Match .*?)"', cards) == ["Match 97 of 100"]
    words = "You seek Leistungselektronik — they offer 功率半导体模块"
    assert words in text_of(response)


def test_another_day_can_be_looked_at(client: Client, lena: Participation, meet: Meet) -> None:
    meet(0)
    meet(3)
    client.force_login(lena.person.user)
    response = client.get(DAY, {"on": "2018-11-02"})
    assert (response.context["heading"], response.context["lead"]) == (
        "Friday, 2 November",
        "One meeting on this day. It starts at 09:00.",
    )


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("de", ["Donnerstag, 1. November", "Heute: ein Gespräch.", "Tisch E01, Hall E", "14:0007:00"]),
        ("zh-hans", ["11月1日 星期四", "今天有1场洽谈。", "E厅 E01 桌", "鲁能电力电子", "吕文涛 LYU Wentao"]),
    ],
)
def test_the_day_speaks_the_readers_language(
    client: Client, lena: Participation, meet: Meet, prefix: str, expected: list[str]
) -> None:
    meet(0)
    client.force_login(lena.person.user)
    words = text_of(client.get(DAY.replace("/en/", f"/{prefix}/")))
    assert [missing for missing in expected if missing not in words] == []


def test_before_the_plan_is_published_the_page_says_so(
    client: Client, lena: Participation, smec: Event
) -> None:
    smec.publications.all().delete()
    client.force_login(lena.person.user)
    assert "The meeting plan is not published yet" in text_of(client.get(DAY))


def test_an_open_page_hears_of_news_and_only_of_news(client: Client, lena: Participation, meet: Meet) -> None:
    meeting = meet(0)
    client.force_login(lena.person.user)
    first = client.get(DAY, headers={"HX-Request": "true"})
    assert first.templates[0].name == "meetings/day_news.html"
    asked = {"HX-Request": "true", "If-None-Match": first.headers["ETag"]}
    same = client.get(DAY, headers=asked)
    assert (same.status_code, same.content) == (304, b"")
    republish(meeting, position=1)
    news = client.get(DAY, headers=asked)
    assert news.status_code == 200
    assert "moved from 14:00" in text_of(news)
    assert "HX-Request" in client.get(DAY).headers["Vary"]


@pytest.mark.parametrize("address", [DAY, DAY + "print/", "/en/events/smec-2018/plan/papers/schedules/"])
def test_strangers_get_404_as_for_an_event_that_does_not_exist(
    client: Client, stranger: User, meet: Meet, address: str
) -> None:
    meet(0)
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert client.get(address.replace("smec-2018", "no-such-event")).status_code == 404


def test_nobody_but_the_organiser_opens_the_day_of_another(
    client: Client, lena: Participation, wentao: Participation, organiser: User, meet: Meet
) -> None:
    meet(0)
    for user, status in ((lena.person.user, 404), (organiser, 200)):
        client.force_login(user)
        assert client.get(DAY, {"participant": wentao.public_id}).status_code == status
    assert "Dr. Lena Brückner" in text_of(client.get(DAY, {"participant": wentao.public_id}))


def test_visitors_are_asked_to_sign_in(client: Client, smec: Event) -> None:
    response = client.get(DAY)
    assert (response.status_code, response.headers["Location"].partition("?")[2]) == (302, "next=" + DAY)


@pytest.mark.parametrize("num_meetings", [1, 3])
def test_asking_for_news_costs_as_much_with_many_meetings_as_with_one(
    client: Client,
    lena: Participation,
    meet: Meet,
    num_meetings: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for position in range(num_meetings):
        meet(position)
    client.force_login(lena.person.user)
    # session, user, participation, meetings, changes, publication, and the test clock
    with django_assert_num_queries(7):  # type: ignore[attr-defined]
        client.get(DAY, headers={"HX-Request": "true"})


# Paper


def test_ones_own_schedule_as_pdf(
    client: Client, lena: Participation, meet: Meet, li_na: Interpreter
) -> None:
    meet(0, interpreter=li_na)
    client.force_login(lena.person.user)
    response = client.get(DAY + "print/")
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    (page,) = pages(response)
    for words in (
        "Dr. Lena Brückner",
        "LYU Wentao 吕文涛",
        "鲁能电力电子",
        "14:00–14:20 07:00",
        "LI Na 李娜",
    ):
        assert words in page


def test_the_personal_code_is_on_the_paper_of_those_who_have_one(
    client: Client, wentao: Participation, organiser: User, meet: Meet
) -> None:
    meet(0)
    code = issue_personal_code(wentao.person.user, by=organiser, at=PUBLISHED_AT)
    client.force_login(organiser)
    (page,) = pages(client.get(DAY + "print/", {"participant": wentao.public_id}))
    assert code.code in page


def test_the_pile_of_schedules_speaks_each_readers_language(
    client: Client, organiser: User, meet: Meet
) -> None:
    meet(0)
    client.force_login(organiser)
    response = client.get("/en/events/smec-2018/plan/papers/schedules/")
    first, second = sorted(pages(response))
    assert "Personal schedule" in first
    assert "个人洽谈日程" in second
    disclosure = Disclosure.objects.get()
    assert (disclosure.how, disclosure.num_people, disclosure.viewer_id) == ("exported", 2, organiser.pk)


def test_the_sheets_of_interpreters_and_the_tent_cards(
    client: Client, organiser: User, li_na: Interpreter, meet: Meet
) -> None:
    meet(0, interpreter=li_na)
    meet(1, table="C02")
    client.force_login(organiser)
    (sheet,) = pages(client.get("/en/events/smec-2018/plan/papers/interpreters/"))
    assert "Interpreter's sheet" in sheet
    assert "Elbtal Reinraumtechnik GmbH Dr. Lena Brückner" in sheet
    cards = pages(client.get("/en/events/smec-2018/plan/papers/tents/"))
    assert [(card.count("E01"), card.count("C02")) for card in cards] == [(2, 0), (0, 2)]


def test_the_workbook_holds_what_has_a_place_and_what_has_none(
    client: Client, organiser: User, meet: Meet
) -> None:
    meet(0)
    meet(1).seat.delete()
    client.force_login(organiser)
    response = client.get("/en/events/smec-2018/plan/papers/spreadsheet/")
    workbook = load_workbook(io.BytesIO(response.content))
    counts = {sheet.title: sheet.max_row - 1 for sheet in workbook}
    assert counts == {"By slot": 1, "By person": 2, "By interpreter": 0, "Unplaced": 1}


# The calendar


def test_the_feed_is_read_without_signing_in_and_follows_the_plan(
    client: Client, lena: Participation, meet: Meet
) -> None:
    meeting = meet(0)
    address = CalendarAddress.objects.create(participation=lena)
    feed = client.get(f"/calendar/{address.token}.ics")
    (event,) = Calendar.from_ical(feed.content).walk("VEVENT")
    assert (str(event["uid"]), int(event["sequence"]), event["dtstart"].dt) == (
        f"{meeting.public_id}@localhost",
        0,
        datetime(2018, 11, 1, 6, tzinfo=UTC),
    )
    assert (
        client.get(
            f"/calendar/{address.token}.ics", headers={"If-None-Match": feed.headers["ETag"]}
        ).status_code
        == 304
    )
    republish(meeting, position=None)
    (event,) = Calendar.from_ical(client.get(f"/calendar/{address.token}.ics").content).walk("VEVENT")
    assert (int(event["sequence"]), str(event["status"])) == (1, "CANCELLED")
    assert str(event["uid"]) == f"{meeting.public_id}@localhost"


def test_the_feed_speaks_its_owners_language_whatever_the_program_asks(
    client: Client, wentao: Participation, meet: Meet
) -> None:
    meet(0)
    address = CalendarAddress.objects.create(participation=wentao)
    feed = client.get(f"/calendar/{address.token}.ics", headers={"Accept-Language": "de"})
    assert "我的日程" in str(Calendar.from_ical(feed.content)["x-wr-calname"])


def test_an_unknown_address_is_404(client: Client, smec: Event) -> None:
    assert client.get("/calendar/0123456789bcdfghjkmnpqrs.ics").status_code == 404


def test_a_new_address_makes_the_old_one_useless(client: Client, lena: Participation, meet: Meet) -> None:
    meet(0)
    client.force_login(lena.person.user)
    tokens = []
    for _ in range(2):
        response = client.post(DAY + "calendar/")
        assert response.headers["Location"] == DAY + "#calendar"
        tokens.append(CalendarAddress.objects.get(participation=lena).token)
    assert [client.get(f"/calendar/{token}.ics").status_code for token in tokens] == [404, 200]
    assert [entry.action for entry in Entry.objects.filter(action__startswith="calendar")] == [
        "calendar_address_renewed"
    ] * 2
    assert f"/calendar/{tokens[1]}.ics" in client.get(DAY).content.decode()


def test_the_organiser_does_not_see_anybodys_calendar_address(
    client: Client, lena: Participation, organiser: User, meet: Meet
) -> None:
    meet(0)
    address = CalendarAddress.objects.create(participation=lena)
    client.force_login(organiser)
    page = client.get(DAY, {"participant": lena.public_id})
    assert "Luneng Power Electronics" in page.content.decode()
    assert address.token not in page.content.decode()
