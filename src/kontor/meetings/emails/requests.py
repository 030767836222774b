"""Mails about one request: somebody asks, accepts, cannot come."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.directory.names import display
from kontor.events.models import Participation
from kontor.i18n import content_language
from kontor.jobs.outbox import NewMail, queue_mail
from kontor.meetings.emails.words import contact_of, contact_words, moment_words
from kontor.meetings.models import MeetingRequest


def tell_of_request(request: MeetingRequest, whom: Participation, *, kind: str, by: User) -> None:
    """Queue a mail to one side in their language; people without an address read it on their page."""
    user = whom.person.user
    if user is None or not user.email or user.pk == by.pk:
        return
    other = request.sender if whom.pk == request.recipient_id else request.recipient
    with translation.override(user.language):
        facts = {
            "name": display(other.person.name, content_language(user.language)),
            "organisation": other.organisation.name.for_reader(user.language).text,
            "event": request.event.name.for_reader(user.language).text,
            "link": settings.ORIGIN + reverse("meetings:request-list", args=[request.event.slug]),
        }
        if kind == "asked":
            subject = _("%(name)s (%(organisation)s) would like to meet you") % facts
            asked = _("%(name)s (%(organisation)s) would like to meet you at %(event)s.") % facts
            answer = _("Answer here:\n%(link)s") % facts
            until = _("Please answer by %(until)s. After that the request expires.") % {
                "until": moment_words(request.expires_at, request.event, user)
            }
            parts = [asked, request.reason, until, answer]
        elif kind == "accepted":
            subject = _("%(name)s (%(organisation)s) will meet you") % facts
            parts = [
                _(
                    "%(name)s (%(organisation)s) accepted your request to meet at %(event)s. "
                    "Time and table follow with the meeting plan.\n\n%(link)s"
                )
                % facts
            ]
        else:
            subject = _("%(name)s (%(organisation)s) cannot meet you this time") % facts
            matches = settings.ORIGIN + reverse("matching:match-list", args=[request.event.slug])
            parts = [
                _(
                    "%(name)s (%(organisation)s) cannot meet you at %(event)s this time. "
                    "Your list of matches shows other partners.\n\n%(link)s"
                )
                % {**facts, "link": matches}
            ]
        parts.append(contact_words(contact_of(request.event)))
    queue_mail(
        NewMail(
            to=user.email,
            user=user,
            subject=subject,
            body="\n\n".join(part for part in parts if part),
            language=user.language,
            cause=request,
            key=f"meeting-request:{request.public_id}:{kind}",
        )
    )
