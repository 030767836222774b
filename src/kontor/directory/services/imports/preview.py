"""The preview of a list of organisations: for each row, whether it is new, changed, unchanged or refused, and why."""

import difflib
from collections.abc import Iterable, Sequence

from kontor.directory.lists import (
    MembershipWords,
    OrganisationField,
    OrganisationRow,
    OrganisationRows,
    UnreadableFile,
    propose_organisation_mapping,
    read_organisations,
)
from kontor.directory.lists.choices import Choices, chosen_fields, read_chosen, reading_facts
from kontor.directory.lists.organisation_cells import Cells
from kontor.directory.lists.organisations import name_field
from kontor.directory.lists.previews import COLUMN_PROBLEMS, Built, build, summary_row
from kontor.directory.models import Cluster, Membership, Organisation, OrganisationList, WorkingGroup
from kontor.directory.names import organisation_key
from kontor.directory.services.imports.decisions import Decision
from kontor.directory.services.imports.parents import settle_parents
from kontor.directory.services.known import KnownOrganisations, keys_of, names_in_use, read_known
from kontor.i18n.text import LANGUAGES

Field = OrganisationField
NAME_FIELD = {"de": Field.NAME_DE, "en": Field.NAME_EN, "zh": Field.NAME_ZH}
PLAIN_FIELDS = (
    (Field.KIND, "kind"),
    (Field.LEGAL_FORM, "legal_form"),
    (Field.SIZE, "size_class"),
    (Field.SIZE_STANDARD, "size_standard"),
    (Field.NUM_STAFF, "num_staff"),
    (Field.FOUNDED_IN, "founded_in"),
    (Field.COUNTRY, "country"),
    (Field.PLACE, "place"),
    (Field.WEBSITE, "website"),
    (Field.SOURCE, "source"),
)
"""what a row and an organisation hold under the same name"""
_ONE_PER_REGISTER = frozenset({"uscc", "vat"})
"""an organisation has one number of these; of German registers it may have several over time"""


def build_preview(stored: OrganisationList, choices: Choices) -> Built:
    """Everything the page of the preview shows and `write_organisations` writes. Raises `UnreadableFile`."""
    table = read_chosen(bytes(stored.content), stored.file_name, choices, list_kind="organisations")
    recognised = propose_organisation_mapping(table.headings)
    fields = chosen_fields(choices, recognised, Field)
    reading = reading_facts(table, recognised, fields)
    try:
        found = read_organisations(
            table,
            mapping=fields,
            are_members=stored.cluster is not None,
            corrections={(number, Field(name)): value for number, name, value in choices.corrections},
        )
    except UnreadableFile as error:
        if error.code not in COLUMN_PROBLEMS:
            raise
        return build(reading=reading, rows=(), shown=(), num_rows=len(table.rows), problem=error.code)
    decisions = _decide(stored, found)
    return build(
        reading=reading,
        rows=[one.to_json() for one in decisions],
        shown=[
            summary_row(
                one.row.row_number,
                one.fate,
                cells=(one.row.names[0][1], one.cluster.name if one.cluster else ""),
                fields=one.fields,
            )
            for one in decisions
        ],
        num_rows=found.num_rows,
        refusals=[refusal for cells in found.cells.values() for refusal in cells.refusals],
        repetitions=found.repetitions,
        notices=[notice for one in decisions for notice in found.cells[one.row.row_number].notices],
    )


