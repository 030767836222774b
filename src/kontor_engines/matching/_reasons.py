"""Why two profiles fit: the wishes of one side and what the other offers for each, with the original words."""

from collections.abc import Mapping
from dataclasses import dataclass

from kontor_engines.matching._index import Prepared, need_weights
from kontor_engines.matching._keys import SAME_FIELD
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


@dataclass(frozen=True, slots=True)
class _Need:
    unit: Unit
    share: float
    keys: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Part:
    """A need, the offer that meets it best, and the key under which they meet."""

    strength: float
    need: Unit
    offer: Unit
    met: int


class Explainer:
    """Explains pairs against one set of prepared profiles; remembers the keys of the sides that it has seen."""

    __slots__ = ("_keys", "_lexicon", "_needs", "_offers", "_rarity")

    def __init__(self, prepared: Prepared) -> None:
        self._lexicon = prepared.lexicon
        self._keys = prepared.keys
        self._rarity = prepared.rarity
        self._needs: dict[int, list[_Need]] = {}
        self._offers: dict[int, Mapping[int, tuple[float, Unit]]] = {}

    def fit(self, seeker: Sides, offerer: Sides, direction: Direction) -> Fit:
        """Share of the seeker's needs that the offerer covers, and why."""
        if not seeker.needs:
            return Fit(share=None, reasons=())
        needs, offers = self._needs_of(seeker), self._offers_of(offerer)
        is_faint = self._keys.tree.is_faint
        covered = 0.0
        parts: list[_Part] = []
        for need in needs:
            best, met = 0.0, -1
            for key in need.keys.keys() & offers.keys():
                value = need.keys[key] * offers[key][0]
                if value > best or (value == best and key < met):
                    best, met = value, key
            if met >= 0:
                parts.append(_Part(need.share * best, need.unit, offers[met][1], met))
                if not is_faint(met, need.keys[met]):
                    covered += need.share * best
        parts.sort(key=lambda part: -part.strength)
        share = min(covered, 1.0) if covered else SAME_FIELD * self._nearness(needs, offers)
        return Fit(share=share, reasons=self._telling(parts, direction))

    def _nearness(self, needs: list[_Need], offers: Mapping[int, tuple[float, Unit]]) -> float:
        """Share of the needs in whose field something is offered."""
        tree = self._keys.tree
        shared = 0.0
        for need in needs:
            for key in need.keys.keys() & tree.fields.keys() & offers.keys():
                if tree.is_faint(key, need.keys[key]):
                    shared += need.share * need.keys[key] / SAME_FIELD * offers[key][0]
        return min(1.0, shared)

    def _telling(self, parts: list[_Part], direction: Direction) -> tuple[Reason, ...]:
        """The strongest, without plain words and mere neighbourhood where there is something better to say."""
        related = [(part, *self._relation(part)) for part in parts]
        for faint in (("word", "field"), ("word",), ()):
            kept = [entry for entry in related if entry[1] not in faint]
            if kept:
                return tuple(
                    Reason(
                        seek=part.need.quote,
                        offer=part.offer.quote,
                        topic=None if topic is None else self._lexicon.ids[topic],
                        relation=relation,
                        direction=direction,
                        strength=part.strength,
                    )
                    for part, relation, topic in kept[:MOST_REASONS]
                )
        return ()

    def _needs_of(self, side: Sides) -> list[_Need]:
        if id(side) not in self._needs:
            shares = need_weights(side.needs, self._keys, self._rarity)
            self._needs[id(side)] = [
                _Need(unit, share, self._keys.of_need(unit))
                for unit, share in zip(side.needs, shares, strict=True)
            ]
        return self._needs[id(side)]

    def _offers_of(self, side: Sides) -> Mapping[int, tuple[float, Unit]]:
        """Key → the surest offer that has it."""
        if id(side) not in self._offers:
            found: dict[int, tuple[float, Unit]] = {}
            for unit in side.offers:
                for key, sureness in self._keys.of_offer(unit).items():
                    if key not in found or sureness > found[key][0]:
                        found[key] = (sureness, unit)
            self._offers[id(side)] = found
        return self._offers[id(side)]

    def _relation(self, part: _Part) -> tuple[Relation, int | None]:
        """How the offer is related to the wish, and the offer's concept.

        What only the likeness of words says is called "word": no concept was named.
        """
        wanted = self._meeting(part.need, part.met, is_wanted=True)
        offered = self._meeting(part.offer, part.met, is_wanted=False)
        if wanted is None or offered is None or part.need.word or part.offer.word:
            return "word", None
        if wanted == offered:
            return "same", offered
        if wanted in self._lexicon.path(offered):
            return "narrower", offered
        if offered in self._lexicon.path(wanted):
            return "broader", offered
        return ("related" if part.met < len(self._lexicon.ids) else "field"), offered

    def _meeting(self, unit: Unit, met: int, *, is_wanted: bool) -> int | None:
        """The concept named in the unit that has this key, the strongest; None: it is only like one that has."""
        best, strongest = None, 0.0
        for concept, sureness in unit.concepts:
            if is_wanted:
                value = sureness * self._keys.tree.of_need(concept).get(met, 0.0)
            else:
                value = sureness * (met in self._keys.tree.of_offer(concept))
            if value > strongest:
                best, strongest = concept, value
        return best
