"""Publish a draft: compare it with what people know, write the seats, remember the changes, queue the mails."""

from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kontor.accounts.models import User
from kontor.accounts.services import issue_missing_codes
from kontor.audit.services import record, record_disclosure
from kontor.errors import DomainError
from kontor.events.models import Event, Hall, Interpreter, Participation, Slot, Table
from kontor.jobs.outbox import release_mails
from kontor.meetings.emails.publication import group_of, queue_publication_mails
from kontor.meetings.models import Meeting, MeetingParty, PersonSeat, PlanRun, Publication, Seat, SeatChange
from kontor.meetings.planner import build_instance, violations_of
from kontor.meetings.queries.changes import compare_with_published
from kontor.meetings.services.plan import NoDraft, Place


class AlreadyPublished(DomainError):
    """Somebody else published in the meantime."""

    sentence = _("Another plan was published in the meantime. Compare your draft with it before you publish.")


class PlanOutdated(DomainError):
    """The event changed after the draft was made, so that the draft breaks rules now."""

    sentence = ngettext_lazy(
        "The event has changed since this draft was made, and %(count)s meeting no longer fits. Start a new run from it.",
        "The event has changed since this draft was made, and %(count)s meetings no longer fit. Start a new run from it.",
        "count",
    )


class NothingChanged(DomainError):
    """The draft is what people know already."""

    sentence = _("This draft changes nothing for anybody: it is the published plan already.")


def publish_plan(
    run: PlanRun,
    *,
    after_number: int,
    by: User | None,
    at: datetime,
    tolerated: frozenset[str] = frozenset(),
) -> Publication:
    """Make a draft the plan that people are told of; their mails wait in the outbox until they are released.

    `after_number` is the publication the organiser looked at (0: none). Of two who publish at once, one is refused.
    `tolerated`: what the published plan breaks already, in the checker's words, and a quick change need not mend.
    Raises NoDraft, AlreadyPublished, NothingChanged, PlanOutdated.
    """
    if not run.has_draft:
        raise NoDraft
    try:
        with transaction.atomic():
            return _publish(run, after_number=after_number, by=by, at=at, tolerated=tolerated)
    except IntegrityError as error:
        if Publication.objects.filter(event=run.event, number__gt=after_number).exists():
            raise AlreadyPublished from error
        raise


@transaction.atomic
def send_mails(publication: Publication, *, by: User, at: datetime) -> int:
    """Release the mails of a publication; remembers whose names they hand out. Returns how many go now."""
    count = release_mails(group_of(publication), by=by, at=at)
    if count:
        told_of = Participation.objects.filter(
            meeting_parties__meeting__seat_changes__publication=publication
        ).distinct()
        record_disclosure(
            by=by,
            how="mailed",
            fields=["name", "organisation", "meetings"],
            num_people=told_of.count(),
            at=at,
            subject=publication,
            event=publication.event.public_id,
        )
    return count


def _publish(
    run: PlanRun, *, after_number: int, by: User | None, at: datetime, tolerated: frozenset[str]
) -> Publication:
    event = Event.objects.select_for_update().get(pk=run.event_id)
    last = event.publications.aggregate(last=models.Max("number"))["last"] or 0
    if last != after_number:
        raise AlreadyPublished
    run = PlanRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if last and compare_with_published(run).is_empty:
        raise NothingChanged
    meetings = {meeting.public_id: meeting for meeting in event.meetings.agreed()}
    places = {
        meeting: place
        for meeting, place in run.plan["meetings"].items()
        if place is not None and meeting in meetings
    }
    current = build_instance(event, at=at, may_move_published=True)
    if broken := [one for one in violations_of(current, places) if one.message not in tolerated]:
        raise PlanOutdated(
            count=len({meeting for violation in broken for meeting in violation.meetings}) or len(broken)
        )
    publication = Publication.objects.create(
        event=event,
        number=last + 1,
        run=run,
        num_edits=run.num_edits,
        published_by=by,
        published_at=at,
        measures=run.plan["measures"],
    )
    changes = _write_seats(event, publication, meetings, places)
    # who has no address gets a code on the printed schedule
    issue_missing_codes(
        User.objects.filter(email=None, person__participations__seats__slot__event=event).distinct()
    )
    record(
        "plan_published",
        by=by,
        subject=publication,
        at=at,
        event=event.public_id,
        data={"number": publication.number, "changes": len(changes)},
    )
    queue_publication_mails(publication)
    return publication


def _write_seats(
    event: Event, publication: Publication, meetings: dict[str, Meeting], places: dict[str, Place]
) -> list[SeatChange]:
    """Delete the old seats, insert the new ones, remember what changed."""
    old = {seat.meeting_id: seat for seat in Seat.objects.filter(meeting__event=event)}
    slots = {slot.position: slot for slot in Slot.objects.filter(event=event)}
    halls = {hall.public_id: hall for hall in Hall.objects.filter(event=event)}
    tables = {(table.hall_id, table.number): table for table in Table.objects.filter(hall__event=event)}
    interpreters = {one.public_id: one for one in Interpreter.objects.filter(event=event)}
    seats = []
    for public_id, place in places.items():
        hall = halls[place["hall"]]
        seats.append(
            Seat(
                meeting=meetings[public_id],
                slot=slots[place["slot"]],
                hall=hall,
                table=tables[hall.pk, place["table"]] if place["table"] is not None else None,
                interpreter=interpreters[place["interpreter"]] if place["interpreter"] is not None else None,
            )
        )
    changes = []
    placed = set()
    for seat in seats:
        before = old.get(seat.meeting_id)
        placed.add(seat.meeting_id)
        if before is None:
            changes.append(
                SeatChange(publication=publication, meeting=seat.meeting, kind=SeatChange.Kind.NEW)
            )
        elif _seat_key(before) != _seat_key(seat):
            changes.append(_changed(publication, before, seat.meeting, SeatChange.Kind.MOVED))
    removed = {pk: seat for pk, seat in old.items() if pk not in placed}
    gone = {meeting.pk: meeting for meeting in Meeting.objects.filter(pk__in=removed)}
    changes += [
        _changed(publication, seat, gone[pk], SeatChange.Kind.REMOVED) for pk, seat in removed.items()
    ]
    Seat.objects.filter(meeting__event=event).delete()
    Seat.objects.bulk_create(seats)
    people: dict[int, list[int]] = {}
    for meeting_id, participation_id in MeetingParty.objects.filter(meeting__event=event).values_list(
        "meeting", "participation"
    ):
        people.setdefault(meeting_id, []).append(participation_id)
    PersonSeat.objects.bulk_create(
        PersonSeat(seat=seat, participation_id=participation_id, slot=seat.slot)
        for seat in seats
        for participation_id in people[seat.meeting_id]
    )
    SeatChange.objects.bulk_create(changes)
    Meeting.objects.filter(
        pk__in=[change.meeting_id for change in changes if change.kind != SeatChange.Kind.NEW]
    ).update(sequence=models.F("sequence") + 1)
    return changes


def _seat_key(seat: Seat) -> tuple[int | None, ...]:
    return seat.slot_id, seat.hall_id, seat.table_id, seat.interpreter_id


def _changed(publication: Publication, before: Seat, meeting: Meeting, kind: SeatChange.Kind) -> SeatChange:
    return SeatChange(
        publication=publication,
        meeting=meeting,
        kind=kind,
        old_slot_id=before.slot_id,
        old_hall_id=before.hall_id,
        old_table_id=before.table_id,
        old_interpreter_id=before.interpreter_id,
    )
