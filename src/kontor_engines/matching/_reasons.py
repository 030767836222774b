"""Why two profiles fit: the wishes of one side and what the other offers for each, with the original words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kontor_engines.matching._index import Prepared
from kontor_engines.matching._keys import FIELD_ONE, ONE, SAME_FIELD, Need
from kontor_engines.matching._packed import shares_of_one
from kontor_engines.matching._types import Direction, Reason, Relation
from kontor_engines.matching._units import Sides, Unit

MOST_REASONS = 3  # of each direction
FAINT = 0.05  # of the strongest part: less is told to nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well the needs of one side are covered by the offers of another."""

    share: float | None
    """0 … 1; None: nothing is sought."""
    reasons: tuple[Reason, ...]
    """Strongest first."""


@dataclass(frozen=True, slots=True)
class _Wish:
    unit: Unit
    share: int
    """0 … ONE; those of one side add up to ONE."""
    need: Need


@dataclass(frozen=True, slots=True)
class _Part:
    """A need, the offer that meets it best, and the key under which they meet."""

    strength: float
    need: Unit
    offer: Unit
    met: int


class Explainer:
    """Explains pairs against one set of prepared profiles; remembers the keys of the sides that it has seen."""

    __slots__ = ("_keys", "_lexicon", "_offers", "_tops", "_wishes")

    def __init__(self, prepared: Prepared) -> None:
        self._lexicon = prepared.lexicon
        self._keys = prepared.keys
        self._tops = {field: key for key, field in prepared.keys.tree.fields.items()}
        self._wishes: dict[int, list[_Wish]] = {}
        self._offers: dict[int, Mapping[int, tuple[int, Unit]]] = {}

    def fit(self, seeker: Sides, offerer: Sides, direction: Direction) -> Fit:
        """Share of the seeker's needs that the offerer covers, and why."""
        if not seeker.needs:
            return Fit(share=None, reasons=())
        wishes, offers = self._wishes_of(seeker), self._offers_of(offerer)
        covered = 0
        parts: list[_Part] = []
        fields: Counter[int] = Counter()
        for wish in wishes:
            keys = wish.need.keys
            best, met = 0, -1
            for key in keys.keys() & offers.keys():
                value = keys[key] * offers[key][0] // ONE
                if value > best or (value == best and key < met):
                    best, met = value, key
            if best:
                covered += wish.share * best
                parts.append(_Part(wish.share * best / ONE**2, wish.unit, offers[met][1], met))
            for field, sureness in wish.need.fields.items():
                fields[field] += wish.share * sureness
                key = self._tops[field]
                if not best and key in offers:
                    strength = SAME_FIELD * (wish.share * sureness * offers[key][0] / ONE**3)
                    parts.append(_Part(strength, wish.unit, offers[key][1], key))
        parts.sort(key=lambda part: -part.strength)
        if covered:
            return Fit(share=covered / ONE**2, reasons=self._telling(parts, direction))
        nearness = sum(
            _in_field_steps(needed) * _in_field_steps(ONE * offers[self._tops[field]][0])
            for field, needed in fields.items()
            if self._tops[field] in offers
        )
        share = SAME_FIELD * min(nearness / FIELD_ONE**2, 1.0)
        return Fit(share=share, reasons=self._telling(parts, direction))

    def _telling(self, parts: list[_Part], direction: Direction) -> tuple[Reason, ...]:
        """The strongest, without plain words and mere neighbourhood where there is something better to say.

        What hardly counts beside the strongest part is no reason: a greeting to universities is not why two firms fit.
        """
        telling = [part for part in parts if part.strength >= FAINT * parts[0].strength]
        related = [(part, *self._relation(part)) for part in telling]
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

    def _wishes_of(self, side: Sides) -> list[_Wish]:
        if id(side) not in self._wishes:
            needs = [self._keys.need(unit) for unit in side.needs]
            shares = shares_of_one([need.weight for need in needs])
            self._wishes[id(side)] = [
                _Wish(unit, share, need) for unit, share, need in zip(side.needs, shares, needs, strict=True)
            ]
        return self._wishes[id(side)]

    def _offers_of(self, side: Sides) -> Mapping[int, tuple[int, Unit]]:
        """Key → the surest offer that has it."""
        if id(side) not in self._offers:
            found: dict[int, tuple[int, Unit]] = {}
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


def _in_field_steps(covered: int) -> int:
    """As `as_field_share` of the arrays."""
    return min(covered * FIELD_ONE // (ONE * ONE), FIELD_ONE)
