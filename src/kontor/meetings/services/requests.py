"""Requests to meet: ask, accept, decline, withdraw, expire; the organiser may act for anybody."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.events.models import Event, Participation
from kontor.events.permissions import can_organise
from kontor.i18n import content_language
from kontor.meetings.emails.requests import tell_of_request
from kontor.meetings.models import Meeting, MeetingRequest
from kontor.meetings.services.agreements import agree_meeting, all_come


class NotOpenForRequests(DomainError):
    """Requests are sent only in the announced window (R8)."""

    sentence = _("Requests cannot be sent at the moment. The organiser announces when they open and close.")


class SamePartner(DomainError):
    """One does not meet oneself or a colleague (R13)."""

    sentence = _("You cannot ask yourself or a colleague of your own organisation for a meeting.")


class NotTakingPart(DomainError):
    """One of the two has cancelled or belongs to another event."""

    sentence = _("This person does not take part in this event any more.")


class GuestOfHonour(DomainError):
    """Guests of honour are asked through the organiser (R10)."""

    sentence = _(
        "Guests of honour are not asked directly. Please tell the organiser that you would like to meet."
    )


class AlreadyAsked(DomainError):
    """The two have a request that waits, or a meeting."""

    sentence = _("There already is a request or a meeting between the two of you.")


class TooManyOpenRequests(DomainError):
    """More requests than one person may have open (R10)."""

    sentence = ngettext_lazy(
        "You have %(count)s request that waits for an answer. Withdraw it, or wait for the answer, before you ask again.",
        "You have %(count)s requests that wait for an answer. Withdraw one, or wait for an answer, before you ask again.",
        "count",
    )


class AlreadyAnswered(DomainError):
    """The request does not wait any more."""

    sentence = _("This request has been answered, withdrawn or has expired in the meantime.")


class NotYours(DomainError):
    """Only the recipient (or the organiser) answers, only the sender (or the organiser) withdraws."""

    sentence = _("Only the person who was asked can answer, and only the person who asked can withdraw.")


def open_for_requests(event: Event, at: datetime) -> bool:
    """Whether participants may send requests now."""
    opens, closes = event.requests_open_at, event.requests_close_at
    return opens is not None and opens <= at and (closes is None or at < closes)


@transaction.atomic
def ask_for_meeting(
    sender: Participation, *, recipient: Participation, reason: str, by: User, at: datetime
) -> MeetingRequest:
    """Ask somebody to meet. Organisers may ask for others, also outside the window and beyond the quota.

    Raises NotYours, NotOpenForRequests, SamePartner, NotTakingPart, GuestOfHonour, AlreadyAsked, TooManyOpenRequests.
    """
    event = sender.event
    acts_as_organiser = by.pk != sender.person.user_id
    if acts_as_organiser and not can_organise(by, event):
        raise NotYours
    if not acts_as_organiser and not open_for_requests(event, at):
        raise NotOpenForRequests
    # The sender's row is also the lock under which open requests are counted.
    people = _lock_people([sender, recipient])
    if recipient.event_id != event.pk or not all_come(people):
        raise NotTakingPart
    if sender.organisation_id == recipient.organisation_id:
        raise SamePartner
    if recipient.category == Participation.Category.VIP and not acts_as_organiser:
        raise GuestOfHonour
    waiting = MeetingRequest.objects.filter(sender=sender).open().count()
    if waiting >= event.max_open_requests and not acts_as_organiser:
        raise TooManyOpenRequests(count=waiting)
    request = MeetingRequest(
        event=event,
        sender=sender,
        recipient=recipient,
        reason=reason.strip(),
        reason_language=content_language(by.language),
        sent_at=at,
        expires_at=_expiry(event, at),
        acted_by=by,
        is_sample=sender.is_sample and recipient.is_sample,
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyAsked from error
    record("meeting_requested", by=by, subject=request, at=at, event=event.public_id)
    tell_of_request(request, recipient, kind="asked", by=by)
    return request


def _lock_people(people: Iterable[Participation]) -> list[Participation]:
    """The rows as they are now, locked in one order, so that two who ask each other never wait for each other."""
    ids = [one.pk for one in people]
    return list(Participation.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _expiry(event: Event, at: datetime) -> datetime:
    """R9: after the event's hours, within a day in its last three days, half an hour while it runs."""
    begins = datetime.combine(event.starts_on, datetime.min.time(), tzinfo=event.tzinfo)
    if at >= begins:
        return at + timedelta(minutes=30)
    if at >= begins - timedelta(days=3):
        return at + timedelta(hours=min(24, event.request_expiry_h))
    return at + timedelta(hours=event.request_expiry_h)


@transaction.atomic
def accept_request(request: MeetingRequest, *, by: User, at: datetime) -> Meeting:
    """Agree to meet: the request becomes a meeting that the next plan places. Raises NotYours, AlreadyAnswered, NotTakingPart."""
    locked = _lock(request, by=by, at=at, side="recipient")
    if not all_come(_lock_people([locked.sender, locked.recipient])):
        raise NotTakingPart
    _close(locked, MeetingRequest.State.ACCEPTED, by=by, at=at)
    meeting = agree_meeting(locked.event, [locked.sender, locked.recipient], request=locked, at=at)
    record("meeting_request_accepted", by=by, subject=locked, at=at, event=locked.event.public_id)
    tell_of_request(locked, locked.sender, kind="accepted", by=by)
    return meeting


@transaction.atomic
def decline_request(request: MeetingRequest, *, reason: str, by: User, at: datetime) -> None:
    """Decline kindly; the sender reads a softened sentence (R7). Raises NotYours, AlreadyAnswered."""
    locked = _lock(request, by=by, at=at, side="recipient")
    locked.decline_reason = MeetingRequest.DeclineReason(reason)
    _close(locked, MeetingRequest.State.DECLINED, by=by, at=at)
    record("meeting_request_declined", by=by, subject=locked, at=at, event=locked.event.public_id)
    tell_of_request(locked, locked.sender, kind="declined", by=by)


@transaction.atomic
def withdraw_request(request: MeetingRequest, *, by: User, at: datetime) -> None:
    """Take a request back before it is answered. Raises NotYours, AlreadyAnswered."""
    locked = _lock(request, by=by, at=at, side="sender")
    _close(locked, MeetingRequest.State.WITHDRAWN, by=by, at=at)
    record("meeting_request_withdrawn", by=by, subject=locked, at=at, event=locked.event.public_id)


def _lock(request: MeetingRequest, *, by: User, at: datetime, side: str) -> MeetingRequest:
    locked = (
        MeetingRequest.objects.select_for_update(of=("self",))
        .select_related("event", "sender__person__user", "recipient__person__user")
        .get(pk=request.pk)
    )
    if getattr(locked, side).person.user_id != by.pk and not can_organise(by, locked.event):
        raise NotYours
    if locked.state_at(at) != MeetingRequest.State.SENT:
        raise AlreadyAnswered
    return locked


def _close(request: MeetingRequest, state: MeetingRequest.State, *, by: User | None, at: datetime) -> None:
    request.state, request.answered_at, request.acted_by = state, at, by
    request.save(update_fields=("state", "answered_at", "acted_by", "decline_reason"))


def expire_requests(*, at: datetime) -> int:
    """Close the requests whose time has come; by the clock, once. Returns how many."""
    with transaction.atomic():
        return MeetingRequest.objects.filter(state=MeetingRequest.State.SENT, expires_at__lte=at).update(
            state=MeetingRequest.State.EXPIRED, answered_at=at
        )