def _decide(stored: OrganisationList, found: OrganisationRows) -> list[Decision]:
    """One decision per row that is not refused."""
    by = stored.created_by
    known = read_known(found.rows, by=by)
    clusters = _Clusters(stored)
    decisions: list[Decision] = []
    first: dict[str, Decision] = {}
    by_number: dict[tuple[str, str, str], str] = {}
    by_target: dict[int, str] = {}
    for row in found.rows:
        cells = found.cells[row.row_number]
        decision = Decision(row=row, target=_find(row, known, cells))
        leader = first.get(row.identity)
        taken = {by_number.get(number, row.identity) for number in row.numbers}
        if decision.target is not None:
            taken.add(by_target.get(decision.target.pk, row.identity))
        if others := taken - {row.identity}:
            number = first[others.pop()].row.row_number
            cells.refuse(name_field(cells), "contradicts_organisation", row=number)
        clusters.settle(decision, cells)
        if cells.refusals:
            continue
        if leader is not None and decision.target is None:
            decision.leader = leader.row.row_number
        first.setdefault(row.identity, decision)
        by_number |= dict.fromkeys(row.numbers, row.identity)
        if decision.target is not None:
            by_target[decision.target.pk] = row.identity
        decisions.append(decision)
    decisions = settle_parents(decisions, known, found)
    for decision in decisions:
        decision.fields = [*_differences(decision), *_membership_differences(decision)]
        is_theirs = decision.target is not None and decision.target.pk in known.others
        if is_theirs and decision.fields and decision.target is not None:
            cells = found.cells[decision.row.row_number]
            cells.refuse(name_field(cells), "not_yours", name=str(decision.target.name))
    decisions = [one for one in decisions if not found.cells[one.row.row_number].refusals]
    _tell_candidates(decisions, known, found)
    return decisions


def _find(row: OrganisationRow, known: KnownOrganisations, cells: Cells) -> Organisation | None:
    """The organisation of a row, if there is one: by a registry number, else by exactly its name; never by likeness."""
    owners = {one.pk: one for number in row.numbers if (one := known.by_number.get(number))}
    named = {one.pk: one for _language, name in row.names for one in known.named(name, country=row.country)}
    field = name_field(cells)
    if len(owners) > 1:
        names = ", ".join(str(one.name) for one in owners.values())
        cells.refuse(Field(row.numbers[0][0]), "numbers_of_several", names=names)
        return None
    if owners:
        owner = next(iter(owners.values()))
        if named and owner.pk not in named:
            cells.refuse(Field(row.numbers[0][0]), "number_of_another", name=str(owner.name))
        return owner
    if len(named) > 1:
        cells.refuse(field, "name_of_several")
        return None
    target = next(iter(named.values()), None)
    if target is not None:
        _refuse_other_number(row, target, cells)
    return target


def _refuse_other_number(row: OrganisationRow, target: Organisation, cells: Cells) -> None:
    """One name and two credit codes are two organisations, or a mistake; neither is for a machine to decide."""
    held = {one.scheme: one.number for one in target.registry_numbers.all()}
    for scheme, number, _court in row.numbers:
        if scheme in _ONE_PER_REGISTER and held.get(scheme, number) != number:
            cells.refuse(Field(scheme), "other_number", name=str(target.name), number=held[scheme])


class _Clusters:
    """The clusters whose members the list may name, with their working groups; read once."""

    def __init__(self, stored: OrganisationList) -> None:
        self._given = stored.cluster
        by = stored.created_by
        managed = Cluster.objects.managed_by(by) if by else Cluster.objects.all()
        self._by_key: dict[str, Cluster] = {}
        self._names: list[str] = []
        for cluster in managed.prefetch_related("working_groups"):
            names = [cluster.slug, *filter(None, map(cluster.name.in_language, LANGUAGES))]
            self._names += names
            self._by_key |= {organisation_key(name): cluster for name in names}

    def settle(self, decision: Decision, cells: Cells) -> None:
        """Find cluster, groups and the membership there is."""
        words = decision.row.membership
        if words is None:
            return
        cluster = self._by_key.get(organisation_key(words.cluster)) if words.cluster else self._given
        if cluster is None:
            close = difflib.get_close_matches(words.cluster, self._names, n=1)
            cells.refuse(
                Field.CLUSTER, "cluster_is_unknown", value=words.cluster, proposal=close[0] if close else ""
            )
            return
        decision.cluster = cluster
        decision.groups = tuple(_groups(cluster, words, cells))
        if decision.target is not None:
            of_cluster = [one for one in decision.target.memberships.all() if one.cluster_id == cluster.pk]
            live = [one for one in of_cluster if one.state != Membership.State.ENDED]
            same_end = [one for one in of_cluster if words.state == "ended" and _until(one) == words.until]
            decision.membership = next(iter(live or same_end), None)


