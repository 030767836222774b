"""What Python hands over to the compiled scoring, as named tuples of arrays; steps get the same as pointers."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kontor_engines._compiled import REAL, WHOLE, tables, types
from kontor_engines.matching._packed import FieldShares, Ints, Longs, Shares

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint32]


class Askers(NamedTuple):
    """What those who ask say, as in `Packed` and `Asked`."""

    unit_starts: Longs
    unit_kinds: Ints
    weights: Shares
    kind_starts: Longs
    kind_keys: Ints
    kind_strengths: Shares
    offer_starts: Longs
    offer_keys: Ints
    offer_strengths: Shares
    need_fields: FieldShares
    offer_fields: FieldShares
    organisations: Ints
    is_oneway: Bytes
    pools: Ints
    selves: Ints


class Others(NamedTuple):
    """Whom they are compared with, as in `Indexed`."""

    offer_starts: Longs
    offer_entries: Words
    key_starts: Longs
    key_kinds: Ints
    key_strengths: Shares
    need_starts: Longs
    need_entries: Words
    need_fields: FieldShares
    offer_fields: FieldShares
    need_columns: FieldShares
    offer_columns: FieldShares
    organisations: Ints
    languages: NDArray[np.int8]
    have_needs: Bytes


class Scratch(NamedTuple):
    """What is known of the profiles of one tile for one asker; the first four are sums of ONE x ONE."""

    forward: Words
    backward: Words
    near_forward: Words
    """What the fields alone may come to."""
    near_backward: Words
    best: Shares
    """The best offer for one need."""
    levels: Bytes
    """Both sums together, coarsely."""
    flags: Bytes
    words: NDArray[np.uint64]
    """The flags, eight at a time."""
    found: Words
    best_of_kind: Words
    """The asker's best offer for each kind of need."""
    met: Words
    """The kinds of need for which there is one."""
    sizes: Longs
    """Of the lists so far."""


class Sizes(NamedTuple):
    """How many there are of each."""

    first: int
    """Place of the first who asks now."""
    behind: int
    """Place behind the last one."""
    profiles: int
    tile: int
    keys: int
    kinds: int
    fields: int
    width: int
    """Of a list."""


LONGS, INTS, WORDS, SHARES, BYTES, FLOATS = (
    types.CPointer(kind) for kind in (WHOLE, types.int32, types.uint32, types.uint16, types.uint8, REAL)
)
UINT32, UINT8 = types.uint32, types.uint8
ASKERS, ASKERS_AT = tables(Askers)
OTHERS, OTHERS_AT = tables(Others)
SCRATCH, SCRATCH_AT = tables(Scratch)
SIZES = types.NamedUniTuple(WHOLE, len(Sizes._fields), Sizes)
