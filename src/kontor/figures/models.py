"""Claims: one statement of a number each, with what it counts, when it was true, and who said so."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.directory.models import Cluster, Organisation, has_visible_organisation
from kontor.events.models import Event
from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id
from kontor.ui.formatting import Precision

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User

Subject = Organisation | Cluster | Event


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims: as public as what they are about."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Claims about organisations, clusters and events that this user may know of."""
        return self.filter(
            Q(has_visible_organisation(user))
            | Q(cluster__in=Cluster.objects.visible_to(user).order_by().values("pk"))
            | Q(event__in=Event.objects.visible_to(user).order_by().values("pk"))
        )

    def with_standing(self) -> Self:
        """Each with `is_replaced`, so that `is_live` asks nothing."""
        return self.annotate(
            is_replaced=models.Exists(Claim.objects.filter(supersedes=models.OuterRef("pk")))
        )

    def about(self, subject: Subject) -> Self:
        """Claims about one organisation, cluster or event."""
        return self.filter(**{type(subject).__name__.lower(): subject})


class Claim(models.Model):
    """What somebody said at some time. A better number is another claim; this one stays."""

    class Measure(models.TextChoices):
        MEMBERS = "members", pgettext_lazy("measure", "Members")
        EMPLOYEES = "employees", pgettext_lazy("measure", "Employees of the members")
        REVENUE = "revenue", pgettext_lazy("measure", "Revenue of the members")
        PARTICIPANTS = "participants", pgettext_lazy("measure", "Participants")
        FOREIGN_GUESTS = "foreign_guests", pgettext_lazy("measure", "Foreign guests")
        COMPANIES = "companies", pgettext_lazy("measure", "Companies")
        PROJECTS = "projects", pgettext_lazy("measure", "Projects signed")
        INVESTMENT = "investment", pgettext_lazy("measure", "Investment agreed")

    class Qualifier(models.TextChoices):
        EXACT = "exact", pgettext_lazy("qualifier of a number", "exactly")
        ABOUT = "about", pgettext_lazy("qualifier of a number", "about")
        MORE_THAN = "more_than", pgettext_lazy("qualifier of a number", "more than")
        AT_LEAST = "at_least", pgettext_lazy("qualifier of a number", "at least")
        NEARLY = "nearly", pgettext_lazy("qualifier of a number", "nearly")
        UP_TO = "up_to", pgettext_lazy("qualifier of a number", "up to")

    class Unit(models.TextChoices):
        COUNT = "count", pgettext_lazy("unit", "number")
        EUR = "EUR", pgettext_lazy("unit", "euros")
        CNY = "CNY", pgettext_lazy("unit", "yuan (CNY)")
        USD = "USD", pgettext_lazy("unit", "US dollars")

    class Status(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("how a figure is known", "expected")
        MEDIA = "media", pgettext_lazy("how a figure is known", "reported by media")
        SELF_REPORTED = "self_reported", pgettext_lazy("how a figure is known", "self-reported")
        COUNTED = "counted", pgettext_lazy("how a figure is known", "counted in the system")
        AUDITED = "audited", pgettext_lazy("how a figure is known", "audited")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="claims"
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, null=True, blank=True, related_name="claims"
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="claims")
    measure = models.CharField(_("what is counted"), max_length=20, choices=Measure)
    qualifier = models.CharField(_("how exact"), max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2)
    value_to = models.DecimalField(_("up to (range)"), max_digits=18, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=6, choices=Unit, default=Unit.COUNT)
    scope = TextField(_("who or what exactly, as it follows the number"))
    """de "Mitgliedsunternehmen", zh with its measure word: "家会员企业" """
    as_of = models.DateField(_("as of"), null=True, blank=True)
    as_of_precision = models.CharField(
        _("known to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    status = models.CharField(_("how it is known"), max_length=13, choices=Status)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(blank=True, max_length=500)
    quotation = TextField(_("the words of the source"), blank=True)
    dispute_note = TextField(_("what is doubtful about it"), blank=True)
    supersedes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="superseded_by"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = TextField(blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["measure", F("as_of").desc(nulls_last=True), "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, cluster__isnull=True, event__isnull=True)
                | Q(organisation__isnull=True, cluster__isnull=False, event__isnull=True)
                | Q(organisation__isnull=True, cluster__isnull=True, event__isnull=False),
                name="a_claim_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(value_to__isnull=True) | Q(value_to__gt=F("value")), name="a_range_goes_up"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="a_claim_is_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "measure"], name="claims_by_organisation"),
            models.Index(fields=["cluster", "measure"], name="claims_by_cluster"),
            models.Index(fields=["event", "measure"], name="claims_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.value} ({self.as_of or 'undated'})"

    @property
    def subject(self) -> Subject:
        """What the claim is about."""
        found = self.organisation or self.cluster or self.event
        assert found is not None  # noqa: S101 -- the database's constraint
        return found

    @property
    def kind(self) -> str:
        """ "organisation", "cluster" or "event": as in addresses."""
        return "organisation" if self.organisation_id else "cluster" if self.cluster_id else "event"

    @property
    def is_live(self) -> bool:
        """Neither withdrawn nor replaced by its own author."""
        known = vars(self).get("is_replaced")
        return self.withdrawn_at is None and not (self.superseded_by.exists() if known is None else known)
