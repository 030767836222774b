"""The bridge to the matching engine: participations → profiles → ranked partners with reasons."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from kontor.events.models import Participation
from kontor.topics.analysis import lexicon, vocabulary
from kontor_engines.matching import Match, Profile, Ranking, balance, prepare, rank

TOP = 20
"""partners kept per participant"""


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
    participations: Iterable[Participation], *, blocked: Iterable[tuple[int, int]] = ()
) -> list[Proposal]:
    """Lists for everybody: reciprocal scores, capped so that nobody is shown too often and nobody never."""
    profiles = [_profile(one) for one in participations]
    prepared = prepare(profiles, lexicon())
    pairs = [(str(one), str(other)) for one, other in blocked]
    rankings = balance(rank(prepared, top=TOP * 3, blocked=pairs, neighbours=TOP * 3), top=TOP)
    return [proposal for ranking in rankings for proposal in _proposals(ranking)]


def propose_for(
    participation: Participation, others: Iterable[Participation], *, blocked: Iterable[tuple[int, int]] = ()
) -> list[Proposal]:
    """The list of one participant whose profile changed, against everybody as they are now."""
    profiles = [_profile(one) for one in others if one.pk != participation.pk]
    prepared = prepare([*profiles, _profile(participation)], lexicon())
    pairs = [(str(one), str(other)) for one, other in blocked]
    rankings = rank(prepared, [_profile(participation)], top=TOP, blocked=pairs)
    return [proposal for ranking in rankings for proposal in _proposals(ranking)]


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
