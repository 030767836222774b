"""Clusters: their profile and partners, and the way of a member from application to end."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.models import (
    Cluster,
    ClusterLabel,
    ClusterPartnership,
    ClusterService,
    Membership,
    Organisation,
    WorkingGroup,
)
from kontor.directory.services.refreshing import refresh_organisations
from kontor.errors import DomainError
from kontor.search.services import index

State = Membership.State


class IsMemberAlready(DomainError):
    sentence = _("%(organisation)s belongs to %(cluster)s already, or has applied.")


class MembershipIsElsewhere(DomainError):
    sentence = _("This membership is “%(state)s” now, so this step is not possible.")


class MembershipEndsBeforeItBegins(DomainError):
    sentence = _("The membership began on %(since)s; it cannot end on %(until)s.")


class ClusterIsNoPartnerOfItself(DomainError):
    sentence = _("A cluster cannot be its own partner.")


class ClusterChangedMeanwhile(DomainError):
    sentence = _(
        "Somebody else changed this profile meanwhile. Save again to replace their version by yours."
    )


class PartnershipHasAStory(DomainError):
    sentence = _("Agreements or milestones belong to this partnership; they would lose it.")


PROFILE = (
    "name",
    "organisation",
    "region",
    "country",
    "founded_in",
    "description",
    "topics",
    "countries_of_interest",
    "staff_fte",
    "website",
    "contact",
    "source",
    "is_published",
)
"""what people write of a cluster"""


def mark_of(cluster: Cluster) -> str:
    """Equal for equal profiles: with it a page says which version its writer began with."""
    values = [(name, cluster.serializable_value(name)) for name in PROFILE]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


@transaction.atomic
def save_cluster(cluster: Cluster, *, by: User | None, at: datetime, seen: str | None = None) -> Cluster:
    """Write a new or changed profile; refused where `seen` is the mark of a version that is not stored any more."""
    if seen is not None and seen != mark_of(Cluster.objects.select_for_update().get(pk=cluster.pk)):
        raise ClusterChangedMeanwhile
    cluster.save()
    record("directory.save_cluster", by=by, subject=cluster, at=at)
    index("cluster", cluster.public_id)
    return cluster


@transaction.atomic
def make_partners(
    first: Cluster,
    second: Cluster,
    *,
    since_year: int | None = None,
    source: str = "",
    by: User | None,
    at: datetime,
) -> ClusterPartnership:
    """Two clusters work together; said twice, it is kept once."""
    if first.pk == second.pk:
        raise ClusterIsNoPartnerOfItself
    low, high = sorted([first, second], key=lambda one: one.pk)
    row, _is_new = ClusterPartnership.objects.update_or_create(
        first=low, second=high, defaults={"since_year": since_year, "source": source}
    )
    record("directory.make_partners", by=by, subject=low, at=at, data={"partner": high.public_id})
    return row


@transaction.atomic
def end_partnership(first: Cluster, second: Cluster, *, by: User, at: datetime) -> None:
    """Two clusters are partners no longer; not where agreements or milestones hang on it."""
    low, high = sorted([first, second], key=lambda one: one.pk)
    row = ClusterPartnership.objects.select_for_update().get(first=low, second=high)
    for relation in row._meta.related_objects:  # noqa: SLF001 -- documented
        if relation.related_model._default_manager.filter(**{relation.field.name: row}).exists():  # noqa: SLF001 -- documented
            raise PartnershipHasAStory
    row.delete()
    record("directory.end_partnership", by=by, subject=low, at=at, data={"partner": high.public_id})


Part = ClusterLabel | ClusterService | WorkingGroup


@transaction.atomic
def save_part(part: Part, *, by: User, at: datetime, members: Collection[Membership] | None = None) -> None:
    """Write a label, a service or a working group of a cluster, the group with the members in it."""
    part.save()
    if members is not None and isinstance(part, WorkingGroup):
        part.memberships.set(members)
    record(
        "directory.save_part",
        by=by,
        subject=part.cluster,
        at=at,
        data={"part": part._meta.model_name, "id": part.public_id},  # noqa: SLF001 -- documented
    )


@transaction.atomic
def remove_part(part: Part, *, by: User, at: datetime) -> None:
    """Take a label, a service or a working group away."""
    record(
        "directory.remove_part",
        by=by,
        subject=part.cluster,
        at=at,
        data={"part": part._meta.model_name, "id": part.public_id},  # noqa: SLF001 -- documented
    )
    part.delete()


@transaction.atomic
def apply_for_membership(
    cluster: Cluster,
    *,
    organisation: Organisation,
    category: str = Membership.Category.MEMBER.value,
    is_listed: bool = False,
    by: User | None,
    at: datetime,
) -> Membership:
    """An organisation asks to join; it may belong to several clusters, and to one only once."""
    try:
        with transaction.atomic():
            row = Membership.objects.create(
                cluster=cluster, organisation=organisation, category=category, is_listed=is_listed
            )
    except IntegrityError:
        raise IsMemberAlready(organisation=organisation.name, cluster=cluster.name) from None
    record("directory.apply_for_membership", by=by, subject=row, at=at)
    refresh_organisations([organisation.pk])
    return row


def accept_membership(membership: Membership, *, by: User, at: datetime) -> Membership:
    """The cluster says yes; it becomes active with its first day."""
    return _step(membership, State.ACCEPTED, {State.APPLIED}, by=by, at=at)


def activate_membership(membership: Membership, *, since: date, by: User | None, at: datetime) -> Membership:
    """The first day of a membership that was accepted."""
    return _step(membership, State.ACTIVE, {State.ACCEPTED}, since=since, by=by, at=at)


def suspend_membership(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Rights rest, the membership does not end."""
    return _step(membership, State.SUSPENDED, {State.ACTIVE}, by=by, at=at)


def resume_membership(membership: Membership, *, by: User, at: datetime) -> Membership:
    """A suspended membership is active again."""
    return _step(membership, State.ACTIVE, {State.SUSPENDED}, by=by, at=at)


def end_membership(membership: Membership, *, until: date, by: User, at: datetime) -> Membership:
    """The last day; also how an application is declined. The row stays on record."""
    return _step(membership, State.ENDED, set(State) - {State.ENDED}, until=until, by=by, at=at)


@transaction.atomic
def _step(
    membership: Membership,
    to: Membership.State,
    allowed: Collection[Membership.State],
    *,
    since: date | None = None,
    until: date | None = None,
    by: User | None,
    at: datetime,
) -> Membership:
    stored = Membership.objects.select_for_update().get(pk=membership.pk)
    if stored.state not in allowed:
        raise MembershipIsElsewhere(state=stored.get_state_display())
    if until is not None and stored.since is not None and until < stored.since:
        raise MembershipEndsBeforeItBegins(since=stored.since, until=until)
    before, stored.state = stored.state, to
    stored.since = since or stored.since
    stored.until = until or stored.until
    stored.save(update_fields=["state", "since", "until"])
    record("directory.step_membership", by=by, subject=stored, at=at, data={"from": before, "to": str(to)})
    refresh_organisations([stored.organisation_id])
    return stored
