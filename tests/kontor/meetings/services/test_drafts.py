"""A draft is its file and the rows that pages read, and both say the same."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kontor.accounts.models import User
from kontor.events.models import Event
from kontor.meetings.models import DraftMeeting, Meeting, PlanRun
from kontor.meetings.queries.board import measure_quality, quality_of
from kontor.meetings.queries.unplaced import unplaced_rows
from kontor.meetings.services import plan


def rows_as_file(run: PlanRun) -> dict[str, object]:
    """The rows of a draft in the shape of its file."""
    rows = DraftMeeting.objects.filter(run=run).values_list(
        "meeting__public_id", "slot__position", "hall__public_id", "table__number", "interpreter__public_id"
    )
    return {
        meeting: None
        if slot is None
        else {"slot": slot, "hall": hall, "table": table, "interpreter": interpreter}
        for meeting, slot, hall, table, interpreter in rows
    }


def test_the_rows_say_what_the_file_says_also_after_a_change_by_hand(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    assert rows_as_file(run) == run.plan["meetings"]
    second = two_meetings[1].public_id
    moved = plan.move_meeting(run, second, place=None, num_edits=0, by=mara, at=now)
    assert rows_as_file(moved) == moved.plan["meetings"]
    assert quality_of(moved) == measure_quality(moved.instance, moved.plan)
    assert (quality_of(moved).placed, quality_of(moved).num_unplaced) == (1, 1)
    (row,), total = unplaced_rows(moved, start=0, size=25)
    assert (row.public_id, total, row.causes) == (second, 1, moved.plan["unplaced"][second]["causes"])


def test_a_table_that_is_gone_does_not_stop_a_draft_from_being_kept(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
) -> None:
    run = searched(smec, by=mara, at=now)
    smec.halls.get().tables.all().delete()
    assert rows_as_file(run) == {}
    emptied = plan.move_meeting(run, two_meetings[1].public_id, place=None, num_edits=0, by=mara, at=now)
    assert rows_as_file(emptied) == {two_meetings[1].public_id: None}


def test_the_board_reads_no_file(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
    browse: Callable[..., Client],
) -> None:
    searched(smec, by=mara, at=now)
    client = browse(mara)
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/en/events/smec-2018/plan/").content.decode()
    assert "Elbtal" in page
    columns = [f'"meetings_planrun"."{name}"' for name in ("plan", "instance")]
    assert [one["sql"] for one in captured if any(column in one["sql"] for column in columns)] == []


def test_a_meeting_that_was_called_off_is_on_the_board_of_no_draft(
    smec: Event,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
    browse: Callable[..., Client],
) -> None:
    searched(smec, by=mara, at=now)
    Meeting.objects.filter(pk=two_meetings[1].pk).update(state=Meeting.State.CANCELLED)
    page = browse(mara).get("/en/events/smec-2018/plan/").content.decode()
    assert two_meetings[0].public_id in page
    assert two_meetings[1].public_id not in page
