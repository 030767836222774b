"""Why two profiles fit: the wishes of one side and what the other offers for each, with the original words."""

from collections.abc import Iterator
from dataclasses import dataclass

from kontor_engines.matching._index import Prepared, need_weights
from kontor_engines.matching._types import Direction, Reason, Relation
from kontor_engines.matching._units import Sides, Unit

MOST_REASONS = 3  # of each direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well the needs of one side are covered by the offers of another."""

    share: float | None
    """0 … 1; None: nothing is sought."""
    reasons: tuple[Reason, ...]
    """Strongest first."""


class Explainer:
    """Explains pairs against one set of prepared profiles; remembers the keys of the sides that it has seen."""

    __slots__ = ("_keys", "_lexicon", "_needs", "_offers", "_rarity")

    def __init__(self, prepared: Prepared) -> None:
        self._lexicon = prepared.lexicon
        self._keys = prepared.keys
        self._rarity = prepared.rarity
        self._needs: dict[int, list[tuple[Unit, float, dict[int, float]]]] = {}
        self._offers: dict[int, list[tuple[Unit, dict[int, float]]]] = {}

    def fit(self, seeker: Sides, offerer: Sides, direction: Direction) -> Fit:
        """Share of the seeker's needs that the offerer covers, and why."""
        if not seeker.needs:
            return Fit(share=None, reasons=())
        found = sorted(self._parts(seeker, offerer, direction), key=lambda reason: -reason.strength)
        share = min(1.0, sum(reason.strength for reason in found))
        return Fit(share=share, reasons=_telling(found)[:MOST_REASONS])

    def _parts(self, seeker: Sides, offerer: Sides, direction: Direction) -> Iterator[Reason]:
        for need, share, wanted in self._needs_of(seeker):
            best, chosen, met = 0.0, None, -1
            for offer, offered in self._offers_of(offerer):
                for key, sureness in offered.items():
                    value = wanted.get(key, 0.0) * sureness
                    if value > best:
                        best, chosen, met = value, offer, key
            if chosen is not None:
                relation, topic = self._relation(need, chosen, met)
                yield Reason(
                    seek=need.quote,
                    offer=chosen.quote,
                    topic=None if topic is None else self._lexicon.ids[topic],
                    relation=relation,
                    direction=direction,
                    strength=share * best,
                )

    def _needs_of(self, side: Sides) -> list[tuple[Unit, float, dict[int, float]]]:
        if id(side) not in self._needs:
            shares = need_weights(side.needs, self._keys, self._rarity)
            self._needs[id(side)] = [
                (unit, share, self._keys.of_need(unit))
                for unit, share in zip(side.needs, shares, strict=True)
            ]
        return self._needs[id(side)]

    def _offers_of(self, side: Sides) -> list[tuple[Unit, dict[int, float]]]:
        if id(side) not in self._offers:
            self._offers[id(side)] = [(unit, self._keys.of_offer(unit)) for unit in side.offers]
        return self._offers[id(side)]

    def _relation(self, need: Unit, offer: Unit, met: int) -> tuple[Relation, int | None]:
        """How the offer is related to the wish, given the key under which they met, and the offer's concept."""
        if need.word and need.word == offer.word:
            return "word", None
        offered = self._keys.concepts(offer)
        if not offered:
            return "word", None
        topic = offered[0][0]
        count = len(self._lexicon.ids)
        if met >= 2 * count:
            return "related", topic
        if met < count:
            topic = met
        else:
            topic = next(
                (number for number, _ in offered if met - count in self._lexicon.path(number)), topic
            )
        if need.word or offer.word:
            # One of them is only like the concept, or only has it in it.
            return ("related" if met < count else "field"), topic
        wanted = max(need.concepts, key=lambda pair: dict(self._keys.tree.of_need(pair[0])).get(met, 0.0))[0]
        if wanted == topic:
            return "same", topic
        if wanted in self._lexicon.path(topic):
            return "narrower", topic
        if topic in self._lexicon.path(wanted):
            return "broader", topic
        return ("related" if met < count else "field"), topic


def _telling(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Without plain words and mere neighbourhood where there is something better to say."""
    if any(reason.relation not in ("word", "field") for reason in reasons):
        return tuple(reason for reason in reasons if reason.relation not in ("word", "field"))
    if any(reason.relation == "field" for reason in reasons):
        return tuple(reason for reason in reasons if reason.relation == "field")
    return tuple(reasons)
