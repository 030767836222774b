"""Organisations: writing the profile, names, registry numbers, verification, publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.models import Organisation, OrganisationName, RegistryNumber
from kontor.directory.registry_numbers import read_number
from kontor.directory.services.refreshing import refresh_organisations
from kontor.errors import DomainError
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES
from kontor.topics.analysis import vocabulary


class OrganisationHasNoName(DomainError):
    sentence = _("An organisation needs a name in at least one language.")


class TopicDoesNotExist(DomainError):
    sentence = _("The topic “%(topic)s” is not in the vocabulary.")


class ParentWouldBeItsOwnChild(DomainError):
    sentence = _("%(parent)s belongs to %(child)s already, so it cannot be its parent.")


class NumberBelongsToAnother(DomainError):
    """`params["owner"]` is the public id of the organisation that has it."""

    sentence = _("%(name)s has this number already. If it is the same organisation, merge the two.")


class OrganisationWasMerged(DomainError):
    sentence = _("This organisation was merged into %(survivor)s.")


class ProfileChangedMeanwhile(DomainError):
    sentence = _(
        "Somebody else changed this profile meanwhile. Look at the new version and write yours again."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NameData:
    """One more name of an organisation."""

    language: str
    text: str
    kind: str = OrganisationName.Kind.ALIAS.value
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""


FACTS = (
    "legal_form",
    "size_class",
    "size_standard",
    "country",
    "place",
    "num_staff",
    "founded_in",
    "website",
)
"""what a profile states in one value each, so that a double may fill what the survivor does not know"""
PROFILE = ("name", "kind", *FACTS, "parent", "topics", "capability", "source")
"""what `save_profile` writes"""


@transaction.atomic
def add_organisation(
    organisation: Organisation, *, names: Sequence[NameData] = (), by: User | None, at: datetime
) -> Organisation:
    """Write a new organisation with its other names."""
    _check(organisation)
    organisation.confirmed_at = organisation.confirmed_at or at
    organisation.save()
    OrganisationName.objects.bulk_create([_name_row(organisation, name) for name in names])
    record("directory.add_organisation", by=by, subject=organisation, at=at)
    refresh_organisations([organisation.pk])
    organisation.refresh_from_db()
    return organisation


@transaction.atomic
def save_profile(
    organisation: Organisation, *, by: User, at: datetime, seen_at: datetime | None = None
) -> None:
    """Write the changed profile; whoever writes it confirms it.

    `seen_at` is `confirmed_at` of the version the writer began with: when somebody else wrote meanwhile, it is refused.
    The old official name of each language stays on record as a former one.
    """
    stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
    _refuse_merged(stored)
    if seen_at is not None and stored.confirmed_at is not None and stored.confirmed_at > seen_at:
        raise ProfileChangedMeanwhile
    _check(organisation)
    changed = [field for field in PROFILE if getattr(stored, field) != getattr(organisation, field)]
    _keep_former_names(stored, organisation.name, at=at)
    organisation.confirmed_at = at
    organisation.save(update_fields=[*PROFILE, "confirmed_at"])
    record("directory.save_profile", by=by, subject=organisation, at=at, data={"fields": changed})
    refresh_organisations([organisation.pk])
    organisation.refresh_from_db(fields=["sort_key", "name_key"])


@transaction.atomic
def set_names(organisation: Organisation, names: Sequence[NameData], *, by: User, at: datetime) -> None:
    """Replace all other names by these; forty are as good as one."""
    _refuse_merged(_lock(organisation))
    organisation.names.all().delete()
    OrganisationName.objects.bulk_create([_name_row(organisation, name) for name in dict.fromkeys(names)])
    record("directory.set_names", by=by, subject=organisation, at=at, data={"num_names": len(names)})
    refresh_organisations([organisation.pk])


@transaction.atomic
def add_registry_number(
    organisation: Organisation, *, scheme: str, text: str, court: str = "", by: User | None, at: datetime
) -> RegistryNumber:
    """Raises what `read_number` finds wrong, and `NumberBelongsToAnother`."""
    _refuse_merged(_lock(organisation))
    number = read_number(scheme, text)
    try:
        with transaction.atomic():
            row = RegistryNumber.objects.create(
                organisation=organisation, scheme=scheme, number=number, court=court.strip()
            )
    except IntegrityError:
        taken = RegistryNumber.objects.select_related("organisation").get(
            scheme=scheme, number=number, court=court.strip()
        )
        if taken.organisation_id == organisation.pk:
            return taken
        raise NumberBelongsToAnother(
            name=taken.organisation.name, owner=taken.organisation.public_id
        ) from None
    record("directory.add_registry_number", by=by, subject=organisation, at=at, data={"scheme": scheme})
    refresh_organisations([organisation.pk])
    return row


@transaction.atomic
def remove_registry_number(row: RegistryNumber, *, by: User, at: datetime) -> None:
    """Take a number away that was written to the wrong organisation."""
    organisation = _lock(row.organisation)
    record(
        "directory.remove_registry_number", by=by, subject=organisation, at=at, data={"scheme": row.scheme}
    )
    row.delete()
    refresh_organisations([organisation.pk])


@transaction.atomic
def verify_organisation(organisation: Organisation, *, verification: str, by: User, at: datetime) -> None:
    """Say how the profile was checked; that also confirms it for twelve months."""
    stored = _lock(organisation)
    _refuse_merged(stored)
    is_checked = verification != Organisation.Verification.NONE
    stored.verification = verification
    stored.verified_at = at if is_checked else None
    stored.verified_by = by if is_checked else None
    stored.confirmed_at = at if is_checked else stored.confirmed_at
    stored.save(update_fields=["verification", "verified_at", "verified_by", "confirmed_at"])
    record("directory.verify_organisation", by=by, subject=stored, at=at, data={"how": verification})


@transaction.atomic
def confirm_organisation(organisation: Organisation, *, by: User, at: datetime) -> None:
    """The profile is still right, for another twelve months."""
    stored = _lock(organisation)
    _refuse_merged(stored)
    stored.confirmed_at = at
    stored.save(update_fields=["confirmed_at"])
    record("directory.confirm_organisation", by=by, subject=stored, at=at)


@transaction.atomic
def set_state(organisation: Organisation, *, state: str, by: User | None, at: datetime) -> None:
    """Submit, publish, archive or block; merging has a service of its own."""
    stored = _lock(organisation)
    _refuse_merged(stored)
    if state == Organisation.State.MERGED:
        raise ValueError("merge_organisations merges, set_state does not")
    before, stored.state = stored.state, Organisation.State(state)
    stored.save(update_fields=["state"])
    record("directory.set_state", by=by, subject=stored, at=at, data={"from": before, "to": state})
    refresh_organisations([stored.pk])


def _lock(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _refuse_merged(stored: Organisation) -> None:
    if stored.merged_into is not None:
        raise OrganisationWasMerged(survivor=stored.merged_into.name)


def _check(organisation: Organisation) -> None:
    if not organisation.name:
        raise OrganisationHasNoName
    known = vocabulary()
    for topic in organisation.topics:
        if topic not in known:
            raise TopicDoesNotExist(topic=topic)
    _refuse_circle(organisation)


def _refuse_circle(organisation: Organisation) -> None:
    """Walk up from the parent with the rows locked, so that two people cannot close a circle together."""
    parent = organisation.parent
    above = parent
    seen = {organisation.pk}
    while parent is not None and above is not None:
        if above.pk in seen:
            raise ParentWouldBeItsOwnChild(parent=parent.name, child=organisation.name)
        seen.add(above.pk)
        above = Organisation.objects.select_for_update(of=("self",)).get(pk=above.pk).parent


def _keep_former_names(stored: Organisation, new: Text, *, at: datetime) -> None:
    for language in LANGUAGES:
        old = stored.name.in_language(language)
        if old and old != new.in_language(language):
            OrganisationName.objects.get_or_create(
                organisation=stored,
                language=language,
                text=old,
                kind=OrganisationName.Kind.FORMER,
                defaults={"valid_until": at.date()},
            )


def _name_row(organisation: Organisation, name: NameData) -> OrganisationName:
    return OrganisationName(
        organisation=organisation,
        language=name.language,
        text=" ".join(name.text.split()),
        kind=name.kind,
        valid_from=name.valid_from,
        valid_until=name.valid_until,
        source=name.source,
    )
