"""A fair choice: who is shown to whom, so that nobody is shown everywhere and nobody never."""

from collections import Counter
from collections.abc import Sequence

from kontor_engines.matching._types import Match, Ranking


def balance(
    rankings: Sequence[Ranking], *, top: int = 20, cap: int | None = None, minimum: int = 3
) -> list[Ranking]:
    """Shorten long rankings to `top` partners each, everybody shown at most `cap` times and if possible `minimum`.

    Greedy capped b-matching: first every profile gets its guaranteed appearances where its own score is best, those
    with the fewest chances first; then the best remaining pairs fill the lists. `cap` None: one and a half times
    `top`. O(pairs · log pairs). The guarantee follows the idea of two-sided fairness in Patro et al., FairRec
    (2020), doi:10.1145/3366423.3380196.
    """
    limit = cap if cap is not None else top + (top + 1) // 2
    if top < 1 or limit < minimum or minimum < 0:
        msg = f"balance: need top >= 1 and cap >= minimum >= 0, not top {top}, cap {limit}, minimum {minimum}"
        raise ValueError(msg)
    chosen: list[dict[str, Match]] = [{} for _ in rankings]
    shown: Counter[str] = Counter()
    chances: dict[str, list[tuple[float, int, Match]]] = {}
    for row, ranking in enumerate(rankings):
        for match in ranking.matches:
            chances.setdefault(match.id, []).append((-match.score, row, match))
    for found in chances.values():
        found.sort(key=lambda chance: chance[:2])
    # The guarantee may fill at most half of a list, so that the asker's own best partners keep their place.
    guaranteed = (top + 1) // 2
    scarce = sorted(chances, key=lambda name: (len(chances[name]), name))
    for appearance in range(minimum):
        for name in scarce:
            if shown[name] > appearance:
                continue
            for _, row, match in chances[name]:
                if len(chosen[row]) < guaranteed and name not in chosen[row]:
                    chosen[row][name] = match
                    shown[name] += 1
                    break
    pairs = sorted(
        (
            (-match.score, row, place)
            for row, r in enumerate(rankings)
            for place, match in enumerate(r.matches)
        ),
    )
    for _, row, place in pairs:
        match = rankings[row].matches[place]
        if len(chosen[row]) < top and match.id not in chosen[row] and shown[match.id] < limit:
            chosen[row][match.id] = match
            shown[match.id] += 1
    return [
        Ranking(
            id=ranking.id,
            matches=tuple(match for match in ranking.matches if match.id in chosen[row]),
        )
        for row, ranking in enumerate(rankings)
    ]
