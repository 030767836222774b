"""Enter and withdraw claims. There is no change: a better number is another claim that names the one it replaces."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.figures.models import Claim
from kontor.i18n import Text
from kontor.jobs.services import enqueue
from kontor.search.services import index


class AlreadyWithdrawn(DomainError):
    """Somebody withdrew the claim before."""

    sentence = _("This figure is withdrawn already. It stays on record.")


@transaction.atomic
def enter_claim(claim: Claim, *, by: User | None, at: datetime) -> Claim:
    """Save a new claim; `claim.supersedes` names the one that its author replaces."""
    claim.entered_by, claim.entered_at = by, at
    claim.save(force_insert=True)
    record("claim_entered", by=by, subject=claim, at=at, data={"measure": claim.measure})
    if claim.supersedes is not None:
        _tell_authors(claim.supersedes)
    index("figure", claim.subject.public_id)
    return claim


@transaction.atomic
def withdraw_claim(claim: Claim, *, reason: Text, by: User, at: datetime) -> Claim:
    """Say that a claim no longer stands and why; it stays on record, and texts that quote it are marked.

    Raises AlreadyWithdrawn.
    """
    locked = Claim.objects.select_for_update().get(pk=claim.pk)
    if locked.withdrawn_at is not None:
        raise AlreadyWithdrawn
    locked.withdrawn_at, locked.withdrawal_reason = at, reason
    locked.save(update_fields=("withdrawn_at", "withdrawal_reason"))
    record("claim_withdrawn", by=by, subject=locked, at=at)
    _tell_authors(locked)
    index("figure", locked.subject.public_id)
    return locked


def _tell_authors(claim: Claim) -> None:
    """News are above figures: a job brings them the word."""
    enqueue("news.tell_authors", arguments={"claim": claim.public_id})
