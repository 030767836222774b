"""Creating an organisation by hand: who may be the same is shown before anything is saved."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.directory.lists import OrganisationRow
from kontor.directory.models import Cluster, Organisation
from kontor.directory.services.clusters import apply_for_membership
from kontor.directory.services.known import read_known
from kontor.directory.services.organisations import add_organisation
from kontor.errors import DomainError
from kontor.i18n.text import LANGUAGES


class MayBeKnownAlready(DomainError):
    """`params["doubles"]` are the organisations that nobody looked at yet."""

    sentence = _("Organisations like this one are known already. Look at them before you create another.")


def doubles_of(organisation: Organisation) -> list[Organisation]:
    """Known organisations that may be this new one, across scripts and spellings; three statements or four."""
    names = [(language, organisation.name.in_language(language)) for language in LANGUAGES]
    row = OrganisationRow(
        row_number=1,
        line=1,
        names=tuple((language, name) for language, name in names if name),
        country=organisation.country,
        website=organisation.website,
    )
    return read_known([row], by=None).alike(row)


@transaction.atomic
def create_organisation(
    organisation: Organisation,
    *,
    cluster: Cluster,
    category: str,
    is_listed: bool,
    seen: Collection[str],
    by: User,
    at: datetime,
) -> Organisation:
    """A draft that applies to a cluster, whose staff can write it; `seen` are the doubles its creator looked at.

    Raises `MayBeKnownAlready` while there are doubles nobody looked at.
    """
    doubles = doubles_of(organisation)
    if any(one.public_id not in seen for one in doubles):
        raise MayBeKnownAlready(doubles=doubles)
    created = add_organisation(organisation, by=by, at=at)
    apply_for_membership(cluster, organisation=created, category=category, is_listed=is_listed, by=by, at=at)
    return created
