"""What is scarce is refused by the database itself, whatever code asks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from kontor.accounts.models import User
from kontor.directory.models import Person, PersonLanguage
from kontor.events.models import (
    Block,
    Booth,
    Event,
    Hall,
    HallsApart,
    Interpreter,
    InterpreterUnavailability,
    Organiser,
    Participation,
    Slot,
    Table,
    TableClosure,
    Unavailability,
)
from kontor.i18n.public_ids import new_public_id
from kontor.matching.models import Recommendation, Verdict
from kontor.meetings.models import (
    CalendarAddress,
    CurvePoint,
    DraftMeeting,
    Meeting,
    MeetingParty,
    MeetingRequest,
    PersonSeat,
    PlanCheck,
    PlanRun,
    Publication,
    Recovery,
    Seat,
    SeatChange,
)


def twin(model: type[models.Model], **changes: Any) -> Callable[[], object]:
    """Writes the newest row of a model a second time, but for its keys and these changes."""

    def write() -> object:
        row = model._default_manager.latest("id")
        row.pk = None
        row._state.adding = True
        if hasattr(row, "public_id"):
            row.public_id = new_public_id()
        for name, value in changes.items():
            setattr(row, name, value)
        return row.save(force_insert=True)

    return write


@pytest.fixture
def rows(
    smec: Event,
    mara: User,
    anna: Participation,
    wentao: Participation,
    aino: Participation,
    lin: Interpreter,
    now: datetime,
) -> dict[str, Any]:
    """One row of each kind: Anna meets Wentao at E01 in the first slot, with Lin."""
    hall = smec.halls.get()
    table, slot = hall.tables.get(name="E01"), smec.slots.get(position=0)
    request = MeetingRequest.objects.create(
        event=smec, sender=anna, recipient=wentao, state="accepted", sent_at=now, expires_at=now
    )
    meeting = Meeting.objects.create(event=smec, request=request, created_at=now)
    other = Meeting.objects.create(event=smec, created_at=now)
    MeetingParty.objects.create(meeting=meeting, participation=anna)
    publication = Publication.objects.create(event=smec, number=1, published_at=now)
    seat = Seat.objects.create(meeting=meeting, slot=slot, hall=hall, table=table, interpreter=lin)
    other_seat = Seat.objects.create(
        meeting=other, slot=smec.slots.get(position=1), hall=hall, table=table, interpreter=lin
    )
    PersonSeat.objects.create(seat=seat, participation=anna, slot=slot)
    SeatChange.objects.create(publication=publication, meeting=meeting, kind="new")
    Recommendation.objects.create(participation=anna, partner=wentao, rank=1, score=0.5)
    Verdict.objects.create(participation=anna, partner=wentao, kind="saved", at=now)
    run = PlanRun.objects.create(event=smec, number=1, state="running", created_at=now)
    DraftMeeting.objects.create(run=run, meeting=meeting)
    CurvePoint.objects.create(run=run, position=0, placed=1, gaps=0, max_gaps=0, changes=0)
    PlanCheck.objects.create(event=smec, checked_at=now)
    Recovery.objects.create(event=smec, slot=slot, found_at=now)
    TableClosure.objects.create(table=table, slot=None)
    Unavailability.objects.create(participation=anna, starts_at=now, ends_at=now + timedelta(hours=1))
    far = Hall.objects.create(event=smec, name=hall.name, position=1)
    HallsApart.objects.create(first=hall, second=far)
    CalendarAddress.objects.create(participation=anna)
    return {
        "anna": anna, "wentao": wentao, "aino": aino, "seat": seat, "other_seat": other_seat, "slot": slot,
        "table": table, "lin": lin, "hall": hall, "now": now, "smec": smec, "meeting": meeting, "other": other,
    }  # fmt: skip


def refused(name: str, write: Callable[[], object]) -> bool:
    """Whether the database refuses it; the name is that of the constraint where it tells one."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def attempts(rows: dict[str, Any]) -> dict[str, Callable[[], object]]:
    """By the name of each constraint: a write that breaks it and nothing else."""
    anna, wentao, now, smec = rows["anna"], rows["wentao"], rows["now"], rows["smec"]
    third = Meeting.objects.create(event=smec, created_at=now)
    return {
        "one_meeting_per_table_and_slot": twin(Seat, meeting=third, interpreter=None),
        "one_meeting_per_interpreter_and_slot": twin(Seat, meeting=third, table=None),
        "one_meeting_per_person_and_slot": twin(PersonSeat, seat=rows["other_seat"]),
        "one seat per meeting": twin(Seat, slot=smec.slots.get(position=2)),
        "one_live_request_per_pair": twin(MeetingRequest, sender=wentao, recipient=anna, state="sent"),
        "nobody_asks_themselves": twin(MeetingRequest, recipient=anna, state="declined"),
        "a_person_is_once_in_a_meeting": twin(MeetingParty),
        "a_meeting_is_once_in_a_draft": twin(DraftMeeting),
        "a_point_is_once_on_its_curve": twin(CurvePoint),
        "one check per event": twin(PlanCheck),
        "one recovery per event": twin(Recovery),
        "a_meeting_has_positive_priority": twin(Meeting, request=None, priority=0),
        "one meeting per request": lambda: Meeting.objects.create(
            event=smec, request=rows["meeting"].request, created_at=now
        ),
        "one_publication_per_event_and_number": twin(Publication),
        "one_draft_per_event_and_number": twin(PlanRun, state="failed"),
        "one_planning_run_at_a_time": twin(PlanRun, number=2, state="waiting"),
        "one_change_per_publication_and_meeting": twin(SeatChange),
        "a_calendar_belongs_to_one_person": twin(CalendarAddress, token="t", participation=None),
        "a_person_takes_part_once_per_event": twin(Participation),
        "an_interpreter_is_named_once_per_event": twin(Interpreter),
        "an_absence_ends_after_it_starts": lambda: InterpreterUnavailability.objects.create(
            interpreter=Interpreter.objects.latest("id"), starts_at=now, ends_at=now
        ),
        "an_organiser_is_named_once_per_event": twin(Organiser),
        "a_partner_is_recommended_once": twin(Recommendation),
        "nobody_is_recommended_to_themselves": twin(Recommendation, partner=anna),
        "one_verdict_per_partner": twin(Verdict),
        "one_table_per_hall_and_number": twin(Table, name="other"),
        "one_table_per_hall_and_name": twin(Table, number=99),
        "one_booth_per_hall_and_name": twin(Booth),
        "one_hall_per_position": twin(Hall),
        "two_halls_are_apart_once": twin(HallsApart),
        "one_closure_per_table": twin(TableClosure),
        "one_closure_per_table_and_slot": lambda: [
            TableClosure.objects.create(table=rows["table"], slot=rows["slot"]) for _ in range(2)
        ],
        "one_block_per_event_and_beginning": twin(Block),
        "one_slot_per_event_and_beginning": twin(Slot),
        "an_event_ends_after_it_starts": twin(Event, slug="other", ends_on=now.date().replace(year=2017)),
        "one event per slug": twin(Event),
        "an_unavailability_ends_after_it_starts": twin(Unavailability, ends_at=now),
        "one_level_per_person_and_language": twin(PersonLanguage),
        "one person per address": twin(Person, user=None, email="anna@example.org"),
        "one user per address": twin(User, email="anna@example.org"),
    }


