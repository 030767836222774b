"""The same scores as `_score`, compiled: all pairs of many profiles, on all cores.

Only partners that share more than a field are looked at; the others only where the best few are not good enough to
rule them out.
"""

import numba
import numpy as np

from kontor_engines.matching._index import Packed, Prepared
from kontor_engines.matching._keys import SAME_FIELD
from kontor_engines.matching._score import ONE_WAY_SHARE, SCORE_SCALE, Asked, Best


def best_partners_compiled(asking: Packed, prepared: Prepared, asked: Asked, *, width: int) -> Best:
    """Exact best partners of each asker. O(sum over the asker's keys of the length of their lists)."""
    packed = prepared.packed
    partners, scores = _best_partners(
        asking.unit_starts,
        asking.weights,
        (asking.needs.starts, asking.needs.targets, asking.needs.strengths),
        asking.need_fields,
        (asking.offers.starts, asking.offers.targets, asking.offers.strengths),
        asking.offer_fields,
        asking.organisations,
        asked.is_oneway,
        asked.pools,
        asked.selves,
        (prepared.by_offer.starts, prepared.by_offer.targets, prepared.by_offer.strengths),
        (prepared.by_need.starts, prepared.by_need.targets, prepared.by_need.strengths),
        packed.offer_fields,
        packed.need_fields,
        np.diff(packed.unit_starts) > 0,
        prepared.owners,
        packed.weights,
        packed.languages,
        packed.organisations,
        width,
        numba.get_num_threads(),
        (SAME_FIELD, ONE_WAY_SHARE, SCORE_SCALE),  # arguments, for the compiled code is kept on disk
    )
    return Best(partners=partners, scores=scores)


# Rows are passed as table and number: a view of a row would cost more than what is done with it.
@numba.njit(cache=True)
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


@numba.njit(cache=True)
def _with_field(covered, need_fields, seeker, offer_fields, offerer, same_field):  # type: ignore[no-untyped-def]
    if covered > 0:
        return min(covered, 1.0)
    shared = 0.0
    for field in range(need_fields.shape[1]):
        shared += np.float64(need_fields[seeker, field]) * offer_fields[offerer, field]
    return same_field * min(shared, 1.0)


@numba.njit(cache=True)
def _combined(f, g, is_oneway, has_needs, have_needs, one_way_share):  # type: ignore[no-untyped-def]
    if is_oneway:
        return f
    if not has_needs:
        return g / 2 if have_needs else 0.0
    if not have_needs:
        return f / 2
    mutual = 2 * f * g / (f + g) if f + g > 0 else 0.0
    return (1 - one_way_share) * mutual + one_way_share * (f + g) / 2


@numba.njit(cache=True, parallel=True)
def _best_partners(  # type: ignore[no-untyped-def]
    unit_starts,
    weights,
    needs,
    need_fields,
    offers,
    offer_fields,
    organisations,
    is_oneway,
    pools,
    selves,
    by_offer,
    by_need,
    their_offer_fields,
    their_need_fields,
    have_needs,
    owners,
    their_weights,
    their_languages,
    their_organisations,
    width,
    num_threads,
    constants,
):
    same_field, one_way_share, scale = constants
    num_askers = len(pools)
    num_profiles = len(their_languages)
    partners = np.full((num_askers, width), -1, dtype=np.int32)
    scores = np.zeros((num_askers, width))
    for thread in numba.prange(num_threads):
        forward = np.zeros(num_profiles)
        backward = np.zeros(num_profiles)
        best = np.zeros(num_profiles)  # of the need at hand, per profile
        best_unit = np.zeros(len(owners))  # of the asker's offers, per need of the others
        is_touched = np.zeros(num_profiles, dtype=np.bool_)
        touched = np.empty(num_profiles, dtype=np.int32)
        for asker in range(thread, num_askers, num_threads):
            num_touched = 0
            has_needs = unit_starts[asker] < unit_starts[asker + 1]
            for unit in range(unit_starts[asker], unit_starts[asker + 1]):
                weight = weights[unit]
                for place in range(needs[0][unit], needs[0][unit + 1]):
                    key = needs[1][place]
                    strength = np.float64(needs[2][place])
                    for found in range(by_offer[0][key], by_offer[0][key + 1]):
                        who = by_offer[1][found]
                        value = strength * by_offer[2][found]
                        if value > best[who]:
                            forward[who] += weight * (value - best[who])
                            best[who] = value
                            if not is_touched[who]:
                                is_touched[who] = True
                                touched[num_touched] = who
                                num_touched += 1
                for place in range(needs[0][unit], needs[0][unit + 1]):
                    key = needs[1][place]
                    for found in range(by_offer[0][key], by_offer[0][key + 1]):
                        best[by_offer[1][found]] = 0.0
            if not is_oneway[asker]:
                for place in range(offers[0][asker], offers[0][asker + 1]):
                    key = offers[1][place]
                    strength = np.float64(offers[2][place])
                    for found in range(by_need[0][key], by_need[0][key + 1]):
                        unit = by_need[1][found]
                        value = strength * by_need[2][found]
                        if value > best_unit[unit]:
                            who = owners[unit]
                            backward[who] += their_weights[unit] * (value - best_unit[unit])
                            best_unit[unit] = value
                            if not is_touched[who]:
                                is_touched[who] = True
                                touched[num_touched] = who
                                num_touched += 1
                for place in range(offers[0][asker], offers[0][asker + 1]):
                    key = offers[1][place]
                    for found in range(by_need[0][key], by_need[0][key + 1]):
                        best_unit[by_need[1][found]] = 0.0
            size = 0
            number = 0
            while True:
                if number == num_touched:
                    if num_touched == num_profiles or (
                        size == width and scores[asker, width - 1] > same_field
                    ):
                        break
                    # Somebody who shares no more than a field may still belong to the best.
                    for who in range(num_profiles):
                        if not is_touched[who]:
                            is_touched[who] = True
                            touched[num_touched] = who
                            num_touched += 1
                who = touched[number]
                number += 1
                covered, covering = forward[who], backward[who]
                forward[who] = 0.0
                backward[who] = 0.0
                if (
                    who == selves[asker]
                    or (pools[asker] >= 0 and their_languages[who] != pools[asker])
                    or (organisations[asker] >= 0 and their_organisations[who] == organisations[asker])
                ):
                    continue
                if size == width:
                    most_f = min(covered, 1.0) if covered > 0 else same_field
                    most_g = min(covering, 1.0) if covering > 0 else same_field
                    most = _combined(
                        most_f, most_g, is_oneway[asker], has_needs, have_needs[who], one_way_share
                    )
                    if most < scores[asker, width - 1] - 2 / scale:
                        continue
                f = _with_field(covered, need_fields, asker, their_offer_fields, who, same_field)
                g = 0.0
                if not is_oneway[asker]:
                    g = _with_field(covering, their_need_fields, who, offer_fields, asker, same_field)
                score = _combined(f, g, is_oneway[asker], has_needs, have_needs[who], one_way_share)
                score = np.rint(score * scale) / scale
                if score > 0:
                    size = _insert(partners, scores, asker, size, who, score)
            for place in range(num_touched):
                is_touched[touched[place]] = False
    return partners, scores
