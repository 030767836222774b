"""The same scores as `_score`, compiled: all pairs of many profiles, on all cores."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kontor_engines._compiled import REAL, WHOLE, address, entry_point, part, pointers, step, types
from kontor_engines.matching._asked import Asked, Best
from kontor_engines.matching._best import MUTUAL, ONE_WAY, TAKES_NOTHING, least_score, least_sum, rank_found
from kontor_engines.matching._index import Indexed
from kontor_engines.matching._keys import SAME_FIELD
from kontor_engines.matching._packed import TILE, Packed, count_tiles
from kontor_engines.matching._sums import (
    TOP_LEVEL,
    UNIT,
    WORD,
    add_backward,
    add_fields,
    add_forward,
    find_flagged,
    find_met,
    flag_levels,
    flag_near,
    level_of,
    set_levels,
)
from kontor_engines.matching._tables import (
    ASKERS,
    ASKERS_AT,
    FLOATS,
    INTS,
    OTHERS,
    OTHERS_AT,
    SCRATCH,
    SCRATCH_AT,
    SIZES,
    UINT32,
    Askers,
    Others,
    Scratch,
    Sizes,
)

_CHUNK = 256  # askers that a core takes at a time


def best_partners_compiled(
    asking: Packed, prepared: Indexed, asked: Asked, *, width: int, num_threads: int | None = None
) -> Best:
    """Exact best partners of each asker, on all cores unless told. O(sum of the lengths of the lists of their keys)."""
    packed = prepared.packed
    num_askers, num_profiles = len(asked.pools), len(packed.languages)
    num_tiles = count_tiles(num_profiles)
    num_kinds = (len(prepared.need_tiles.starts) - 1) // num_tiles
    best = Best(
        partners=np.full((num_askers, width), -1, dtype=np.int32), scores=np.zeros((num_askers, width))
    )
    askers = Askers(
        unit_starts=asking.unit_starts,
        unit_kinds=asking.unit_kinds,
        weights=asking.weights,
        kind_starts=asking.kinds.starts,
        kind_keys=asking.kinds.targets,
        kind_strengths=asking.kinds.strengths,
        offer_starts=asking.offers.starts,
        offer_keys=asking.offers.targets,
        offer_strengths=asking.offers.strengths,
        need_fields=asking.need_fields.ravel(),
        offer_fields=asking.offer_fields.ravel(),
        organisations=asking.organisations,
        is_oneway=asked.is_oneway.view(np.uint8),
        pools=asked.pools,
        selves=asked.selves,
    )
    others = Others(
        offer_starts=prepared.offer_tiles.starts,
        offer_entries=prepared.offer_tiles.entries,
        key_starts=prepared.by_need.starts,
        key_kinds=prepared.by_need.targets,
        key_strengths=prepared.by_need.strengths,
        need_starts=prepared.need_tiles.starts,
        need_entries=prepared.need_tiles.entries,
        need_fields=packed.need_fields.ravel(),
        offer_fields=packed.offer_fields.ravel(),
        need_columns=prepared.need_columns.ravel(),
        offer_columns=prepared.offer_columns.ravel(),
        organisations=packed.organisations,
        languages=packed.languages,
        have_needs=(np.diff(packed.unit_starts) > 0).view(np.uint8),
    )

    def rank_chunk(first: int) -> None:
        behind = min(first + _CHUNK, num_askers)
        sums = np.zeros((4, TILE), dtype=np.uint32)
        flags = np.zeros(TILE + WORD, dtype=np.uint8)
        scratch = Scratch(
            forward=sums[0],
            backward=sums[1],
            near_forward=sums[2],
            near_backward=sums[3],
            best=np.zeros(TILE, dtype=np.uint16),
            levels=np.empty(TILE, dtype=np.uint8),
            flags=flags,
            words=flags.view(np.uint64),
            found=np.empty(TILE + 1, dtype=np.uint32),
            best_of_kind=np.zeros(num_kinds, dtype=np.uint32),
            met=np.empty(num_kinds + 1, dtype=np.uint32),
            sizes=np.zeros(behind - first, dtype=np.int64),
        )
        sizes = Sizes(
            first=first,
            behind=behind,
            profiles=num_profiles,
            tile=TILE,
            keys=(len(prepared.offer_tiles.starts) - 1) // num_tiles,
            kinds=num_kinds,
            fields=packed.need_fields.shape[1],
            width=width,
        )
        _rank_askers(sizes, askers, others, scratch, best.partners.ravel(), best.scores.ravel())

    if num_askers <= _CHUNK:
        rank_chunk(0)  # an edited profile need not wait for a thread
        return best
    with ThreadPoolExecutor(max_workers=num_threads or _num_cores()) as pool:
        list(pool.map(rank_chunk, range(0, num_askers, _CHUNK)))
    return best


def _num_cores() -> int:
    """Those that this process may use; a container often has fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@step(WHOLE, SIZES, ASKERS_AT, WHOLE, OTHERS_AT, WHOLE, SCRATCH_AT, INTS, FLOATS)
