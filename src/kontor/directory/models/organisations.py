"""Organisations: their names in languages and times, their registry numbers, what they can do, who checked it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User

STALE_AFTER = timedelta(days=365)
"""What nobody confirmed for this long may have changed."""


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations: published ones are public; what only a list named belongs to those who attend that event."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Published ones; one's own; those of events one organises or attends; all for operators."""
        if not user.is_authenticated:
            return self.filter(state=Organisation.State.PUBLISHED)
        if user.is_superuser:
            return self
        return self.filter(
            Q(state=Organisation.State.PUBLISHED)
            | ~Q(state=Organisation.State.MERGED)
            & (
                _one_of(affiliations__person__user=user)
                | _one_of(memberships__cluster__staff__user=user)
                | _one_of(participations__event__organisers__user=user)
                | _one_of(participations__event__participations__person__user=user)
            )
        )

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """Those whose profile this user may write: as their editor, or as staff of a cluster they belong to."""
        if not user.is_authenticated:
            return self.none()
        live = self.exclude(state=Organisation.State.MERGED)
        if user.is_superuser:
            return live
        return live.filter(
            _edited_by(user)
            | _one_of(memberships__cluster__staff__user=user, memberships__state__in=_LIVE)
            | _one_of(clusters__staff__user=user)
        )

    def edited_by(self, user: "User") -> Self:
        """Those whose profile this user writes as one of their own people."""
        return self.exclude(state=Organisation.State.MERGED).filter(_edited_by(user))

    def listed(self) -> Self:
        """What the public directory shows."""
        return self.filter(state=Organisation.State.PUBLISHED)

    def stale(self, at: datetime) -> Self:
        """Published ones that nobody confirmed within twelve months."""
        old = Q(confirmed_at__lt=at - STALE_AFTER) | Q(confirmed_at=None)
        return self.listed().filter(old)


def has_visible_organisation(user: "User | AnonymousUser") -> Exists:
    """Condition on rows with an `organisation`: that this user may see it.

    Asked row by row: to SQLite, `organisation__in` means to read the whole directory first.
    """
    mine = Organisation.objects.visible_to(user).filter(pk=OuterRef("organisation_id"))
    return Exists(mine.order_by())


