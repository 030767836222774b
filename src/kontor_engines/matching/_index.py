"""Profiles made ready for ranking: what they say, and inverted lists of what they need and offer."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from kontor_engines.matching._keys import Keys, rarities, terms_of
from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._packed import FieldShares, Lists, Packed, Tiled, pack
from kontor_engines.matching._types import Profile
from kontor_engines.matching._units import Sides, sides_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Indexed:
    """What the compiled scoring reads: arrays alone, so that other processes can map them from files."""

    packed: Packed
    by_offer: Lists
    """Key → profiles that offer it."""
    by_need: Lists
    """Key → kinds of needs that it meets."""
    offer_tiles: Tiled
    """`by_offer` once more."""
    need_tiles: Tiled
    """Kind of need → profiles that have it, with the weight that it has there."""
    need_columns: FieldShares
    """(fields, profiles) `packed.need_fields` once more, for a look at everybody at once."""
    offer_columns: FieldShares
    """The same of `packed.offer_fields`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared(Indexed):
    """Profiles among which partners are sought. Made by `prepare`."""

    lexicon: Lexicon
    profiles: tuple[Profile, ...]
    sides: tuple[Sides, ...]
    keys: Keys
    organisations: Mapping[str, int]
    index: Mapping[str, int]
    """Id of a profile → its place."""


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
    named = [units for side in sides for units in (side.needs, side.offers)]
    terms = terms_of((unit for units in named for unit in units), lexicon)
    keys = Keys(lexicon, terms, rarities(named, terms))
    keys.learn(unit for units in named for unit in units)
    organisations = {
        name: number
        for number, name in enumerate(
            dict.fromkeys(p.organisation for p in chosen if p.organisation is not None)
        )
    }
    packed = pack(chosen, sides, keys, organisations)
    num_keys = 2 * len(lexicon.ids) + len(terms.keys)
    by_offer = packed.offers.inverted(num_keys)
    wishes = Lists(starts=packed.unit_starts, targets=packed.unit_kinds, strengths=packed.weights)
    needers = wishes.inverted(len(packed.kinds.starts) - 1)
    return Prepared(
        lexicon=lexicon,
        profiles=chosen,
        sides=sides,
        keys=keys,
        organisations=organisations,
        index=index,
        packed=packed,
        by_offer=by_offer,
        by_need=packed.kinds.inverted(num_keys),
        offer_tiles=by_offer.tiled(len(chosen)),
        need_tiles=needers.tiled(len(chosen)),
        need_columns=np.ascontiguousarray(packed.need_fields.T),
        offer_columns=np.ascontiguousarray(packed.offer_fields.T),
    )
