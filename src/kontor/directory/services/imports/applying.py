"""Apply a list of organisations: what the preview shows is written in one transaction, with what is needed to undo it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kontor.accounts.models import User
from kontor.directory.lists import MembershipWords, OrganisationRow
from kontor.directory.models import (
    Cluster,
    Membership,
    Organisation,
    OrganisationList,
    OrganisationName,
    RegistryNumber,
    Site,
    WorkingGroup,
)
from kontor.directory.names import organisation_key
from kontor.directory.services.imports.preview import PLAIN_FIELDS, has_address, has_number
from kontor.directory.services.imports.undoing import membership_facts, profile_facts
from kontor.directory.services.known import BATCH, names_in_use
from kontor.directory.services.refreshing import sort_key_of
from kontor.i18n import Text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Details:
    """Rows that belong to organisations, collected to be written together."""

    names: list[OrganisationName] = field(default_factory=list)
    numbers: list[RegistryNumber] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)

    def write(self) -> None:
        OrganisationName.objects.bulk_create(self.names, batch_size=BATCH, ignore_conflicts=True)
        RegistryNumber.objects.bulk_create(self.numbers, batch_size=BATCH)
        Site.objects.bulk_create(self.sites, batch_size=BATCH)


def write_organisations(stored: OrganisationList, by: User | None, at: datetime) -> Json:  # noqa: ARG001 -- every list has this shape
    """Write what the preview shows; returns what `put_organisations_back` needs."""
    entries = [entry for entry in stored.preview["rows"] if entry["fate"] != "unchanged"]
    rows = [OrganisationRow.from_json(entry["row"]) for entry in entries]
    targets = _targets(entries)
    changed = {one.public_id: profile_facts(one) for one in targets.values()}
    details = _Details()
    of_row: dict[int, Organisation] = {}
    made: list[Organisation] = []
    for entry, row in zip(entries, rows, strict=True):
        one = targets.get(entry["target"] or "") or of_row.get(entry["leader"] or 0)
        if one is None:
            one = _new(stored, row, at=at)
            made.append(one)
        of_row[row.row_number] = one
    Organisation.objects.bulk_create(made, batch_size=BATCH)
    for entry, row in zip(entries, rows, strict=True):
        one = of_row[row.row_number]
        if entry["target"]:
            _change(one, row, stored, details, at=at)
        elif entry["leader"] is None:
            _detail(one, row, stored, details)
    details.write()
    _set_parents(entries, of_row)
    memberships = _write_memberships(entries, rows, of_row)
    return {
        "new": [one.public_id for one in made],
        "changed": changed,
        "names": [one.public_id for one in details.names],
        "numbers": [[one.scheme, one.number, one.court] for one in details.numbers],
        "sites": [one.public_id for one in details.sites],
        "memberships": memberships,
    }


def _targets(entries: Sequence[Json]) -> dict[str, Organisation]:
    ids = sorted({entry["target"] for entry in entries if entry["target"]})
    return {
        one.public_id: one
        for start in range(0, len(ids), BATCH)
        for one in Organisation.objects.filter(public_id__in=ids[start : start + BATCH])
        .select_related("parent")
        .prefetch_related("names", "registry_numbers", "sites")
    }


def _new(stored: OrganisationList, row: OrganisationRow, *, at: datetime) -> Organisation:
    original = row.names[0][0]
    one = Organisation(
        name=Text.of(original, **dict(row.names)),
        name_key=organisation_key(row.names[0][1])[:300],
        topics=list(row.topics),
        state=Organisation.State.PUBLISHED,
        confirmed_at=at,
        is_sample=stored.cluster is not None and stored.cluster.is_sample,
    )
    one.sort_key = sort_key_of(one)
    _fill(one, row)
    return one


def _fill(one: Organisation, row: OrganisationRow) -> None:
    for _field, attribute in PLAIN_FIELDS:
        if value := getattr(row, attribute):
            setattr(one, attribute, value)
    language = row.capability_language
    if row.capability and one.capability:
        one.capability = one.capability.with_version(language, row.capability)
    elif row.capability:
        one.capability = Text.of(language, **{language: row.capability})


def _detail(one: Organisation, row: OrganisationRow, stored: OrganisationList, details: _Details) -> None:
    """Other names, numbers and the address of a new organisation."""
    details.names.extend(
        OrganisationName(organisation=one, kind=kind, language=language, text=text, source=row.source)
        for kind, language, text in row.other_names
    )
    details.numbers.extend(
        RegistryNumber(organisation=one, scheme=scheme, number=number, court=court)
        for scheme, number, court in row.numbers
    )
    if row.address:
        details.sites.append(_site(one, row, stored, Site.Kind.HEADQUARTERS))


def _change(
    one: Organisation, row: OrganisationRow, stored: OrganisationList, details: _Details, *, at: datetime
) -> None:
    """Write what the list says otherwise; an official name that is replaced stays on record as a former one."""
    keys = set(map(organisation_key, names_in_use(one)))
    for language, name in row.names:
        if organisation_key(name) in keys:
            continue
        if old := one.name.in_language(language):
            details.names.append(
                OrganisationName(
                    organisation=one,
                    kind=OrganisationName.Kind.FORMER,
                    language=language,
                    text=old,
                    valid_until=at.date(),
                )
            )
        one.name = one.name.with_version(language, name)
    details.names.extend(
        OrganisationName(organisation=one, kind=kind, language=language, text=text, source=row.source)
        for kind, language, text in row.other_names
        if organisation_key(text) not in keys
    )
    details.numbers.extend(
        RegistryNumber(organisation=one, scheme=scheme, number=number, court=court)
        for scheme, number, court in row.numbers
        if not has_number(one, scheme, number, court)
    )
    if row.address and not has_address(one, row.address):
        has_home = any(site.kind == Site.Kind.HEADQUARTERS for site in one.sites.all())
        details.sites.append(_site(one, row, stored, Site.Kind.OTHER if has_home else Site.Kind.HEADQUARTERS))
    one.topics = list(dict.fromkeys([*one.topics, *row.topics]))
    _fill(one, row)
    one.confirmed_at = at
    one.save()


def _site(one: Organisation, row: OrganisationRow, stored: OrganisationList, kind: Site.Kind) -> Site:
    """A claim of the list, until somebody verifies it."""
    language = row.names[0][0]
    return Site(
        organisation=one,
        kind=kind,
        address=Text.of(language, **{language: row.address}),
        place=Text.of(language, **{language: row.place}) if row.place else Text(language),
        country=row.country,
        source=row.source or stored.file_name,
        is_sample=one.is_sample,
    )


def _set_parents(entries: Sequence[Json], of_row: dict[int, Organisation]) -> None:
    ids = {entry["parent"] for entry in entries if isinstance(entry["parent"], str)}
    known = {one.public_id: one for one in Organisation.objects.filter(public_id__in=sorted(ids))}
    by_row = {entry["row"]["row_number"]: entry["parent"] for entry in entries if entry["parent"]}
    below: dict[int, Organisation] = {}
    for number, parent in by_row.items():
        one = of_row[number]
        one.parent = known[parent] if isinstance(parent, str) else of_row[parent]
        below[one.pk] = one
    Organisation.objects.bulk_update(below.values(), ["parent"], batch_size=BATCH)


def _write_memberships(
    entries: Sequence[Json], rows: Sequence[OrganisationRow], of_row: dict[int, Organisation]
) -> Json:
    """New and changed memberships; returns what each was before and is now."""
    clusters = Cluster.objects.in_bulk(
        sorted({entry["cluster"] for entry in entries if entry["cluster"]}), field_name="slug"
    )
    groups = WorkingGroup.objects.in_bulk(
        sorted({group for entry in entries for group in entry["groups"]}), field_name="public_id"
    )
    there = Membership.objects.in_bulk(
        sorted({entry["membership"] for entry in entries if entry["membership"]}), field_name="public_id"
    )
    facts: Json = {}
    for entry, row in zip(entries, rows, strict=True):
        if row.membership is None or not entry["cluster"]:
            continue
        one = there.get(entry["membership"] or "")
        before = membership_facts(one) if one else None
        if one is None:
            organisation = of_row[row.row_number]
            one = Membership(
                cluster=clusters[entry["cluster"]],
                organisation=organisation,
                state=Membership.State.ACTIVE,
                source=row.source,
                is_sample=organisation.is_sample,
            )
        _fill_membership(one, row.membership)
        one.save()
        one.working_groups.add(*(groups[group] for group in entry["groups"]))
        facts[one.public_id] = {"before": before, "after": membership_facts(one)}
    return facts


def _fill_membership(one: Membership, words: MembershipWords) -> None:
    one.state = words.state or one.state
    one.category = words.category or one.category
    one.since = date.fromisoformat(words.since) if words.since else one.since
    one.until = date.fromisoformat(words.until) if words.until else one.until