class Organisation(models.Model):
    """A company, institute or public body.

    `name` holds the present official name and its translations; every other name is an `OrganisationName`.
    `name_key` is the folded name by which lists recognise it, `sort_key` the name in pinyin and without accents.
    """

    class Kind(models.TextChoices):
        SME = "sme", _("small or medium-sized company")
        LARGE = "large", _("large company")
        STARTUP = "startup", _("start-up")
        INSTITUTE = "institute", _("research institute")
        UNIVERSITY = "university", _("university")
        AUTHORITY = "authority", _("public authority")
        ZONE = "zone", _("administration of a zone or park")
        ASSOCIATION = "association", _("association")
        CHAMBER = "chamber", _("chamber of commerce")
        CLUSTER = "cluster", pgettext_lazy("kind of organisation", "cluster")
        OFFICE = "office", _("contact office")
        INVESTOR = "investor", _("investor or bank")
        SERVICE = "service", _("finance, law or consulting")
        MEDIA = "media", _("media")
        OTHER = "other", _("other organisation")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("organisation", "named in a list")
        SUBMITTED = "submitted", pgettext_lazy("organisation", "waiting for approval")
        PUBLISHED = "published", pgettext_lazy("organisation", "published")
        ARCHIVED = "archived", pgettext_lazy("organisation", "archived")
        BLOCKED = "blocked", pgettext_lazy("organisation", "blocked")
        MERGED = "merged", pgettext_lazy("organisation", "merged")

    class SizeClass(models.TextChoices):
        MICRO = "micro", pgettext_lazy("size of a company", "micro")
        SMALL = "small", pgettext_lazy("size of a company", "small")
        MEDIUM = "medium", pgettext_lazy("size of a company", "medium-sized")
        LARGE = "large", pgettext_lazy("size of a company", "large")

    class SizeStandard(models.TextChoices):
        EU = "eu", _("by the recommendation of the European Union")
        CN = "cn", _("by the Chinese classification of its industry")

    class Verification(models.TextChoices):
        NONE = "none", pgettext_lazy("organisation", "not checked")
        SELF = "self", pgettext_lazy("organisation", "stated by the organisation itself")
        STAFF = "staff", pgettext_lazy("organisation", "checked by the cluster")
        REGISTER = "register", pgettext_lazy("organisation", "checked in the register")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    name = TextField(_("name"))
    name_key = models.CharField(max_length=300, db_index=True)
    sort_key = models.CharField(max_length=300, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    legal_form = models.CharField(_("legal form"), max_length=60, blank=True)
    size_class = models.CharField(_("size"), max_length=6, choices=SizeClass, blank=True)
    size_standard = models.CharField(
        _("standard of the size"), max_length=2, choices=SizeStandard, blank=True
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    num_staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    founded_in = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="subsidiaries",
        verbose_name=_("parent organisation"),
    )
    topics = models.JSONField(_("topics"), default=list, blank=True)
    """ids of concepts of the vocabulary"""
    capability = TextField(_("what it can do"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    verification = models.CharField(max_length=10, choices=Verification, default=Verification.NONE)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """when somebody last said that the profile is right"""
    source = models.CharField(_("source"), max_length=300, blank=True)
    """where the facts were read, if the organisation itself did not write them"""
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name_key", "id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "sort_key", "id"], name="organisations_in_order"),
            models.Index(fields=["state", "country", "sort_key", "id"], name="organisations_by_country"),
            models.Index(fields=["state", "kind", "sort_key", "id"], name="organisations_by_kind"),
            models.Index(
                fields=["parent", "state", "sort_key", "id"],
                name="subsidiaries_in_order",
                condition=Q(parent__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="an_organisation_is_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="a_merged_organisation_names_its_survivor",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="an_organisation_is_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(size_class="", size_standard="") | (~Q(size_class="") & ~Q(size_standard="")),
                name="a_size_names_its_standard",
            ),
            models.CheckConstraint(
                condition=Q(verification="none", verified_at__isnull=True)
                | (~Q(verification="none") & Q(verified_at__isnull=False)),
                name="a_verification_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def is_stale(self, at: datetime) -> bool:
        """Whether nobody confirmed it within twelve months."""
        return self.confirmed_at is None or self.confirmed_at < at - STALE_AFTER


_LIVE = ("applied", "accepted", "active", "suspended")
"""states of a membership that has not ended"""


def _one_of(**lookups: object) -> Q:
    """One subquery per reason: joining them all in one query would multiply their rows."""
    return Q(pk__in=Organisation.objects.filter(**lookups).order_by().values("pk"))


def _edited_by(user: "User") -> Q:
    return _one_of(affiliations__person__user=user, affiliations__is_editor=True, affiliations__until=None)


class OrganisationName(models.Model):
    """One more name by which an organisation is or was known, in one language; search finds it by each of them."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("name", "official name")
        TRANSLATED = "translated", pgettext_lazy("name", "translated name")
        SHORT = "short", pgettext_lazy("name", "short name")
        FORMER = "former", pgettext_lazy("name", "former name")
        ALIAS = "alias", pgettext_lazy("name", "also known as")
        TYPO = "typo", pgettext_lazy("name", "misspelling")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(
        _("language"), max_length=2, choices=[("de", _("German")), ("en", _("English")), ("zh", _("Chinese"))]
    )
    text = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ALIAS)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["organisation", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "language", "text", "kind"], name="a_name_is_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from"))
                | Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True),
                name="a_name_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class RegistryNumber(models.Model):
    """A number under which a register knows an organisation; whoever shares one is the same organisation."""

    class Scheme(models.TextChoices):
        USCC = "uscc", _("Unified Social Credit Code")
        HRB = "hrb", _("commercial register (HRB)")
        HRA = "hra", _("commercial register (HRA)")
        VR = "vr", _("register of associations (VR)")
        VAT = "vat", _("VAT identification number")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="registry_numbers")
    scheme = models.CharField(_("register"), max_length=5, choices=Scheme)
    number = models.CharField(_("number"), max_length=40)
    """as `registry_numbers.read_number` writes it: capitals, no spaces"""
    court = models.CharField(_("court"), max_length=80, blank=True)
    """which court keeps the register, where that belongs to the number"""

    class Meta:
        ordering: ClassVar = ["scheme", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "number", "court"], name="one_organisation_per_registry_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"
