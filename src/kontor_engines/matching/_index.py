"""Profiles made ready for ranking: their units, weights and inverted lists."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._types import Profile
from kontor_engines.matching._units import Expansion, Sides, Unit, need_keys, offer_keys, sides_of

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

WORD_WEIGHT = 0.12  # of a plain word against a concept: boilerplate must not decide
WORD_SHARE = 0.1  # most that plain words add beside concepts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lists:
    """Lists of (target, strength) per row, one behind the other."""

    starts: NDArray[np.int64]
    """(rows + 1) row r is targets[starts[r]:starts[r + 1]]."""
    targets: Ints
    strengths: Floats
    """0 … 1, parallel to `targets`."""

    def inverted(self, num_targets: int) -> "Lists":
        """For every target the rows in which it stands, in ascending order."""
        rows = np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))
        order = np.argsort(self.targets, kind="stable")
        starts = np.zeros(num_targets + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.targets, minlength=num_targets), out=starts[1:])
        return Lists(starts=starts, targets=rows[order], strengths=self.strengths[order])


def lists_of(rows: Sequence[Mapping[int, float]]) -> Lists:
    """Pack one mapping target → strength per row, targets ascending."""
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    pairs = [pair for row in rows for pair in sorted(row.items())]
    return Lists(
        starts=starts,
        targets=np.array([target for target, _ in pairs], dtype=np.int32),
        strengths=np.array([strength for _, strength in pairs], dtype=np.float64),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    """Needs and offers of some profiles as arrays."""

    unit_starts: NDArray[np.int64]
    """(profiles + 1) the needs of profile p are the units unit_starts[p] … unit_starts[p + 1]."""
    weights: Floats
    """(units) share of its profile's needs, 0 … 1; the concepts of a profile add up to 1."""
    needs: Lists
    """Unit → keys under which it is met."""
    offers: Lists
    """Profile → keys that it meets."""
    languages: Ints
    """(profiles) place in LANGUAGES."""
    organisations: Ints
    """(profiles) number of the organisation; -1: none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """Profiles among which partners are sought. Made by `prepare`."""

    lexicon: Lexicon
    profiles: tuple[Profile, ...]
    sides: tuple[Sides, ...]
    expansion: Expansion
    words: Mapping[str, int]
    """Plain word → key."""
    rarity: Mapping[int, float]
    """Key → 0 … 1, pooled over all languages: 1 for what nearly nobody names."""
    organisations: Mapping[str, int]
    index: Mapping[str, int]
    """Id of a profile → its place."""
    packed: Packed
    owners: Ints
    """(units) the profile whose need it is."""
    by_need: Lists
    """Key → units that it meets."""
    by_offer: Lists
    """Key → profiles that offer it."""


def prepare(profiles: Iterable[Profile], lexicon: Lexicon, *, previous: Prepared | None = None) -> Prepared:
    """Analyse profiles and index what they need and offer.

    `previous` saves the analysis of the profiles that it holds unchanged. Ids must be unique (ValueError).
    """
    chosen = tuple(profiles)
    index = {profile.id: place for place, profile in enumerate(chosen)}
    if len(index) < len(chosen):
        twice = next(name for name, count in Counter(profile.id for profile in chosen).items() if count > 1)
        msg = f"Profile {twice!r}: ids must be unique"
        raise ValueError(msg)
    known = {}
    if previous is not None and previous.lexicon is lexicon:
        known = dict(zip(previous.profiles, previous.sides, strict=True))
    sides = tuple(known.get(profile) or sides_of(profile, lexicon) for profile in chosen)
    expansion = Expansion(lexicon)
    words = _word_keys(sides, first=2 * len(lexicon.ids))
    rarity = _rarities(sides, words)
    organisations = {
        name: number
        for number, name in enumerate(
            dict.fromkeys(p.organisation for p in chosen if p.organisation is not None)
        )
    }
    packed = pack(chosen, sides, expansion, words, rarity, organisations)
    num_keys = 2 * len(lexicon.ids) + len(words)
    owners = np.repeat(np.arange(len(chosen), dtype=np.int32), np.diff(packed.unit_starts))
    return Prepared(
        lexicon=lexicon,
        profiles=chosen,
        sides=sides,
        expansion=expansion,
        words=words,
        rarity=rarity,
        organisations=organisations,
        index=index,
        packed=packed,
        owners=owners,
        by_need=packed.needs.inverted(num_keys),
        by_offer=packed.offers.inverted(num_keys),
    )


def pack(
    profiles: Sequence[Profile],
    sides: Sequence[Sides],
    expansion: Expansion,
    words: Mapping[str, int],
    rarity: Mapping[int, float],
    organisations: Mapping[str, int],
) -> Packed:
    """Arrays of the profiles, prepared ones or askers, under the keys and weights of the prepared ones."""
    unit_starts = np.zeros(len(profiles) + 1, dtype=np.int64)
    np.cumsum([len(side.needs) for side in sides], out=unit_starts[1:])
    offered: list[dict[int, float]] = []
    for side in sides:
        keys: dict[int, float] = {}
        for unit in side.offers:
            for key, strength in offer_keys(unit, expansion, words).items():
                keys[key] = max(keys.get(key, 0.0), strength)
        offered.append(keys)
    return Packed(
        unit_starts=unit_starts,
        weights=np.array([weight for side in sides for weight in need_weights(side.needs, words, rarity)]),
        needs=lists_of([need_keys(unit, expansion, words) for side in sides for unit in side.needs]),
        offers=lists_of(offered),
        languages=np.array([("de", "en", "zh").index(side.language) for side in sides], dtype=np.int32),
        organisations=np.array(
            [organisations.get(profile.organisation or "", -1) for profile in profiles], dtype=np.int32
        ),
    )


def need_weights(needs: Sequence[Unit], words: Mapping[str, int], rarity: Mapping[int, float]) -> list[float]:
    """Share of each need: rare ones weigh more; concepts add up to 1, plain words come on top and stay quiet."""
    raw = [_raw_weight(unit, words, rarity) for unit in needs]
    concepts = sum(weight for unit, weight in zip(needs, raw, strict=True) if unit.concepts)
    plain = sum(raw) - concepts
    shares = []
    for unit, weight in zip(needs, raw, strict=True):
        if unit.concepts:
            shares.append(weight / concepts)
        elif concepts:
            shares.append(weight / plain * min(WORD_SHARE, WORD_WEIGHT * plain / concepts))
        else:
            shares.append(weight / plain)
    return shares


def _raw_weight(unit: Unit, words: Mapping[str, int], rarity: Mapping[int, float]) -> float:
    if unit.concepts:
        concept, sureness = unit.concepts[0]
        return sureness * (0.2 + 0.8 * rarity.get(concept, 1.0))
    return 0.05 + 0.95 * rarity.get(words.get(unit.word or "", -1), 1.0)


def _word_keys(sides: Sequence[Sides], *, first: int) -> dict[str, int]:
    """Keys for the words that stand in needs and in offers; others never match."""
    needed = {unit.word for side in sides for unit in side.needs if unit.word}
    offered = {unit.word for side in sides for unit in side.offers if unit.word}
    return {word: first + number for number, word in enumerate(sorted(needed | offered))}


def _rarities(sides: Sequence[Sides], words: Mapping[str, int]) -> dict[int, float]:
    """Inverse document frequency over all sides of all languages together, scaled to 0 … 1."""
    counts: Counter[int] = Counter()
    for side in sides:
        for units in (side.needs, side.offers):
            counts.update({unit.concepts[0][0] for unit in units if unit.concepts})
            counts.update({words[unit.word] for unit in units if unit.word})
    total = max(2 * len(sides), 2)
    return {key: math.log(1 + total / count) / math.log(1 + total) for key, count in counts.items()}
