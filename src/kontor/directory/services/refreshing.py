"""What follows from the names of organisations and people: keys to sort and compare by, and the rows of the search."""

from collections.abc import Iterable

from django.db import transaction

from kontor.directory.duplicates import domain_of, keys_of_names
from kontor.directory.models import Organisation, OrganisationKey, Site
from kontor.directory.names import fold, organisation_key, romanise_text
from kontor.i18n.text import LANGUAGES
from kontor.search.services import index

BATCH = 400


@transaction.atomic
def refresh_organisations(pks: Iterable[int]) -> None:
    """Bring sort keys, duplicate keys and the search up to date; everything that writes organisations ends with it."""
    wanted = list(pks)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        rows = list(Organisation.objects.filter(pk__in=batch).prefetch_related("names"))
        changed = [one for one in rows if _has_other_keys(one)]
        Organisation.objects.bulk_update(changed, ["sort_key", "name_key"])
        OrganisationKey.objects.filter(organisation__in=batch).delete()
        OrganisationKey.objects.bulk_create(
            [key for one in rows for key in _keys(one)], ignore_conflicts=True, batch_size=BATCH
        )
        index("organisation", *(one.public_id for one in rows))
        index("site", *Site.objects.filter(organisation__in=batch).values_list("public_id", flat=True))


def sort_key_of(organisation: Organisation) -> str:
    """Latin letters without accents and Chinese in pinyin, in one order for all readers."""
    return fold(romanise_text(str(organisation.name)))[:300]


def _has_other_keys(organisation: Organisation) -> bool:
    """Set the keys that follow from the name; whether they differ from what is stored."""
    before = organisation.sort_key, organisation.name_key
    organisation.sort_key = sort_key_of(organisation)
    organisation.name_key = organisation_key(str(organisation.name))[:300]
    return before != (organisation.sort_key, organisation.name_key)


def _keys(organisation: Organisation) -> list[OrganisationKey]:
    if organisation.state == Organisation.State.MERGED:
        return []
    names = [organisation.name.in_language(language) for language in LANGUAGES]
    names += [name.text for name in organisation.names.all()]
    pairs = set(keys_of_names(filter(None, names)))
    if domain := domain_of(organisation.website):
        pairs.add((OrganisationKey.Kind.DOMAIN, domain[:120]))
    return [OrganisationKey(organisation=organisation, kind=kind, key=key) for kind, key in sorted(pairs)]
