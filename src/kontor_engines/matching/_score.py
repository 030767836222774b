"""Scores of askers against all prepared profiles: the readable way, and the best few of each."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._asked import ONE_WAY_SHARE, SCORE_SCALE, Asked, Best, Floats
from kontor_engines.matching._index import Prepared
from kontor_engines.matching._keys import FIELD_ONE, ONE, SAME_FIELD
from kontor_engines.matching._packed import Lists, Packed

COMPILED_FROM = 500_000  # pairs; fewer are scored sooner than the compiler is loaded …
MANY_PROFILES = 10_000  # … unless they are so many that everybody waits for whoever asks


def combined(forward: Floats, backward: Floats, *, has_needs: bool, have_needs: NDArray[np.bool_]) -> Floats:
    """Reciprocal score of pairs: the harmonic mean, and a little for what goes one way only.

    Where one side seeks nothing, half of the other direction.
    """
    if not has_needs:
        return np.where(have_needs, backward / 2, 0.0)
    total = forward + backward
    mutual = np.divide(2 * forward * backward, total, out=np.zeros_like(total), where=total > 0)
    score = (1 - ONE_WAY_SHARE) * mutual + ONE_WAY_SHARE * total / 2
    return np.where(have_needs, score, forward / 2)


def best_partners(asking: Packed, prepared: Prepared, asked: Asked, *, top: int) -> Best:
    """Exact best partners of each asker, ties in the order of the prepared profiles."""
    num_askers, num_profiles = len(asked.pools), len(prepared.profiles)
    width = min(top, num_profiles)
    if num_askers * num_profiles >= COMPILED_FROM or num_profiles >= MANY_PROFILES:
        from kontor_engines.matching._kernel import best_partners_compiled

        return best_partners_compiled(asking, prepared, asked, width=width)
    best = Best(
        partners=np.full((num_askers, width), -1, dtype=np.int32), scores=np.zeros((num_askers, width))
    )
    for asker, score in enumerate(_scores(asking, prepared, asked)):
        found = np.flatnonzero(score > 0)
        if len(found) > width:
            found = found[score[found] >= np.partition(score[found], -width)[-width]]
        order = found[np.lexsort((found, -score[found]))][:width]
        best.partners[asker, : len(order)] = order
        best.scores[asker, : len(order)] = score[order]
    return best


def _scores(asking: Packed, prepared: Prepared, asked: Asked) -> Iterator[Floats]:
    packed = prepared.packed
    have_needs = np.diff(packed.unit_starts) > 0
    for asker in range(len(asked.pools)):
        has_needs = bool(asking.unit_starts[asker] < asking.unit_starts[asker + 1])
        score = _covered(asking, asker, prepared)
        if not asked.is_oneway[asker]:
            score = combined(
                score, _covering(asking, asker, prepared), has_needs=has_needs, have_needs=have_needs
            )
        score = np.rint(score * SCORE_SCALE) / SCORE_SCALE
        if asked.pools[asker] >= 0:
            score[packed.languages != asked.pools[asker]] = 0
        if asking.organisations[asker] >= 0:
            score[packed.organisations == asking.organisations[asker]] = 0
        if asked.selves[asker] >= 0:
            score[asked.selves[asker]] = 0
        yield score


def _covered(asking: Packed, asker: int, prepared: Prepared) -> Floats:
    """Share of the asker's needs that each profile covers: every need counts once, by the best offer.

    Where none is met, offers in the same field count a little.
    """
    covered = np.zeros(len(prepared.profiles), dtype=np.int64)
    for unit in range(asking.unit_starts[asker], asking.unit_starts[asker + 1]):
        best = np.zeros_like(covered)
        for key, strength in _entries(asking.kinds, asking.unit_kinds[unit]):
            found = _row(prepared.by_offer, key)
            who = prepared.by_offer.targets[found]
            best[who] = np.maximum(best[who], met(strength, prepared.by_offer.strengths[found]))
        covered += int(asking.weights[unit]) * best
    return _share(covered, prepared.packed.offer_fields @ asking.need_fields[asker].astype(np.int64))


def _covering(asking: Packed, asker: int, prepared: Prepared) -> Floats:
    """Share of each profile's needs that the asker covers."""
    packed = prepared.packed
    best = np.zeros(len(packed.kinds.starts) - 1, dtype=np.int64)
    for key, strength in _entries(asking.offers, asker):
        found = _row(prepared.by_need, key)
        kinds = prepared.by_need.targets[found]
        best[kinds] = np.maximum(best[kinds], met(strength, prepared.by_need.strengths[found]))
    owners = np.repeat(np.arange(len(prepared.profiles)), np.diff(packed.unit_starts))
    covering = np.bincount(owners, best[packed.unit_kinds] * packed.weights, minlength=len(prepared.profiles))
    return _share(covering, packed.need_fields @ asking.offer_fields[asker].astype(np.int64))


def met(strength: int, sureness: NDArray[np.uint16]) -> NDArray[np.int64]:
    """How much of a wish an offer meets, 0 … ONE: the strength of the key, times how surely it is offered."""
    return strength * sureness.astype(np.int64) // ONE


def _share(covered: NDArray[np.int64], nearness: NDArray[np.int64]) -> Floats:
    """0 … 1; where nothing is covered, a little for needs and offers in the same fields."""
    return np.where(covered > 0, covered / ONE**2, SAME_FIELD * np.minimum(nearness / FIELD_ONE**2, 1.0))


def _row(lists: Lists, row: int) -> slice:
    return slice(lists.starts[row], lists.starts[row + 1])


def _entries(lists: Lists, row: int) -> Iterator[tuple[int, int]]:
    part = _row(lists, row)
    return zip(lists.targets[part].tolist(), lists.strengths[part].tolist(), strict=True)
