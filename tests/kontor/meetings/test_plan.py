"""The meeting plan: search, stop, move and lock by hand, compare, publish, tell."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from kontor.accounts.models import User
from kontor.events.models import Event, Interpreter, Participation, TableClosure, Unavailability
from kontor.jobs.models import Job, Mail
from kontor.jobs.services import StaleLease, claim
from kontor.meetings.causes import CAUSES, REMEDIES, cause_sentence, remedy_sentence
from kontor.meetings.emails.publication import group_of
from kontor.meetings.models import Meeting, PersonSeat, PlanRun, Publication, Seat, SeatChange
from kontor.meetings.phrases import join_clauses, join_sentences
from kontor.meetings.planner import build_instance, free_places
from kontor.meetings.queries.board import quality_of
from kontor.meetings.queries.changes import Difference, compare_with_published, moved_meetings
from kontor.meetings.queries.unplaced import Names
from kontor.meetings.services import plan
from kontor.meetings.services import publication as publishing
from kontor_engines.meetings import FACT_TEXTS, REMEDY_KINDS


def test_a_run_ends_with_a_checked_plan_that_places_everything(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    assert run.state == PlanRun.State.FINISHED
    assert run.plan["measures"]["placed"] == 2
    assert run.plan["bounds"]["priority"] == 2.0
    quality = quality_of(run)
    assert (quality.placed, quality.total, quality.most, quality.num_without) == (2, 2, 2, 0)
    interpreted = run.plan["meetings"][two_meetings[0].public_id]
    assert interpreted["interpreter"] == Interpreter.objects.get().public_id


def test_the_problem_names_what_the_rows_say(
    smec: Event, anna: Participation, lin: Interpreter, two_meetings: tuple[Meeting, Meeting], now: datetime
) -> None:
    slots = list(smec.slots.order_by("position"))
    Unavailability.objects.create(
        participation=anna, starts_at=slots[0].starts_at, ends_at=slots[1].starts_at + timedelta(minutes=1)
    )
    table = smec.halls.get().tables.get(number=2)
    TableClosure.objects.create(table=table, slot=slots[3])
    two_meetings[1].booth = smec.halls.get().booths.get()
    two_meetings[1].fixed_slot = slots[4]
    two_meetings[1].save()
    instance = build_instance(smec, at=now)
    person = next(one for one in instance["people"] if one["id"] == anna.public_id)
    assert person["unavailable"] == [0, 1]
    assert instance["halls"][0]["closed"] == [{"table": 2, "slots": [3]}]
    rows = {one["id"]: one for one in instance["meetings"]}
    hall = smec.halls.get().public_id
    assert rows[two_meetings[0].public_id]["pair"] == "de-zh"
    assert {key: rows[two_meetings[1].public_id][key] for key in ("hall", "table", "slot")} == {
        "hall": hall,
        "table": False,
        "slot": 4,
    }
    assert [slot["day"] for slot in instance["slots"]] == [0, 0, 0, 1, 1, 1]
    assert instance["slots"][0]["start"] == "2018-11-01T14:00:00+08:00"
    assert "published" not in instance


def test_two_runs_of_one_event_do_not_start_together(
    smec: Event, mara: User, two_meetings: tuple[Meeting, Meeting], now: datetime
) -> None:
    plan.start_run(smec, seconds=1, by=mara, at=now)
    with pytest.raises(plan.RunInProgress):
        plan.start_run(smec, seconds=1, by=mara, at=now)
    assert PlanRun.objects.count() == 1
    with (
        pytest.raises(IntegrityError, match=r"one_planning_run_at_a_time|UNIQUE"),
        transaction.atomic(),
    ):
        PlanRun.objects.create(event=smec, number=2, created_at=now)


def test_nothing_to_plan_is_said_at_once(smec: Event, mara: User, now: datetime) -> None:
    with pytest.raises(plan.NothingToPlan):
        plan.start_run(smec, seconds=1, by=mara, at=now)


def test_a_run_that_is_stopped_before_it_began_leaves_room_for_another(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = plan.start_run(smec, seconds=1, by=mara, at=now)
    plan.stop_run(run, by=mara, at=now)
    run.refresh_from_db()
    assert run.state == PlanRun.State.STOPPED
    assert searched(smec, by=mara, at=now).number == 2


def test_a_run_whose_job_failed_is_shown_as_failed_and_can_be_repeated(
    smec: Event, mara: User, two_meetings: tuple[Meeting, Meeting], now: datetime
) -> None:
    run = plan.start_run(smec, seconds=1, by=mara, at=now)
    Job.objects.filter(pk=run.job_id).update(state=Job.State.FAILED, finished_at=now)
    plan.settle_runs(smec, at=now)
    run.refresh_from_db()
    assert run.state == PlanRun.State.FAILED
    assert plan.start_run(smec, seconds=1, by=mara, at=now).number == 2


def test_the_result_of_a_worker_that_lost_its_lease_is_refused(
    smec: Event, mara: User, two_meetings: tuple[Meeting, Meeting], now: datetime
) -> None:
    from kontor.jobs.context import JobContext

    run = plan.start_run(smec, seconds=1, by=mara, at=now)
    job = claim("slow", names=["meetings.plan_event"])
    assert job is not None
    slow = JobContext(job)
    Job.objects.filter(pk=job.pk).update(fence=job.fence + 1, worker="quick")  # another worker took it over
    with pytest.raises(StaleLease):
        plan.search_plan(PlanRun.objects.select_related("event").get(pk=run.pk), context=slow)
    run.refresh_from_db()
    assert run.plan == {}


def test_moving_by_hand_keeps_the_rules(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    first, second = (meeting.public_id for meeting in two_meetings)
    taken = run.plan["meetings"][first]
    clash = {**run.plan["meetings"][second], "slot": taken["slot"]}
    with pytest.raises(plan.RuleBroken) as refusal:
        plan.move_meeting(run, second, place=clash, num_edits=0, by=mara, at=now)
    assert "H1" in refusal.value.rules
    run.refresh_from_db()
    assert (run.num_edits, run.plan["meetings"][second]) == (0, run.plan["meetings"][second])
    places = free_places(run.instance, run.plan["meetings"], second)
    other = next(place for place in places if place["slot"] != run.plan["meetings"][second]["slot"])
    moved = plan.move_meeting(run, second, place=other, num_edits=0, by=mara, at=now)
    assert moved.plan["meetings"][second] == other
    assert moved.plan["measures"]["placed"] == 2
    with pytest.raises(plan.DraftChanged):
        plan.move_meeting(run, second, place=None, num_edits=0, by=mara, at=now)
    emptied = plan.move_meeting(run, second, place=None, num_edits=1, by=mara, at=now)
    assert emptied.plan["measures"]["placed"] == 1
    assert set(emptied.plan["unplaced"]) == {second}


def test_a_locked_meeting_stays_in_later_runs(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    second = two_meetings[1]
    other = next(
        place
        for place in free_places(run.instance, run.plan["meetings"], second.public_id)
        if place["slot"] != run.plan["meetings"][second.public_id]["slot"]
    )
    run = plan.move_meeting(run, second.public_id, place=other, num_edits=0, by=mara, at=now)
    plan.set_lock(run, second, is_locked=True, by=mara, at=now)
    again = searched(smec, by=mara, at=now)
    assert again.plan["meetings"][second.public_id]["slot"] == other["slot"]
    plan.set_lock(again, second, is_locked=False, by=mara, at=now)
    second.refresh_from_db()
    assert (second.is_locked, second.fixed_slot, second.hall) == (False, None, None)


def test_publishing_writes_seats_changes_and_held_mails(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    publication = publishing.publish_plan(run, after_number=0, by=mara, at=now)
    assert (publication.number, Seat.objects.count(), PersonSeat.objects.count()) == (1, 2, 4)
    assert set(SeatChange.objects.values_list("kind", flat=True)) == {"new"}
    mails = Mail.objects.in_group(group_of(publication))
    # Wentao has no address; Anna, Aino and the interpreter Lin have
    assert {mail.recipient for mail in mails} == {"anna@example.org", "aino@example.org", "lin@example.org"}
    assert set(mails.values_list("state", flat=True)) == {Mail.State.HELD}
    german = mails.get(recipient="anna@example.org")
    assert german.language == "de"
    assert "济南泉芯半导体有限公司" in german.body


def test_publishing_again_tells_only_what_moved(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    second = two_meetings[1]
    again = searched(smec, by=mara, at=now)
    before = again.plan["meetings"][second.public_id]
    other = next(
        place
        for place in free_places(again.instance, again.plan["meetings"], second.public_id)
        if place["slot"] != before["slot"]
    )
    again = plan.move_meeting(again, second.public_id, place=other, num_edits=0, by=mara, at=now)
    difference = compare_with_published(again)
    assert difference == Difference(new=0, moved=1, removed=0, replaced=0, num_people=2)
    (row,) = moved_meetings(again, size=10)
    assert (row.before[0], row.after[0]) == (
        smec.slots.get(position=before["slot"]).starts_at,
        smec.slots.get(position=other["slot"]).starts_at,
    )
    publication = publishing.publish_plan(again, after_number=1, by=mara, at=now)
    assert [(change.meeting_id, change.kind) for change in publication.changes.all()] == [
        (second.pk, "moved")
    ]
    second.refresh_from_db()
    assert second.sequence == 1
    told = {mail.recipient for mail in Mail.objects.in_group(group_of(publication))}
    assert told == {"anna@example.org", "aino@example.org"}


def test_of_two_organisers_who_publish_at_once_one_is_refused(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    with pytest.raises(publishing.AlreadyPublished):
        publishing.publish_plan(run, after_number=0, by=mara, at=now)
    assert Publication.objects.count() == 1


def test_a_draft_that_no_longer_fits_is_not_published(
    smec: Event,
    mara: User,
    anna: Participation,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    begins, ends = smec.slots.first().starts_at, smec.slots.last().ends_at
    Unavailability.objects.create(participation=anna, starts_at=begins, ends_at=ends)
    with pytest.raises(publishing.PlanOutdated) as refusal:
        publishing.publish_plan(run, after_number=0, by=mara, at=now)
    assert refusal.value.params == {"count": 2}
    assert (Seat.objects.count(), Publication.objects.count(), Mail.objects.count()) == (0, 0, 0)


def test_a_meeting_that_was_cancelled_after_the_draft_gets_no_seat(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    Meeting.objects.filter(pk=two_meetings[0].pk).update(state=Meeting.State.CANCELLED)
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    assert list(Seat.objects.values_list("meeting", flat=True)) == [two_meetings[1].pk]


def test_a_published_plan_is_the_start_of_the_next_run_and_its_past_is_frozen(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    publishing.publish_plan(run, after_number=0, by=mara, at=now)
    second_slot = smec.slots.order_by("position")[1]
    instance = build_instance(smec, at=second_slot.starts_at)
    assert instance["frozen_before"] == 2
    assert instance["published"] == {key: value for key, value in run.plan["meetings"].items() if value}
    again = searched(smec, by=mara, at=now)
    assert again.plan["measures"]["changes"] == 0


def test_every_cause_and_remedy_of_the_engine_has_its_sentence() -> None:
    assert set(CAUSES) == set(FACT_TEXTS)
    assert set(REMEDIES) == set(REMEDY_KINDS)


@pytest.mark.parametrize("code", sorted(CAUSES))
def test_each_cause_can_be_said(code: str) -> None:
    names = Names(
        people={"p": "Anna"},
        halls={"h": "Hall E"},
        slots=[datetime.fromisoformat("2018-11-01T14:00+08:00")] * 6,
    )
    params = {
        "person": "p", "hall": "h", "pair": "de-zh", "meetings": 3, "tables": 4, "count": 5, "limit": 2, "slot": 0,
        "meeting": "m", "slots": 2 if code == "person_full" else [0, 1],
    }  # fmt: skip
    sentence = cause_sentence({"code": code, "params": params}, names)
    assert "%" not in sentence
    assert sentence.endswith(".")


def test_a_remedy_says_how_many_meetings_it_places() -> None:
    names = Names(slots=[datetime.fromisoformat("2018-11-01T14:00+08:00")], zone="Asia/Shanghai")
    remedy = {"kind": "add_interpreter", "pair": "de-zh", "slots": [0]}
    assert remedy_sentence(remedy, 14, names) == (
        "One more interpreter for German–Chinese: Thu 1 Nov 14:00 (places 14 meetings)"
    )


def test_the_board_shows_the_draft_and_lets_nobody_else_in(
    smec: Event,
    mara: User,
    ines: User,
    anna: Participation,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    browse: Callable[..., Client],
    searched: Callable[..., PlanRun],
) -> None:
    searched(smec, by=mara, at=now)
    address = "/en/events/smec-2018/plan/"
    page = browse(mara).get(address)
    assert page.status_code == 200
    assert "Draft 1 places 2 of 2 meetings; no plan could place more than 2." in page.content.decode()
    for user in (ines, anna.person.user):
        assert browse(user).get(address).status_code == 404


def test_a_chinese_sentence_has_chinese_separators() -> None:
    slots = [datetime.fromisoformat(f"2018-11-01T{hour}:00+08:00") for hour in (14, 15)]
    names = Names(people={"p": "Anna", "q": "吕文涛"}, slots=slots, zone="Asia/Shanghai")
    with override("zh-hans"):
        said = remedy_sentence({"kind": "free_slot", "people": ["p", "q"], "slots": [0, 1]}, 1, names)
        assert ("Anna、吕文涛" in said, "14:00、15:00" in said, ", " in said) == (True, True, False)
        assert join_sentences(["甲。", "", "乙。"]) == "甲。乙。"
        assert join_clauses(["甲", "乙"]) == "甲；乙"
    assert join_sentences(["One.", "Two."], "en") == "One. Two."
