"""Agreed meetings: write one, also on behalf of both sides, and call one off."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.events.models import Event, Participation
from kontor.i18n import content_language
from kontor.meetings.emails.meetings import tell_cancelled
from kontor.meetings.languages import common_language, interpreted_pair
from kontor.meetings.models import Meeting, MeetingParty, MeetingRequest, Publication, Seat, SeatChange
from kontor.meetings.permissions import can_call_off


class NotYourMeeting(DomainError):
    """Its people and the organiser call a meeting off, nobody else."""

    sentence = _("Only the people who meet, and the organiser, can call this meeting off.")


class MeetingHasBegun(DomainError):
    """What has begun is not called off any more."""

    sentence = _("This meeting has begun already, so it cannot be called off any more.")


def all_come(people: Iterable[Participation]) -> bool:
    """Whether everybody still takes part."""
    return all(one.state == Participation.State.CONFIRMED for one in people)


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
    if not all_come(people):
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


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Call a meeting off: its seat is free at once, everybody concerned is told, and the two may ask each other again.

    All other meetings stay where they are. Calling off twice changes nothing more. Raises NotYourMeeting, MeetingHasBegun.
    """
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("event").get(pk=meeting.pk)
    if by is not None and not can_call_off(by, locked):
        raise NotYourMeeting
    if locked.state == Meeting.State.CANCELLED:
        return
    if Seat.objects.filter(meeting=locked, slot__starts_at__lte=at).exists():
        raise MeetingHasBegun
    locked.state, locked.cancelled_at, locked.sequence = Meeting.State.CANCELLED, at, locked.sequence + 1
    locked.cancelled_by, locked.cancel_reason = by, reason.strip()
    locked.cancel_reason_language = content_language(by.language) if by and locked.cancel_reason else ""
    locked.save(
        update_fields=(
            "state",
            "cancelled_at",
            "cancelled_by",
            "cancel_reason",
            "cancel_reason_language",
            "sequence",
        )
    )
    MeetingRequest.objects.filter(meeting=locked).update(state=MeetingRequest.State.CANCELLED)
    seat = _free_seat(locked)
    record("meeting_cancelled", by=by, subject=locked, at=at, event=locked.event.public_id)
    parties = locked.parties.select_related("participation__person__user", "participation__organisation")
    sides = [party.participation for party in parties]
    interpreters = [seat.interpreter.person] if seat and seat.interpreter else []
    for person in [*(one.person for one in sides), *interpreters]:
        if by is None or person.user_id != by.pk:
            tell_cancelled(locked, person, [one for one in sides if one.person_id != person.pk], seat=seat)


def _free_seat(meeting: Meeting) -> Seat | None:
    """Give the place back, and remember it for days and calendars; returns it."""
    seat = Seat.objects.filter(meeting=meeting).select_related("slot", "interpreter__person__user").first()
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
    Seat.objects.filter(pk=seat.pk).delete()
    return seat


def cancel_meetings_of(participation: Participation, *, at: datetime) -> int:
    """R19: when somebody cancels, their requests are withdrawn and their meetings called off, but for those that have
    begun; safe to run twice."""
    if participation.state != Participation.State.CANCELLED:
        return 0
    with transaction.atomic():
        MeetingRequest.objects.filter(Q(sender=participation) | Q(recipient=participation)).open().update(
            state=MeetingRequest.State.WITHDRAWN, answered_at=at
        )
        mine = Meeting.objects.agreed().filter(parties__participation=participation)
        meetings = list(mine.exclude(seat__slot__starts_at__lte=at))
        for meeting in meetings:
            cancel_meeting(meeting, by=participation.person.user, at=at)
    return len(meetings)
