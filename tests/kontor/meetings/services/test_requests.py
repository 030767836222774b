"""Asking, accepting, declining, withdrawing, expiring, and the organiser who acts for others."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.errors import DomainError
from kontor.events.models import Booth, Event, Interpreter, Participation, Slot, Table
from kontor.events.services.people import cancel_participation, restore_participation
from kontor.jobs.models import Job, Mail
from kontor.meetings.models import (
    Meeting,
    MeetingParty,
    MeetingRequest,
    PersonSeat,
    Publication,
    Seat,
    SeatChange,
)
from kontor.meetings.services import agreements, requests
from kontor.ui.formatting import NO_BREAK

AtOnce = Callable[..., list[object]]


def user_of(participation: Participation) -> User:
    user = participation.person.user
    assert user is not None
    return user


def ask(
    sender: Participation, recipient: Participation, at: datetime, *, by: User | None = None
) -> MeetingRequest:
    return requests.ask_for_meeting(
        sender, recipient=recipient, reason="Filter", by=by or user_of(sender), at=at
    )


def states() -> list[str]:
    return list(MeetingRequest.objects.order_by("id").values_list("state", flat=True))


def mails() -> list[tuple[str, str, str]]:
    """Recipient, language and what it is about."""
    rows = Mail.objects.order_by("id").values_list("recipient", "language", "key")
    kinds = {"meeting-request": -1, "meeting-cancelled": 0}
    return [(to, language, key.split(":")[kinds[key.split(":")[0]]]) for to, language, key in rows]


def acts() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("action", flat=True))


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def test_who_asks_waits_for_an_answer_and_the_other_side_gets_a_mail_in_their_language(
    wentao: Participation, anna: Participation, now: datetime
) -> None:
    request = ask(wentao, anna, now)
    assert (request.state, request.sent_at, request.expires_at) == ("sent", now, now + timedelta(hours=72))
    assert (request.sender, request.recipient, request.acted_by) == (wentao, anna, user_of(wentao))
    assert (request.reason, request.reason_language) == ("Filter", "zh")
    assert mails() == [("anna@example.org", "de", "asked")]
    assert acts() == ["meeting_requested"]


def test_people_without_an_address_are_asked_without_a_mail(
    anna: Participation, wentao: Participation, now: datetime
) -> None:
    ask(anna, wentao, now)
    assert (states(), mails()) == (["sent"], [])


@pytest.mark.parametrize(
    "when",
    [
        "2018-09-30T23:59:59+08:00",  # a second before requests open
        "2018-10-30T00:00:00+08:00",  # the moment in which they close
    ],
)
def test_nobody_asks_outside_the_announced_window(
    anna: Participation, wentao: Participation, when: str
) -> None:
    with pytest.raises(requests.NotOpenForRequests):
        ask(anna, wentao, datetime.fromisoformat(when))
    assert (states(), mails(), acts()) == ([], [], [])


@pytest.mark.parametrize("when", ["2018-10-01T00:00:00+08:00", "2018-10-29T23:59:59+08:00"])
def test_the_window_is_open_from_its_first_to_before_its_last_moment(
    anna: Participation, wentao: Participation, when: str
) -> None:
    assert ask(anna, wentao, datetime.fromisoformat(when)).state == "sent"


def test_without_an_announced_beginning_nobody_asks(
    anna: Participation, wentao: Participation, smec: Event, now: datetime
) -> None:
    smec.requests_open_at = None
    with pytest.raises(requests.NotOpenForRequests):
        ask(anna, wentao, now)


def test_the_organiser_asks_for_others_outside_the_window(
    anna: Participation, wentao: Participation, mara: User, now: datetime
) -> None:
    request = ask(anna, wentao, now + timedelta(days=30), by=mara)
    assert (request.sender, request.acted_by) == (anna, mara)


def test_nobody_asks_in_the_name_of_another_participant(
    anna: Participation, wentao: Participation, aino: Participation, now: datetime
) -> None:
    with pytest.raises(requests.NotYours):
        ask(anna, wentao, now, by=user_of(aino))
    assert states() == []


def test_nobody_asks_themselves_or_a_colleague(
    anna: Participation, jonas: Participation, now: datetime
) -> None:
    for recipient in (anna, jonas):
        with pytest.raises(requests.SamePartner):
            ask(anna, recipient, now)
    assert states() == []


def test_nobody_asks_people_who_cancelled_or_belong_to_another_event(
    anna: Participation, wentao: Participation, outsider: Participation, mara: User, now: datetime
) -> None:
    Participation.objects.filter(pk=wentao.pk).update(state="cancelled")  # `wentao` does not know it yet
    for recipient in (wentao, outsider):
        with pytest.raises(requests.NotTakingPart):
            ask(anna, recipient, now)
    with pytest.raises(requests.NotTakingPart):
        ask(wentao, anna, now)
    assert states() == []


def test_guests_of_honour_are_asked_through_the_organiser(
    anna: Participation, wentao: Participation, mara: User, now: datetime
) -> None:
    Participation.objects.filter(pk=wentao.pk).update(category="vip")
    wentao.refresh_from_db()
    with pytest.raises(requests.GuestOfHonour):
        ask(anna, wentao, now)
    assert ask(anna, wentao, now, by=mara).state == "sent"


@pytest.mark.parametrize("state", ["sent", "accepted"])
def test_two_people_have_one_live_request_whoever_asked(
    anna: Participation, wentao: Participation, now: datetime, state: str
) -> None:
    ask(anna, wentao, now)
    MeetingRequest.objects.update(state=state)
    for sender, recipient in ((anna, wentao), (wentao, anna)):
        with pytest.raises(requests.AlreadyAsked):
            ask(sender, recipient, now)
    assert states() == [state]


@pytest.mark.parametrize("state", ["declined", "withdrawn", "expired"])
def test_after_a_closed_request_one_may_ask_again(
    anna: Participation, wentao: Participation, now: datetime, state: str
) -> None:
    ask(anna, wentao, now)
    MeetingRequest.objects.update(state=state)
    ask(wentao, anna, now)
    assert states() == [state, "sent"]


def test_nobody_has_more_open_requests_than_the_event_allows(
    anna: Participation,
    wentao: Participation,
    aino: Participation,
    shy: Participation,
    mara: User,
    smec: Event,
    now: datetime,
) -> None:
    smec.max_open_requests = 2
    smec.save()
    first = ask(anna, wentao, now)
    ask(anna, aino, now)
    with pytest.raises(requests.TooManyOpenRequests) as refusal:
        ask(anna, shy, now)
    assert str(refusal.value).startswith("You have 2 requests that wait for an answer.")
    assert states() == ["sent", "sent"]
    requests.decline_request(first, reason="not_now", by=user_of(wentao), at=now)
    ask(anna, shy, now)  # an answer frees a place
    assert states() == ["declined", "sent", "sent"]
    Participation.objects.filter(pk=wentao.pk).update(organisation=wentao.organisation)
    assert ask(anna, wentao, now, by=mara).state == "sent"  # the organiser is not bound by the quota


@pytest.mark.parametrize(
    ("when", "hours"),
    [
        ("2018-10-15T10:00:00+08:00", 72),  # long before
        ("2018-10-28T23:59:59+08:00", 72),  # just before the last three days
        ("2018-10-29T00:00:00+08:00", 24),  # the last three days
        ("2018-10-29T23:00:00+08:00", 24),
    ],
)
def test_requests_expire_sooner_as_the_event_comes_nearer(
    anna: Participation, wentao: Participation, when: str, hours: int
) -> None:
    at = datetime.fromisoformat(when)
    assert ask(anna, wentao, at).expires_at == at + timedelta(hours=hours)


def test_requests_expire_within_half_an_hour_while_the_event_runs(
    anna: Participation, wentao: Participation, mara: User
) -> None:
    at = datetime.fromisoformat("2018-11-01T00:00:00+08:00")
    assert ask(anna, wentao, at, by=mara).expires_at == at + timedelta(minutes=30)


# ── answering ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def request_of_anna(anna: Participation, wentao: Participation, now: datetime) -> MeetingRequest:
    """Anna has asked Wentao for a meeting."""
    return ask(anna, wentao, now)


def test_accepting_makes_a_meeting_with_an_interpreter_where_no_language_is_common(
    request_of_anna: MeetingRequest, anna: Participation, wentao: Participation, now: datetime
) -> None:
    meeting = requests.accept_request(request_of_anna, by=user_of(wentao), at=now)
    request_of_anna.refresh_from_db()
    assert (request_of_anna.state, request_of_anna.answered_at) == ("accepted", now)
    assert (meeting.state, meeting.pair, meeting.language, meeting.booth) == ("agreed", "de-zh", "", None)
    assert list(meeting.parties.values_list("participation", "side")) == [(anna.pk, 0), (wentao.pk, 1)]
    assert mails() == [("anna@example.org", "de", "accepted")]
    assert acts()[-1] == "meeting_request_accepted"


def test_people_with_a_common_language_need_no_interpreter_and_exhibitors_stay_at_their_booth(
    anna: Participation, aino: Participation, now: datetime
) -> None:
    meeting = requests.accept_request(ask(anna, aino, now), by=user_of(aino), at=now)
    assert (meeting.language, meeting.pair) == ("en", "")
    assert meeting.booth == Booth.objects.get(name="S1")


def test_the_booth_of_whoever_was_asked_comes_first(
    anna: Participation, aino: Participation, smec: Event, now: datetime
) -> None:
    hall = smec.halls.get()
    anna.booth = Booth.objects.create(hall=hall, name="S2")
    anna.save()
    meeting = requests.accept_request(ask(anna, aino, now), by=user_of(aino), at=now)
    assert meeting.booth == aino.booth


def test_declining_is_told_kindly_and_never_with_the_reason(
    request_of_anna: MeetingRequest, wentao: Participation, now: datetime
) -> None:
    requests.decline_request(request_of_anna, reason="other_topic", by=user_of(wentao), at=now)
    request_of_anna.refresh_from_db()
    assert (request_of_anna.state, request_of_anna.decline_reason) == ("declined", "other_topic")
    assert mails() == [("anna@example.org", "de", "declined")]
    mail = Mail.objects.get()
    with translation.override("de"):
        reasons = [str(reason.label) for reason in MeetingRequest.DeclineReason]
    assert [reason for reason in reasons if reason in mail.subject + mail.body] == []
    assert "http://localhost:8000/de/events/smec-2018/matches/" in mail.body
    assert Meeting.objects.count() == 0


def test_the_mail_of_a_request_says_who_asks_why_until_when_where_to_answer_and_who_helps(
    smec: Event, anna: Participation, aino: Participation, mara: User, now: datetime
) -> None:
    ask(aino, anna, now)
    who, why, until_when, where, contact = Mail.objects.get().body.rstrip().split("\n\n")
    assert who.startswith("Aino Korhonen (Pohjola Sensors Oy) möchte bei der Veranstaltung „")
    assert why == "Filter"
    assert until_when.replace(NO_BREAK, " ") == (
        "Bitte antworten Sie bis Do., 18. Okt., 10:00 Jinan · 04:00 Berlin. Danach verfällt die Anfrage."
    )
    assert where == "Hier können Sie antworten:\nhttp://localhost:8000/de/events/smec-2018/requests/"
    assert contact == "Fragen? Schreiben Sie dem Organisationsteam: mara@example.org"


def test_an_unknown_reason_declines_nothing(
    request_of_anna: MeetingRequest, wentao: Participation, now: datetime
) -> None:
    with pytest.raises(ValueError, match="because"):
        requests.decline_request(request_of_anna, reason="because", by=user_of(wentao), at=now)
    assert states() == ["sent"]


def test_withdrawing_needs_no_mail(
    request_of_anna: MeetingRequest, anna: Participation, now: datetime
) -> None:
    requests.withdraw_request(request_of_anna, by=user_of(anna), at=now)
    assert (states(), mails()) == (["withdrawn"], [])
    assert acts()[-1] == "meeting_request_withdrawn"


ANSWERS: list[Callable[[MeetingRequest, User, datetime], object]] = [
    lambda request, by, at: requests.accept_request(request, by=by, at=at),
    lambda request, by, at: requests.decline_request(request, reason="not_now", by=by, at=at),
    lambda request, by, at: requests.withdraw_request(request, by=by, at=at),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=["accept", "decline", "withdraw"])
@pytest.mark.parametrize("state", ["accepted", "declined", "withdrawn", "expired"])
def test_a_closed_request_is_not_answered_again(
    request_of_anna: MeetingRequest,
    mara: User,
    now: datetime,
    state: str,
    answer: Callable[[MeetingRequest, User, datetime], object],
) -> None:
    MeetingRequest.objects.update(state=state)
    with pytest.raises(requests.AlreadyAnswered):
        answer(request_of_anna, mara, now)
    assert states() == [state]
    assert (Meeting.objects.count(), mails(), acts()) == (0, [], ["meeting_requested"])


@pytest.mark.parametrize("answer", ANSWERS, ids=["accept", "decline", "withdraw"])
def test_only_the_side_concerned_or_the_organiser_acts(
    request_of_anna: MeetingRequest,
    anna: Participation,
    wentao: Participation,
    aino: Participation,
    ines: User,
    mara: User,
    now: datetime,
    answer: Callable[[MeetingRequest, User, datetime], object],
) -> None:
    wrong_side = wentao if answer is ANSWERS[2] else anna
    for by in (user_of(wrong_side), user_of(aino), ines):
        with pytest.raises(requests.NotYours):
            answer(request_of_anna, by, now)
        assert states() == ["sent"]
    answer(request_of_anna, mara, now)
    request_of_anna.refresh_from_db()
    assert request_of_anna.acted_by == mara
    assert states() != ["sent"]


def test_whoever_cancelled_in_the_meantime_is_not_met(
    request_of_anna: MeetingRequest, anna: Participation, wentao: Participation, now: datetime
) -> None:
    Participation.objects.filter(pk=anna.pk).update(state="cancelled")
    with pytest.raises(requests.NotTakingPart):
        requests.accept_request(request_of_anna, by=user_of(wentao), at=now)
    assert (states(), Meeting.objects.count()) == (["sent"], 0)


# ── the clock ────────────────────────────────────────────────────────────────────────────────────


def test_requests_expire_by_the_clock_and_once(
    request_of_anna: MeetingRequest, aino: Participation, anna: Participation, now: datetime
) -> None:
    ask(anna, aino, now + timedelta(hours=1))
    due = now + timedelta(hours=72)
    assert requests.expire_requests(at=due - timedelta(seconds=1)) == 0
    assert requests.expire_requests(at=due) == 1
    assert requests.expire_requests(at=due) == 0
    assert states() == ["expired", "sent"]


@pytest.mark.parametrize("answer", ANSWERS, ids=["accept", "decline", "withdraw"])
def test_a_request_whose_time_has_come_is_not_answered_even_before_the_job_ran(
    request_of_anna: MeetingRequest,
    mara: User,
    now: datetime,
    answer: Callable[[MeetingRequest, User, datetime], object],
) -> None:
    with pytest.raises(requests.AlreadyAnswered):
        answer(request_of_anna, mara, now + timedelta(hours=72))
    assert states() == ["sent"]


def test_answered_requests_do_not_expire(
    request_of_anna: MeetingRequest, wentao: Participation, now: datetime
) -> None:
    requests.accept_request(request_of_anna, by=user_of(wentao), at=now)
    assert requests.expire_requests(at=now + timedelta(days=9)) == 0
    assert states() == ["accepted"]


# ── calling off ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def seated(
    request_of_anna: MeetingRequest, wentao: Participation, lin: Interpreter, smec: Event, now: datetime
) -> Meeting:
    """Anna and Wentao meet at table E01 in the first slot of the published plan, with Lin."""
    meeting = requests.accept_request(request_of_anna, by=user_of(wentao), at=now)
    Publication.objects.create(event=smec, number=1, published_at=now)
    seat = Seat.objects.create(
        meeting=meeting,
        slot=Slot.objects.get(event=smec, position=0),
        hall=smec.halls.get(),
        table=Table.objects.get(hall__event=smec, name="E01"),
        interpreter=lin,
    )
    PersonSeat.objects.bulk_create(
        PersonSeat(seat=seat, participation=party.participation, slot=seat.slot)
        for party in meeting.parties.select_related("participation")
    )
    Mail.objects.all().delete()
    return meeting


def test_a_meeting_called_off_frees_table_people_and_interpreter_and_tells_them(
    seated: Meeting, mara: User, lin: Interpreter, now: datetime
) -> None:
    agreements.cancel_meeting(seated, by=mara, at=now)
    seated.refresh_from_db()
    assert (seated.state, seated.cancelled_at, seated.sequence) == ("cancelled", now, 1)
    assert (Seat.objects.count(), PersonSeat.objects.count()) == (0, 0)
    change = SeatChange.objects.get()
    assert (change.kind, change.old_slot.position, change.old_table.name, change.old_interpreter) == (
        "removed",
        0,
        "E01",
        lin,
    )
    assert mails() == [
        ("anna@example.org", "de", "meeting-cancelled"),
        ("lin@example.org", "zh-hans", "meeting-cancelled"),
    ]


def test_calling_off_twice_changes_and_tells_nothing_more(seated: Meeting, mara: User, now: datetime) -> None:
    for _ in range(2):
        agreements.cancel_meeting(seated, by=mara, at=now)
    seated.refresh_from_db()
    assert (seated.sequence, SeatChange.objects.count(), len(mails())) == (1, 1, 2)


def test_a_meeting_without_a_place_is_called_off_too(
    request_of_anna: MeetingRequest, wentao: Participation, now: datetime
) -> None:
    meeting = requests.accept_request(request_of_anna, by=user_of(wentao), at=now)
    agreements.cancel_meeting(meeting, by=None, at=now)
    assert SeatChange.objects.count() == 0
    assert mails()[-1][0] == "anna@example.org"


def test_who_cancels_the_participation_is_met_by_nobody_and_the_partners_hear_of_it(
    seated: Meeting,
    anna: Participation,
    wentao: Participation,
    aino: Participation,
    mara: User,
    now: datetime,
) -> None:
    waiting = ask(aino, wentao, now)
    other = ask(aino, anna, now)
    cancel_participation(wentao, by=mara, at=now)
    job = Job.objects.get(name="meetings.after_cancellation")
    assert job.arguments == {"participation": wentao.public_id}
    assert agreements.cancel_meetings_of(wentao, at=now) == 1
    assert agreements.cancel_meetings_of(wentao, at=now) == 0
    seated.refresh_from_db()
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (seated.state, waiting.state, other.state) == ("cancelled", "withdrawn", "sent")
    assert Seat.objects.count() == 0
    assert ("anna@example.org", "de", "meeting-cancelled") in mails()


def test_who_is_brought_back_at_once_keeps_the_meetings(
    seated: Meeting, wentao: Participation, mara: User, now: datetime
) -> None:
    cancel_participation(wentao, by=mara, at=now)
    restore_participation(wentao, by=mara, at=now)
    assert agreements.cancel_meetings_of(wentao, at=now) == 0
    seated.refresh_from_db()
    assert (seated.state, Seat.objects.count()) == ("agreed", 1)


# ── the organiser agrees for both ────────────────────────────────────────────────────────────────


def test_the_organiser_agrees_meetings_once_and_only_for_partners_who_come(
    smec: Event,
    anna: Participation,
    wentao: Participation,
    aino: Participation,
    jonas: Participation,
    shy: Participation,
    outsider: Participation,
    mara: User,
    now: datetime,
) -> None:
    shy.state = Participation.State.CANCELLED
    shy.save()
    pairs = [(anna, wentao), (wentao, anna), (anna, jonas), (anna, shy), (anna, outsider), (aino, wentao)]
    assert agreements.take_over_matches(smec, pairs=pairs, by=mara, at=now) == 2
    assert agreements.take_over_matches(smec, pairs=pairs, by=mara, at=now) == 0
    met = MeetingParty.objects.order_by("meeting", "side").values_list("participation", flat=True)
    assert list(met) == [anna.pk, wentao.pk, aino.pk, wentao.pk]
    assert states() == ["accepted", "accepted"]
    assert set(MeetingRequest.objects.values_list("acted_by", flat=True)) == {mara.pk}


def test_a_request_that_waits_is_left_to_those_two(
    smec: Event,
    request_of_anna: MeetingRequest,
    anna: Participation,
    wentao: Participation,
    mara: User,
    now: datetime,
) -> None:
    assert agreements.take_over_matches(smec, pairs=[(wentao, anna)], by=mara, at=now) == 0
    assert (states(), Meeting.objects.count()) == (["sent"], 0)


# ── two at once ──────────────────────────────────────────────────────────────────────────────────


def outcomes(results: list[object]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_of_two_who_accept_at_once_one_makes_the_meeting(
    at_once: AtOnce, request_of_anna: MeetingRequest, wentao: Participation, now: datetime
) -> None:
    user = user_of(wentao)
    results = at_once(lambda: requests.accept_request(request_of_anna, by=user, at=now), times=4)
    assert outcomes(results) == ["AlreadyAnswered"] * 3 + ["Meeting"]
    assert (Meeting.objects.count(), MeetingParty.objects.count(), len(mails())) == (1, 2, 1)


def test_without_lock_and_second_look_only_the_database_refuses_the_second_meeting(
    at_once: AtOnce,
    request_of_anna: MeetingRequest,
    wentao: Participation,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The broken twin: neither lock nor a second look; the database's own constraint is what is left."""

    def look_only(request: MeetingRequest, **_: object) -> MeetingRequest:
        return MeetingRequest.objects.get(pk=request.pk)

    monkeypatch.setattr(requests, "_lock", look_only)
    monkeypatch.setattr(requests, "_lock_people", list)
    user = user_of(wentao)
    results = at_once(lambda: requests.accept_request(request_of_anna, by=user, at=now), times=4)
    assert "IntegrityError" in outcomes(results)
    assert Meeting.objects.count() == 1


