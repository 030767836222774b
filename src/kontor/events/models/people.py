"""The people of an event: participations with offers and wishes, interpreters, and when they cannot."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kontor.directory.models import Organisation, Person
from kontor.events.models.setting import Booth, Event
from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id
from kontor.i18n.text import LANGUAGES
from kontor.search.spelling import fold

if TYPE_CHECKING:
    from kontor.accounts.models import User


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Participations are private rows."""

    def visible_to(self, user: "User") -> Self:
        """One's own; all of events one organises; the listed ones of events one attends."""
        if user.is_superuser:
            return self
        attended = Event.objects.filter(
            participations__person__user=user, participations__state=Participation.State.CONFIRMED
        )
        organised = Event.objects.filter(organisers__user=user)
        return self.filter(
            Q(person__user=user)
            | Q(event__in=organised)
            | Q(event__in=attended, is_listed=True, state=Participation.State.CONFIRMED)
        )

    def confirmed(self) -> Self:
        """Those who come."""
        return self.filter(state=Participation.State.CONFIRMED)

    def called(self, words: str) -> Self:
        """Those of whom each word is in a name, the address or a name of the organisation, in any order and script."""
        found = self
        for word in words.split():
            key = fold(word) or word
            organisation = Q(organisation__name_key__contains=key)
            for language in LANGUAGES:
                organisation |= Q((f"organisation__name__texts__{language}__text__icontains", word))
            found = found.filter(Q(sort_key__contains=key) | Q(person__email__icontains=word) | organisation)
        return found


class Participation(models.Model):
    """A person at an event, for an organisation, with what they offer and seek in their own words."""

    class Category(models.TextChoices):
        VIP = "vip", _("guest of honour")
        SPEAKER = "speaker", _("speaker")
        MATCHMAKING = "matchmaking", _("matchmaking participant")
        EXHIBITOR = "exhibitor", _("exhibitor")
        MEDIA = "media", _("media")
        DIPLOMATIC = "diplomatic", _("diplomatic guest")
        DELEGATE = "delegate", _("delegate")

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("taking part")
        CANCELLED = "cancelled", _("cancelled")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="participations", verbose_name=_("organisation")
    )
    function = TextField(_("function"), blank=True)
    category = models.CharField(_("category"), max_length=12, choices=Category, default=Category.MATCHMAKING)
    state = models.CharField(max_length=10, choices=State, default=State.CONFIRMED)
    offers = TextField(_("offers"), blank=True)
    seeks = TextField(_("seeks"), blank=True)
    topics_offered = models.JSONField(default=list, blank=True)
    topics_sought = models.JSONField(default=list, blank=True)
    booth = models.ForeignKey(
        Booth,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="exhibitors",
        verbose_name=_("booth"),
    )
    is_listed = models.BooleanField(_("may be shown to other participants"), default=True)
    availability_words = models.CharField(_("availability in words"), max_length=300, blank=True)
    sort_key = models.CharField(max_length=260)
    """copy of the person's key, so that a list of an event is read from one index"""
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [
            models.Index(fields=["event", "sort_key", "id"], name="participants_in_order"),
            models.Index(fields=["event", "state"], name="participants_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "person"], name="a_person_takes_part_once_per_event"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.event_id}"


class Unavailability(models.Model):
    """A stretch of time in which a participant cannot meet."""

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="unavailabilities"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="an_unavailability_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id}: {self.starts_at:%d %H:%M}–{self.ends_at:%d %H:%M}"


class Interpreter(models.Model):
    """Somebody who interprets at an event. `pairs` are sorted pairs of codes such as "de-zh"."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="interpreters")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="interpreting")
    pairs = models.JSONField(_("language pairs"), default=list)
    max_run = models.PositiveIntegerField(
        _("meetings in a row without a pause"), null=True, blank=True, default=4
    )
    availability_words = models.CharField(_("availability in words"), max_length=300, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["person__sort_key", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "person"], name="an_interpreter_is_named_once_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} interprets at {self.event_id}"


class InterpreterUnavailability(models.Model):
    """A stretch of time in which an interpreter is not there."""

    interpreter = models.ForeignKey(Interpreter, on_delete=models.CASCADE, related_name="unavailabilities")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="an_absence_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interpreter_id}: {self.starts_at:%d %H:%M}–{self.ends_at:%d %H:%M}"
