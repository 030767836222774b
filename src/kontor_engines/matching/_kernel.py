"""The same scores as `_score`, compiled: all pairs of many profiles, on all cores."""

import os
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._asked import ONE_WAY_SHARE, SCORE_SCALE, Asked, Best
from kontor_engines.matching._index import Indexed
from kontor_engines.matching._keys import FIELD_ONE, ONE, SAME_FIELD
from kontor_engines.matching._packed import PLACE_BITS, TILE, Lists, Longs, Packed, Shares, count_tiles

_CHUNK = 256  # askers that a core takes at a time
_SHIFT = np.uint32(ONE.bit_length() - 1)
_STRENGTH, _PLACE = np.uint32(PLACE_BITS), np.uint32((1 << PLACE_BITS) - 1)
_WORD = 8  # profiles that are skipped with one look
_MUTUAL, _ONE_WAY, _TAKES_NOTHING = 0, 1, 2


def best_partners_compiled(
    asking: Packed, prepared: Indexed, asked: Asked, *, width: int, num_threads: int | None = None
) -> Best:
    """Exact best partners of each asker, on all cores unless told. O(sum of the lengths of the lists of their keys)."""
    packed = prepared.packed
    num_askers = len(asked.pools)
    best = Best(
        partners=np.full((num_askers, width), -1, dtype=np.int32), scores=np.zeros((num_askers, width))
    )
    have_needs = np.diff(packed.unit_starts) > 0

    def rank_chunk(first: int) -> None:
        _rank_askers(
            (first, min(first + _CHUNK, num_askers)),
            (TILE, count_tiles(len(packed.languages))),
            (asking.unit_starts, asking.unit_kinds, asking.weights),
            _arrays(asking.kinds),
            _arrays(asking.offers),
            (asking.need_fields, asking.offer_fields, asking.organisations),
            (asked.is_oneway, asked.pools, asked.selves),
            (prepared.offer_tiles.starts, prepared.offer_tiles.entries),
            _arrays(prepared.by_need),
            (prepared.need_tiles.starts, prepared.need_tiles.entries),
            (packed.need_fields, packed.offer_fields, packed.organisations, packed.languages, have_needs),
            best.partners,
            best.scores,
            # arguments, for the compiled code is kept on disk
            (1 / ONE**2, 1 / FIELD_ONE**2, SAME_FIELD, ONE_WAY_SHARE, SCORE_SCALE),
        )

    with ThreadPoolExecutor(max_workers=num_threads or _num_cores()) as pool:
        list(pool.map(rank_chunk, range(0, num_askers, _CHUNK)))
    return best