def _groups(cluster: Cluster, words: MembershipWords, cells: Cells) -> Iterable[WorkingGroup]:
    by_key: dict[str, WorkingGroup] = {}
    names: list[str] = []
    for group in cluster.working_groups.all():
        of_group = list(filter(None, map(group.name.in_language, LANGUAGES)))
        names += of_group
        by_key |= {organisation_key(name): group for name in of_group}
    for name in words.working_groups:
        known = by_key.get(organisation_key(name))
        if known is not None:
            yield known
        else:
            close = difflib.get_close_matches(name, names, n=1)
            cells.refuse(
                Field.WORKING_GROUPS, "group_is_unknown", value=name, proposal=close[0] if close else ""
            )


def _until(membership: Membership) -> str:
    return membership.until.isoformat() if membership.until else ""


def _differences(decision: Decision) -> list[str]:
    """Fields in which the list says something else than the profile; an empty cell says nothing."""
    row, target = decision.row, decision.target
    if target is None:
        return []
    found: list[Field] = []
    keys = set(map(organisation_key, names_in_use(target)))
    found += [NAME_FIELD[language] for language, name in row.names if organisation_key(name) not in keys]
    found += [
        Field(kind_field(kind)) for kind, _l, name in row.other_names if organisation_key(name) not in keys
    ]
    for name_of_field, attribute in PLAIN_FIELDS:
        value = getattr(row, attribute)
        if value and value != getattr(target, attribute):
            found.append(name_of_field)
    found += [
        Field(scheme)
        for scheme, number, court in row.numbers
        if not has_number(target, scheme, number, court)
    ]
    if row.topics and not set(row.topics) <= set(target.topics):
        found.append(Field.TOPICS)
    if row.capability and row.capability != target.capability.in_language(row.capability_language):
        found.append(Field.CAPABILITY)
    if row.address and not has_address(target, row.address):
        found.append(Field.ADDRESS)
    if decision.parent is not None and decision.parent != target.parent:
        found.append(Field.PARENT)
    return [str(one) for one in dict.fromkeys(found)]


def kind_field(kind: str) -> Field:
    """The column of other names of a kind."""
    return {"short": Field.SHORT_NAME, "former": Field.FORMER_NAME}.get(kind, Field.ALIAS)


def has_number(organisation: Organisation, scheme: str, number: str, court: str) -> bool:
    """Whether it has this number; a list that does not name the court means any."""
    return any(
        one.scheme == scheme and one.number == number and court in {"", one.court}
        for one in organisation.registry_numbers.all()
    )


def has_address(organisation: Organisation, address: str) -> bool:
    """Whether one of its sites has this address in any language."""
    key = organisation_key(address)
    return any(
        organisation_key(site.address.in_language(language)) == key
        for site in organisation.sites.all()
        for language in LANGUAGES
    )


def _membership_differences(decision: Decision) -> list[str]:
    words, there = decision.row.membership, decision.membership
    if words is None:
        return []
    if there is None:
        return [str(Field.CLUSTER)]
    now = {
        Field.STATE: there.state,
        Field.CATEGORY: there.category,
        Field.SINCE: there.since.isoformat() if there.since else "",
        Field.UNTIL: _until(there),
    }
    found = [str(one) for one, value in now.items() if getattr(words, one.value) not in {"", value}]
    if not set(decision.groups) <= set(there.working_groups.all()):
        found.append(str(Field.WORKING_GROUPS))
    return found


def _tell_candidates(
    decisions: Sequence[Decision], known: KnownOrganisations, found: OrganisationRows
) -> None:
    """Say of new organisations which known ones, or which rows before them, they may be."""
    new: dict[tuple[str, str], OrganisationRow] = {}
    targets = {one.target.pk for one in decisions if one.target is not None}
    for decision in decisions:
        if decision.fate != "new":
            continue
        row, cells = decision.row, found.cells[decision.row.row_number]
        for one in known.alike(row):
            if one.pk not in targets:
                cells.notice(name_field(cells), "may_be_known", name=str(one.name))
        earlier = {new[key].row_number for key in keys_of(row) if key in new}
        for number in sorted(earlier):
            cells.notice(name_field(cells), "may_be_row", row=number)
        new |= {key: row for key in keys_of(row) if key not in new}
