"""Keep agreements: write, move from state to state, promise and settle, file documents; keep the story of a relation."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.agreements.models import Agreement, Document, Milestone, Obligation, Party
from kontor.audit.services import record
from kontor.directory.models import Cluster, Organisation
from kontor.errors import DomainError
from kontor.search.services import index

State = Agreement.State
NEXT: dict[str, tuple[str, ...]] = {
    State.PROPOSED: (State.DRAFTING, State.TERMINATED),
    State.DRAFTING: (State.CHECKING, State.TERMINATED),
    State.CHECKING: (State.DRAFTING, State.APPROVED),
    State.APPROVED: (State.SIGNED, State.DRAFTING),
    State.SIGNED: (State.ACTIVE, State.TERMINATED),
    State.ACTIVE: (State.RENEWED, State.TERMINATED, State.DORMANT),
    State.DORMANT: (State.ACTIVE, State.TERMINATED),
    State.RENEWED: (),
    State.TERMINATED: (),
}
"""where an agreement can go from each state; "expiring" and "expired" follow from the date"""
LARGEST_DOCUMENT = 20 * 1024 * 1024
BEGINNINGS = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".odt": b"PK\x03\x04"}


class NotThatWay(DomainError):
    """The agreement cannot go from its state to that one."""

    sentence = _("From “%(now)s” an agreement cannot become “%(then)s”.")


class LanguageMissing(DomainError):
    """A text of the agreement is missing in one of its languages."""

    sentence = _(
        "The text of the agreement is missing in: %(languages)s. Please file it before it is approved."
    )


class NotSignedYet(DomainError):
    """Nobody wrote down when it was signed."""

    sentence = _("Please enter the day of signing first.")


class TooFewParties(DomainError):
    """An agreement has at least two parties."""

    sentence = _("An agreement needs at least two parties.")


class NotADocument(DomainError):
    """The file is no PDF, DOCX or ODT, or it is too large."""

    sentence = _("“%(name)s” is not a PDF, DOCX or ODT file of at most 20 MB. Nothing was filed.")


class AlreadySettled(DomainError):
    """Somebody settled the obligation before."""

    sentence = _("This obligation is settled already.")


@transaction.atomic
def save_agreement(
    agreement: Agreement, *, parties: Iterable[Organisation | Cluster], by: User | None, at: datetime
) -> Agreement:
    """Save the fields of an agreement and exactly these parties; parties that stay keep their signatures.

    Raises TooFewParties.
    """
    wanted = list(dict.fromkeys(parties))
    if len(wanted) < 2:
        raise TooFewParties
    is_new = agreement.pk is None
    if is_new:
        agreement.created_by, agreement.created_at = by, at
    agreement.save()
    own = {
        one.organisation or one.cluster: one
        for one in agreement.parties.select_related("organisation", "cluster")
    }
    for one in set(own) - set(wanted):
        own[one].delete()
    for position, one in enumerate(wanted):
        if one in own:
            Party.objects.filter(pk=own[one].pk).update(position=position)
        else:
            kind = "cluster" if isinstance(one, Cluster) else "organisation"
            Party.objects.create(agreement=agreement, position=position, **{kind: one})
    record("agreement_added" if is_new else "agreement_changed", by=by, subject=agreement, at=at)
    index("agreement", agreement.public_id)
    return agreement


@transaction.atomic
def move_agreement(agreement: Agreement, *, to: str, by: User, at: datetime) -> Agreement:
    """Bring an agreement into its next state. Raises NotThatWay, LanguageMissing, NotSignedYet."""
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if to not in NEXT[locked.state]:
        raise NotThatWay(now=State(locked.state).label, then=State(to).label)
    if to == State.APPROVED:
        filed = set(locked.documents.values_list("language", flat=True))
        if missing := [code for code in locked.languages if code not in filed]:
            names = dict(Document._meta.get_field("language").flatchoices)  # noqa: SLF001 -- Django documents _meta
            raise LanguageMissing(languages=", ".join(str(names[code]) for code in missing))
    if to == State.SIGNED and locked.signed_on is None:
        raise NotSignedYet
    locked.state = to
    locked.save(update_fields=("state",))
    record("agreement_moved", by=by, subject=locked, at=at, data={"to": to})
    return locked


@transaction.atomic
def file_document(
    agreement: Agreement, *, language: str, name: str, content: bytes, by: User, at: datetime
) -> Document:
    """Keep the text of the agreement in one language; an earlier file of that language is replaced. Raises NotADocument."""
    ending = Path(name).suffix.lower()
    if (
        ending not in BEGINNINGS
        or not content.startswith(BEGINNINGS[ending])
        or len(content) > LARGEST_DOCUMENT
    ):
        raise NotADocument(name=name)
    agreement.documents.filter(language=language).delete()
    document = Document(agreement=agreement, language=language, name=name[-200:], added_by=by, added_at=at)
    document.file.save(f"{document.public_id}{ending}", ContentFile(content), save=False)
    document.save()
    record("agreement_document_filed", by=by, subject=agreement, at=at, data={"language": language})
    return document


def read_document(document: Document) -> bytes:
    """The file as it was filed."""
    with document.file.open("rb") as file:
        return bytes(file.read())


@transaction.atomic
def settle_obligation(obligation: Obligation, *, state: str, on: date, by: User, at: datetime) -> Obligation:
    """Say that an obligation is done or no longer wanted. Raises AlreadySettled."""
    locked = Obligation.objects.select_for_update().get(pk=obligation.pk)
    if locked.state != Obligation.State.OPEN:
        raise AlreadySettled
    locked.state, locked.settled_on = Obligation.State(state), on
    locked.save(update_fields=("state", "settled_on"))
    record("obligation_settled", by=by, subject=locked.agreement, at=at, data={"state": state})
    return locked


@transaction.atomic
def save_milestone(milestone: Milestone, *, by: User, at: datetime) -> Milestone:
    """Write down what happened between two clusters, or correct it; the search finds it at once."""
    is_new = milestone.pk is None
    milestone.save()
    record("milestone_added" if is_new else "milestone_changed", by=by, subject=milestone, at=at)
    index("milestone", milestone.public_id)
    return milestone


@transaction.atomic
def remove_milestone(milestone: Milestone, *, by: User, at: datetime) -> None:
    """Take a step out of the story of its relation; the audit keeps what it said."""
    said = {"day": milestone.day.isoformat(), "title": milestone.title.as_json(), "source": milestone.source}
    record("milestone_removed", by=by, subject=milestone, at=at, data=said)
    milestone.delete()
    index("milestone", milestone.public_id)