def _num_cores() -> int:
    """Those that this process may use; a container often has fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _arrays(lists: Lists) -> tuple[Longs, NDArray[np.uint32], Shares]:
    """Unsigned numbers as places spare the compiled code a check for negative ones."""
    return lists.starts, lists.targets.view(np.uint32), lists.strengths


# Rows are passed as table and number: a view of a row would cost more than what is done with it.
@numba.njit(cache=True, nogil=True)
def _insert(partners, scores, row, size, partner, score):  # type: ignore[no-untyped-def]
    """Keep the best of one row in order: higher score first, then the earlier profile. Returns the new size."""
    width = scores.shape[1]
    if size == width:
        last = width - 1
        if score < scores[row, last] or (score == scores[row, last] and partner > partners[row, last]):
            return size
        place = last
    else:
        place = size
        size += 1
    while place > 0 and (
        scores[row, place - 1] < score
        or (scores[row, place - 1] == score and partners[row, place - 1] > partner)
    ):
        scores[row, place] = scores[row, place - 1]
        partners[row, place] = partners[row, place - 1]
        place -= 1
    scores[row, place] = score
    partners[row, place] = partner
    return size


@numba.njit(cache=True, nogil=True)
def _nearness(need_fields, seeker, offer_fields, offerer, whole):  # type: ignore[no-untyped-def]
    """Share of the needs in whose field something is offered."""
    shared = np.int32(0)
    for field in range(need_fields.shape[1]):
        shared += np.int32(need_fields[seeker, field]) * np.int32(offer_fields[offerer, field])
    return min(shared * whole, 1.0)


@numba.njit(cache=True, nogil=True)
def _combined(f, g, way, have_needs, one_way_share):  # type: ignore[no-untyped-def]
    if way == _ONE_WAY:
        return f
    if way == _TAKES_NOTHING:
        return g / 2 if have_needs else 0.0
    if not have_needs:
        return f / 2
    mutual = 2 * f * g / (f + g) if f + g > 0 else 0.0
    return (1 - one_way_share) * mutual + one_way_share * (f + g) / 2


@numba.njit(cache=True, nogil=True)
def _may_reach(least, f, g, way, have_needs, one_way_share):  # type: ignore[no-untyped-def]
    """Whether the combined score may reach `least`; without a division."""
    if way == _ONE_WAY:
        return f >= least
    if way == _TAKES_NOTHING:
        return g >= 2 * least
    if not have_needs:
        return f >= 2 * least
    total = f + g
    return 2 * (1 - one_way_share) * f * g + one_way_share / 2 * total * total >= least * total


@numba.njit(cache=True, nogil=True)
def _least_sum(least, faint, way, one_way_share):  # type: ignore[no-untyped-def]
    """What both directions must come to together for a score of `least`, a little too low.

    The score is no greater than their mean. Where one direction has no more than a field (faint), the other one must
    reach the positive root of the condition in `_may_reach` with g = faint, or what lonely partners need.
    """
    if least <= faint:
        return 0.0
    if way != _MUTUAL:
        return 0.999 * least
    s = one_way_share / 2
    slope = 2 * (1 - one_way_share) * faint + 2 * s * faint - least
    root = (np.sqrt(slope * slope + 4 * s * faint * max(least - s * faint, 0.0)) - slope) / (2 * s)
    return 0.999 * min(root, 2 * least)


@numba.njit(cache=True, nogil=True)
def _add_forward(forward, best, asker, units, kinds, starts, entries):  # type: ignore[no-untyped-def]
    """For every need of the asker the best offer of each profile of a tile, times the weight of the need."""
    for unit in range(units[0][asker], units[0][asker + 1]):
        kind, weight = units[1][unit], np.uint32(units[2][unit])
        longest, length = -1, np.int64(0)
        for place in range(kinds[0][kind], kinds[0][kind + 1]):
            key = kinds[1][place]
            if starts[key + 1] - starts[key] > length:
                longest, length = place, starts[key + 1] - starts[key]
        if length == 0:
            continue
        for place in range(kinds[0][kind], kinds[0][kind + 1]):
            if place != longest:
                key, strength = kinds[1][place], np.uint32(kinds[2][place])
                for found in range(starts[key], starts[key + 1]):
                    here = entries[found] & _PLACE
                    value = np.uint32(strength * (entries[found] >> _STRENGTH)) >> _SHIFT
                    if value > best[here]:
                        forward[here] += np.uint32(weight * np.uint32(value - best[here]))
                        best[here] = value
        # The longest list comes last: it need not be remembered.
        key, strength = kinds[1][longest], np.uint32(kinds[2][longest])
        for found in range(starts[key], starts[key + 1]):
            here = entries[found] & _PLACE
            value = np.uint32(strength * (entries[found] >> _STRENGTH)) >> _SHIFT
            forward[here] += np.uint32(weight * np.uint32(max(value, np.uint32(best[here])) - best[here]))
        for place in range(kinds[0][kind], kinds[0][kind + 1]):
            if place != longest:
                key = kinds[1][place]
                for found in range(starts[key], starts[key + 1]):
                    best[entries[found] & _PLACE] = 0


@numba.njit(cache=True, nogil=True)
def _find_met(best, met, asker, offers, by_need):  # type: ignore[no-untyped-def]
    """The best offer of the asker for every kind of need. Returns how many kinds; `met` names them."""
    num_met = 0
    for place in range(offers[0][asker], offers[0][asker + 1]):
        key, strength = offers[1][place], np.uint32(offers[2][place])
        for found in range(by_need[0][key], by_need[0][key + 1]):
            kind = by_need[1][found]
            value = np.uint32(strength * np.uint32(by_need[2][found])) >> _SHIFT
            if value > best[kind]:
                met[num_met] = kind
                num_met += best[kind] == 0
                best[kind] = value
    return num_met


@numba.njit(cache=True, nogil=True)
def _add_backward(backward, best, met, num_met, starts, entries):  # type: ignore[no-untyped-def]
    """What the asker offers, to all of a tile who have this need."""
    for number in range(num_met):
        kind = met[number]
        value = best[kind]
        for found in range(starts[kind], starts[kind + 1]):
            backward[entries[found] & _PLACE] += np.uint32(value * (entries[found] >> _STRENGTH))


@numba.njit(cache=True, nogil=True)
def _find_between(found, flags, words, forward, backward, num_here, least, below):  # type: ignore[no-untyped-def]
    """The first `num_here` of a tile in whom both directions together are `least` or more, but less than `below`.

    Returns how many; `found` names them. All are compared at once, then read in words of eight.
    """
    for here in range(num_here):
        both = np.uint32(forward[here] + backward[here])
        flags[here] = (both >= least) & (both < below)
    num_words = (num_here + _WORD - 1) // _WORD
    flags[num_here : num_words * _WORD] = False
    num_found = 0
    for word in range(num_words):
        if words[word] != 0:
            for here in range(np.uint32(word * _WORD), np.uint32((word + 1) * _WORD)):
                found[num_found] = here
                num_found += flags[here]
    return num_found


@numba.njit(cache=True, nogil=True)
def _rank_askers(  # type: ignore[no-untyped-def]
    chunk,
    tiles,
    units,
    kinds,
    offers,
    asker_tables,
    asked,
    offer_tiles,
    by_need,
    need_tiles,
    tables,
    partners,
    scores,
    constants,
):
    tile, num_tiles = tiles
    need_fields, offer_fields, organisations = asker_tables
    their_need_fields, their_offer_fields, their_organisations, their_languages, have_needs = tables
    is_oneway, pools, selves = asked
    whole, field_whole, faint, one_way_share, scale = constants
    num_profiles = len(have_needs)
    num_keys = (len(offer_tiles[0]) - 1) // num_tiles
    num_kinds = (len(need_tiles[0]) - 1) // num_tiles
    width = scores.shape[1]
    # Of the profiles of one tile:
    forward = np.zeros(tile, dtype=np.uint32)
    backward = np.zeros(tile, dtype=np.uint32)
    best = np.zeros(tile, dtype=np.uint16)
    flags = np.zeros(tile, dtype=np.bool_)
    words = flags.view(np.uint64)
    found = np.empty(tile + 1, dtype=np.uint32)
    best_of_kind = np.zeros(num_kinds, dtype=np.uint32)
    met = np.empty(num_kinds + 1, dtype=np.uint32)
    sizes = np.zeros(chunk[1] - chunk[0], dtype=np.int64)
    read = 0
    for number_of_tile in range(num_tiles):
        offset = np.uint32(number_of_tile * tile)
        num_here = min(tile, num_profiles - number_of_tile * tile)
        offer_starts = offer_tiles[0][number_of_tile * num_keys :]
        need_starts = need_tiles[0][number_of_tile * num_kinds :]
        for asker in range(chunk[0], chunk[1]):
            way = _MUTUAL
            if is_oneway[asker]:
                way = _ONE_WAY
            elif units[0][asker] == units[0][asker + 1]:
                way = _TAKES_NOTHING
            _add_forward(forward, best, asker, units, kinds, offer_starts, offer_tiles[1])
            if way != _ONE_WAY:
                num_met = _find_met(best_of_kind, met, asker, offers, by_need)
                _add_backward(backward, best_of_kind, met, num_met, need_starts, need_tiles[1])
                for number in range(num_met):
                    best_of_kind[met[number]] = 0
            size = sizes[asker - chunk[0]]
            # of the scores that still belong to the best
            least = scores[asker, width - 1] - 1 / scale if size == width else 0.0
            # First the strong ones, for their scores rule out most others.
            done = np.uint32(2 / whole + 1)
            for strong in (8 * faint, 2 * faint, 0.0):
                if strong > 2 * faint and size == width:
                    continue
                enough = np.uint32(max(strong, _least_sum(least, faint, way, one_way_share)) / whole)
                if enough >= done:
                    break
                num_found = _find_between(found, flags, words, forward, backward, num_here, enough, done)
                done = enough
                # Read a little of each row: so the processor fetches many at a time, not one after the other.
                for place in range(num_found):
                    who = found[place] + offset
                    read += their_need_fields[who, 0] + their_offer_fields[who, 0]
                for place in range(num_found):
                    here = found[place]
                    who = here + offset
                    covered, covering = forward[here], backward[here]
                    # What lies in the same field is taken in full at first: never less than the score.
                    f = covered * whole if covered > 0 else faint
                    g = covering * whole if covering > 0 else faint
                    if (
                        not _may_reach(least, f, g, way, have_needs[who], one_way_share)
                        or who == selves[asker]
                        or (pools[asker] >= 0 and their_languages[who] != pools[asker])
                        or (organisations[asker] >= 0 and their_organisations[who] == organisations[asker])
                    ):
                        continue
                    if covered == 0:
                        f = faint * _nearness(need_fields, asker, their_offer_fields, who, field_whole)
                        if not _may_reach(least, f, g, way, have_needs[who], one_way_share):
                            continue
                    if covering == 0 and way != _ONE_WAY:
                        g = faint * _nearness(their_need_fields, who, offer_fields, asker, field_whole)
                        if not _may_reach(least, f, g, way, have_needs[who], one_way_share):
                            continue
                    score = np.rint(_combined(f, g, way, have_needs[who], one_way_share) * scale) / scale
                    if score > 0:
                        size = _insert(partners, scores, asker, size, who, score)
                        if size == width:
                            least = scores[asker, width - 1] - 1 / scale
            sizes[asker - chunk[0]] = size
            forward[:num_here] = 0
            backward[:num_here] = 0
    return read  # lest the compiler leaves the reading out
