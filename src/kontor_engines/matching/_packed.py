"""Needs and offers of many profiles as arrays of whole numbers, so that sums are exact in every order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._keys import FIELD_ONE, ONE, Keys, Need
from kontor_engines.matching._text import LANGUAGES
from kontor_engines.matching._types import Profile
from kontor_engines.matching._units import Sides, Unit

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Shares = NDArray[np.uint16]
"""0 … ONE, which means 1."""
FieldShares = NDArray[np.uint8]
"""0 … FIELD_ONE, which means 1."""

TILE = 1 << 15  # profiles that are scored together
PLACE_BITS = 16  # of the place in a tile
_ROWS = 8192  # profiles that are packed together: small in memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lists:
    """Lists of (target, strength) per row, one behind the other."""

    starts: Longs
    """(rows + 1) row r is targets[starts[r]:starts[r + 1]]."""
    targets: Ints
    strengths: Shares
    """0 … ONE, parallel to `targets`."""

    def inverted(self, num_targets: int) -> "Lists":
        """For every target the rows in which it stands, in ascending order."""
        rows = np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))
        order = np.argsort(self.targets, kind="stable")
        return Lists(
            starts=starts_of(np.bincount(self.targets, minlength=num_targets)),
            targets=rows[order],
            strengths=self.strengths[order],
        )

    def tiled(self, num_targets: int) -> "Tiled":
        """The same lists cut into tiles of targets."""
        num_rows = len(self.starts) - 1
        tiles = self.targets.astype(np.int64) // TILE
        rows = np.repeat(np.arange(num_rows), np.diff(self.starts))
        lengths = np.bincount(rows + num_rows * tiles, minlength=num_rows * count_tiles(num_targets))
        order = np.argsort(tiles.astype(np.uint16), kind="stable")  # numbers of 16 bits are sorted fast
        entries = (self.targets % TILE).astype(np.uint32)
        entries |= self.strengths.astype(np.uint32) << np.uint32(PLACE_BITS)
        return Tiled(starts=starts_of(lengths), entries=entries[order])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tiled:
    """Lists cut into tiles of TILE targets, one tile behind the other, so that what is read together lies together."""

    starts: Longs
    """(tiles x rows + 1) row r of tile t is entries[starts[t * rows + r]:starts[t * rows + r + 1]]."""
    entries: NDArray[np.uint32]
    """The strength, and in the lower PLACE_BITS the place of the target in its tile."""


def count_tiles(num_targets: int) -> int:
    """How many tiles hold so many."""
    return max(1, -(-num_targets // TILE))


def starts_of(lengths: NDArray[np.int64] | Sequence[int]) -> Longs:
    """Where each of the lists of these lengths begins, and where the last one ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def lists_of(rows: Sequence[Mapping[int, int]]) -> Lists:
    """Pack one mapping target → strength per row, targets ascending."""
    pairs = [pair for row in rows for pair in sorted(row.items())]
    return Lists(
        starts=starts_of([len(row) for row in rows]),
        targets=np.array([target for target, _ in pairs], dtype=np.int32),
        strengths=np.array([strength for _, strength in pairs], dtype=np.uint16),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    """Needs and offers of some profiles. Equal needs are of one kind, which is described once."""

    unit_starts: Longs
    """(profiles + 1) the needs of profile p are the units unit_starts[p] … unit_starts[p + 1]."""
    unit_kinds: Ints
    """(units) what is needed."""
    weights: Shares
    """(units) share of its profile's needs; those of a profile add up to ONE."""
    kinds: Lists
    """Kind → keys under which it is met; without those of the field."""
    need_fields: FieldShares
    """(profiles, fields) share of the profile's needs that lie in the field."""
    offers: Lists
    """Profile → keys that it meets."""
    offer_fields: FieldShares
    """(profiles, fields) how surely the profile offers something in the field."""
    languages: NDArray[np.int8]
    """(profiles) place in LANGUAGES."""
    organisations: Ints
    """(profiles) number of the organisation; -1: none."""

    def part(self, first: int, behind: int) -> "Packed":
        """The profiles first … behind - 1; nothing is copied."""
        rows, bounds = slice(first, behind), slice(first, behind + 1)
        return replace(
            self,
            unit_starts=self.unit_starts[bounds],
            need_fields=self.need_fields[rows],
            offers=replace(self.offers, starts=self.offers.starts[bounds]),
            offer_fields=self.offer_fields[rows],
            languages=self.languages[rows],
            organisations=self.organisations[rows],
        )


def pack(
    profiles: Sequence[Profile], sides: Sequence[Sides], keys: Keys, organisations: Mapping[str, int]
) -> Packed:
    """Arrays of the profiles, prepared ones or askers, under the keys and weights of the prepared ones."""
    need_kinds, need_starts, needed = _kinds((side.needs for side in sides), len(sides))
    needs = [keys.need(unit) for unit in needed]
    # Who offers something meets many kinds of one sub-field: these lie side by side.
    order = np.argsort([max(need.keys, default=0) for need in needs], kind="stable")
    needs = [needs[kind] for kind in order]
    need_kinds = np.argsort(order).astype(np.int32)[need_kinds]
    weights = shares_of(np.array([need.weight for need in needs], dtype=np.int64)[need_kinds], need_starts)
    offer_kinds, offer_starts, offered = _kinds((side.offers for side in sides), len(sides))
    offers = lists_of([keys.of_offer(unit) for unit in offered])
    return Packed(
        unit_starts=need_starts,
        unit_kinds=need_kinds,
        weights=weights,
        kinds=lists_of([need.keys for need in needs]),
        need_fields=_need_fields(needs, need_kinds, need_starts, weights, len(keys.tree.fields)),
        offers=_united(offers, offer_kinds, offer_starts),
        offer_fields=_offer_fields(offers, offer_kinds, offer_starts, keys),
        languages=np.array([LANGUAGES.index(side.language) for side in sides], dtype=np.int8),
        organisations=np.array(
            [organisations.get(profile.organisation or "", -1) for profile in profiles], dtype=np.int32
        ),
    )


def shares_of(raw: Longs, starts: Longs) -> Shares:
    """The weights of each profile scaled to add up to ONE: a running sum is rounded, so nothing is lost."""
    totals = np.concatenate([[0], np.cumsum(raw)])
    lengths = np.diff(starts)
    before = np.repeat(totals[starts[:-1]], lengths)
    total = np.maximum(np.repeat(totals[starts[1:]], lengths) - before, 1)
    ends = ((totals[1:] - before) * ONE + total // 2) // total
    begins = ((totals[:-1] - before) * ONE + total // 2) // total
    return (ends - begins).astype(np.uint16)


def shares_of_one(weights: Sequence[int]) -> list[int]:
    """The same for a single profile, faster than arrays."""
    total = sum(weights)
    ends = [(running * ONE + total // 2) // total for running in accumulate(weights)]
    return [end - begin for begin, end in pairwise([0, *ends])]


def _kinds(rows: Iterable[Sequence[Unit]], num_rows: int) -> tuple[Ints, Longs, list[Unit]]:
    """The kind of each unit, where each row begins, and one unit of each kind."""
    numbers: dict[object, int] = {}
    examples: list[Unit] = []
    lengths = np.zeros(num_rows, dtype=np.int64)

    def numbered() -> Iterable[int]:
        for row, units in enumerate(rows):
            lengths[row] = len(units)
            for unit in units:
                number = numbers.setdefault(unit.kind, len(examples))
                if number == len(examples):
                    examples.append(unit)
                yield number

    kinds = np.fromiter(numbered(), dtype=np.int32)
    return kinds, starts_of(lengths), examples


def _need_fields(
    needs: Sequence[Need], kinds: Ints, starts: Longs, weights: Shares, num_fields: int
) -> FieldShares:
    fields = np.zeros((len(needs), num_fields), dtype=np.int64)
    for kind, need in enumerate(needs):
        for field, share in need.fields.items():
            fields[kind, field] = share
    found = np.zeros((len(starts) - 1, num_fields), dtype=np.uint8)
    owners = np.repeat(np.arange(len(found)), np.diff(starts))
    for field in range(num_fields):  # one after the other: small in memory
        total = np.bincount(owners, weights * fields[kinds, field], minlength=len(found)).astype(np.int64)
        found[:, field] = as_field_share(total)
    return found


def as_field_share(covered: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 … ONE x ONE in the coarse steps of fields, never more than all."""
    return np.minimum(covered * FIELD_ONE // (ONE * ONE), FIELD_ONE)


def _offer_fields(offers: Lists, kinds: Ints, starts: Longs, keys: Keys) -> FieldShares:
    fields = np.zeros((len(offers.starts) - 1, len(keys.tree.fields)), dtype=np.uint8)
    rows = np.repeat(np.arange(len(fields)), np.diff(offers.starts))
    for key, field in keys.tree.fields.items():
        named = offers.targets == key
        fields[rows[named], field] = as_field_share(ONE * offers.strengths[named].astype(np.int64))
    found = np.zeros((len(starts) - 1, fields.shape[1]), dtype=np.uint8)
    np.maximum.at(found, np.repeat(np.arange(len(found)), np.diff(starts)), fields[kinds])
    return found


def _united(kinds: Lists, numbers: Ints, starts: Longs) -> Lists:
    """Row → targets of all its kinds, each with its greatest strength."""
    parts = [
        _united_part(kinds, numbers[starts[first] : starts[last]], starts[first : last + 1] - starts[first])
        for first in range(0, len(starts) - 1, _ROWS)
        for last in (min(first + _ROWS, len(starts) - 1),)
    ]
    empty = np.zeros(0, dtype=np.int64)
    return Lists(
        starts=starts_of(np.concatenate([empty, *(lengths for lengths, _, _ in parts)])),
        targets=np.concatenate([empty.astype(np.int32), *(targets for _, targets, _ in parts)]),
        strengths=np.concatenate([empty.astype(np.uint16), *(strengths for _, _, strengths in parts)]),
    )


def _united_part(kinds: Lists, numbers: Ints, starts: Longs) -> tuple[Longs, Ints, Shares]:
    """The length of each row, and the targets and strengths of all."""
    num_rows = len(starts) - 1
    lengths = np.diff(kinds.starts)[numbers]
    ends = np.cumsum(lengths)
    size = ends[-1] if len(ends) else 0
    places = np.arange(size) + np.repeat(kinds.starts[numbers] - ends + lengths, lengths)
    rows = np.repeat(np.repeat(np.arange(num_rows), np.diff(starts)), lengths)
    targets, strengths = kinds.targets[places], kinds.strengths[places]
    order = np.lexsort((strengths, targets, rows))
    rows, targets, strengths = rows[order], targets[order], strengths[order]
    is_last = np.ones(size, dtype=np.bool_)
    is_last[:-1] = (rows[1:] != rows[:-1]) | (targets[1:] != targets[:-1])
    return np.bincount(rows[is_last], minlength=num_rows), targets[is_last], strengths[is_last]
