"""Lists that somebody brings: read completely, previewed, applied in one transaction, undone as a whole."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.directory.models.clusters import Cluster
from kontor.i18n.public_ids import new_public_id


class UploadedList(models.Model):
    """One uploaded list, whatever it lists. The preview is stored: what was looked at is what gets applied."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("preview")
        APPLIED = "applied", _("applied")
        UNDONE = "undone", _("undone")
        DISCARDED = "discarded", _("discarded")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    """the uploaded bytes, so that another encoding, sheet or mapping can be tried"""
    choices = models.JSONField(default=dict)
    """encoding, delimiter, sheet, header row, mapping: as recognised or corrected"""
    preview = models.JSONField(default=dict)
    """rows with their fate (new, changed, unchanged, refused) and the values to write"""
    summary = models.JSONField(default=dict)
    """what the page shows of the preview, and how the file was read; does not grow with the file"""
    undo = models.JSONField(default=dict)
    """what was there before, to put back"""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.file_name


class OrganisationList(UploadedList):
    """A list of organisations, each perhaps with its membership of a cluster."""

    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, null=True, blank=True, related_name="organisation_lists"
    )
    """whose members all of them are, if the list does not name clusters itself"""
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """applies or undoes it, or did so last"""

    @property
    def is_at_work(self) -> bool:
        """Whether a worker applies or undoes it, or will."""
        return self.job is not None and not self.job.is_finished
