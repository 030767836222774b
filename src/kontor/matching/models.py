"""Whom each participant should meet, best first, with reasons; and what they said to it."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kontor.events.models import Participation

if TYPE_CHECKING:
    from kontor.accounts.models import User


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Recommendations are private rows."""

    def visible_to(self, user: "User") -> Self:
        """One's own, and all of events one organises."""
        if user.is_superuser:
            return self
        return self.filter(
            Q(participation__person__user=user) | Q(participation__event__organisers__user=user)
        ).distinct()


class Recommendation(models.Model):
    """A partner proposed to a participant. Scores lie between 0 and 1; `forward`: how much of my needs they cover."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="recommendations")
    partner = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="recommended_to")
    rank = models.PositiveIntegerField()
    score = models.FloatField()
    forward = models.FloatField(null=True)
    backward = models.FloatField(null=True)
    reasons = models.JSONField(default=list)
    """as in the format of matching: seek, offer, topic, relation, direction"""

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["participation", "rank", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participation", "partner"], name="a_partner_is_recommended_once"
            ),
            models.CheckConstraint(
                condition=~Q(participation=F("partner")), name="nobody_is_recommended_to_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} → {self.partner_id} ({self.score:.2f})"


class Verdict(models.Model):
    """What a participant said to a proposed partner."""

    class Kind(models.TextChoices):
        SAVED = "saved", _("saved")
        NOT_FOR_US = "not_for_us", _("not for us")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="verdicts")
    partner = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "partner"], name="one_verdict_per_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} → {self.partner_id}: {self.kind}"