def test_accepting_and_withdrawing_that_cross_have_one_outcome(
    at_once: AtOnce, anna: Participation, wentao: Participation, aino: Participation, now: datetime
) -> None:
    for _ in range(5):
        request = ask(anna, wentao, now)
        results = at_once(
            lambda request=request: requests.accept_request(request, by=user_of(wentao), at=now),
            lambda request=request: requests.withdraw_request(request, by=user_of(anna), at=now),
        )
        request.refresh_from_db()
        assert sum(isinstance(result, requests.AlreadyAnswered) for result in results) == 1
        assert (request.state == "accepted") == Meeting.objects.filter(request=request).exists()
        MeetingRequest.objects.update(state="withdrawn")


def test_two_who_ask_each_other_at_once_have_one_request(
    at_once: AtOnce, anna: Participation, wentao: Participation, now: datetime
) -> None:
    for _ in range(5):
        results = at_once(lambda: ask(anna, wentao, now), lambda: ask(wentao, anna, now))
        assert outcomes(results) == ["AlreadyAsked", "MeetingRequest"]
        MeetingRequest.objects.update(state="withdrawn")


def test_many_requests_at_once_do_not_pass_the_quota(
    at_once: AtOnce,
    anna: Participation,
    wentao: Participation,
    aino: Participation,
    shy: Participation,
    smec: Event,
    now: datetime,
) -> None:
    smec.max_open_requests = 1
    smec.save()
    anna = Participation.objects.select_related("event", "person__user").get(pk=anna.pk)
    results = at_once(
        lambda: ask(anna, wentao, now), lambda: ask(anna, aino, now), lambda: ask(anna, shy, now)
    )
    assert outcomes(results) == ["MeetingRequest", "TooManyOpenRequests", "TooManyOpenRequests"]
    assert states() == ["sent"]


def test_every_refusal_says_a_sentence_to_its_reader(
    anna: Participation, wentao: Participation, now: datetime
) -> None:
    for refusal in DomainError.__subclasses__():
        if refusal.__module__ in (requests.__name__, agreements.__name__):
            assert str(refusal(count=2)).endswith(".")
