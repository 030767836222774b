"""The bridge to the matching engine: participations → profiles → ranked partners with reasons."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from kontor.events.models import Participation
from kontor.topics.analysis import lexicon, vocabulary
from kontor_engines.matching import Match, Prepared, Profile, Ranking, balance, prepare, rank

TOP = 20
"""partners kept per participant"""
KEPT = 3
"""events whose profiles a process keeps ready, for those edited next"""

_last_prepared: dict[int, Prepared] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A partner proposed to a participant; ids are those of the rows."""

    participation_id: int
    partner_id: int
    rank: int
    score: float
    forward: float | None
    backward: float | None
    reasons: list[dict[str, Any]]


def propose_all(
    event: int, participations: Iterable[Participation], *, blocked: Iterable[tuple[int, int]] = ()
) -> list[Proposal]:
    """Lists for everybody: reciprocal scores, capped so that nobody is shown too often and nobody never."""
    prepared = _prepared(event, participations)
    pairs = [(str(one), str(other)) for one, other in blocked]
    rankings = balance(rank(prepared, top=TOP * 3, blocked=pairs, neighbours=TOP * 3), top=TOP)
    return [proposal for ranking in rankings for proposal in _proposals(ranking)]


def propose_for(
    event: int,
    changed: Collection[int],
    participations: Iterable[Participation],
    *,
    blocked: Iterable[tuple[int, int]] = (),
) -> list[Proposal]:
    """The lists of a few whose profiles changed, against everybody as they are now."""
    prepared = _prepared(event, participations)
    asking = [prepared.profiles[prepared.index[str(pk)]] for pk in changed]
    pairs = [(str(one), str(other)) for one, other in blocked]
    return [
        proposal
        for ranking in rank(prepared, asking, top=TOP, blocked=pairs)
        for proposal in _proposals(ranking)
    ]


def _prepared(event: int, participations: Iterable[Participation]) -> Prepared:
    """Everybody of an event; texts that this process read for the event before are not analysed again."""
    prepared = prepare(
        [_profile(one) for one in participations], lexicon(), previous=_last_prepared.pop(event, None)
    )
    _last_prepared[event] = prepared
    for old in list(_last_prepared)[:-KEPT]:
        _last_prepared.pop(old, None)
    return prepared


def _profile(participation: Participation) -> Profile:
    known = vocabulary()
    offers, seeks = participation.offers.original_words(), participation.seeks.original_words()
    return Profile(
        id=str(participation.pk),
        language=None
        if offers and seeks and offers.language != seeks.language
        else (offers or seeks).language,
        offers=offers.text,
        seeks=seeks.text,
        topics_offered=tuple(topic for topic in participation.topics_offered if topic in known),
        topics_sought=tuple(topic for topic in participation.topics_sought if topic in known),
        organisation=str(participation.organisation_id),
    )


def _proposals(ranking: Ranking) -> list[Proposal]:
    return [_proposal(ranking, match, position) for position, match in enumerate(ranking.matches, start=1)]


def _proposal(ranking: Ranking, match: Match, position: int) -> Proposal:
    return Proposal(
        participation_id=int(ranking.id),
        partner_id=int(match.id),
        rank=position,
        score=match.score,
        forward=match.forward,
        backward=match.backward,
        reasons=[asdict(reason) for reason in match.reasons],
    )
