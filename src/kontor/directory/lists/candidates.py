"""Which rows of one list may be the same person; nobody is ever merged without somebody who knows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kontor.directory.lists.results import CandidateGroup, ParticipantRow
from kontor.directory.names import display, organisation_key, simplified


def find_candidates(rows: Sequence[ParticipantRow]) -> tuple[CandidateGroup, ...]:
    """People who may be one: one name in two spellings, or one name twice in one organisation.

    The same name in the same spelling at two organisations says nothing: a hundred names serve most of China.
    """
    groups: dict[str, list[ParticipantRow]] = defaultdict(list)
    for row in rows:
        groups[row.candidate_key].append(row)
    return tuple(
        CandidateGroup(
            key=key,
            row_numbers=tuple(row.row_number for row in people),
            spellings=tuple(sorted({display(row.name, "en") for row in people})),
            is_same_organisation=len({organisation_key(row.organisation) for row in people}) == 1,
        )
        for key, group in groups.items()
        for people in _possibly_one(group)
    )


def _possibly_one(group: list[ParticipantRow]) -> Iterator[list[ParticipantRow]]:
    """Divide people with one candidate key into those who may really be one."""
    natives = {simplified(row.name.native) for row in group}
    # 张伟 and 章伟 are both Zhang Wei, and two people; only somebody without characters may be either.
    parts = (
        [group]
        if "" in natives
        else [[r for r in group if simplified(r.name.native) == n] for n in sorted(natives)]
    )
    for people in parts:
        if len({display(row.name, "en").casefold() for row in people}) > 1:
            yield people
            continue
        for organisation in dict.fromkeys(organisation_key(row.organisation) for row in people):
            colleagues = [row for row in people if organisation_key(row.organisation) == organisation]
            if len(colleagues) > 1:
                yield colleagues
