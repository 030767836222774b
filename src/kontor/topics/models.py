"""Labels that people propose for concepts; the vocabulary itself is files."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from kontor.audit.models import is_operator
from kontor.i18n.public_ids import new_public_id


class LabelProposalQuerySet(models.QuerySet["LabelProposal"]):
    """Proposals are private rows."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """One's own; all for operators."""
        if is_operator(user):
            return self.all()
        return self.filter(proposed_by=user.pk) if user.pk else self.none()


class LabelProposal(models.Model):
    """Somebody says what a concept is also called in a language.

    An accepted label waits for the authors of the vocabulary; only their files change what the analysis finds.
    """

    class Language(models.TextChoices):
        DE = "de", pgettext_lazy("language of a label", "German")
        EN = "en", pgettext_lazy("language of a label", "English")
        ZH = "zh", pgettext_lazy("language of a label", "Chinese")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposed label", "open")
        ACCEPTED = "accepted", pgettext_lazy("proposed label", "accepted")
        DECLINED = "declined", pgettext_lazy("proposed label", "declined")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    concept_id = models.CharField(max_length=100)
    language = models.CharField(max_length=2, choices=Language)
    label = models.CharField(max_length=80)
    label_key = models.CharField(max_length=240, editable=False, help_text="label_key_of the label")
    note = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = LabelProposalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concept_id", "language", "label_key"], name="a_label_is_proposed_once_per_concept"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="exactly_decided_labels_have_a_moment",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-created_at", "-id"], name="labels_by_state")]

    def __str__(self) -> str:
        return f"{self.concept_id} {self.language} {self.label}"


def label_key_of(label: str) -> str:
    """By what two labels are the same: blanks and capitals do not matter."""
    return " ".join(label.split()).casefold()
