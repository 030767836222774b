"""Calling a meeting off: who may, until when, what the others read, and what stays."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.events.models import Event, Interpreter, Participation
from kontor.jobs.models import Mail
from kontor.meetings.models import Meeting, MeetingRequest, PlanRun, Seat
from kontor.meetings.services import agreements, requests
from kontor.meetings.services.publication import publish_plan

REASON = "Unser Flug fällt aus."


@pytest.fixture
def agreed(smec: Event, anna: Participation, wentao: Participation, mara: User, now: datetime) -> Meeting:
    """Anna asked, and Wentao's side accepted."""
    asked = requests.ask_for_meeting(anna, recipient=wentao, reason="", by=mara, at=now)
    return requests.accept_request(asked, by=mara, at=now)


@pytest.fixture
def planned(
    agreed: Meeting,
    two_meetings: tuple[Meeting, Meeting],
    lin: Interpreter,
    smec: Event,
    mara: User,
    now: datetime,
    searched: Callable[..., PlanRun],
) -> Meeting:
    """Anna meets Wentao through Lin in the published plan, and there are two more meetings."""
    publish_plan(searched(smec, by=mara, at=now), after_number=0, by=mara, at=now)
    Mail.objects.all().delete()
    agreed.refresh_from_db()
    return agreed


def address(meeting: Meeting) -> str:
    return f"/en/events/smec-2018/meetings/{meeting.public_id}/cancel/"


def test_one_of_the_two_calls_off_and_the_rest_of_the_plan_stays(
    planned: Meeting, anna: Participation, now: datetime, browse: Callable[..., Client]
) -> None:
    before = {pk: slot for pk, slot in Seat.objects.values_list("meeting", "slot") if pk != planned.pk}
    client = browse(anna.person.user)
    assert "Everybody concerned is told by mail" in client.get(address(planned)).content.decode()
    answer = client.post(address(planned), {"reason": REASON})
    assert answer.headers["Location"] == "/en/events/smec-2018/requests/"
    planned.refresh_from_db()
    assert (planned.state, planned.cancelled_by, planned.cancel_reason, planned.cancel_reason_language) == (
        "cancelled",
        anna.person.user,
        REASON,
        "de",
    )
    assert dict(Seat.objects.values_list("meeting", "slot")) == before
    # Anna pressed the button, Wentao has no address, Lin was to interpret
    mail = Mail.objects.get()
    assert (mail.recipient, mail.language) == ("lin@example.org", "zh-hans")
    assert mail.subject == "洽谈取消：Elbtal Reinraumtechnik GmbH、济南泉芯半导体有限公司"
    assert REASON in mail.body


def test_the_organiser_calls_off_and_both_sides_hear_of_it_in_their_language(
    agreed: Meeting, anna: Participation, aino: Participation, mara: User, now: datetime
) -> None:
    agreements.cancel_meeting(agreed, by=mara, at=now, reason="The hall is closed.")
    mail = Mail.objects.latest("id")
    assert (mail.recipient, mail.language) == ("anna@example.org", "de")
    assert "Als Grund wurde genannt: The hall is closed." in mail.body


def test_after_calling_off_the_two_may_ask_each_other_again(
    agreed: Meeting, anna: Participation, wentao: Participation, mara: User, now: datetime
) -> None:
    agreements.cancel_meeting(agreed, by=mara, at=now)
    again = requests.ask_for_meeting(wentao, recipient=anna, reason="", by=mara, at=now)
    assert list(MeetingRequest.objects.order_by("id").values_list("state", flat=True)) == [
        "cancelled",
        "sent",
    ]
    assert again.state == "sent"


def test_nobody_else_calls_a_meeting_off(
    planned: Meeting,
    aino: Participation,
    lin: Interpreter,
    ines: User,
    now: datetime,
    browse: Callable[..., Client],
) -> None:
    for user in (aino.person.user, lin.person.user, ines):
        client = browse(user)
        assert (client.get(address(planned)).status_code, client.post(address(planned)).status_code) == (
            404,
            404,
        )
        with pytest.raises(agreements.NotYourMeeting):
            agreements.cancel_meeting(planned, by=user, at=now)
    planned.refresh_from_db()
    assert planned.state == "agreed"


def test_what_has_begun_is_not_called_off_any_more(
    planned: Meeting, mara: User, wentao: Participation, now: datetime
) -> None:
    begins = planned.seat.slot.starts_at
    with pytest.raises(agreements.MeetingHasBegun):
        agreements.cancel_meeting(planned, by=mara, at=begins)
    wentao.state = Participation.State.CANCELLED
    wentao.save()
    others = Meeting.objects.agreed().filter(parties__participation=wentao, seat__slot__starts_at__gt=begins)
    num_later = others.count()
    assert agreements.cancel_meetings_of(wentao, at=begins) == num_later
    planned.refresh_from_db()
    assert planned.state == "agreed"


def test_the_page_of_a_meeting_that_was_called_off_offers_nothing(
    agreed: Meeting, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    agreements.cancel_meeting(agreed, by=mara, at=now, reason="No time.")
    page = browse(mara).get(address(agreed)).content.decode()
    assert "This meeting has been called off." in page
    assert "No time." in page
    assert 'name="reason"' not in page


@pytest.mark.parametrize("who", ["anna", "mara"])
def test_the_list_of_requests_leads_to_calling_off(
    who: str, agreed: Meeting, anna: Participation, mara: User, browse: Callable[..., Client]
) -> None:
    page = browse(mara if who == "mara" else anna.person.user).get("/en/events/smec-2018/requests/")
    assert address(agreed) in page.content.decode()
