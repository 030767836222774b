"""What cannot be planned: found before planning, said in the reader's words, with the way to where it is mended."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.events.models import Event, Interpreter, Participation, Unavailability
from kontor.meetings.causes import CAUSES, CONTRADICTIONS
from kontor.meetings.models import DraftMeeting, Meeting, PlanCheck, PlanRun
from kontor.meetings.services import advice, plan
from kontor_engines.meetings import CONFLICT_TEXTS

CHECK = "/en/events/smec-2018/plan/check/"


def keep_only(person: Participation, *, slots: int) -> None:
    """Somebody is there for the first slots only."""
    later = person.event.slots.order_by("position")[slots:]
    Unavailability.objects.bulk_create(
        Unavailability(participation=person, starts_at=slot.starts_at, ends_at=slot.ends_at) for slot in later
    )


def test_every_contradiction_that_the_engine_finds_has_a_sentence() -> None:
    assert set(CONFLICT_TEXTS) <= {*CAUSES, *CONTRADICTIONS}
    assert not set(CAUSES) & set(CONTRADICTIONS)


def test_a_person_with_more_meetings_than_free_slots_is_named_with_the_way_to_her_page(
    smec: Event,
    anna: Participation,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    browse: Callable[..., Client],
) -> None:
    keep_only(anna, slots=1)
    client = browse(mara)
    assert "Check now" in client.get(CHECK).content.decode()
    client.post(CHECK)
    (found,) = PlanCheck.objects.get().conflicts
    assert (found["rule"], found["excess"], sorted(found["meetings"])) == (
        "H1",
        1,
        sorted(meeting.public_id for meeting in two_meetings),
    )
    page = client.get(CHECK).content.decode()
    assert "Anna Brückner agreed to 2 meetings but has only 1 time slots." in page
    assert f'<a href="/en/events/smec-2018/participants/{anna.public_id}/">Anna Brückner</a>' in page
    assert list(Entry.objects.values_list("action", "data")) == [("plan_checked", {"conflicts": 1})]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Meetings that need an interpreter for German–Chinese: 1. Interpreters can serve 0 of them then",
        ),
        ("de", "Gespräche, für die Deutsch–Chinesisch gedolmetscht werden muss: 1."),
        ("zh-hans", "需要德语–中文翻译的洽谈：1 场。翻译在以下时段只能承担 0 场"),
    ],
)
def test_a_pair_of_languages_without_interpreters_is_said_in_the_language_of_the_reader(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    browse: Callable[..., Client],
    language: str,
    sentence: str,
) -> None:
    Interpreter.objects.all().delete()
    advice.check_event(smec, by=mara, at=now)
    page = browse(mara).get(CHECK.replace("/en/", f"/{language}/")).content.decode()
    assert sentence in page
    assert f"/{language}/events/smec-2018/interpreters/" in page


def test_two_who_are_never_there_together_are_both_named(
    smec: Event,
    anna: Participation,
    aino: Participation,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    browse: Callable[..., Client],
) -> None:
    keep_only(anna, slots=3)
    first = smec.slots.get(position=0)
    Unavailability.objects.create(
        participation=aino, starts_at=first.starts_at, ends_at=smec.slots.get(position=2).ends_at
    )
    advice.check_event(smec, by=mara, at=now)
    (found,) = PlanCheck.objects.get().conflicts
    assert (found["rule"], found["meetings"]) == ("H2", [two_meetings[1].public_id])
    page = browse(mara).get(CHECK).content.decode()
    assert "The two have no time slot in common." in page
    for one in (anna, aino):
        assert f"/participants/{one.public_id}/" in page


def test_where_nothing_stands_in_the_way_the_page_says_so_and_a_mended_fact_is_gone_at_the_next_check(
    smec: Event,
    anna: Participation,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    browse: Callable[..., Client],
) -> None:
    keep_only(anna, slots=1)
    assert len(advice.check_event(smec, by=mara, at=now).conflicts) == 1
    Unavailability.objects.all().delete()
    assert advice.check_event(smec, by=mara, at=now).conflicts == []
    assert "Nothing stands in the way" in browse(mara).get(CHECK).content.decode()


def test_what_is_called_off_after_the_check_is_no_longer_shown(
    smec: Event,
    anna: Participation,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    browse: Callable[..., Client],
) -> None:
    keep_only(anna, slots=1)
    advice.check_event(smec, by=mara, at=now)
    Meeting.objects.filter(pk=two_meetings[1].pk).update(state=Meeting.State.CANCELLED)
    page = browse(mara).get(CHECK).content.decode()
    assert ("Elbtal" in page, "Pohjola" in page) == (True, False)


def test_an_event_without_agreed_meetings_has_nothing_to_check(
    smec: Event, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    page = browse(mara).post(CHECK, follow=True).content.decode()
    assert str(plan.NothingToPlan()).split(":")[0] in page
    assert not PlanCheck.objects.exists()


def test_the_page_of_the_unplaced_names_people_and_halls_with_at_most_eight_statements(
    stage: object,
    smec: Event,
    anna: Participation,
    mara: User,
    browse: Callable[..., Client],
) -> None:
    run = PlanRun.objects.get()
    meeting = Meeting.objects.get()
    hall = smec.halls.get().public_id
    reason = {
        "causes": [
            {"code": "person_busy", "params": {"person": anna.public_id, "slots": [0]}},
            {"code": "tables_full", "params": {"hall": hall, "tables": 4, "slots": [1]}},
        ],
        "remedy": {
            "kind": "free_slot",
            "people": [anna.public_id],
            "meeting": meeting.public_id,
            "slots": [0],
        },
    }
    DraftMeeting.objects.update(slot=None, hall=None, table=None, interpreter=None, reason=reason)
    client = browse(mara)
    path = f"/en/events/smec-2018/plan/{run.number}/unplaced/"
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(path).content.decode()
    own = [one["sql"] for one in captured if "jobs_clockshift" not in one["sql"]]
    assert len(own) <= 8, "\n".join(own)
    assert "Anna Brückner has other meetings" in page
    assert "All 4 tables in Hall E are taken" in page
    assert "Ask Anna Brückner to be there" in page
