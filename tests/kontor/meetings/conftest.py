"""Two agreed meetings, and the search for a plan, for all tests of the plan."""

from collections.abc import Callable
from datetime import datetime

import pytest

from kontor.accounts.models import User
from kontor.events.models import Event, Interpreter, Participation
from kontor.jobs.runner import run_waiting_jobs
from kontor.meetings.models import Meeting, MeetingParty, PlanRun
from kontor.meetings.services import plan


@pytest.fixture
def agree() -> Callable[..., Meeting]:
    """An agreed meeting of these people."""

    def write(event: Event, *people: Participation, at: datetime, **fields: object) -> Meeting:
        meeting = Meeting.objects.create(event=event, created_at=at, **fields)
        for side, one in enumerate(people):
            MeetingParty.objects.create(meeting=meeting, participation=one, side=min(side, 1))
        return meeting

    return write


@pytest.fixture
def two_meetings(
    smec: Event,
    anna: Participation,
    wentao: Participation,
    aino: Participation,
    lin: Interpreter,
    now: datetime,
    agree: Callable[..., Meeting],
) -> tuple[Meeting, Meeting]:
    """Anna meets Wentao through Lin, and Aino in English."""
    return (
        agree(smec, anna, wentao, at=now, pair="de-zh"),
        agree(smec, anna, aino, at=now, language="en"),
    )


@pytest.fixture
def searched() -> Callable[..., PlanRun]:
    """The draft of a search that has ended."""

    def search(event: Event, *, by: User, at: datetime, seconds: int = 20) -> PlanRun:
        run = plan.start_run(event, seconds=seconds, by=by, at=at)
        run_waiting_jobs()
        run.refresh_from_db()
        return run

    return search
