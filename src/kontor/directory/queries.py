"""Reads of the directory that are too large for a queryset: who may be the same, all names of one, filters of the list."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.db import connection
from django.db.models import Count, QuerySet

from kontor.directory.models import Organisation, OrganisationKey, OrganisationName, OrganisationsApart
from kontor.i18n.text import LANGUAGES, Words
from kontor.search.topics import limit_to_topic

MOST_IN_GROUP = 12
"""a key that more organisations share says nothing about any two of them"""

_WORTH = {OrganisationKey.Kind.NAME: 2, OrganisationKey.Kind.DOMAIN: 2, OrganisationKey.Kind.SOUND: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateCandidate:
    """Two organisations that may be one; a person decides."""

    first: Organisation
    second: Organisation
    reasons: tuple[str, ...]
    """name, domain, sound: what they share"""

    @property
    def is_probable(self) -> bool:
        """They share a whole name or a website, not only a sound."""
        return self.reasons != (OrganisationKey.Kind.SOUND.value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownName:
    """One name of an organisation, with what is known of it."""

    words: Words
    kind: str
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""


def duplicate_candidates(*, of: Organisation | None = None, limit: int = 100) -> list[DuplicateCandidate]:
    """Pairs that share a key, the most probable first; all of them, or those with one organisation. Five statements.

    The database groups the keys by an index, so the work grows with the organisations, not with their pairs.
    """
    keys = OrganisationKey.objects.all()
    if of is not None:
        own = list(of.keys.values_list("kind", "key"))
        keys = keys.filter(key__in=[key for _kind, key in own])
    shared = (
        keys.values("kind", "key")
        .annotate(num=Count("id"))
        .filter(num__gt=1, num__lte=MOST_IN_GROUP)
        .order_by("kind", "key")
    )
    groups = {(row["kind"], row["key"]) for row in shared[: limit * 20]}
    members: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    found = OrganisationKey.objects.filter(key__in=[key for _kind, key in groups])
    for kind, key, pk in found.order_by("organisation").values_list("kind", "key", "organisation"):
        if (kind, key) in groups:
            members[kind, key].append(pk)
    reasons: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for (kind, _key), pks in members.items():
        for pair in combinations(pks, 2):
            if of is None or of.pk in pair:
                reasons[pair].add(kind)
    apart = set(OrganisationsApart.objects.values_list("first", "second"))
    rows = Organisation.objects.in_bulk({pk for pair in reasons for pk in pair})
    likely = [
        DuplicateCandidate(first=rows[low], second=rows[high], reasons=tuple(sorted(why)))
        for (low, high), why in reasons.items()
        if (low, high) not in apart
        and _may_be_one(rows[low], rows[high])
        and not _differ_in_chinese(why, rows[low], rows[high])
    ]
    likely.sort(
        key=lambda one: (-sum(_WORTH[OrganisationKey.Kind(why)] for why in one.reasons), one.first.pk)
    )
    return likely[:limit]


def names_of(organisation: Organisation) -> list[ShownName]:
    """Every name: the present official one and its translations first, then the others as they were written."""
    kinds = OrganisationName.Kind
    name = organisation.name
    shown = [
        ShownName(
            words=Words(name.in_language(language), language),
            kind=kinds.OFFICIAL.value if language == name.original else kinds.TRANSLATED.value,
        )
        for language in sorted(LANGUAGES, key=lambda language: language != name.original)
        if name.in_language(language)
    ]
    return shown + [
        ShownName(
            words=Words(row.text, row.language),
            kind=row.kind,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            source=row.source,
        )
        for row in organisation.names.all()
    ]


def _differ_in_chinese(why: set[str], first: Organisation, second: Organisation) -> bool:
    """Only the brand sounds alike, and both Chinese names are known and differ: two firms of one brand."""
    return why == {OrganisationKey.Kind.SOUND} and all(one.name.in_language("zh") for one in (first, second))


def _may_be_one(first: Organisation, second: Organisation) -> bool:
    """Not if both say in which country they are, and it is not the same."""
    return not (first.country and second.country and first.country != second.country)


_COUNTRIES = """
WITH RECURSIVE found(country) AS (
    SELECT MIN(country) FROM directory_organisation WHERE state = 'published' AND country > ''
    UNION ALL
    SELECT (SELECT MIN(country) FROM directory_organisation WHERE state = 'published' AND country > found.country)
    FROM found WHERE found.country IS NOT NULL
)
SELECT country FROM found WHERE country IS NOT NULL
"""


def countries_listed() -> list[str]:
    """The countries of published organisations; jumps along the index, so that their number does not matter."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTRIES)
        return [row[0] for row in cursor.fetchall()]


def about_topic(organisations: QuerySet[Organisation], concept: str) -> QuerySet[Organisation]:
    """Those that name this concept or one below it. One statement."""
    return limit_to_topic(organisations, kind="organisation", concept=concept)
