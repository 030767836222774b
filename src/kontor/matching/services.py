"""What can be done with introductions: compute them, refresh one profile's, say "saved" or "not for us"."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.events.models import Event, Participation
from kontor.i18n import Text
from kontor.jobs.context import JobContext
from kontor.matching.models import Recommendation, Verdict
from kontor.matching.planner import Proposal, propose_all, propose_for

BATCH = 2000


def match_everybody(event: Event, *, context: JobContext) -> int:
    """Compute the lists of a whole event and replace the old ones in one transaction. Returns how many proposals."""
    people = list(_matchable(event))
    context.progress(people=len(people))
    proposals = propose_all(event.pk, people, blocked=_blocked(event))
    with context.finishing(proposals=len(proposals)):
        _replace(event, proposals)
    return len(proposals)


def match_now(event: Event) -> int:
    """Compute the lists of a whole event inside the caller's own work; only the writing holds a transaction."""
    proposals = propose_all(event.pk, list(_matchable(event)), blocked=_blocked(event))
    with transaction.atomic():
        _replace(event, proposals)
    return len(proposals)


def _replace(event: Event, proposals: list[Proposal]) -> None:
    Recommendation.objects.filter(participation__event=event).delete()
    Recommendation.objects.bulk_create([_row(proposal) for proposal in proposals], batch_size=BATCH)


def refresh_matches(event: Event, public_ids: Iterable[str], *, context: JobContext) -> None:
    """Re-score a few edited profiles alone, and put them into the lists they touch; many at once are matched anew."""
    named = set(
        Participation.objects.filter(event=event, public_id__in=public_ids).values_list("pk", flat=True)
    )
    if len(named) > 20:
        match_everybody(event, context=context)
        return
    people = list(_matchable(event))
    changed = [one.pk for one in people if one.pk in named]
    proposals = propose_for(event.pk, changed, people, blocked=_blocked(event)) if changed else []
    mirrored = [_mirror(proposal) for proposal in proposals if proposal.partner_id not in named]
    with context.finishing():
        Recommendation.objects.filter(Q(participation__in=named) | Q(partner__in=named)).delete()
        # another job may just have written the same pair from its other side
        Recommendation.objects.bulk_create(
            [_row(one) for one in (*proposals, *mirrored)], batch_size=BATCH, ignore_conflicts=True
        )


def _mirror(proposal: Proposal) -> Proposal:
    """The same pair seen from the other side; its place in that list follows from the score."""
    turned = {"forward": "backward", "backward": "forward"}
    return Proposal(
        participation_id=proposal.partner_id,
        partner_id=proposal.participation_id,
        rank=proposal.rank,
        score=proposal.score,
        forward=proposal.backward,
        backward=proposal.forward,
        reasons=[reason | {"direction": turned[reason["direction"]]} for reason in proposal.reasons],
    )


def _row(proposal: Proposal) -> Recommendation:
    return Recommendation(
        participation_id=proposal.participation_id,
        partner_id=proposal.partner_id,
        rank=proposal.rank,
        score=proposal.score,
        forward=proposal.forward,
        backward=proposal.backward,
        reasons=proposal.reasons,
    )


def _matchable(event: Event) -> QuerySet[Participation]:
    """Those who come and said what they offer or seek."""
    texts = ("offers", "seeks", "topics_offered", "topics_sought")
    # with the event, for Django would ask for it once for each row
    return (
        event.participations.confirmed()
        .exclude(offers=Text(), seeks=Text())
        .only("id", "public_id", "event_id", "organisation_id", *texts)
    )


def _blocked(event: Event) -> list[tuple[int, int]]:
    """Pairs of which one said "not for us"."""
    verdicts = Verdict.objects.filter(participation__event=event, kind=Verdict.Kind.NOT_FOR_US)
    return list(verdicts.values_list("participation_id", "partner_id"))


@transaction.atomic
def give_verdict(
    participation: Participation, *, partner: Participation, kind: str, by: User, at: datetime
) -> None:
    """Save a proposed partner, say "not for us", or take either back (empty kind)."""
    if not kind:
        Verdict.objects.filter(participation=participation, partner=partner).delete()
    else:
        Verdict.objects.update_or_create(
            participation=participation, partner=partner, defaults={"kind": Verdict.Kind(kind), "at": at}
        )
    record(
        "verdict_given",
        by=by,
        subject=participation,
        at=at,
        event=participation.event.public_id,
        data={"partner": partner.public_id, "kind": kind},
    )
