"""Somebody says that they speak for an organisation; the staff of a cluster approves or declines."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kontor.directory.models.clusters import ClusterStaff, Membership
from kontor.directory.models.organisations import Organisation
from kontor.i18n.public_ids import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kontor.accounts.models import User


class OrganisationClaimQuerySet(models.QuerySet["OrganisationClaim"]):
    """Claims are private: of who made them and of the staff that decides."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """One's own, and those one may decide."""
        if not user.is_authenticated:
            return self.none()
        own = Q(user=user)
        return self.filter(own | Q(pk__in=self.decidable_by(user).order_by().values("pk")))

    def decidable_by(self, user: "User | AnonymousUser") -> Self:
        """Of members of one's clusters, and of organisations that belong to none; nobody decides their own.

        Operators may decide every claim, so that nothing is stuck.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        members = Membership.objects.live().filter(organisation=OuterRef("organisation"))
        return self.filter(
            Q(Exists(members.filter(cluster__staff__user=user)))
            | (~Q(Exists(members)) & Q(Exists(ClusterStaff.objects.filter(user=user))))
        ).exclude(user=user)


class OrganisationClaim(models.Model):
    """A person asks to write the profile of an organisation; approved, they are its editor."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("claim of an organisation", "waiting")
        APPROVED = "approved", pgettext_lazy("claim of an organisation", "approved")
        DECLINED = "declined", pgettext_lazy("claim of an organisation", "declined")

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claims_to_edit")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organisation_claims"
    )
    function = models.CharField(_("your function there"), max_length=120)
    reason = models.TextField(_("how the cluster can check it"), max_length=1000, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = OrganisationClaimQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(state="open"),
                name="one_open_claim_per_person_and_organisation",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="a_decided_claim_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.organisation_id}"
