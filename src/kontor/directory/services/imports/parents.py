"""The parents that a list names: known organisations or rows of the same list, and never in a circle."""

from collections.abc import Sequence

from kontor.directory.lists import OrganisationField, OrganisationRows
from kontor.directory.models import Organisation
from kontor.directory.names import organisation_key
from kontor.directory.services.imports.decisions import Decision
from kontor.directory.services.known import KnownOrganisations

Node = Organisation | int
"""a known organisation, or the number of the row that makes one"""
PARENT = OrganisationField.PARENT


def settle_parents(
    decisions: Sequence[Decision], known: KnownOrganisations, found: OrganisationRows
) -> list[Decision]:
    """Find each parent; a row whose parent cannot be found is refused, and then those below it too."""
    left = list(decisions)
    while True:
        above = _known_parents() if any(one.row.parent for one in left) else {}
        for decision in left:
            if decision.row.parent:
                _settle(decision, left, known, above, found)
        kept = [one for one in left if not found.cells[one.row.row_number].refusals]
        if len(kept) == len(left):
            return kept
        left = kept


def _settle(
    decision: Decision,
    decisions: Sequence[Decision],
    known: KnownOrganisations,
    above: dict[str | int, str | int],
    found: OrganisationRows,
) -> None:
    row, cells = decision.row, found.cells[decision.row.row_number]
    candidates = _named(row.parent, decisions, known)
    if len(candidates) > 1:
        at_home = [one for one in candidates if _country(one, decisions) == row.country]
        candidates = at_home or candidates
    if len(candidates) != 1:
        cells.refuse(PARENT, "parent_of_several" if candidates else "parent_is_unknown", value=row.parent)
        return
    parent = candidates[0]
    own, one = _name_of(_node(decision)), _name_of(parent)
    if one == own:
        cells.refuse(PARENT, "parent_is_itself")
        return
    decision.parent = parent
    above[own] = one
    seen = {own}
    while one in above and one not in seen:
        seen.add(one)
        one = above[one]
    if one == own:
        cells.refuse(PARENT, "parent_is_below", value=row.parent)


def _named(name: str, decisions: Sequence[Decision], known: KnownOrganisations) -> list[Node]:
    key = organisation_key(name)
    nodes: dict[str | int, Node] = {_name_of(one): one for one in known.named(name)}
    for decision in decisions:
        if key in {organisation_key(text) for _language, text in decision.row.names}:
            node = _node(decision)
            nodes[_name_of(node)] = node
    return list(nodes.values())


def _node(decision: Decision) -> Node:
    return decision.target or decision.leader or decision.row.row_number


def _name_of(node: Node) -> str | int:
    return node if isinstance(node, int) else node.public_id


def _country(node: Node, decisions: Sequence[Decision]) -> str:
    if isinstance(node, Organisation):
        return node.country
    return next(one.row.country for one in decisions if one.row.row_number == node)


def _known_parents() -> dict[str | int, str | int]:
    """The public id of each organisation that has a parent, and of that parent."""
    return dict(Organisation.objects.exclude(parent=None).values_list("public_id", "parent__public_id"))
