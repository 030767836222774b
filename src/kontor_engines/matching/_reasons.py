"""Why two profiles fit: the wishes of one side and what the other offers for each, with the original words."""

from collections.abc import Iterator
from dataclasses import dataclass

from kontor_engines.matching._index import Prepared, need_weights
from kontor_engines.matching._types import Direction, Reason, Relation
from kontor_engines.matching._units import Expansion, Sides, Unit

MOST_REASONS = 3  # of each direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well the needs of one side are covered by the offers of another."""

    share: float | None
    """0 … 1; None: nothing is sought."""
    reasons: tuple[Reason, ...]
    """Strongest first."""


class Explainer:
    """Explains pairs against one set of prepared profiles; remembers what it worked out about single concepts."""

    __slots__ = ("_expansion", "_lexicon", "_prepared", "_shares")

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._lexicon = prepared.lexicon
        self._expansion: Expansion = prepared.expansion
        self._shares: dict[int, list[float]] = {}

    def fit(self, seeker: Sides, offerer: Sides, direction: Direction) -> Fit:
        """Share of the seeker's needs that the offerer covers, and why."""
        if not seeker.needs:
            return Fit(share=None, reasons=())
        found = sorted(self._parts(seeker, offerer, direction), key=lambda reason: -reason.strength)
        return Fit(
            share=min(1.0, sum(reason.strength for reason in found)), reasons=_telling(found)[:MOST_REASONS]
        )

    def _parts(self, seeker: Sides, offerer: Sides, direction: Direction) -> Iterator[Reason]:
        shares = self._shares.get(id(seeker))
        if shares is None:
            shares = need_weights(seeker.needs, self._prepared.words, self._prepared.rarity)
            self._shares[id(seeker)] = shares
        for need, share in zip(seeker.needs, shares, strict=True):
            best, chosen, topic = 0.0, None, -1
            relation: Relation = "word"
            for offer in offerer.offers:
                value, how, concept = self._meets(need, offer)
                if value > best:
                    best, chosen, relation, topic = value, offer, how, concept
            if chosen is not None:
                yield Reason(
                    seek=need.quote,
                    offer=chosen.quote,
                    topic=self._lexicon.ids[topic] if topic >= 0 else None,
                    relation=relation,
                    direction=direction,
                    strength=share * best,
                )

    def _meets(self, need: Unit, offer: Unit) -> tuple[float, Relation, int]:
        """Share of the wish that the offer meets, the relation and the offer's concept (-1: a plain word)."""
        best: tuple[float, Relation, int] = (0.0, "word", -1)
        for wanted, sureness in need.concepts:
            for concept, offered in offer.concepts:
                strength, relation = self._relation(wanted, concept)
                value = strength * sureness * offered
                if value > best[0]:
                    best = (value, relation, concept)
        if need.word is not None and need.word == offer.word and best[0] < 1.0:
            best = (1.0, "word", -1)
        return best

    def _relation(self, wanted: int, offered: int) -> tuple[float, Relation]:
        if wanted == offered:
            return 1.0, "same"
        keys = dict(self._expansion.of_need(wanted))
        strength, key = max((keys.get(key, 0.0), key) for key in self._expansion.of_offer(offered))
        if not strength:
            return 0.0, "field"
        if wanted in self._lexicon.path(offered):
            return strength, "narrower"
        if offered in self._lexicon.path(wanted):
            return strength, "broader"
        return strength, "related" if key == offered else "field"


def _telling(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Without plain words and mere neighbourhood where there is something better to say."""
    if any(reason.relation not in ("word", "field") for reason in reasons):
        return tuple(reason for reason in reasons if reason.relation not in ("word", "field"))
    if any(reason.relation == "field" for reason in reasons):
        return tuple(reason for reason in reasons if reason.relation == "field")
    return tuple(reasons)
