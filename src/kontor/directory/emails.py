"""Mails to people who asked to write for an organisation."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kontor.directory.models import OrganisationClaim
from kontor.jobs.outbox import NewMail, queue_mail


def tell_of_decision(claim: OrganisationClaim) -> None:
    """Queue the answer to whoever claimed an organisation, in their language; without an address they read it on the page."""
    user = claim.user
    if not user.email:
        return
    is_approved = claim.state == OrganisationClaim.State.APPROVED
    name = "directory:organisation-edit" if is_approved else "directory:claim-new"
    with translation.override(user.language):
        facts = {
            "organisation": claim.organisation.name.for_reader(user.language).text,
            "link": settings.ORIGIN + reverse(name, args=[claim.organisation.public_id]),
        }
        if is_approved:
            subject = _("You can now write the profile of %(organisation)s") % facts
            parts = [
                _("The staff of the cluster confirmed that you speak for %(organisation)s.") % facts,
                claim.answer,
                _("Write its profile here:\n%(link)s") % facts,
            ]
        else:
            subject = _("Your claim of %(organisation)s was declined") % facts
            parts = [
                _("The staff of the cluster could not confirm that you speak for %(organisation)s.") % facts,
                claim.answer or _("They gave no further reason."),
                _("You can read it and ask again here:\n%(link)s") % facts,
            ]
    queue_mail(
        NewMail(
            to=user.email,
            user=user,
            subject=" ".join(subject.split()),
            body="\n\n".join(part for part in parts if part),
            language=user.language,
            cause=claim,
            key=f"organisation-claim:{claim.public_id}:{claim.state}",
        )
    )
