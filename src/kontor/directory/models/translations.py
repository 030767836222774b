"""Who read a translation and found it right."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.directory.models.organisations import Organisation


class TranslationCheck(models.Model):
    """A person found the translation of one text of an organisation right; it goes when the words change.

    That the words are verified stands in the text itself; this row says who did it and when.
    """

    class Field(models.TextChoices):
        NAME = "name", pgettext_lazy("text of an organisation", "Name")
        CAPABILITY = "capability", pgettext_lazy("text of an organisation", "What it can do")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="translation_checks"
    )
    field = models.CharField(max_length=10, choices=Field)
    language = models.CharField(_("language"), max_length=2)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "field", "language"], name="a_translation_is_checked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.organisation_id} in {self.language}"