def _rank_tile(sizes, askers, asker, others, number, scratch, partners, scores):  # type: ignore[no-untyped-def]
    """The best of one tile for one asker, among those of the tiles before."""
    offset = number * sizes.tile
    num_here = min(sizes.tile, sizes.profiles - offset)
    way = MUTUAL
    if askers.is_oneway[asker]:
        way = ONE_WAY
    elif askers.unit_starts[asker] == askers.unit_starts[asker + 1]:
        way = TAKES_NOTHING
    starts = part(others.offer_starts, number * sizes.keys)
    add_forward(scratch.forward, scratch.best, askers, asker, starts, others.offer_entries)
    if way != ONE_WAY:
        num_met = find_met(scratch.best_of_kind, scratch.met, askers, asker, others)
        starts = part(others.need_starts, number * sizes.kinds)
        add_backward(
            scratch.backward, scratch.best_of_kind, scratch.met, num_met, starts, others.need_entries
        )
    set_levels(scratch, num_here)
    size = scratch.sizes[asker - sizes.first]
    read = 0
    # First the strong ones, for their scores rule out most others.
    done = TOP_LEVEL + 1
    for strong in (8 * SAME_FIELD, 2 * SAME_FIELD, 0.0):
        if strong > 2 * SAME_FIELD and size == sizes.width:
            continue
        least = least_score(scores, sizes.width, size)
        level = level_of(max(strong, least_sum(least, way)))
        if level >= done:
            break
        if level > 0:
            flag_levels(scratch.flags, scratch.levels, num_here, level, done - level)
        else:
            # Fields decide: look at all at once, not at everybody in turn.
            needs = part(askers.need_fields, asker * sizes.fields)
            add_fields(scratch.near_forward, needs, others.offer_columns, sizes, offset, num_here)
            offers = part(askers.offer_fields, asker * sizes.fields)
            add_fields(scratch.near_backward, offers, others.need_columns, sizes, offset, num_here)
            mean = 0.999 * max(least, 0.0)
            flag_near(scratch, num_here, UINT32((mean if way == ONE_WAY else 2 * mean) / UNIT), done)
        done = level
        num_found = find_flagged(scratch, num_here)
        # Read a little of each row: so the processor fetches many at a time, not one after the other.
        for place in range(num_found):
            row = (scratch.found[place] + offset) * sizes.fields
            read += others.need_fields[row] + others.offer_fields[row]
        size = rank_found(
            sizes, askers, asker, way, others, offset, scratch, num_found, partners, scores, size
        )
    scratch.sizes[asker - sizes.first] = size
    for here in range(num_here):
        scratch.forward[here] = 0
        scratch.backward[here] = 0
    return read  # lest the compiler leaves the reading out


@step(WHOLE, SIZES, ASKERS_AT, OTHERS_AT, SCRATCH_AT, INTS, FLOATS)
def _rank_tiles(sizes, askers, others, scratch, partners, scores):  # type: ignore[no-untyped-def]
    read = 0
    for number in range((sizes.profiles + sizes.tile - 1) // sizes.tile):
        for asker in range(sizes.first, sizes.behind):
            row = asker * sizes.width
            read += _rank_tile(
                sizes, askers, asker, others, number, scratch, part(partners, row), part(scores, row)
            )
    return read


@entry_point(
    WHOLE, SIZES, ASKERS, OTHERS, SCRATCH, types.Array(types.int32, 1, "C"), types.Array(REAL, 1, "C")
)
def _rank_askers(sizes, askers, others, scratch, partners, scores):  # type: ignore[no-untyped-def]
    return _rank_tiles(
        sizes,
        pointers(askers),
        pointers(others),
        pointers(scratch),
        address(partners),
        address(scores),
    )
