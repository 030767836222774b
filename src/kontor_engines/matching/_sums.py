"""Compiled steps that add up, tile by tile, what an asker and everybody else have for each other, and find who has much."""

import numpy as np

from kontor_engines import _compiled
from kontor_engines._compiled import NOTHING, REAL, WHOLE, part, step
from kontor_engines.matching import _keys, _packed
from kontor_engines.matching._keys import FIELD_ONE, ONE, SAME_FIELD
from kontor_engines.matching._packed import PLACE_BITS
from kontor_engines.matching._tables import (
    ASKERS_AT,
    BYTES,
    LONGS,
    OTHERS_AT,
    SCRATCH_AT,
    SHARES,
    SIZES,
    UINT8,
    UINT32,
    WORDS,
)

_compiled.depends_on(_keys, _packed)

UNIT = 1 / ONE**2  # of sums
FIELD_UNIT = 1 / FIELD_ONE**2
_SHIFT = np.uint32(ONE.bit_length() - 1)
_STRENGTH, _PLACE = np.uint32(PLACE_BITS), np.uint32((1 << PLACE_BITS) - 1)
WORD = 8  # profiles that are skipped with one look
_NEAR = np.uint32(SAME_FIELD * FIELD_UNIT / UNIT + 1)  # what a shared field is worth in a sum, rounded up
_LEVEL = 22  # bits by which a sum is shortened to its level, in steps of 1/256
TOP_LEVEL = 254  # level of all sums of 0.99 and more


@step(NOTHING, WORDS, SHARES, ASKERS_AT, WHOLE, LONGS, WORDS)
def add_forward(forward, best, askers, asker, starts, entries):  # type: ignore[no-untyped-def]
    """For every need of the asker the best offer of each profile of a tile, times the weight of the need."""
    keys, strengths = askers.kind_keys, askers.kind_strengths
    for unit in range(askers.unit_starts[asker], askers.unit_starts[asker + 1]):
        kind, weight = askers.unit_kinds[unit], UINT32(askers.weights[unit])
        first, behind = askers.kind_starts[kind], askers.kind_starts[kind + 1]
        longest, length = -1, 0
        for place in range(first, behind):
            key = keys[place]
            if starts[key + 1] - starts[key] > length:
                longest, length = place, starts[key + 1] - starts[key]
        if length == 0:
            continue
        for place in range(first, behind):
            if place != longest:
                key, strength = keys[place], UINT32(strengths[place])
                for found in range(starts[key], starts[key + 1]):
                    here = entries[found] & _PLACE
                    value = UINT32(strength * (entries[found] >> _STRENGTH)) >> _SHIFT
                    if value > best[here]:
                        forward[here] += UINT32(weight * UINT32(value - best[here]))
                        best[here] = value
        # The longest list comes last: it need not be remembered.
        key, strength = keys[longest], UINT32(strengths[longest])
        for found in range(starts[key], starts[key + 1]):
            here = entries[found] & _PLACE
            value = UINT32(strength * (entries[found] >> _STRENGTH)) >> _SHIFT
            forward[here] += UINT32(weight * UINT32(max(value, best[here]) - best[here]))
        for place in range(first, behind):
            if place != longest:
                key = keys[place]
                for found in range(starts[key], starts[key + 1]):
                    best[entries[found] & _PLACE] = 0


@step(WHOLE, WORDS, WORDS, ASKERS_AT, WHOLE, OTHERS_AT)
def find_met(best, met, askers, asker, others):  # type: ignore[no-untyped-def]
    """The best offer of the asker for every kind of need. Returns how many kinds; `met` names them."""
    num_met = 0
    for place in range(askers.offer_starts[asker], askers.offer_starts[asker + 1]):
        key, strength = askers.offer_keys[place], UINT32(askers.offer_strengths[place])
        for found in range(others.key_starts[key], others.key_starts[key + 1]):
            kind = others.key_kinds[found]
            value = UINT32(strength * UINT32(others.key_strengths[found])) >> _SHIFT
            if value > best[kind]:
                met[num_met] = kind
                num_met += best[kind] == 0
                best[kind] = value
    return num_met


@step(NOTHING, WORDS, WORDS, WORDS, WHOLE, LONGS, WORDS)
def add_backward(backward, best, met, num_met, starts, entries):  # type: ignore[no-untyped-def]
    """What the asker offers, to all of a tile who have this need; forgets it for the next asker."""
    for number in range(num_met):
        kind = met[number]
        value = best[kind]
        best[kind] = 0
        for found in range(starts[kind], starts[kind + 1]):
            backward[entries[found] & _PLACE] += UINT32(value * (entries[found] >> _STRENGTH))


@step(NOTHING, WORDS, BYTES, BYTES, SIZES, WHOLE, WHOLE)
def add_fields(near, shares, columns, sizes, offset, num_here):  # type: ignore[no-untyped-def]
    """What the fields alone may come to, for all of a tile."""
    for here in range(num_here):
        near[here] = 0
    for field in range(sizes.fields):
        share = UINT32(shares[field] * _NEAR)
        if share > 0:
            column = part(columns, field * sizes.profiles + offset)
            for here in range(num_here):
                near[here] += UINT32(share * UINT32(column[here]))


@step(NOTHING, SCRATCH_AT, WHOLE)
def set_levels(scratch, num_here):  # type: ignore[no-untyped-def]
    """Shorten the sums of all of a tile to a byte each, which is looked through in no time."""
    for here in range(num_here):
        both = UINT32(scratch.forward[here] + scratch.backward[here])
        scratch.levels[here] = min(both >> np.uint32(_LEVEL), np.uint32(TOP_LEVEL))


@step(WHOLE, REAL)
def level_of(both):  # type: ignore[no-untyped-def]
    """The level of a sum of both directions, 0 … 2."""
    return min(WHOLE(both / UNIT) >> _LEVEL, TOP_LEVEL)


@step(NOTHING, BYTES, BYTES, WHOLE, UINT8, UINT8)
def flag_levels(flags, levels, num_here, first, count):  # type: ignore[no-untyped-def]
    """Who has one of so many levels."""
    for here in range(num_here):
        flags[here] = UINT8(levels[here] - first) < count


@step(NOTHING, SCRATCH_AT, WHOLE, UINT32, UINT8)
def flag_near(scratch, num_here, least, below):  # type: ignore[no-untyped-def]
    """Who has a lower level, but may reach the least sum when fields are counted in full."""
    for here in range(num_here):
        reach = UINT32(
            max(scratch.forward[here], scratch.near_forward[here])
            + max(scratch.backward[here], scratch.near_backward[here])
        )
        scratch.flags[here] = (reach >= least) & (scratch.levels[here] < below)


@step(WHOLE, SCRATCH_AT, WHOLE)
def find_flagged(scratch, num_here):  # type: ignore[no-untyped-def]
    """Returns how many; `found` names them. Flags are read in words of eight."""
    num_words = (num_here + WORD - 1) // WORD
    for here in range(num_here, num_words * WORD):
        scratch.flags[here] = 0
    num_found = 0
    for word in range(num_words):
        if scratch.words[word] != 0:
            for here in range(word * WORD, (word + 1) * WORD):
                scratch.found[num_found] = here
                num_found += scratch.flags[here]
    return num_found
