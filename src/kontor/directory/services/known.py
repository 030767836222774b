"""What the directory knows of the organisations in a list: found by registry number, then by exact name; else candidates."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kontor.accounts.models import User
from kontor.directory.duplicates import domain_of, keys_of_names
from kontor.directory.lists import OrganisationRow
from kontor.directory.models import Affiliation, Membership, Organisation, OrganisationKey, RegistryNumber
from kontor.directory.names import organisation_key
from kontor.directory.queries import MOST_IN_GROUP
from kontor.i18n.text import LANGUAGES

BATCH = 400
Item = TypeVar("Item")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrganisations:
    """Organisations that rows of a list may mean, each with its names, numbers, sites and memberships read."""

    by_number: dict[tuple[str, str, str], Organisation]
    """register, number and court"""
    by_name: dict[str, list[Organisation]]
    """by `organisation_key` of every name they have"""
    by_key: dict[Key, list[Organisation]]
    """by keys that doubles share across scripts and spellings"""
    others: frozenset[int]
    """those that this user may not write, because somebody else looks after them"""

    def named(self, name: str, *, country: str = "") -> list[Organisation]:
        """Those that have exactly this name, and do not say that they are in another country."""
        found = self.by_name.get(organisation_key(name), [])
        return [one for one in found if not (country and one.country and one.country != country)]

    def alike(self, row: OrganisationRow) -> list[Organisation]:
        """Those that may be the one of the row: a like name, the same website, the same sound; never sure."""
        found = {
            one.pk: one
            for key in keys_of(row)
            for one in self.by_key.get(key, ())
            if not (row.country and one.country and one.country != row.country)
        }
        return list(found.values())


def keys_of(row: OrganisationRow) -> list[Key]:
    """The keys that doubles of the row's organisation would share with it."""
    names = [name for _language, name in row.names] + [name for _kind, _language, name in row.other_names]
    keys: list[Key] = [(kind.value, key) for kind, key in keys_of_names(names)]
    if domain := domain_of(row.website):
        keys.append((OrganisationKey.Kind.DOMAIN.value, domain[:120]))
    return list(dict.fromkeys(keys))


def names_in_use(organisation: Organisation) -> list[str]:
    """Every name of an organisation, whatever its language and kind."""
    official = [organisation.name.in_language(language) for language in LANGUAGES]
    return [*filter(None, official), *(name.text for name in organisation.names.all())]


def read_known(rows: Sequence[OrganisationRow], *, by: User | None) -> KnownOrganisations:
    """Read what rows and their parents may mean; as many statements for three rows as for three hundred."""
    by_number = _pks_by_number(rows)
    by_key = _pks_by_key(rows)
    wanted = {*by_number.values(), *(pk for pks in by_key.values() for pk in pks)}
    found = {
        one.pk: one
        for batch in _batches(sorted(wanted))
        for one in Organisation.objects.filter(pk__in=batch)
        .exclude(state=Organisation.State.MERGED)
        .prefetch_related("names", "registry_numbers", "sites", "memberships__working_groups")
    }
    by_name: defaultdict[str, list[Organisation]] = defaultdict(list)
    for one in found.values():
        for key in dict.fromkeys(map(organisation_key, names_in_use(one))):
            by_name[key].append(one)
    return KnownOrganisations(
        by_number={number: found[pk] for number, pk in by_number.items() if pk in found},
        by_name=dict(by_name),
        by_key={key: [found[pk] for pk in pks if pk in found] for key, pks in by_key.items()},
        others=_looked_after_by_others(set(found), by=by),
    )


def _pks_by_number(rows: Sequence[OrganisationRow]) -> dict[tuple[str, str, str], int]:
    wanted = sorted({number for row in rows for _scheme, number, _court in row.numbers})
    return {
        (one.scheme, one.number, one.court): one.organisation.merged_into_id or one.organisation_id
        for batch in _batches(wanted)
        for one in RegistryNumber.objects.filter(number__in=batch).select_related("organisation")
    }


def _pks_by_key(rows: Sequence[OrganisationRow]) -> dict[Key, list[int]]:
    keys = {key for row in rows for key in keys_of(row)}
    keys |= {(kind.value, key) for kind, key in keys_of_names({row.parent for row in rows if row.parent})}
    pks: defaultdict[Key, list[int]] = defaultdict(list)
    for batch in _batches(sorted({key for _kind, key in keys})):
        shared = OrganisationKey.objects.filter(key__in=batch)
        for kind, key, pk in shared.order_by("organisation").values_list("kind", "key", "organisation"):
            if (kind, key) in keys:
                pks[kind, key].append(pk)
    # A sound that many share says nothing about any of them; a whole name always does.
    is_name = OrganisationKey.Kind.NAME.value
    return {key: found for key, found in pks.items() if key[0] == is_name or len(found) <= MOST_IN_GROUP}


def _looked_after_by_others(pks: set[int], *, by: User | None) -> frozenset[int]:
    """Those with an editor or in a cluster, unless this user may write them anyway; without a user none."""
    if by is None or by.is_superuser:
        return frozenset()
    looked_after: set[int] = set()
    for batch in _batches(sorted(pks)):
        editors = Affiliation.objects.filter(organisation__in=batch, is_editor=True, until=None)
        members = Membership.objects.live().filter(organisation__in=batch)
        looked_after.update(editors.values_list("organisation", flat=True))
        looked_after.update(members.values_list("organisation", flat=True))
        looked_after.difference_update(
            Organisation.objects.editable_by(by).filter(pk__in=batch).values_list("pk", flat=True)
        )
    return frozenset(looked_after)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