def test_the_database_refuses_what_is_taken(rows: dict[str, Any]) -> None:
    assert [name for name, write in attempts(rows).items() if not refused(name, write)] == []


def test_the_same_writes_are_taken_where_they_break_nothing(rows: dict[str, Any]) -> None:
    """Else the test above would prove nothing: a free table, interpreter, slot or pair is not refused."""
    smec, now = rows["smec"], rows["now"]
    third = Meeting.objects.create(event=smec, created_at=now)
    free = {
        "another slot": twin(Seat, meeting=third, slot=smec.slots.get(position=3)),
        "a closed request": twin(MeetingRequest, state="expired"),
        "another pair": twin(MeetingRequest, recipient=rows["aino"], state="sent"),
        "a finished run": twin(PlanRun, number=2, state="finished"),
        "another person in the slot": twin(PersonSeat, participation=rows["wentao"]),
    }
    assert [name for name, write in free.items() if refused(name, write)] == []


def test_every_constraint_of_our_tables_is_tried(rows: dict[str, Any]) -> None:
    ours = ("events", "matching", "meetings")
    named = {
        constraint.name
        for model in (Event, Meeting)
        for other in model._meta.apps.get_models()
        if other._meta.app_label in ours
        for constraint in other._meta.constraints
    }
    assert named - set(attempts(rows)) == set()
