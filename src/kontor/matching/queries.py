"""What pages of matches show, read in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from kontor.events.models import Participation
from kontor.i18n import Words, content_language
from kontor.matching.models import Recommendation, Verdict
from kontor.ui.components import MatchReason

LIVE_REQUESTS = ("sent", "accepted")
"""With whom a request waits, or was accepted, is not proposed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRow:
    """A proposed partner as one reader sees them."""

    partner: Participation
    score: int
    """0 … 100"""
    reasons: Sequence[MatchReason]
    verdict: str
    """saved, not_for_us, or empty"""


def shown_score(score: float) -> int:
    """0 to 100, in the same order as the scores.

    A score is a harmonic mean, tiny where only one side gains; the cube root spreads what people compare by eye.
    """
    return round(100 * float(score ** (1 / 3)))


def match_rows(participation: Participation, *, size: int, after: int = 0) -> tuple[list[MatchRow], bool]:
    """The best partners after the first `after`, and whether there are more; two statements."""
    verdict = Verdict.objects.filter(participation=participation, partner=OuterRef("partner"))
    people = Participation.objects.order_by()
    asked = people.filter(requests_received__sender=participation, requests_received__state__in=LIVE_REQUESTS)
    asking = people.filter(requests_sent__recipient=participation, requests_sent__state__in=LIVE_REQUESTS)
    rows = list(
        Recommendation.objects.filter(
            participation=participation, partner__state=Participation.State.CONFIRMED
        )
        # Two lists rather than one "or": each is read from the index of one's own requests.
        .exclude(partner__in=asked)
        .exclude(partner__in=asking)
        .select_related("partner__person", "partner__organisation")
        .prefetch_related("partner__person__languages")
        .annotate(verdict=Subquery(verdict.values("kind")[:1]))
        .order_by("-score", "rank", "id")[after : after + size + 1]
    )
    mine = [
        MatchRow(
            partner=row.partner,
            score=shown_score(row.score),
            reasons=_reasons(participation, row),
            verdict=getattr(row, "verdict", None) or "",
        )
        for row in rows[:size]
    ]
    return mine, len(rows) > size


MAX_REASONS = 4


def _reasons(participation: Participation, row: Recommendation) -> list[MatchReason]:
    """The reasons in the original words of both sides, the reader's wishes first."""
    partner = row.partner
    shown = []
    for reason in sorted(row.reasons, key=lambda reason: reason["direction"] != "forward")[:MAX_REASONS]:
        is_mine = reason["direction"] == "forward"
        seeker, offerer = (participation, partner) if is_mine else (partner, participation)
        shown.append(
            MatchReason(
                sought=_quote(reason["seek"], seeker.seeks.original),
                offered=_quote(reason["offer"], offerer.offers.original),
                is_mine=is_mine,
            )
        )
    return shown


def _quote(words: str, language: str) -> Words:
    """A quotation with its language; Chinese characters in a text of another language are still Chinese."""
    has_hanzi = any("\u4e00" <= character <= "\u9fff" for character in words)
    if has_hanzi:
        return Words(words, "zh")
    return Words(words, content_language(language) if language != "zh" else "en")
