"""What one row of a list of organisations means for the directory."""

from dataclasses import dataclass, field
from typing import Any

from kontor.directory.lists import OrganisationRow
from kontor.directory.models import Cluster, Membership, Organisation, WorkingGroup

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Decision:
    """What one row means, as far as it is known; refusals go to the cells of the row."""

    row: OrganisationRow
    target: Organisation | None
    leader: int | None = None
    """number of the earlier row about the same new organisation"""
    cluster: Cluster | None = None
    groups: tuple[WorkingGroup, ...] = ()
    membership: Membership | None = None
    """the one there is"""
    parent: Organisation | int | None = None
    """or the number of the row that makes it"""
    fields: list[str] = field(default_factory=list)

    @property
    def fate(self) -> str:
        if self.target is None and self.leader is None:
            return "new"
        return "changed" if self.fields else "unchanged"

    def to_json(self) -> Json:
        parent = self.parent.public_id if isinstance(self.parent, Organisation) else self.parent
        return {
            "fate": self.fate,
            "target": self.target.public_id if self.target else None,
            "leader": self.leader,
            "cluster": self.cluster.slug if self.cluster else None,
            "groups": [group.public_id for group in self.groups],
            "membership": self.membership.public_id if self.membership else None,
            "parent": parent,
            "fields": self.fields,
            "row": self.row.to_json(),
        }
