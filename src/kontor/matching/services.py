"""What can be done with introductions: compute them, refresh one profile's, say "saved" or "not for us"."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

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
    proposals = propose_all(people, blocked=_blocked(event))
    with context.finishing(proposals=len(proposals)):
        _replace(event, proposals)
    return len(proposals)


def match_now(event: Event) -> int:
    """Compute the lists of a whole event inside the caller's own work; only the writing holds a transaction."""
    proposals = propose_all(list(_matchable(event)), blocked=_blocked(event))
    with transaction.atomic():
        _replace(event, proposals)
    return len(proposals)


def _replace(event: Event, proposals: list[Proposal]) -> None:
    Recommendation.objects.filter(participation__event=event).delete()
    Recommendation.objects.bulk_create([_row(proposal) for proposal in proposals], batch_size=BATCH)


def refresh_matches(event: Event, public_ids: Iterable[str], *, context: JobContext) -> None:
    """Re-score a few edited profiles alone, and put them into the lists they touch; many at once are matched anew."""
    changed = list(_matchable(event).filter(public_id__in=public_ids))
    gone = Participation.objects.filter(event=event, public_id__in=public_ids).exclude(
        pk__in=[one.pk for one in changed]
    )
    if len(changed) > 20:
        match_everybody(event, context=context)
        return
    people = list(_matchable(event))
    blocked = _blocked(event)
    lists = {one.pk: propose_for(one, people, blocked=blocked) for one in changed}
    with context.finishing():
        Recommendation.objects.filter(participation__in=gone).delete()
        Recommendation.objects.filter(partner__in=gone).delete()
        for pk, proposals in lists.items():
            Recommendation.objects.filter(participation=pk).delete()
            Recommendation.objects.filter(partner=pk).delete()
            Recommendation.objects.bulk_create([_row(proposal) for proposal in proposals])
            mirrored = [_row(_mirror(proposal)) for proposal in proposals if proposal.partner_id not in lists]
            Recommendation.objects.bulk_create(mirrored, ignore_conflicts=True)


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
    return (
        event.participations.confirmed()
        .exclude(offers=Text(), seeks=Text())
        .only("id", "public_id", "offers", "seeks", "topics_offered", "topics_sought", "organisation_id")
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
