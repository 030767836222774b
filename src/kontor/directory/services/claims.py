"""Claims of organisations: asked by a person, decided by the staff of a cluster."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.emails import tell_of_decision
from kontor.directory.models import Affiliation, Organisation, OrganisationClaim, Person
from kontor.directory.names import NameOrder, PersonName, candidate_key, sort_key
from kontor.directory.services.refreshing import refresh_organisations
from kontor.errors import DomainError
from kontor.i18n import Text, content_language

State = OrganisationClaim.State
MOST_OPEN = 5
"""by one person; more at once is no claim but a try"""


class HasClaimedAlready(DomainError):
    sentence = _("You asked for %(organisation)s already; the cluster has not answered yet.")


class TooManyClaims(DomainError):
    sentence = _("You have %(num)s open claims. Please wait for the answers first.")


class IsEditorAlready(DomainError):
    sentence = _("You write the profile of %(organisation)s already.")


class ClaimIsDecidedAlready(DomainError):
    sentence = _("Somebody decided this claim already: %(state)s.")


@transaction.atomic
def claim_organisation(
    organisation: Organisation, *, function: str, reason: str, by: User, at: datetime
) -> OrganisationClaim:
    """Ask to write the profile of an organisation one works for."""
    User.objects.select_for_update().get(pk=by.pk)  # two claims at once count together
    if Affiliation.objects.filter(
        organisation=organisation, person__user=by, is_editor=True, until=None
    ).exists():
        raise IsEditorAlready(organisation=organisation.name)
    num_open = OrganisationClaim.objects.filter(user=by, state=State.OPEN).count()
    if num_open >= MOST_OPEN:
        raise TooManyClaims(num=num_open)
    try:
        with transaction.atomic():
            claim = OrganisationClaim.objects.create(
                organisation=organisation, user=by, function=function, reason=reason, created_at=at
            )
    except IntegrityError:
        raise HasClaimedAlready(organisation=organisation.name) from None
    record("directory.claim_organisation", by=by, subject=claim, at=at)
    return claim


@transaction.atomic
def decide_claim(
    claim: OrganisationClaim, *, is_approved: bool, answer: str = "", by: User, at: datetime
) -> OrganisationClaim:
    """Approved, the person becomes an editor of the organisation; declined, nothing changes. They are told by mail."""
    stored = OrganisationClaim.objects.select_for_update().get(pk=claim.pk)
    if stored.state != State.OPEN:
        raise ClaimIsDecidedAlready(state=stored.get_state_display())
    stored.state = State.APPROVED if is_approved else State.DECLINED
    stored.answer, stored.decided_at, stored.decided_by = answer, at, by
    stored.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    if is_approved:
        _make_editor(stored, at=at)
    tell_of_decision(stored)
    record("directory.decide_claim", by=by, subject=stored, at=at, data={"is_approved": is_approved})
    return stored


def _make_editor(claim: OrganisationClaim, *, at: datetime) -> None:
    person = _person_of(claim.user)
    function = Text.of(
        content_language(claim.user.language), **{content_language(claim.user.language): claim.function}
    )
    work, is_new = Affiliation.objects.get_or_create(
        person=person,
        organisation=claim.organisation,
        until=None,
        defaults={"function": function, "since": at.date(), "is_editor": True},
    )
    if not is_new:
        work.is_editor = True
        work.save(update_fields=["is_editor"])
    refresh_organisations([claim.organisation_id])


def _person_of(user: User) -> Person:
    """The person of this account; an account without one gets one with its name, which nobody finds by search."""
    person = Person.objects.filter(user=user).first()
    if person is not None:
        return person
    name = PersonName(
        family=user.name or user.email or "",
        given="",
        native_family="",
        native_given="",
        order=NameOrder.GIVEN_FIRST,
        titles="",
    )
    return Person.objects.create(
        user=user,
        family=name.family[:120],
        sort_key=sort_key(name),
        candidate_key=candidate_key(name),
        language=content_language(user.language),
    )
