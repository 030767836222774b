"""Sites: where an organisation is, since when, and whether anybody checked it."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.directory.models.organisations import Organisation, has_visible_organisation
from kontor.directory.models.people import Person
from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User


class SiteQuerySet(models.QuerySet["Site"]):
    """Sites are as public as their organisation."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The sites of organisations that this user may see."""
        return self.filter(has_visible_organisation(user))

    def on_the_map(self) -> Self:
        """Those whose coordinates are known."""
        return self.filter(latitude__isnull=False)


class Site(models.Model):
    """A place of an organisation. Until somebody verified it, it is a claim of its source, and shown as one."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", pgettext_lazy("site", "headquarters")
        SUBSIDIARY = "subsidiary", pgettext_lazy("site", "subsidiary")
        BRANCH = "branch", pgettext_lazy("site", "branch office")
        REPRESENTATIVE = "representative", pgettext_lazy("site", "representative office")
        JOINT_VENTURE = "joint_venture", pgettext_lazy("site", "joint venture")
        CAMPUS = "campus", pgettext_lazy("site", "campus")
        LAB = "lab", pgettext_lazy("site", "laboratory")
        DESK = "desk", pgettext_lazy("site", "partner desk")
        OTHER = "other", pgettext_lazy("site", "site")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sites")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.OTHER)
    name = TextField(_("name"), blank=True)
    address = TextField(_("address"), blank=True)
    """in both scripts, where both are known"""
    place = TextField(_("place"), blank=True)
    zone = TextField(_("zone or park"), blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    opened_in = models.PositiveSmallIntegerField(_("opened in"), null=True, blank=True)
    closed_in = models.PositiveSmallIntegerField(_("closed in"), null=True, blank=True)
    head = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("head")
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), blank=True)
    is_verified = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["organisation", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="a_site_has_both_coordinates",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="a_site_is_on_this_planet",
            ),
            models.CheckConstraint(
                condition=Q(closed_in__gte=F("opened_in"))
                | Q(opened_in__isnull=True)
                | Q(closed_in__isnull=True),
                name="a_site_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(is_verified=True, verified_at__isnull=False)
                | Q(is_verified=False, verified_at__isnull=True),
                name="a_verified_site_says_when",
            ),
            models.CheckConstraint(
                condition=Q(is_verified=True) | ~Q(source=""), name="a_claim_about_a_site_names_its_source"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name) or f"{self.kind} of {self.organisation_id}"
