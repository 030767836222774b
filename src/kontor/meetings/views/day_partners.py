"""Worth meeting, beside one's day: the best partners with whom nothing is agreed, asked or dismissed yet."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from kontor.events.models import Participation
from kontor.i18n import Words
from kontor.matching.models import Recommendation, Verdict
from kontor.matching.queries import shown_score
from kontor.meetings.agenda import KEPT_AGENDAS, TwoScripts, text_scripts
from kontor.meetings.models import MeetingParty, MeetingRequest
from kontor.prepared import PreparedRows
from kontor.ui.addresses import row_addresses
from kontor.ui.components import MatchCard, MatchReason
from kontor.ui.templatetags.matches import match_cards

NUM_WORTH_MEETING = 3
WORTH_FROM = 0.02
"""A match below this score is listed among the matches but not put before anybody unasked."""
NUM_REASONS = 2
NUM_READ = 2 * NUM_WORTH_MEETING
"""Several people of one organisation may be worth meeting: here the best of them stands for it."""


def draw_partners(participation: Participation, language: str, *, of: str = "") -> SafeString:
    """The best partners as cards in the language of the page, nothing where there are none; one statement.

    `of` names whose they are, where somebody else reads them.
    """
    return _drawn(
        _BEST_PARTNERS.fetch(own=participation.pk),
        participation.event.slug,
        participation.seeks.original,
        participation.offers.original,
        language,
        of,
        settings.ROOT_URLCONF,
    )


def _best_partners(own: int) -> QuerySet[Recommendation, tuple[Any, ...]]:
    live = MeetingRequest.objects.filter(state__in=("sent", "accepted"))
    mine = MeetingParty.objects.filter(participation=own).values("meeting")
    dismissed = Verdict.objects.filter(participation=own, kind=Verdict.Kind.NOT_FOR_US)
    known = (
        live.filter(sender=own).values("recipient"),
        live.filter(recipient=own).values("sender"),
        MeetingParty.objects.filter(meeting__in=mine).values("participation"),
        dismissed.values("partner"),
    )
    return (
        Recommendation.objects.filter(participation=own, partner__state=Participation.State.CONFIRMED)
        .filter(*(~Q(partner__in=partners) for partners in known), score__gte=WORTH_FROM)
        .order_by("-score", "rank", "id")
        .values_list(
            "score",
            "reasons",
            "partner__public_id",
            "partner__organisation__name",
            "partner__offers",
            "partner__seeks",
            "partner__is_sample",
        )[:NUM_READ]
    )


_BEST_PARTNERS = PreparedRows(_best_partners)


@lru_cache(maxsize=KEPT_AGENDAS)
def _drawn(
    partners: tuple[tuple[Any, ...], ...],
    slug: str,
    own_seeks: str,
    own_offers: str,
    language: str,
    of: str,
    _site: object,
) -> SafeString:
    """`partners` as the database has them; `own_seeks` and `own_offers` are the languages of one's own words."""
    ask = row_addresses("meetings:request-new", slug)
    cards: dict[TwoScripts, MatchCard] = {}
    for score, reasons, partner, organisation, offers, seeks, is_sample in _BEST_PARTNERS.converted(partners):
        name = text_scripts(organisation, language)
        if name in cards or len(cards) == NUM_WORTH_MEETING:
            continue
        cards[name] = MatchCard(
            title=name.reading,
            second_title=name.original,
            url=ask(partner),
            score=shown_score(score),
            reasons=[
                _reason(reason, mine=(own_seeks, offers.original), theirs=(seeks.original, own_offers))
                for reason in reasons[:NUM_REASONS]
            ],
            is_sample=is_sample,
            of=of,
        )
    return match_cards(cards.values())


def _reason(reason: Mapping[str, str], *, mine: tuple[str, str], theirs: tuple[str, str]) -> MatchReason:
    """A reason in the original words of both sides: the languages of what is sought and of what is offered for it."""
    is_mine = reason["direction"] == "forward"
    sought, offered = mine if is_mine else theirs
    return MatchReason(
        sought=Words(reason["seek"], sought), offered=Words(reason["offer"], offered), is_mine=is_mine
    )
