"""What can be done with labels: propose one, accept or decline it, hand the accepted ones to the authors."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.topics.models import LabelProposal, label_key_of
from kontor.topics.vocabulary import Concept, Vocabulary

MOST_OPEN = 50
"""proposals of one person that wait at the same time"""


class AlreadyALabel(DomainError):
    sentence = _("“%(label)s” is already a label of this topic.")


class AlreadyProposed(DomainError):
    sentence = _("“%(label)s” has already been proposed for this topic.")


class TooManyProposals(DomainError):
    sentence = _(
        "%(num)s of your proposals wait for an answer. Please propose more after some have been answered."
    )


class AlreadyDecided(DomainError):
    sentence = _("Somebody has already decided on this label.")


@transaction.atomic
def propose_label(
    concept: Concept, *, language: str, label: str, note: str, by: User, at: datetime
) -> LabelProposal:
    """Say what a concept is also called."""
    key = label_key_of(label)
    if key in {label_key_of(known) for known in concept.labels[language]}:
        raise AlreadyALabel(label=label)
    waiting = LabelProposal.objects.filter(proposed_by=by, state=LabelProposal.State.OPEN).count()
    if waiting >= MOST_OPEN:
        raise TooManyProposals(num=waiting)
    try:
        with transaction.atomic():
            proposal = LabelProposal.objects.create(
                concept_id=concept.id,
                language=language,
                label=label,
                label_key=key,
                note=note,
                proposed_by=by,
                created_at=at,
            )
    except IntegrityError as error:
        raise AlreadyProposed(label=label) from error
    record("topics.propose_label", by=by, subject=proposal, at=at)
    return proposal


@transaction.atomic
def decide_label(proposal: LabelProposal, *, is_accepted: bool, by: User, at: datetime) -> None:
    """Accept a proposed label for the authors, or decline it."""
    locked = LabelProposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.state != LabelProposal.State.OPEN:
        raise AlreadyDecided
    locked.state = LabelProposal.State.ACCEPTED if is_accepted else LabelProposal.State.DECLINED
    locked.decided_by = by
    locked.decided_at = at
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    record("topics.accept_label" if is_accepted else "topics.decline_label", by=by, subject=locked, at=at)


def labels_for_authors(
    vocabulary: Vocabulary, proposals: Iterable[LabelProposal]
) -> list[tuple[str, str, str]]:
    """Id, language and label of what was accepted for a concept that exists and does not have the label yet."""
    return [
        (one.concept_id, one.language, one.label)
        for one in proposals
        if one.state == LabelProposal.State.ACCEPTED
        and one.concept_id in vocabulary
        and one.label_key
        not in {label_key_of(known) for known in vocabulary[one.concept_id].labels[one.language]}
    ]
