"""Requests to meet and the meetings that were agreed."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.events.models import Booth, Event, Hall, Participation, Slot
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from kontor.accounts.models import User


class MeetingRequestQuerySet(models.QuerySet["MeetingRequest"]):
    """Requests are private to their two sides and the organisers."""

    def visible_to(self, user: "User") -> Self:
        """Those one sent or received, and all of events one organises."""
        if user.is_superuser:
            return self
        return self.filter(
            Q(sender__person__user=user)
            | Q(recipient__person__user=user)
            | Q(event__in=Event.objects.filter(organisers__user=user))
        )

    def open(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(state=MeetingRequest.State.SENT)

    def in_state(self, state: str, at: datetime) -> Self:
        """By the clock, as `MeetingRequest.state_at` tells it."""
        over = Q(state=MeetingRequest.State.SENT, expires_at__lte=at)
        if state == MeetingRequest.State.EXPIRED:
            return self.filter(Q(state=state) | over)
        return self.filter(~over, state=state)


class MeetingRequest(models.Model):
    """Somebody asks somebody to meet. Two people have at most one request that waits or was accepted.

    It is cancelled when the meeting that came of it is called off; then the two may ask each other again.
    """

    class State(models.TextChoices):
        SENT = "sent", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "called off")

    class DeclineReason(models.TextChoices):
        NOT_NOW = "not_now", _("not at this time")
        OTHER_TOPIC = "other_topic", _("our topics do not fit")
        COLLEAGUE = "colleague", _("a colleague is the better person to ask")
        NO_TIME = "no_time", _("no time left in the programme")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="meeting_requests")
    sender = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="requests_sent")
    recipient = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="requests_received")
    reason = models.CharField(_("why do you want to meet?"), max_length=300, blank=True)
    reason_language = models.CharField(max_length=2, default="en")
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    decline_reason = models.CharField(max_length=12, choices=DeclineReason, blank=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    """who pressed the last button: one of the two, or the organiser on their behalf"""
    is_sample = models.BooleanField(default=False)

    objects = MeetingRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-sent_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "state"], name="requests_received"),
            models.Index(fields=["sender", "state"], name="requests_sent"),
            models.Index(fields=["event", "state", "expires_at"], name="requests_that_expire"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="nobody_asks_themselves"),
            models.UniqueConstraint(
                Least("sender", "recipient"),
                Greatest("sender", "recipient"),
                condition=Q(state__in=["sent", "accepted"]),
                name="one_live_request_per_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} asks {self.recipient_id}"

    def state_at(self, at: datetime) -> str:
        """By the clock: the job that closes expired requests may not have run yet."""
        is_over = self.state == self.State.SENT and self.expires_at <= at
        return self.State.EXPIRED if is_over else self.state


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings are private to their parties and the organisers."""

    def visible_to(self, user: "User") -> Self:
        """Those one takes part in or interprets, and all of events one organises."""
        if user.is_superuser:
            return self
        mine = MeetingParty.objects.filter(participation__person__user=user).values("meeting")
        return self.filter(
            Q(id__in=mine)
            | Q(seat__interpreter__person__user=user)
            | Q(event__in=Event.objects.filter(organisers__user=user))
        )

    def agreed(self) -> Self:
        """Those that are to take place."""
        return self.filter(state=Meeting.State.AGREED)


class Meeting(models.Model):
    """Two or more people agreed to meet. When and where is a seat, once the plan is published."""

    class State(models.TextChoices):
        AGREED = "agreed", _("agreed")
        CANCELLED = "cancelled", _("cancelled")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="meetings")
    request = models.OneToOneField(
        MeetingRequest, on_delete=models.SET_NULL, null=True, blank=True, related_name="meeting"
    )
    state = models.CharField(max_length=10, choices=State, default=State.AGREED)
    priority = models.FloatField(_("priority"), default=1.0)
    pair = models.CharField(max_length=8, blank=True)
    """languages to interpret between, sorted, such as "de-zh"; empty: a common language"""
    language = models.CharField(max_length=8, blank=True)
    """the common language; empty where an interpreter is needed"""
    hall = models.ForeignKey(Hall, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """a hall that was demanded"""
    booth = models.ForeignKey(Booth, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """held at this booth, without a table"""
    fixed_slot = models.ForeignKey(Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_locked = models.BooleanField(default=False)
    """stays where it is in every later planning run"""
    sequence = models.PositiveIntegerField(default=0)
    """how often its published time or place changed; the SEQUENCE of calendars"""
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """one of its people or an organiser; none where the site did it"""
    cancel_reason = models.CharField(max_length=300, blank=True)
    """what the others are told"""
    cancel_reason_language = models.CharField(max_length=2, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(priority__gt=0), name="a_meeting_has_positive_priority"),
        ]

    def __str__(self) -> str:
        return self.public_id


class MeetingParty(models.Model):
    """Somebody who takes part in a meeting. `side` 0 asked, 1 was asked."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="parties")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="meeting_parties")
    side = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["meeting", "side", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "participation"], name="a_person_is_once_in_a_meeting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} in {self.meeting_id}"
