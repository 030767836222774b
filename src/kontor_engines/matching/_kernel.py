"""The same scores as `_score`, compiled: all pairs of many profiles, on all cores."""

import numba
import numpy as np

from kontor_engines.matching._index import Packed, Prepared
from kontor_engines.matching._score import ONE_WAY_SHARE, SCORE_SCALE, Asked, Best


def best_partners_compiled(asking: Packed, prepared: Prepared, asked: Asked, *, width: int) -> Best:
    """Exact best partners of each asker. O(sum over the asker's keys of the length of their lists)."""
    packed = prepared.packed
    partners, scores = _best_partners(
        asking.unit_starts,
        asking.weights,
        asking.needs.starts,
        asking.needs.targets,
        asking.needs.strengths,
        asking.offers.starts,
        asking.offers.targets,
        asking.offers.strengths,
        asking.organisations,
        asked.is_oneway,
        asked.pools,
        asked.selves,
        prepared.by_offer.starts,
        prepared.by_offer.targets,
        prepared.by_offer.strengths,
        prepared.by_need.starts,
        prepared.by_need.targets,
        prepared.by_need.strengths,
        prepared.owners,
        packed.weights,
        np.diff(packed.unit_starts) > 0,
        packed.languages,
        packed.organisations,
        width,
        numba.get_num_threads(),
    )
    return Best(partners=partners, scores=scores)


@numba.njit(cache=True)
def _insert(partners, scores, size, partner, score):  # type: ignore[no-untyped-def]
    """Keep the best of one row in order: higher score first, then the earlier profile. Returns the new size."""
    width = len(scores)
    if size == width:
        last = width - 1
        if score < scores[last] or (score == scores[last] and partner > partners[last]):
            return size
        place = last
    else:
        place = size
        size += 1
    while place > 0 and (
        scores[place - 1] < score or (scores[place - 1] == score and partners[place - 1] > partner)
    ):
        scores[place] = scores[place - 1]
        partners[place] = partners[place - 1]
        place -= 1
    scores[place] = score
    partners[place] = partner
    return size


@numba.njit(cache=True, parallel=True)
def _best_partners(  # type: ignore[no-untyped-def]
    unit_starts,
    weights,
    need_starts,
    need_keys,
    need_strengths,
    offer_starts,
    offer_keys,
    offer_strengths,
    organisations,
    is_oneway,
    pools,
    selves,
    by_offer_starts,
    by_offer_profiles,
    by_offer_strengths,
    by_need_starts,
    by_need_units,
    by_need_strengths,
    owners,
    their_weights,
    have_needs,
    their_languages,
    their_organisations,
    width,
    num_threads,
):
    num_askers = len(pools)
    num_profiles = len(have_needs)
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
            for unit in range(unit_starts[asker], unit_starts[asker + 1]):
                weight = weights[unit]
                for place in range(need_starts[unit], need_starts[unit + 1]):
                    key = need_keys[place]
                    strength = need_strengths[place]
                    for found in range(by_offer_starts[key], by_offer_starts[key + 1]):
                        who = by_offer_profiles[found]
                        value = strength * by_offer_strengths[found]
                        if value > best[who]:
                            forward[who] += weight * (value - best[who])
                            best[who] = value
                            if not is_touched[who]:
                                is_touched[who] = True
                                touched[num_touched] = who
                                num_touched += 1
                for place in range(need_starts[unit], need_starts[unit + 1]):
                    key = need_keys[place]
                    for found in range(by_offer_starts[key], by_offer_starts[key + 1]):
                        best[by_offer_profiles[found]] = 0.0
            if not is_oneway[asker]:
                for place in range(offer_starts[asker], offer_starts[asker + 1]):
                    key = offer_keys[place]
                    strength = offer_strengths[place]
                    for found in range(by_need_starts[key], by_need_starts[key + 1]):
                        unit = by_need_units[found]
                        value = strength * by_need_strengths[found]
                        if value > best_unit[unit]:
                            who = owners[unit]
                            backward[who] += their_weights[unit] * (value - best_unit[unit])
                            best_unit[unit] = value
                            if not is_touched[who]:
                                is_touched[who] = True
                                touched[num_touched] = who
                                num_touched += 1
                for place in range(offer_starts[asker], offer_starts[asker + 1]):
                    key = offer_keys[place]
                    for found in range(by_need_starts[key], by_need_starts[key + 1]):
                        best_unit[by_need_units[found]] = 0.0
            has_needs = unit_starts[asker] < unit_starts[asker + 1]
            size = 0
            for number in range(num_touched):
                who = touched[number]
                f = min(forward[who], 1.0)
                g = min(backward[who], 1.0)
                forward[who] = 0.0
                backward[who] = 0.0
                is_touched[who] = False
                if (
                    who == selves[asker]
                    or (pools[asker] >= 0 and their_languages[who] != pools[asker])
                    or (organisations[asker] >= 0 and their_organisations[who] == organisations[asker])
                ):
                    continue
                if is_oneway[asker]:
                    score = f
                elif not has_needs:
                    score = g / 2
                elif not have_needs[who]:
                    score = f / 2
                else:
                    mutual = 2 * f * g / (f + g) if f + g > 0 else 0.0
                    score = (1 - ONE_WAY_SHARE) * mutual + ONE_WAY_SHARE * (f + g) / 2
                score = np.rint(score * SCORE_SCALE) / SCORE_SCALE
                if score > 0:
                    size = _insert(partners[asker], scores[asker], size, who, score)
    return partners, scores
