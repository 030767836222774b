"""Jobs, periodic jobs, the outbox, heartbeats of workers and the shift of the test clock."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from kontor.i18n.public_ids import new_public_id


def is_operator(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whoever runs the site: an active superuser."""
    return user.is_active and bool(getattr(user, "is_superuser", False))


def _has_lost_worker(machine_now: datetime) -> Q:
    """The lease has run out, or ends further ahead than any lease can: then a wrong clock made it."""
    too_far = machine_now + 6 * Job.LEASE
    return Q(state=Job.State.RUNNING) & (Q(lease_until__lte=machine_now) | Q(lease_until__gt=too_far))


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs; only operators see those they did not cause."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All for the operator, none for anybody else; apps show their own jobs through their own rows."""
        return self.all() if is_operator(user) else self.none()

    def unfinished(self) -> Self:
        return self.filter(state__in=Job.UNFINISHED)

    def routine(self) -> Self:
        """Periodic jobs and the sending of mail that went well: thousands a day, of no interest."""
        return self.filter(
            Q(unique_key__startswith="periodic:") | Q(unique_key="jobs.send_mails"), state=Job.State.SUCCEEDED
        )

    def with_lost_worker(self, machine_now: datetime) -> Self:
        """Running, but nobody prolongs the lease."""
        return self.filter(_has_lost_worker(machine_now))

    def claimable(self, *, names: Collection[str], site_now: datetime, machine_now: datetime) -> Self:
        """What a worker that knows these names may take now."""
        ready = Q(state=Job.State.READY, run_after__lte=site_now) & (
            Q(retry_at=None) | Q(retry_at__lte=machine_now)
        )
        lost = _has_lost_worker(machine_now) & Q(
            cancel_requested_at=None, lost_workers__lt=Job.MAX_LOST_WORKERS
        )
        return self.filter(ready | lost, name__in=names)


class Job(models.Model):
    """One piece of work, written in the transaction of its cause.

    A running job belongs to whoever holds its `fence`: the number rises with each claim, and every write of a
    worker names it, so what a worker writes after it lost the job is refused.
    """

    class State(models.TextChoices):
        READY = "ready", pgettext_lazy("job", "waiting")
        RUNNING = "running", pgettext_lazy("job", "running")
        SUCCEEDED = "succeeded", pgettext_lazy("job", "done")
        FAILED = "failed", pgettext_lazy("job", "failed")
        CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")

    UNFINISHED: ClassVar = (State.READY, State.RUNNING)
    LEASE: ClassVar = timedelta(seconds=10)
    MAX_LOST_WORKERS: ClassVar = 20
    """workers that may vanish under a job; far more than attempts, since a worker is usually killed for other reasons"""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    unique_key = models.CharField(max_length=200, null=True, blank=True)
    run_after = models.DateTimeField(help_text="time of the site")
    retry_at = models.DateTimeField(null=True, blank=True, help_text="time of the machine")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="attempts that failed by themselves")
    max_attempts = models.PositiveSmallIntegerField(default=3)
    lost_workers = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, help_text="time of the machine")
    progress = models.JSONField(default=dict)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="for the operator")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(state__in=["ready", "running"]),
                name="one_unfinished_job_per_unique_key",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="exactly_running_jobs_have_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "running"], finished_at__isnull=True)
                | (~Q(state__in=["ready", "running"]) & Q(finished_at__isnull=False)),
                name="exactly_finished_jobs_have_an_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "run_after"],
                condition=Q(state__in=["ready", "running"]),
                name="jobs_unfinished",
            ),
            models.Index(fields=["-created_at", "-id"], name="jobs_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.public_id}"

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED


class PeriodicJob(models.Model):
    """When a task is due again; whichever worker moves `next_at` on starts it."""

    name = models.CharField(max_length=100, unique=True)
    every_s = models.PositiveIntegerField()
    next_at = models.DateTimeField(help_text="time of the site")

    def __str__(self) -> str:
        return f"{self.name} every {self.every_s} s"


class MailQuerySet(models.QuerySet["Mail"]):
    """Mails; private to the operator."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All for the operator, none for anybody else; an organiser reaches a group through the app that queued it."""
        return self.all() if is_operator(user) else self.none()

    def in_group(self, group: str) -> Self:
        """The mails that were queued together, in the order of queueing."""
        return self.filter(group=group).order_by("id")

    def due(self, machine_now: datetime) -> Self:
        """What the sender has to take up, also what an earlier sender left half done."""
        return self.filter(Q(retry_at=None) | Q(retry_at__lte=machine_now), state__in=Mail.UNSENT)


class Mail(models.Model):
    """One mail to one address, written in the transaction of its cause and sent later."""

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("mail", "held back")
        WAITING = "waiting", pgettext_lazy("mail", "waiting")
        SENDING = "sending", pgettext_lazy("mail", "being sent")
        SENT = "sent", pgettext_lazy("mail", "sent")
        FAILED = "failed", pgettext_lazy("mail", "failed")
        DISCARDED = "discarded", pgettext_lazy("mail", "discarded")

    UNSENT: ClassVar = (State.WAITING, State.SENDING)

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    key = models.CharField(max_length=200, unique=True, help_text="the same key is never mailed twice")
    recipient = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails"
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    cause_type = models.CharField(max_length=100, help_text="app_label.model")
    cause_id = models.CharField(max_length=40)
    group = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True, help_text="time of the machine")
    error = models.TextField(blank=True, help_text="for the operator")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, help_text="released or discarded")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(cause_type="") & ~Q(cause_id=""), name="every_mail_has_its_cause"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="exactly_sent_mails_have_a_time_of_sending",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["group", "id"], name="mails_by_group"),
            models.Index(
                fields=["state", "id"], condition=Q(state__in=["waiting", "sending"]), name="mails_to_send"
            ),
            models.Index(fields=["-created_at", "-id"], name="mails_newest_first"),
        ]

    def __str__(self) -> str:
        return f"mail {self.public_id}"

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a second copy can be recognised; begins with the time, so that names sort."""
        return f"{self.created_at.astimezone(UTC):%Y%m%dT%H%M%S}.{self.public_id}"


class Worker(models.Model):
    """A worker process that is alive, or was until `beat_at`."""

    ALIVE: ClassVar = timedelta(seconds=30)

    name = models.CharField(max_length=100, unique=True)
    started_at = models.DateTimeField(help_text="time of the machine")
    beat_at = models.DateTimeField(help_text="time of the machine")

    def __str__(self) -> str:
        return self.name


class ClockShift(models.Model):
    """How far the test clock was moved; at most one row, and none on a real site."""

    by = models.DurationField(default=timedelta(0))

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_clock")]

    def __str__(self) -> str:
        return str(self.by)
