"""What must hold for requests, meetings and the published plan; `kontor check` asks."""

from collections.abc import Iterator

from django.db.models import Count, F

from kontor.jobs.integrity import integrity_check
from kontor.meetings.models import Meeting, MeetingRequest, PersonSeat, PlanRun, Seat


@integrity_check("a person is in one place at a time")
def one_place_per_person() -> Iterator[str]:
    """Two seats of one participation in one slot; also a constraint of the database."""
    rows = (
        PersonSeat.objects.values("participation__public_id", "slot")
        .annotate(num=Count("id"))
        .filter(num__gt=1)
    )
    for row in rows:
        yield f"participation {row['participation__public_id']} has {row['num']} meetings in one slot"


@integrity_check("a table holds one meeting")
def one_meeting_per_table() -> Iterator[str]:
    """Two seats of one table in one slot; also a constraint of the database."""
    rows = (
        Seat.objects.filter(table__isnull=False)
        .values("table", "slot")
        .annotate(num=Count("id"))
        .filter(num__gt=1)
    )
    for row in rows:
        yield f"table {row['table']} holds {row['num']} meetings in one slot"


@integrity_check("an interpreter sits at one table")
def one_meeting_per_interpreter() -> Iterator[str]:
    """Two seats of one interpreter in one slot; also a constraint of the database."""
    rows = (
        Seat.objects.filter(interpreter__isnull=False)
        .values("interpreter__public_id", "slot")
        .annotate(num=Count("id"))
        .filter(num__gt=1)
    )
    for row in rows:
        yield f"interpreter {row['interpreter__public_id']} has {row['num']} meetings in one slot"


@integrity_check("every published seat belongs to a live meeting, with all its people")
def seats_belong_to_live_meetings() -> Iterator[str]:
    """Seats of cancelled meetings, and seats that miss somebody."""
    for meeting in Seat.objects.exclude(meeting__state=Meeting.State.AGREED).values_list(
        "meeting__public_id", flat=True
    ):
        yield f"meeting {meeting} is cancelled but has a seat"
    rows = Seat.objects.annotate(
        seated=Count("people", distinct=True), invited=Count("meeting__parties", distinct=True)
    ).exclude(seated=F("invited"))
    for meeting in rows.values_list("meeting__public_id", flat=True):
        yield f"meeting {meeting} does not seat all its people"


@integrity_check("people of a seat are seated in its slot")
def people_share_the_slot_of_their_seat() -> Iterator[str]:
    """A copy of the slot that differs from the seat's."""
    for meeting in PersonSeat.objects.exclude(slot=F("seat__slot")).values_list(
        "seat__meeting__public_id", flat=True
    ):
        yield f"meeting {meeting} seats somebody in another slot"


@integrity_check("every accepted request has its meeting")
def accepted_requests_have_meetings() -> Iterator[str]:
    """Accepted requests without a meeting."""
    rows = MeetingRequest.objects.filter(state=MeetingRequest.State.ACCEPTED, meeting=None)
    for request in rows.values_list("public_id", flat=True):
        yield f"request {request} is accepted but has no meeting"


@integrity_check("every planning run is at work, has ended, or has a job")
def runs_have_jobs() -> Iterator[str]:
    """Runs that wait for a job that is not there."""
    rows = PlanRun.objects.filter(state__in=("waiting", "running"), job=None)
    for run in rows.values_list("public_id", flat=True):
        yield f"planning run {run} waits for a job that does not exist"
