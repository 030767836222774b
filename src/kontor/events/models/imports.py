"""Lists that organisers bring: read completely, previewed, applied in one transaction, undone as a whole."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.directory.models import UploadedList
from kontor.events.models.setting import Event


class ListImport(UploadedList):
    """One uploaded list of an event."""

    class Kind(models.TextChoices):
        PARTICIPANTS = "participants", _("participants")
        PAIRS = "pairs", _("pairs who want to meet")
        INTERPRETERS = "interpreters", _("interpreters")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=12, choices=Kind)
