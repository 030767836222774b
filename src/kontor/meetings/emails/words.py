"""What mails about one event have in common: a moment on both clocks, and whom to ask."""

from datetime import datetime

from django.utils.translation import gettext as _

from kontor.accounts.models import User
from kontor.events.models import Event
from kontor.meetings.phrases import join_names
from kontor.ui.formatting import (
    BETWEEN_DAY_AND_TIME,
    SHORT_WEEKDAY_AND_DAY,
    format_both_times,
    format_day,
    short_language,
)


def moment_words(moment: datetime, event: Event, reader: User) -> str:
    """Thu, 1 Nov, 14:00 Jinan · 07:00 Berlin, in the language of the reader."""
    language = reader.language
    place = event.place.for_reader(language).text
    day = format_day(moment, SHORT_WEEKDAY_AND_DAY, zone=event.zone, language=language)
    here, there = format_both_times(moment, event.zone, reader.time_zone, place=place, language=language)
    start = BETWEEN_DAY_AND_TIME[short_language(language)].join((day, here))
    return " · ".join(part for part in (start, there) if part)


def contact_of(event: Event) -> User | None:
    """Whoever organises the event and can be written to; the one named first."""
    people = User.objects.filter(organising__event=event, is_active=True, email__isnull=False)
    return people.order_by("organising__pk").first()


def contact_words(contact: User | None) -> str:
    """The last line of a mail; empty for an event whose organisers have no address."""
    if contact is None:
        return ""
    who = join_names(dict.fromkeys((contact.name, contact.email or "")))
    return _("Questions? Write to the organising team: %(who)s") % {"who": who}
