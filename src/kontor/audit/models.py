"""Deeds and disclosures; the database refuses to change what was recorded."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import pgettext_lazy


def is_operator(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whoever runs the site: an active superuser."""
    return user.is_active and bool(getattr(user, "is_superuser", False))


def key_of(thing: models.Model) -> tuple[str, str]:
    """How a row is named in the audit: its type, and its public id where it has one."""
    return thing._meta.label_lower, str(getattr(thing, "public_id", thing.pk))  # noqa: SLF001 -- documented


class EntryQuerySet(models.QuerySet["Entry"]):
    """Deeds; private to the operator."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.all() if is_operator(user) else self.none()

    def about(self, thing: models.Model) -> Self:
        """What was done to one thing, oldest first."""
        subject_type, subject_id = key_of(thing)
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("id")


class Entry(models.Model):
    """Somebody did something to one thing."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=100, help_text="app.verb_noun")
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=40)
    event = models.CharField(max_length=100, blank=True, help_text="public id of the event it belongs to")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="entries_by_subject"),
            models.Index(fields=["event", "-id"], name="entries_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Disclosures; private to the operator."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.all() if is_operator(user) else self.none()

    def about(self, thing: models.Model) -> Self:
        """Whose data one thing is, or which list was handed out, oldest first."""
        subject_type, subject_id = key_of(thing)
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("id")


class Disclosure(models.Model):
    """Somebody saw or took personal data: which fields, of whom or of how many, and how."""

    class How(models.TextChoices):
        SHOWN = "shown", pgettext_lazy("personal data", "shown")
        EXPORTED = "exported", pgettext_lazy("personal data", "exported")
        MAILED = "mailed", pgettext_lazy("personal data", "sent by mail")

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    how = models.CharField(max_length=10, choices=How)
    fields = models.JSONField(help_text="names of the fields, never their contents")
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    num_people = models.PositiveIntegerField()
    event = models.CharField(max_length=100, blank=True, help_text="public id of the event it belongs to")
    at = models.DateTimeField()

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="disclosures_by_subject"),
            models.Index(fields=["event", "-id"], name="disclosures_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.num_people} people {self.how}"
