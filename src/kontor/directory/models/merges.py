"""Which organisations may be the same, which are certainly not, and which were merged by whom."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kontor.directory.models.organisations import Organisation
from kontor.i18n.public_ids import new_public_id


class OrganisationKey(models.Model):
    """What an organisation shares with those that may be the same: written by `services.refresh_organisations` alone."""

    class Kind(models.TextChoices):
        NAME = "name"
        SOUND = "sound"
        DOMAIN = "domain"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=6, choices=Kind)
    key = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key", "organisation"], name="a_key_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class OrganisationsApart(models.Model):
    """Somebody looked and said: these two are different organisations. `first` has the smaller id."""

    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="two_organisations_are_apart_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="organisations_apart_are_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class OrganisationMerge(models.Model):
    """Somebody said that two rows are one organisation; `moved` is what undoing puts back."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    survivor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="merges")
    duplicate = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="merged_as")
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    merged_at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    """what the duplicate had, by the name of the relation, and what the survivor was given"""
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-merged_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(undone_at__isnull=True), name="one_live_merge_per_duplicate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} into {self.survivor_id}"
