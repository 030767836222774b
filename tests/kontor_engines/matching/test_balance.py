"""A fair choice: everybody is shown, nobody everywhere."""

from collections import Counter

import pytest

from kontor_engines.matching import Match, Ranking, Reason, balance

REASON = Reason(seek="ab", offer="ab", topic=None, relation="word", direction="forward", strength=1.0)


def rankings_of(scores):
    return [
        Ranking(
            id=str(row),
            matches=tuple(
                Match(id=str(other), score=score, forward=score, backward=score, reasons=(REASON,))
                for other, score in sorted(enumerate(line), key=lambda pair: -pair[1])
                if other != row
            ),
        )
        for row, line in enumerate(scores)
    ]


def shown(rankings):
    return Counter(match.id for ranking in rankings for match in ranking.matches)


def test_a_star_is_capped_and_the_others_are_shown():
    size = 12
    scores = [[1.0 if other == 0 else 0.5 - other / 100 for other in range(size)] for _ in range(size)]
    plain = [Ranking(id=r.id, matches=r.matches[:2]) for r in rankings_of(scores)]
    assert shown(plain)["0"] == 11
    assert len(shown(plain)) == 3
    fair = balance(rankings_of(scores), top=6, minimum=2)
    assert max(shown(fair).values()) <= 9
    assert min(shown(fair).values()) >= 2
    assert len(shown(fair)) == size
    assert all(len(ranking.matches) <= 6 for ranking in fair)


def test_without_need_for_fairness_the_best_stay():
    scores = [[((row + other) * 7 % 5) / 5 + 0.1 for other in range(4)] for row in range(4)]
    assert balance(rankings_of(scores), top=3, cap=9, minimum=0) == rankings_of(scores)


def test_unusable_limits_are_named():
    with pytest.raises(
        ValueError, match="need top >= 1 and cap >= minimum >= 0, not top 2, cap 1, minimum 3"
    ):
        balance([], top=2, cap=1)
