"""Ranked partners with reasons."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from kontor_engines.matching._asked import Asked
from kontor_engines.matching._index import Prepared
from kontor_engines.matching._keys import SAME_FIELD, SAME_SUBFIELD
from kontor_engines.matching._packed import Packed, pack
from kontor_engines.matching._reasons import Explainer
from kontor_engines.matching._score import best_partners
from kontor_engines.matching._text import LANGUAGES
from kontor_engines.matching._types import Match, Mode, Profile, Query, Ranking
from kontor_engines.matching._units import Sides, sides_of

_FAR = 0.4 * SAME_SUBFIELD  # a sub-field in common for fewer of the wishes: a neighbour, no partner


def rank(
    prepared: Prepared,
    queries: Iterable[Query | Profile] | None = None,
    *,
    mode: Mode = "reciprocal",
    top: int = 20,
    blocked: Collection[tuple[str, str]] = (),
    neighbours: int = 3,
) -> list[Ranking]:
    """The best partners of each asker among the prepared profiles, with reasons.

    `queries` None: every prepared profile asks. A `Profile` as a query asks for itself; the prepared profile of
    the same id is not returned, so an edited profile is ranked alone. `blocked` pairs of ids never match, in either
    order. Scores are rounded to four digits; ties keep the order of the prepared profiles. Mere neighbours, who share a
    field, or a sub-field for less than two fifths of the wishes, only keep a list from being empty: they fill it to
    `neighbours` (`balance` needs more to choose from).
    """
    if top < 1:
        msg = f"rank: top must be at least 1, not {top}"
        raise ValueError(msg)
    asked = [
        Query(profile=query, self_id=query.id) if isinstance(query, Profile) else query
        for query in (prepared.profiles if queries is None else queries)
    ]
    sides = [_sides(query.profile, prepared) for query in asked]
    profiles = [query.profile for query in asked]
    asking = prepared.packed if queries is None else _pack_askers(profiles, sides, prepared)
    hidden = _hidden_partners(asked, prepared, blocked)
    longest = max((len(partners) for partners in hidden), default=0)
    best = best_partners(
        asking,
        prepared,
        Asked(
            is_oneway=np.array([(query.mode or mode) == "oneway" for query in asked], dtype=np.bool_),
            pools=np.array([LANGUAGES.index(q.pool) if q.pool else -1 for q in asked], dtype=np.int32),
            selves=np.array([prepared.index.get(query.self_id or "", -1) for query in asked], dtype=np.int32),
        ),
        top=top + longest,
    )
    explainer = Explainer(prepared)
    rankings = []
    for row, query in enumerate(asked):
        matches: list[Match] = []
        for partner, score in zip(best.partners[row].tolist(), best.scores[row].tolist(), strict=True):
            if partner < 0 or len(matches) == top:
                break
            if partner not in hidden[row]:
                match = _explained(sides[row], partner, score, prepared, explainer)
                if match.reasons and (
                    len(matches) < neighbours or not _is_neighbour(match, query.mode or mode)
                ):
                    matches.append(match)
        rankings.append(Ranking(id=query.profile.id, matches=tuple(matches)))
    return rankings


def _is_neighbour(match: Match, mode: Mode) -> bool:
    """Whether nothing that was asked for is met, only something near it."""
    strongest = max(match.forward or 0.0, match.backward or 0.0)
    if strongest <= SAME_FIELD:
        return True
    asked = [reason for reason in match.reasons if mode == "reciprocal" or reason.direction == "forward"]
    share = strongest if mode == "reciprocal" else match.forward or 0.0
    return share < _FAR and all(reason.relation == "field" for reason in asked)


def _sides(profile: Profile, prepared: Prepared) -> Sides:
    place = prepared.index.get(profile.id)
    if place is not None and prepared.profiles[place] == profile:
        return prepared.sides[place]
    return sides_of(profile, prepared.lexicon)


def _pack_askers(profiles: Sequence[Profile], sides: Sequence[Sides], prepared: Prepared) -> Packed:
    prepared.keys.learn([unit for side in sides for units in (side.needs, side.offers) for unit in units])
    return pack(profiles, sides, prepared.keys, prepared.organisations)


def _hidden_partners(
    asked: Sequence[Query], prepared: Prepared, blocked: Collection[tuple[str, str]]
) -> list[frozenset[int]]:
    pairs: dict[str, set[int]] = {}
    for one, other in blocked:
        for name, partner in ((one, other), (other, one)):
            if partner in prepared.index:
                pairs.setdefault(name, set()).add(prepared.index[partner])
    return [
        frozenset(pairs.get(query.profile.id, ())) | frozenset(pairs.get(query.self_id or "", ()))
        for query in asked
    ]


def _explained(asker: Sides, partner: int, score: float, prepared: Prepared, explainer: Explainer) -> Match:
    other = prepared.sides[partner]
    forward = explainer.fit(asker, other, "forward")
    backward = explainer.fit(other, asker, "backward")
    reasons = sorted(
        (*forward.reasons, *backward.reasons),
        key=lambda reason: (reason.relation == "field", -reason.strength),  # mere neighbours come last
    )
    return Match(
        id=prepared.profiles[partner].id,
        score=round(score, 4),
        forward=None if forward.share is None else round(forward.share, 4),
        backward=None if backward.share is None else round(backward.share, 4),
        reasons=tuple(reasons),
    )
