"""Planning runs (drafts are files in one row) and the published plan (seats under constraints).

The constraints stand on rows that exist only while a meeting is published: publishing deletes and inserts seats in one
transaction and never moves one in place, since a swap by UPDATE would break them.
"""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from kontor.events.models import Event, Hall, Interpreter, Participation, Slot, Table
from kontor.i18n.public_ids import new_public_id
from kontor.meetings.models.requests import Meeting

if TYPE_CHECKING:
    from kontor.accounts.models import User


class PlanRunQuerySet(models.QuerySet["PlanRun"]):
    """Drafts belong to organisers."""

    def visible_to(self, user: "User") -> Self:
        """Those of events one organises."""
        return (
            self if user.is_superuser else self.filter(event__in=Event.objects.filter(organisers__user=user))
        )

    def without_files(self) -> Self:
        """As lists and most pages need them: the files grow with the event."""
        return self.defer("instance", "plan")

    def with_publication(self) -> Self:
        """With the event's newest publication: `publication` is its number, `published_run` its run, `published_edits`
        how often that had been changed by hand then."""
        published = Publication.objects.filter(event=OuterRef("event")).order_by("-number")
        return self.annotate(
            publication=Subquery(published.values("number")[:1]),
            published_run=Subquery(published.values("run")[:1]),
            published_edits=Subquery(published.values("num_edits")[:1]),
        )


class PlanRun(models.Model):
    """One search for a plan, and its result: a draft that can be looked at, changed by hand, published."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="plan_runs")
    number = models.PositiveIntegerField()
    """counts the drafts of an event from 1"""
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    seconds = models.PositiveIntegerField(default=10)
    seed = models.PositiveIntegerField(default=0)
    may_move_published = models.BooleanField(default=False)
    """look for the best plan, even if people must be told of changes"""
    is_repair = models.BooleanField(default=False)
    """starts from the published plan after something happened, and changes as little as it can"""
    continues = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """works on it; its progress holds placed, gaps, bounds, seconds"""
    instance = models.JSONField(default=dict)
    """the problem as kontor-meetings/1; meeting ids are public ids"""
    plan = models.JSONField(default=dict)
    """the draft as kontor-plan/1; pages read `quality` and the rows of DraftMeeting instead"""
    quality = models.JSONField(default=dict)
    """the figures at the head of the board; empty while there is no draft"""
    num_edits = models.PositiveIntegerField(default=0)
    """how often the draft was changed by hand; guards against two editors"""
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PlanRunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "number"], name="one_draft_per_event_and_number"),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_planning_run_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.number} of {self.event_id}"

    @property
    def has_draft(self) -> bool:
        """Whether the run came to a plan."""
        return bool(self.quality)


class DraftMeetingQuerySet(models.QuerySet["DraftMeeting"]):
    """What drafts say of meetings belongs to organisers."""

    def visible_to(self, user: "User") -> Self:
        """Those of runs one may see."""
        return self.filter(run__in=PlanRun.objects.visible_to(user))


class DraftMeeting(models.Model):
    """What a draft says of one meeting: where it is, or why it has no place.

    The plan file of the run says the same; both are written together. Pages read these rows, so that a page costs what
    it shows and not what the event holds. Nothing scarce is kept here: that is what seats are for.
    """

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="draft_meetings")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="drafts")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, null=True, related_name="+")
    """none: the draft has no place for it"""
    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, null=True, related_name="+")
    table = models.ForeignKey(Table, on_delete=models.CASCADE, null=True, related_name="+")
    interpreter = models.ForeignKey(Interpreter, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.JSONField(default=dict)
    """without a place: rule, causes and remedy, as in the plan file"""
    num_helped = models.PositiveIntegerField(default=0)
    """how many meetings without a place its remedy would place"""

    objects = DraftMeetingQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run", "hall", "slot"], name="draft_meetings_on_the_board"),
            models.Index(fields=["run", "-num_helped"], name="draft_meetings_unplaced"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "meeting"], name="a_meeting_is_once_in_a_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} in {self.run_id}"


class Publication(models.Model):
    """A plan that people were told of. Numbers count from 1; two organisers who publish at once get one and a refusal."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="publications")
    number = models.PositiveIntegerField()
    run = models.ForeignKey(PlanRun, on_delete=models.SET_NULL, null=True, related_name="publications")
    num_edits = models.PositiveIntegerField(default=0)
    """how often the draft had been changed by hand when it was published"""
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField()
    measures = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "number"], name="one_publication_per_event_and_number"),
        ]

    def __str__(self) -> str:
        return f"plan {self.number} of {self.event_id}"


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats are as private as their meetings."""

    def visible_to(self, user: "User") -> Self:
        """Seats of meetings that this user may see."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class Seat(models.Model):
    """Where and when a published meeting takes place. A table and an interpreter serve one meeting per slot."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="seat")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="seats")
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    table = models.ForeignKey(Table, on_delete=models.PROTECT, null=True, blank=True, related_name="seats")
    interpreter = models.ForeignKey(
        Interpreter, on_delete=models.PROTECT, null=True, blank=True, related_name="seats"
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["slot", "table", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slot", "table"], name="one_meeting_per_table_and_slot"),
            models.UniqueConstraint(
                fields=["slot", "interpreter"], name="one_meeting_per_interpreter_and_slot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} in {self.slot_id}"


class PersonSeat(models.Model):
    """Somebody's place in a published meeting; a person is in one meeting per slot."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="people")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="seats")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "slot"], name="one_meeting_per_person_and_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} in {self.slot_id}"


class SeatChange(models.Model):
    """What a publication changed for one meeting; kept, so that days show "moved from" and calendars cancel."""

    class Kind(models.TextChoices):
        NEW = "new", _("new")
        MOVED = "moved", _("moved")
        REMOVED = "removed", _("removed")

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="changes")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="seat_changes")
    kind = models.CharField(max_length=8, choices=Kind)
    old_slot = models.ForeignKey(Slot, on_delete=models.CASCADE, null=True, related_name="+")
    old_hall = models.ForeignKey(Hall, on_delete=models.CASCADE, null=True, related_name="+")
    old_table = models.ForeignKey(Table, on_delete=models.CASCADE, null=True, related_name="+")
    old_interpreter = models.ForeignKey(Interpreter, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-publication", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publication", "meeting"], name="one_change_per_publication_and_meeting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind}"


class CalendarAddress(models.Model):
    """The secret address of somebody's calendar feed; a new one makes the old one useless."""

    token = models.CharField(max_length=24, unique=True, default=new_public_id)
    participation = models.OneToOneField(
        Participation, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_address"
    )
    interpreter = models.OneToOneField(
        Interpreter, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_address"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(participation__isnull=True) ^ Q(interpreter__isnull=True),
                name="a_calendar_belongs_to_one_person",
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.participation_id or self.interpreter_id}"
