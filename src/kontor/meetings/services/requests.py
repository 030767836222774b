"""Requests to meet: ask, accept, decline, withdraw, expire; the organiser may act for anybody."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.models import Person
from kontor.directory.names import display
from kontor.errors import DomainError
from kontor.events.models import Event, Interpreter, Participation
from kontor.events.permissions import can_organise
from kontor.i18n import content_language
from kontor.jobs.outbox import NewMail, queue_mail
from kontor.meetings.languages import common_language, interpreted_pair
from kontor.meetings.models import (
    Meeting,
    MeetingParty,
    MeetingRequest,
    Publication,
    Seat,
    SeatChange,
)


class NotOpenForRequests(DomainError):
    """Requests are sent only in the announced window (R8)."""

    sentence = gettext_lazy(
        "Requests cannot be sent at the moment. The organiser announces when they open and close."
    )


class SamePartner(DomainError):
    """One does not meet oneself or a colleague (R13)."""

    sentence = gettext_lazy("You cannot ask yourself or a colleague of your own organisation for a meeting.")


class NotTakingPart(DomainError):
    """One of the two has cancelled or belongs to another event."""

    sentence = gettext_lazy("This person does not take part in this event any more.")


class GuestOfHonour(DomainError):
    """Guests of honour are asked through the organiser (R10)."""

    sentence = gettext_lazy(
        "Guests of honour are not asked directly. Please tell the organiser that you would like to meet."
    )


class AlreadyAsked(DomainError):
    """The two have a request that waits, or a meeting."""

    sentence = gettext_lazy("There already is a request or a meeting between the two of you.")


class TooManyOpenRequests(DomainError):
    """More requests than one person may have open (R10)."""

    sentence = gettext_lazy(
        "You have %(count)s requests that wait for an answer. Withdraw one, or wait for an answer, before you ask again."
    )


class AlreadyAnswered(DomainError):
    """The request does not wait any more."""

    sentence = gettext_lazy("This request has been answered, withdrawn or has expired in the meantime.")


class NotYours(DomainError):
    """Only the recipient (or the organiser) answers, only the sender (or the organiser) withdraws."""

    sentence = gettext_lazy(
        "Only the person who was asked can answer, and only the person who asked can withdraw."
    )


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
    if recipient.event_id != event.pk or not _all_come(people):
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
    _tell(request, recipient, kind="asked", by=by)
    return request


def _lock_people(people: Iterable[Participation]) -> list[Participation]:
    """The rows as they are now, locked in one order, so that two who ask each other never wait for each other."""
    ids = [one.pk for one in people]
    return list(Participation.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _all_come(people: Iterable[Participation]) -> bool:
    return all(one.state == Participation.State.CONFIRMED for one in people)


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
    if not _all_come(_lock_people([locked.sender, locked.recipient])):
        raise NotTakingPart
    _close(locked, MeetingRequest.State.ACCEPTED, by=by, at=at)
    meeting = agree_meeting(locked.event, [locked.sender, locked.recipient], request=locked, at=at)
    record("meeting_request_accepted", by=by, subject=locked, at=at, event=locked.event.public_id)
    _tell(locked, locked.sender, kind="accepted", by=by)
    return meeting


def agree_meeting(
    event: Event,
    people: list[Participation],
    *,
    request: MeetingRequest | None,
    priority: float = 1.0,
    at: datetime,
) -> Meeting:
    """Write an agreed meeting; languages decide about the interpreter, a booth of one side about the place."""
    levels = [{spoken.code: spoken.level for spoken in one.person.languages.all()} for one in people]
    language = common_language(levels)
    booth = next((one.booth for one in reversed(people) if one.booth_id), None)
    meeting = Meeting.objects.create(
        event=event,
        request=request,
        priority=priority,
        language=language,
        pair="" if language else interpreted_pair(levels[0], levels[1]),
        booth=booth,
        created_at=at,
        is_sample=all(one.is_sample for one in people),
    )
    MeetingParty.objects.bulk_create(
        MeetingParty(meeting=meeting, participation=one, side=min(side, 1)) for side, one in enumerate(people)
    )
    return meeting


@transaction.atomic
def decline_request(request: MeetingRequest, *, reason: str, by: User, at: datetime) -> None:
    """Decline kindly; the sender reads a softened sentence (R7). Raises NotYours, AlreadyAnswered."""
    locked = _lock(request, by=by, at=at, side="recipient")
    locked.decline_reason = MeetingRequest.DeclineReason(reason)
    _close(locked, MeetingRequest.State.DECLINED, by=by, at=at)
    record("meeting_request_declined", by=by, subject=locked, at=at, event=locked.event.public_id)
    _tell(locked, locked.sender, kind="declined", by=by)


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
    # by the clock: the job that closes expired requests may not have run yet
    if locked.state != MeetingRequest.State.SENT or locked.expires_at <= at:
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


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """Call a meeting off: its seat is freed at once, both sides and the interpreter are told."""
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("event").get(pk=meeting.pk)
    if locked.state == Meeting.State.CANCELLED:
        return
    locked.state, locked.cancelled_at, locked.sequence = Meeting.State.CANCELLED, at, locked.sequence + 1
    locked.save(update_fields=("state", "cancelled_at", "sequence"))
    interpreter = _free_seat(locked)
    record("meeting_cancelled", by=by, subject=locked, at=at, event=locked.event.public_id)
    parties = locked.parties.select_related("participation__person__user", "participation__organisation")
    sides = [party.participation for party in parties]
    for person in [*(one.person for one in sides), *([interpreter.person] if interpreter else [])]:
        if by is None or person.user_id != by.pk:
            _tell_cancelled(locked, person, [one for one in sides if one.person_id != person.pk])


def _free_seat(meeting: Meeting) -> Interpreter | None:
    """Give the place back, and remember it for days and calendars; returns the interpreter who had it."""
    seat = Seat.objects.filter(meeting=meeting).select_related("interpreter__person__user").first()
    if seat is None:
        return None
    newest = Publication.objects.filter(event=meeting.event_id).order_by("-number").first()
    SeatChange.objects.update_or_create(
        publication=newest,
        meeting=meeting,
        defaults={
            "kind": SeatChange.Kind.REMOVED,
            "old_slot": seat.slot,
            "old_hall": seat.hall,
            "old_table": seat.table,
            "old_interpreter": seat.interpreter,
        },
    )
    seat.delete()
    return seat.interpreter


def cancel_meetings_of(participation: Participation, *, at: datetime) -> int:
    """R19: when somebody cancels, their requests are withdrawn and their meetings called off; safe to run twice."""
    if participation.state != Participation.State.CANCELLED:
        return 0
    with transaction.atomic():
        MeetingRequest.objects.filter(Q(sender=participation) | Q(recipient=participation)).open().update(
            state=MeetingRequest.State.WITHDRAWN, answered_at=at
        )
        meetings = list(Meeting.objects.agreed().filter(parties__participation=participation))
        for meeting in meetings:
            cancel_meeting(meeting, by=participation.person.user, at=at)
    return len(meetings)


def _tell(request: MeetingRequest, whom: Participation, *, kind: str, by: User) -> None:
    """Queue a mail to one side in their language; people without an address read it on their page."""
    user = whom.person.user
    if user is None or not user.email or user.pk == by.pk:
        return
    other = request.sender if whom.pk == request.recipient_id else request.recipient
    with translation.override(user.language):
        facts = {
            "name": display(other.person.name, content_language(user.language)),
            "organisation": other.organisation.name.for_reader(user.language).text,
            "event": request.event.name.for_reader(user.language).text,
            "reason": request.reason,
            "link": settings.ORIGIN + reverse("meetings:request-list", args=[request.event.slug]),
        }
        if kind == "asked":
            subject = _("%(name)s (%(organisation)s) would like to meet you") % facts
            body = (
                _(
                    "%(name)s (%(organisation)s) would like to meet you at %(event)s.\n\n%(reason)s\n\n"
                    "Answer here:\n%(link)s"
                )
                % facts
            )
        elif kind == "accepted":
            subject = _("%(name)s (%(organisation)s) will meet you") % facts
            body = (
                _(
                    "%(name)s (%(organisation)s) accepted your request to meet at %(event)s. "
                    "Time and table follow with the meeting plan.\n\n%(link)s"
                )
                % facts
            )
        else:
            subject = _("%(name)s (%(organisation)s) cannot meet you this time") % facts
            body = (
                _(
                    "%(name)s (%(organisation)s) cannot meet you at %(event)s this time. "
                    "Your list of matches shows other partners.\n\n%(link)s"
                )
                % facts
            )
    queue_mail(
        NewMail(
            to=user.email,
            user=user,
            subject=subject,
            body=body,
            language=user.language,
            cause=request,
            key=f"meeting-request:{request.public_id}:{kind}",
        )
    )


def _tell_cancelled(meeting: Meeting, whom: Person, others: Iterable[Participation]) -> None:
    user = whom.user
    if user is None or not user.email:
        return
    with translation.override(user.language):
        facts = {
            "others": ", ".join(one.organisation.name.for_reader(user.language).text for one in others),
            "event": meeting.event.name.for_reader(user.language).text,
            "link": settings.ORIGIN + reverse("meetings:day-show", args=[meeting.event.slug]),
        }
        subject = _("Meeting cancelled: %(others)s") % facts
        body = (
            _("Your meeting with %(others)s at %(event)s does not take place.\n\nYour day:\n%(link)s") % facts
        )
    queue_mail(
        NewMail(
            to=user.email,
            user=user,
            subject=subject,
            body=body,
            language=user.language,
            cause=meeting,
            key=f"meeting-cancelled:{meeting.public_id}:{whom.public_id}",
        )
    )


@transaction.atomic
def take_over_matches(
    event: Event, *, pairs: Iterable[tuple[Participation, Participation]], by: User, at: datetime
) -> int:
    """Agree meetings on behalf of both sides, as the organiser; pairs that ask or meet already are left alone."""
    taken = sum(agree_for_both(event, first, second, by=by, at=at) is not None for first, second in pairs)
    record("matches_taken_over", by=by, subject=event, at=at, event=event.public_id, data={"meetings": taken})
    return taken


def agree_for_both(
    event: Event,
    first: Participation,
    second: Participation,
    *,
    reason: str = "",
    priority: float = 1.0,
    by: User | None,
    at: datetime,
) -> Meeting | None:
    """An agreed meeting that the organiser writes for both sides; None for colleagues, for people who do not come, and for
    two who ask or meet each other already. The caller holds the transaction."""
    people = [first, second]
    if first.organisation_id == second.organisation_id or {one.event_id for one in people} != {event.pk}:
        return None
    if not _all_come(people):
        return None
    request = MeetingRequest(
        event=event,
        sender=first,
        recipient=second,
        reason=reason,
        reason_language=first.person.language,
        state=MeetingRequest.State.ACCEPTED,
        sent_at=at,
        expires_at=at,
        answered_at=at,
        acted_by=by,
        is_sample=first.is_sample and second.is_sample,
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        return None
    return agree_meeting(event, people, request=request, priority=priority, at=at)
