"""Mails about one meeting: it is called off."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kontor.directory.models import Person
from kontor.events.models import Participation
from kontor.jobs.outbox import NewMail, queue_mail
from kontor.meetings.emails.words import contact_of, contact_words, moment_words
from kontor.meetings.models import Meeting, Seat
from kontor.meetings.phrases import join_names


def tell_cancelled(
    meeting: Meeting, whom: Person, others: Sequence[Participation], *, seat: Seat | None
) -> None:
    """Tell one of those concerned that a meeting does not take place; `seat` is where it would have been."""
    user = whom.user
    if user is None or not user.email:
        return
    with translation.override(user.language):
        facts = {
            "others": join_names(one.organisation.name.for_reader(user.language).text for one in others),
            "event": meeting.event.name.for_reader(user.language).text,
            "when": moment_words(seat.slot.starts_at, meeting.event, user) if seat else "",
            "reason": meeting.cancel_reason,
            "link": settings.ORIGIN + reverse("meetings:day-show", args=[meeting.event.slug]),
        }
        parts = [
            _("Your meeting with %(others)s at %(event)s does not take place.") % facts,
            _("It was planned for %(when)s.") % facts if facts["when"] else "",
            _("The reason given: %(reason)s") % facts if facts["reason"] else "",
            _("Your day:\n%(link)s") % facts,
            contact_words(contact_of(meeting.event)),
        ]
        subject = _("Meeting cancelled: %(others)s") % facts
    queue_mail(
        NewMail(
            to=user.email,
            user=user,
            subject=subject,
            body="\n\n".join(part for part in parts if part),
            language=user.language,
            cause=meeting,
            key=f"meeting-cancelled:{meeting.public_id}:{whom.public_id}",
        )
    )
