"""Compiled steps that score those who were found and keep the best."""

import numpy as np

from kontor_engines import _compiled
from kontor_engines._compiled import REAL, TRUTH, WHOLE, part, step
from kontor_engines.matching import _asked
from kontor_engines.matching._asked import ONE_WAY_SHARE, SCORE_SCALE
from kontor_engines.matching._keys import SAME_FIELD
from kontor_engines.matching._sums import FIELD_UNIT, UNIT
from kontor_engines.matching._tables import ASKERS_AT, BYTES, FLOATS, INTS, OTHERS_AT, SCRATCH_AT, SIZES

_compiled.depends_on(_asked)

MUTUAL, ONE_WAY, TAKES_NOTHING = 0, 1, 2


@step(WHOLE, INTS, FLOATS, WHOLE, WHOLE, WHOLE, REAL)
def _insert(partners, scores, width, size, partner, score):  # type: ignore[no-untyped-def]
    """Keep the best of one list in order: higher score first, then the earlier profile. Returns the new size."""
    if size == width:
        place = width - 1
        if score < scores[place] or (score == scores[place] and partner > partners[place]):
            return size
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


@step(REAL, BYTES, BYTES, WHOLE)
def _nearness(needs, offers, num_fields):  # type: ignore[no-untyped-def]
    """What is near enough to count a little: the share of the needs in whose field something is offered."""
    shared = np.int32(0)
    for field in range(num_fields):
        shared += np.int32(needs[field]) * np.int32(offers[field])
    return SAME_FIELD * min(shared * FIELD_UNIT, 1.0)


@step(REAL, REAL, REAL, WHOLE, TRUTH)
def _combined(f, g, way, have_needs):  # type: ignore[no-untyped-def]
    if way == ONE_WAY:
        return f
    if way == TAKES_NOTHING:
        return g / 2 if have_needs else 0.0
    if not have_needs:
        return f / 2
    mutual = 2 * f * g / (f + g) if f + g > 0 else 0.0
    return (1 - ONE_WAY_SHARE) * mutual + ONE_WAY_SHARE * (f + g) / 2


@step(TRUTH, REAL, REAL, REAL, WHOLE, TRUTH)
def _may_reach(least, f, g, way, have_needs):  # type: ignore[no-untyped-def]
    """Whether the combined score may reach `least`; without a division."""
    if way == ONE_WAY:
        return f >= least
    if way == TAKES_NOTHING:
        return g >= 2 * least
    if not have_needs:
        return f >= 2 * least
    total = f + g
    return 2 * (1 - ONE_WAY_SHARE) * f * g + ONE_WAY_SHARE / 2 * total * total >= least * total


@step(REAL, REAL, WHOLE)
def least_sum(least, way):  # type: ignore[no-untyped-def]
    """What both directions must come to together for a score of `least`, a little too low.

    The score is no greater than their mean. Where one direction has no more than a field, the other one must reach the
    positive root of the condition in `_may_reach` with g = SAME_FIELD, or what lonely partners need.
    """
    if least <= SAME_FIELD:
        return 0.0
    if way != MUTUAL:
        return 0.999 * least
    s = ONE_WAY_SHARE / 2
    slope = 2 * (1 - ONE_WAY_SHARE) * SAME_FIELD + 2 * s * SAME_FIELD - least
    root = (np.sqrt(slope * slope + 4 * s * SAME_FIELD * (least - s * SAME_FIELD)) - slope) / (2 * s)
    return 0.999 * min(root, 2 * least)


@step(REAL, FLOATS, WHOLE, WHOLE)
def least_score(scores, width, size):  # type: ignore[no-untyped-def]
    """Of the scores that still belong to the best, a little too low for what is not rounded."""
    return scores[width - 1] - 1 / SCORE_SCALE if size == width else 0.0


@step(WHOLE, SIZES, ASKERS_AT, WHOLE, WHOLE, OTHERS_AT, WHOLE, SCRATCH_AT, WHOLE, INTS, FLOATS, WHOLE)
def rank_found(  # type: ignore[no-untyped-def]
    sizes, askers, asker, way, others, offset, scratch, num_found, partners, scores, size
):
    """Score those found, and keep the best. Returns the size of the list."""
    needs, offers = (
        part(askers.need_fields, asker * sizes.fields),
        part(askers.offer_fields, asker * sizes.fields),
    )
    least = least_score(scores, sizes.width, size)
    for place in range(num_found):
        here = scratch.found[place]
        who = WHOLE(here) + offset
        covered, covering = WHOLE(scratch.forward[here]), WHOLE(scratch.backward[here])
        have_needs = others.have_needs[who] != 0
        # What lies in the same field is taken in full at first: never less than the score.
        f = covered * UNIT if covered > 0 else SAME_FIELD
        g = covering * UNIT if covering > 0 else SAME_FIELD
        if (
            not _may_reach(least, f, g, way, have_needs)
            or who == askers.selves[asker]
            or (askers.pools[asker] >= 0 and others.languages[who] != askers.pools[asker])
            or (askers.organisations[asker] >= 0 and others.organisations[who] == askers.organisations[asker])
        ):
            continue
        if covered == 0:
            f = _nearness(needs, part(others.offer_fields, who * sizes.fields), sizes.fields)
            if not _may_reach(least, f, g, way, have_needs):
                continue
        if covering == 0 and way != ONE_WAY:
            g = _nearness(part(others.need_fields, who * sizes.fields), offers, sizes.fields)
            if not _may_reach(least, f, g, way, have_needs):
                continue
        score = np.rint(_combined(f, g, way, have_needs) * SCORE_SCALE) / SCORE_SCALE
        if score > 0:
            size = _insert(partners, scores, sizes.width, size, who, score)
            least = least_score(scores, sizes.width, size)
    return size
