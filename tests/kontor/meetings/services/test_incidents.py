"""Something happened: it is written down, the meetings it concerns are shown, and the plan is repaired with few changes."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.events.models import Event, Interpreter, Participation, TableClosure
from kontor.jobs.runner import run_waiting_jobs
from kontor.meetings.models import Meeting, PlanRun, Publication
from kontor.meetings.planner import build_instance
from kontor.meetings.queries.changes import compare_with_published
from kontor.meetings.queries.incidents import stranded_meetings
from kontor.meetings.services import plan
from kontor.meetings.services.incidents import report_incident
from kontor.meetings.services.publication import publish_plan

PAGE = "/en/events/smec-2018/plan/incidents/"


@pytest.fixture
def published(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> Publication:
    """Both meetings have a place that people know."""
    return publish_plan(searched(smec, by=mara, at=now), after_number=0, by=mara, at=now)


def seat_of(meeting: Meeting) -> tuple[int, str | None]:
    """Position of the slot, and name of the table."""
    meeting = Meeting.objects.select_related("seat__slot", "seat__table").get(pk=meeting.pk)
    return meeting.seat.slot.position, meeting.seat.table.name if meeting.seat.table else None


def repaired(event: Event, *, by: User, at: datetime) -> PlanRun:
    run = plan.start_run(event, seconds=10, is_repair=True, by=by, at=at)
    run_waiting_jobs()
    run.refresh_from_db()
    return run


def test_a_closed_table_moves_its_meeting_and_no_other(
    published: Publication,
    two_meetings: tuple[Meeting, Meeting],
    smec: Event,
    mara: User,
    now: datetime,
) -> None:
    position, name = seat_of(two_meetings[0])
    slot = smec.slots.get(position=position)
    table = smec.halls.get().tables.get(name=name)
    for _ in range(2):
        report_incident(smec, table, first=slot, last=slot, by=mara, at=now)
    assert TableClosure.objects.count() == 1
    (stranded,), total = stranded_meetings(smec, after=now, size=10)
    assert (stranded.public_id, stranded.lost, total) == (two_meetings[0].public_id, "table", 1)
    run = repaired(smec, by=mara, at=now)
    assert (run.state, run.is_repair) == (PlanRun.State.FINISHED, True)
    difference = compare_with_published(run)
    assert (difference.new, difference.moved, difference.removed) == (0, 1, 0)
    publish_plan(run, after_number=1, by=mara, at=now)
    assert stranded_meetings(smec, after=now, size=10) == ([], 0)


def test_who_comes_later_is_met_later(
    published: Publication,
    two_meetings: tuple[Meeting, Meeting],
    smec: Event,
    aino: Participation,
    mara: User,
    now: datetime,
) -> None:
    first, other = smec.slots.get(position=0), smec.slots.get(position=3)
    report_incident(smec, aino, first=first, last=other, by=mara, at=now)
    num_stranded = int(seat_of(two_meetings[1])[0] <= 3)
    assert stranded_meetings(smec, after=now, size=10)[1] == num_stranded
    run = repaired(smec, by=mara, at=now)
    assert run.plan["meetings"][two_meetings[1].public_id]["slot"] > 3
    assert run.plan["measures"]["changes"] == num_stranded


def test_a_lock_does_not_hold_a_meeting_whose_interpreter_is_missing(
    published: Publication,
    two_meetings: tuple[Meeting, Meeting],
    smec: Event,
    lin: Interpreter,
    mara: User,
    now: datetime,
) -> None:
    run = PlanRun.objects.get()
    for meeting in two_meetings:
        plan.set_lock(run, meeting, is_locked=True, by=mara, at=now)
    assert set(build_instance(smec, at=now)["locked"]) == {one.public_id for one in two_meetings}
    report_incident(
        smec, lin, first=smec.slots.earliest("position"), last=smec.slots.latest("position"), by=mara, at=now
    )
    assert build_instance(smec, at=now)["locked"] == [two_meetings[1].public_id]
    (stranded,), _total = stranded_meetings(smec, after=now, size=10)
    assert (stranded.public_id, stranded.lost) == (two_meetings[0].public_id, "interpreter")
    repair = repaired(smec, by=mara, at=now)
    assert set(repair.plan["unplaced"]) == {two_meetings[0].public_id}


def test_without_a_published_plan_there_is_nothing_to_repair(
    smec: Event, mara: User, two_meetings: tuple[Meeting, Meeting], now: datetime
) -> None:
    with pytest.raises(plan.NothingPublished):
        plan.start_run(smec, seconds=10, is_repair=True, by=mara, at=now)
    assert PlanRun.objects.count() == 0


def test_the_page_leads_from_what_happened_to_the_repair(
    published: Publication,
    two_meetings: tuple[Meeting, Meeting],
    smec: Event,
    anna: Participation,
    mara: User,
    browse: Callable[..., Client],
) -> None:
    client = browse(mara)
    assert "all published meetings can take place" in client.get(PAGE).content.decode()
    found = client.get(PAGE, {"q": "Elbtal"}).content.decode()
    assert f"person:{anna.public_id}" in found
    wrong = client.post(PAGE, {"thing": f"person:{anna.public_id}", "first": "5", "last": "0"})
    assert "The last time slot must not lie before the first." in wrong.content.decode()
    nobody = client.post(PAGE, {"thing": "", "first": "0", "last": "5"})
    assert "Please choose who or what is missing." in nobody.content.decode()
    answer = client.post(PAGE, {"thing": f"person:{anna.public_id}", "first": "0", "last": "5"}, follow=True)
    page = answer.content.decode()
    assert "2 published meetings cannot take place as planned." in page
    assert "one of the people is not there" in page
    started = client.post("/en/events/smec-2018/plan/repair/")
    assert started.headers["Location"] == "/en/events/smec-2018/plan/"
    assert PlanRun.objects.latest("id").is_repair
