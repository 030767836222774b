"""Profiles made ready for ranking: their units, weights and inverted lists."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._keys import SAME_FIELD, Keys, terms_of
from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._types import Profile
from kontor_engines.matching._units import Sides, Unit, sides_of

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

COMMON_WEIGHT = 0.2  # of a need that everybody has, against a rare one
TERM_WEIGHT = 0.7  # of a term outside the vocabulary that is surely technical, against a concept
SURE = 0.25  # confidence from which a term outside the vocabulary is taken for technical


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lists:
    """Lists of (target, strength) per row, one behind the other."""

    starts: NDArray[np.int64]
    """(rows + 1) row r is targets[starts[r]:starts[r + 1]]."""
    targets: Ints
    strengths: NDArray[np.float32]
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
        strengths=np.array([strength for _, strength in pairs], dtype=np.float32),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    """Needs and offers of some profiles as arrays."""

    unit_starts: NDArray[np.int64]
    """(profiles + 1) the needs of profile p are the units unit_starts[p] … unit_starts[p + 1]."""
    weights: Floats
    """(units) share of its profile's needs, 0 … 1; those of a profile add up to 1."""
    needs: Lists
    """Unit → keys under which it is met; without those of `need_fields`."""
    need_fields: NDArray[np.float32]
    """(profiles, fields) 0 … 1: share of the profile's needs that lie in the field."""
    offers: Lists
    """Profile → keys that it meets."""
    offer_fields: NDArray[np.float32]
    """(profiles, fields) 0 … 1: how surely the profile offers something in the field."""
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
    keys: Keys
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
    units = [unit for side in sides for units in (side.needs, side.offers) for unit in units]
    keys = Keys(lexicon, terms_of(units, lexicon))
    keys.learn(units)
    rarity = _rarities(sides, keys)
    organisations = {
        name: number
        for number, name in enumerate(
            dict.fromkeys(p.organisation for p in chosen if p.organisation is not None)
        )
    }
    packed = pack(chosen, sides, keys, rarity, organisations)
    num_keys = 2 * len(lexicon.ids) + len(keys.terms.keys)
    owners = np.repeat(np.arange(len(chosen), dtype=np.int32), np.diff(packed.unit_starts))
    return Prepared(
        lexicon=lexicon,
        profiles=chosen,
        sides=sides,
        keys=keys,
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
    keys: Keys,
    rarity: Mapping[int, float],
    organisations: Mapping[str, int],
) -> Packed:
    """Arrays of the profiles, prepared ones or askers, under the keys and weights of the prepared ones."""
    unit_starts = np.zeros(len(profiles) + 1, dtype=np.int64)
    np.cumsum([len(side.needs) for side in sides], out=unit_starts[1:])
    offered: list[dict[int, float]] = []
    for side in sides:
        found: dict[int, float] = {}
        for unit in side.offers:
            for key, strength in keys.of_offer(unit).items():
                found[key] = max(found.get(key, 0.0), strength)
        offered.append(found)
    offer_fields = np.zeros((len(profiles), len(keys.tree.fields)), dtype=np.float32)
    for row, found in enumerate(offered):
        for key in found.keys() & keys.tree.fields.keys():
            offer_fields[row, keys.tree.fields[key]] = found[key]
    need_fields = np.zeros_like(offer_fields)
    needed: list[dict[int, float]] = []
    weights: list[float] = []
    for row, side in enumerate(sides):
        for unit, weight in zip(side.needs, need_weights(side.needs, keys, rarity), strict=True):
            found = keys.of_need(unit)
            for key in found.keys() & keys.tree.fields.keys():
                if keys.tree.is_faint(key, found[key]):
                    need_fields[row, keys.tree.fields[key]] += weight * found.pop(key) / SAME_FIELD
            needed.append(found)
            weights.append(weight)
    return Packed(
        unit_starts=unit_starts,
        weights=np.array(weights, dtype=np.float64),
        needs=lists_of(needed),
        need_fields=need_fields,
        offers=lists_of(offered),
        offer_fields=offer_fields,
        languages=np.array([("de", "en", "zh").index(side.language) for side in sides], dtype=np.int32),
        organisations=np.array(
            [organisations.get(profile.organisation or "", -1) for profile in profiles], dtype=np.int32
        ),
    )


def need_weights(needs: Sequence[Unit], keys: Keys, rarity: Mapping[int, float]) -> list[float]:
    """Share of each need, together 1: rare ones weigh more, terms outside the vocabulary less."""
    raw = [_raw_weight(unit, keys, rarity) for unit in needs]
    total = sum(raw)
    return [weight / total for weight in raw]


def _raw_weight(unit: Unit, keys: Keys, rarity: Mapping[int, float]) -> float:
    if not unit.word:
        concept, sureness = unit.concepts[0]
        return sureness * (COMMON_WEIGHT + (1 - COMMON_WEIGHT) * rarity.get(concept, 1.0))
    rare = rarity.get(keys.terms.keys.get(unit.word, -1), 1.0)
    technical = min(1.0, keys.confidence(unit) / SURE)
    return TERM_WEIGHT * (0.02 + technical) * (COMMON_WEIGHT + (1 - COMMON_WEIGHT) * rare)


def _rarities(sides: Sequence[Sides], keys: Keys) -> dict[int, float]:
    """Inverse document frequency over all sides of all languages together, scaled to 0 … 1."""
    counts: Counter[int] = Counter()
    for side in sides:
        for units in (side.needs, side.offers):
            counts.update({unit.concepts[0][0] for unit in units if not unit.word})
            counts.update({keys.terms.keys[unit.word] for unit in units if unit.word})
    total = max(2 * len(sides), 2)
    return {key: math.log(1 + total / count) / math.log(1 + total) for key, count in counts.items()}
