"""Sites: claimed by a source, verified by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.coordinates import check_coordinates
from kontor.directory.models import Site
from kontor.directory.services.refreshing import refresh_organisations
from kontor.errors import DomainError
from kontor.search.services import index


class ClaimNeedsSource(DomainError):
    sentence = _("Say where it was read that this site exists, or verify it.")


@transaction.atomic
def save_site(site: Site, *, by: User | None, at: datetime) -> Site:
    """Write a new or changed site; coordinates must lie in its country, and what nobody verified names its source."""
    if not site.is_verified and not site.source.strip():
        raise ClaimNeedsSource
    if site.latitude is not None and site.longitude is not None:
        check_coordinates(float(site.latitude), float(site.longitude), country=site.country)
    site.save()
    record("directory.save_site", by=by, subject=site, at=at)
    refresh_organisations([site.organisation_id])
    return site


@transaction.atomic
def verify_site(site: Site, *, is_verified: bool, by: User, at: datetime) -> None:
    """Somebody was there or asked: the site exists. Or it is a claim again."""
    stored = Site.objects.select_for_update().get(pk=site.pk)
    if not is_verified and not stored.source.strip():
        raise ClaimNeedsSource
    stored.is_verified = is_verified
    stored.verified_at = at if is_verified else None
    stored.verified_by = by if is_verified else None
    stored.save(update_fields=["is_verified", "verified_at", "verified_by"])
    record("directory.verify_site", by=by, subject=stored, at=at, data={"is_verified": is_verified})


@transaction.atomic
def remove_site(site: Site, *, by: User, at: datetime) -> None:
    """A site that was never there; one that closed keeps its row and gets `closed_in`."""
    organisation, key = site.organisation_id, site.public_id
    record("directory.remove_site", by=by, subject=site, at=at)
    site.delete()
    index("site", key)
    refresh_organisations([organisation])
