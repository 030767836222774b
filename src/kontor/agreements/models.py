"""Agreements with their parties, signatures, obligations and documents; milestones of a relation."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.directory.models import Cluster, ClusterPartnership, ClusterStaff, Organisation
from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id
from kontor.ui.formatting import Precision

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User

EXPIRES_SOON = timedelta(days=90)
LANGUAGE_CHOICES = [("de", _("German")), ("en", _("English")), ("zh", _("Chinese"))]


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements: public ones, and those of one's own organisation or cluster."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Public ones; those whose party one works for; all for people who work for a cluster."""
        if not user.is_authenticated:
            return self.filter(is_public=True)
        return self if user.is_superuser else self.filter(Q(is_public=True) | Q(_is_inside(user)))

    def readable_by(self, user: "User") -> Self:
        """Those whose documents this user may read: of their parties, or as staff of a cluster."""
        return self if user.is_superuser else self.filter(_is_inside(user))

    def with_rights_of(self, user: "User | AnonymousUser") -> Self:
        """Each with `is_kept` (this user may change it) and `is_readable` (and read its documents)."""
        if not user.is_authenticated or user.is_superuser:
            known = models.Value(bool(user.is_authenticated))
            return self.annotate(is_kept=known, is_readable=known)
        return self.annotate(is_kept=_works_for_a_cluster(user), is_readable=_is_inside(user))


def _works_for_a_cluster(user: "User") -> models.Exists:
    return models.Exists(ClusterStaff.objects.filter(user=user))


def _is_inside(user: "User") -> models.Q:
    own = Party.objects.filter(
        agreement=models.OuterRef("pk"),
        organisation__affiliations__person__user=user,
        organisation__affiliations__until__isnull=True,
    )
    return Q(_works_for_a_cluster(user)) | Q(models.Exists(own))


class Agreement(models.Model):
    """A letter of intent, memorandum or contract between two or more parties."""

    class Kind(models.TextChoices):
        INTENT = "intent", pgettext_lazy("kind of agreement", "Letter of intent")
        MEMORANDUM = "memorandum", pgettext_lazy("kind of agreement", "Memorandum of understanding")
        FRAMEWORK = "framework", pgettext_lazy("kind of agreement", "Framework agreement")
        CONTRACT = "contract", pgettext_lazy("kind of agreement", "Contract")
        PROTOCOL = "protocol", pgettext_lazy("kind of agreement", "Protocol")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("state of an agreement", "proposed")
        DRAFTING = "drafting", pgettext_lazy("state of an agreement", "being drafted")
        CHECKING = "checking", pgettext_lazy("state of an agreement", "translations being checked")
        APPROVED = "approved", pgettext_lazy("state of an agreement", "approved")
        SIGNED = "signed", pgettext_lazy("state of an agreement", "signed")
        ACTIVE = "active", pgettext_lazy("state of an agreement", "in force")
        RENEWED = "renewed", pgettext_lazy("state of an agreement", "renewed by another one")
        TERMINATED = "terminated", pgettext_lazy("state of an agreement", "terminated")
        DORMANT = "dormant", pgettext_lazy("state of an agreement", "dormant")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    partnership = models.ForeignKey(
        ClusterPartnership,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("belongs to the relation"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = TextField(_("title"))
    summary = TextField(_("what was agreed"), blank=True)
    place = TextField(_("place of signing"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_precision = models.CharField(
        _("known to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    languages = models.JSONField(_("languages of the agreement"), default=list, blank=True)
    prevailing_language = models.CharField(
        _("prevailing language"), max_length=2, blank=True, choices=LANGUAGE_CHOICES
    )
    predecessor = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("follows the agreement"),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(blank=True, max_length=500)
    is_public = models.BooleanField(_("visible to everybody"), default=False)
    is_sample = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = [F("signed_on").desc(nulls_first=True), "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(effective_on__isnull=True)
                | Q(expires_on__gte=F("effective_on")),
                name="an_agreement_expires_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "active"]) | Q(signed_on__isnull=False),
                name="a_signed_agreement_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def standing(self, on: date) -> str:
        """The state on a day: "expiring" and "expired" follow from the date alone; else that of the column."""
        if self.state == self.State.ACTIVE and self.expires_on:
            if self.expires_on < on:
                return "expired"
            if self.expires_on - on <= EXPIRES_SOON:
                return "expiring"
        return self.state


class Party(models.Model):
    """An organisation or a cluster that agreed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="agreement_parties"
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="agreement_parties"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, cluster__isnull=True)
                | Q(organisation__isnull=True, cluster__isnull=False),
                name="a_party_is_one_organisation_or_cluster",
            ),
            models.UniqueConstraint(fields=["agreement", "organisation"], name="an_organisation_agrees_once"),
            models.UniqueConstraint(fields=["agreement", "cluster"], name="a_cluster_agrees_once"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> object:
        """The name of the organisation or cluster."""
        return (self.organisation or self.cluster).name  # type: ignore[union-attr]


class Signatory(models.Model):
    """Who signed for whom, or stood by."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatories")
    party = models.ForeignKey(
        Party, on_delete=models.CASCADE, null=True, blank=True, related_name="signatories"
    )
    name = models.CharField(_("name"), max_length=200)
    capacity = TextField(_("in which capacity"), blank=True)
    is_witness = models.BooleanField(_("as a witness"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["is_witness", "position", "id"]

    def __str__(self) -> str:
        return self.name


class Obligation(models.Model):
    """What a party promised, until when, and whether it was done."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("obligation", "open")
        DONE = "done", pgettext_lazy("obligation", "done")
        WAIVED = "waived", pgettext_lazy("obligation", "no longer wanted")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="obligations")
    party = models.ForeignKey(
        Party,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("who"),
    )
    what = TextField(_("what"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    settled_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = [F("due_on").asc(nulls_last=True), "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", settled_on__isnull=True)
                | ~Q(state="open") & Q(settled_on__isnull=False),
                name="a_settled_obligation_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.what)

    def is_overdue(self, on: date) -> bool:
        """Open after its day."""
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < on


class Document(models.Model):
    """The text of an agreement in one language, as a file."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="documents")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    file = models.FileField(upload_to="agreements/")
    name = models.CharField(max_length=200)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["language", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "language"], name="one_document_per_language"),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """Something that happened between two clusters, with its source."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    partnership = models.ForeignKey(ClusterPartnership, on_delete=models.CASCADE, related_name="milestones")
    day = models.DateField(_("day"))
    day_precision = models.CharField(
        _("known to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    title = TextField(_("what happened"))
    detail = TextField(_("more about it"), blank=True)
    dispute_note = TextField(_("what sources say differently"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(blank=True, max_length=500)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["day", "id"]

    def __str__(self) -> str:
        return f"{self.day} {self.title}"
