"""The overview of an event: what is done, and how far requests and plan are."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.events.models import Event, Participation
from kontor.meetings.models import MeetingRequest, PlanRun, Publication
from kontor.meetings.queries.overview import RequestCounts, request_counts

Browse = Callable[..., Client]


def state_of(client: Client, step: str) -> str:
    """What stands behind a step."""
    markup = client.get("/en/events/smec-2018/").content.decode()
    rows = re.findall(r"<tr role=\"row\">.*?</tr>", markup, flags=re.DOTALL)
    words = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    return next(row.removeprefix(f"{step} ") for row in words if row.startswith(f"{step} "))


@pytest.fixture
def run(smec: Event, now: datetime) -> PlanRun:
    """A draft that places two of three meetings."""
    return PlanRun.objects.create(
        event=smec, number=1, state="finished", quality={"placed": 2, "total": 3}, created_at=now
    )


def test_requests_are_counted_by_the_clock(
    smec: Event, anna: Participation, wentao: Participation, aino: Participation, now: datetime
) -> None:
    pairs = ((anna, wentao, "accepted"), (wentao, aino, "sent"), (aino, anna, "sent"))
    for hours, (sender, recipient, state) in enumerate(pairs):
        MeetingRequest.objects.create(
            event=smec,
            sender=sender,
            recipient=recipient,
            state=state,
            sent_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    later = now + timedelta(hours=1)
    assert request_counts(smec, now) == RequestCounts(all=3, accepted=1, waiting=2)
    assert request_counts(smec, later) == RequestCounts(all=3, accepted=1, waiting=1)


def test_an_event_that_begins_has_neither_requests_nor_a_plan(
    smec: Event, mara: User, browse: Browse, now: datetime
) -> None:
    client = browse(mara)
    assert (state_of(client, "Requests"), state_of(client, "Meeting plan")) == (
        "none yet",
        "not searched yet",
    )


def test_requests_tell_how_many_are_accepted_and_how_many_wait(
    smec: Event, anna: Participation, wentao: Participation, mara: User, browse: Browse, now: datetime
) -> None:
    MeetingRequest.objects.create(
        event=smec, sender=anna, recipient=wentao, sent_at=now, expires_at=now + timedelta(hours=1)
    )
    assert state_of(browse(mara), "Requests") == "0 of 1 accepted 1 waits for an answer"


@pytest.mark.parametrize(
    ("state", "told"),
    [("running", "Draft 1 is being searched"), ("failed", "Draft 1 came to no plan")],
)
def test_a_run_without_a_draft_says_why(
    smec: Event, mara: User, browse: Browse, now: datetime, state: str, told: str
) -> None:
    PlanRun.objects.create(event=smec, number=1, state=state, created_at=now)
    assert state_of(browse(mara), "Meeting plan") == told


@pytest.mark.parametrize(
    ("edits", "told"), [(None, "not published yet"), (0, "published"), (1, "published, changed since")]
)
def test_the_plan_tells_what_it_places_and_whether_people_know_it(
    run: PlanRun, mara: User, browse: Browse, now: datetime, edits: int | None, told: str
) -> None:
    if edits is not None:
        Publication.objects.create(event=run.event, number=1, run=run, published_at=now)
        PlanRun.objects.filter(pk=run.pk).update(num_edits=edits)
    assert state_of(browse(mara), "Meeting plan") == f"2 of 3 meetings placed {told}"


def test_a_newer_draft_says_that_people_know_an_earlier_one(
    run: PlanRun, mara: User, browse: Browse, now: datetime
) -> None:
    Publication.objects.create(event=run.event, number=1, run=run, published_at=now)
    PlanRun.objects.create(
        event=run.event, number=2, state="finished", quality={"placed": 3, "total": 3}, created_at=now
    )
    assert state_of(browse(mara), "Meeting plan") == "3 of 3 meetings placed an earlier draft is published"
