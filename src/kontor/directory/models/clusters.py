"""Clusters: their profile as the European cluster platform asks for it, members, working groups, partners."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.directory.models.organisations import Organisation
from kontor.directory.models.people import Person
from kontor.i18n.fields import TextField
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User


class ClusterQuerySet(models.QuerySet["Cluster"]):
    """Clusters: published ones are public."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Published ones, and those one works for; all for operators."""
        if not user.is_authenticated:
            return self.filter(is_published=True)
        if user.is_superuser:
            return self
        return self.filter(Q(is_published=True) | Q(pk__in=self.managed_by(user).order_by().values("pk")))

    def managed_by(self, user: "User | AnonymousUser") -> Self:
        """Those whose staff this user belongs to; all for operators."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_superuser else self.filter(staff__user=user)


class Cluster(models.Model):
    """A network of organisations in one region, run by one of them."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    name = TextField(_("name"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="clusters",
        verbose_name=_("cluster management organisation"),
    )
    region = TextField(_("region"), blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    founded_in = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    description = TextField(_("description"), blank=True)
    topics = models.JSONField(_("sectors and technologies"), default=list, blank=True)
    countries_of_interest = models.JSONField(_("countries of interest"), default=list, blank=True)
    staff_fte = models.DecimalField(
        _("staff of the management (full-time equivalents)"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
    )
    website = models.URLField(_("website"), blank=True)
    contact = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact person"),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_published = models.BooleanField(_("visible to everybody"), default=False)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return str(self.name)


class ClusterStaff(models.Model):
    """Somebody who works for a cluster: may approve claims, write profiles of members and merge duplicates."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cluster_work")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cluster", "user"], name="cluster_staff_is_named_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} works for {self.cluster_id}"


class ClusterLabel(models.Model):
    """A quality label that somebody awarded to a cluster, until it expires."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(_("label"), max_length=120)
    awarded_on = models.DateField(_("awarded on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-valid_until", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("awarded_on"))
                | Q(awarded_on__isnull=True)
                | Q(valid_until__isnull=True),
                name="a_label_ends_after_it_is_awarded",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClusterService(models.Model):
    """Something a cluster does for its members and partners."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="services")
    position = models.PositiveIntegerField(default=0)
    name = TextField(_("service"))
    description = TextField(_("description"), blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return str(self.name)


class ClusterPartnership(models.Model):
    """Two clusters that work together; `first` has the smaller id, so that a pair is kept once."""

    first = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="partnerships_first")
    second = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="partnerships_second")
    since_year = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["first", "second"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="two_clusters_are_partners_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="partner_clusters_are_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"


class WorkingGroup(models.Model):
    """A group of members of a cluster that works on one subject."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="working_groups")
    name = TextField(_("name"))
    description = TextField(_("description"), blank=True)
    topics = models.JSONField(_("topics"), default=list, blank=True)
    lead = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("lead")
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return str(self.name)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships: those who agreed to be listed are public."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Listed active members of published clusters; all of one's own clusters; one's own organisation's."""
        public = Q(
            state=Membership.State.ACTIVE,
            is_listed=True,
            cluster__is_published=True,
            organisation__state=Organisation.State.PUBLISHED,
        )
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_superuser:
            return self
        own = Membership.objects.filter(
            Q(cluster__staff__user=user) | Q(organisation__affiliations__person__user=user)
        )
        return self.filter(public | Q(pk__in=own.values("pk")))

    def live(self) -> Self:
        """Those that have not ended."""
        return self.exclude(state=Membership.State.ENDED)


class Membership(models.Model):
    """An organisation in a cluster: applied → accepted → active ⇄ suspended → ended; an ended one stays on record."""

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("membership", "applied")
        ACCEPTED = "accepted", pgettext_lazy("membership", "accepted")
        ACTIVE = "active", pgettext_lazy("membership", "active")
        SUSPENDED = "suspended", pgettext_lazy("membership", "suspended")
        ENDED = "ended", pgettext_lazy("membership", "ended")

    class Category(models.TextChoices):
        MEMBER = "member", pgettext_lazy("membership", "member")
        FOUNDING = "founding", pgettext_lazy("membership", "founding member")
        ASSOCIATED = "associated", pgettext_lazy("membership", "associated member")
        SUPPORTING = "supporting", pgettext_lazy("membership", "supporting member")
        HONORARY = "honorary", pgettext_lazy("membership", "honorary member")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    category = models.CharField(_("category"), max_length=12, choices=Category, default=Category.MEMBER)
    state = models.CharField(max_length=10, choices=State, default=State.APPLIED)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_listed = models.BooleanField(_("may be listed"), default=False)
    working_groups = models.ManyToManyField(WorkingGroup, related_name="memberships", blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["cluster", "organisation__sort_key", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cluster", "organisation"],
                condition=~Q(state="ended"),
                name="one_live_membership_per_cluster",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(until__isnull=False), name="an_ended_membership_says_when"
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")) | Q(since__isnull=True) | Q(until__isnull=True),
                name="a_membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.cluster_id}"
