"""Mails of a publication: one to each person concerned, in their language, saying what is new, moved or removed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.accounts.models import User
from kontor.directory.names import PersonName, display
from kontor.i18n import Text, content_language
from kontor.jobs.outbox import NewMail, queue_mails
from kontor.meetings.agenda import table_words
from kontor.meetings.emails.words import contact_of, contact_words, moment_words
from kontor.meetings.models import MeetingParty, Publication, Seat, SeatChange
from kontor.meetings.phrases import join_clauses, join_sentences


@dataclass(frozen=True, slots=True)
class _Line:
    """One change as one person reads it."""

    kind: str
    starts_at: datetime | None
    hall: Text
    table: str
    booth: str
    old_starts_at: datetime | None
    partners: tuple[tuple[Text, PersonName], ...]
    """(organisation, person) of the others"""


def group_of(publication: Publication) -> str:
    """The outbox group under which a publication's mails are looked at and released."""
    return f"publication:{publication.event.public_id}:{publication.number}"


def queue_publication_mails(publication: Publication) -> int:
    """Queue the mails of a publication, held until an organiser releases them. Returns how many."""
    return queue_mails(_mails(publication))


def _mails(publication: Publication) -> Iterator[NewMail]:
    changes = {
        change.meeting_id: change
        for change in publication.changes.select_related(
            "old_slot", "old_hall", "old_table", "old_interpreter__person__user"
        )
    }
    seats = {
        seat.meeting_id: seat
        for seat in Seat.objects.filter(meeting__in=changes).select_related(
            "slot", "hall", "table", "interpreter__person__user", "meeting__booth"
        )
    }
    parties: dict[int, list[MeetingParty]] = {}
    for party in MeetingParty.objects.filter(meeting__in=changes).select_related(
        "participation__person__user", "participation__organisation"
    ):
        parties.setdefault(party.meeting_id, []).append(party)
    lines: dict[int, tuple[User, list[_Line]]] = {}
    for meeting_id, change in changes.items():
        seat = seats.get(meeting_id)
        people = parties.get(meeting_id, [])
        if _is_visible_to_participants(change, seat):
            for party in people:
                others = [other for other in people if other.pk != party.pk]
                _add(lines, party.participation.person.user, _line(change.kind, change, seat, others))
        for user, kind in _interpreters(change, seat):
            _add(lines, user, _line(kind, change, seat, people))
    contact = contact_of(publication.event)
    for user, mine in lines.values():
        yield _mail(
            publication,
            user,
            sorted(mine, key=lambda line: line.starts_at or line.old_starts_at or event_start(publication)),
            contact,
        )


def event_start(publication: Publication) -> datetime:
    """The first moment of the event; sorts lines that have no time of their own."""
    event = publication.event
    return datetime.combine(event.starts_on, datetime.min.time(), tzinfo=event.tzinfo)


def _is_visible_to_participants(change: SeatChange, seat: Seat | None) -> bool:
    """A different interpreter alone is no news for the two at the table."""
    if change.kind != SeatChange.Kind.MOVED or seat is None:
        return True
    return (change.old_slot_id, change.old_hall_id, change.old_table_id) != (
        seat.slot_id,
        seat.hall_id,
        seat.table_id,
    )


def _interpreters(change: SeatChange, seat: Seat | None) -> Iterator[tuple[User | None, str]]:
    before = change.old_interpreter
    after = seat.interpreter if seat else None
    if before is not None and (after is None or before.pk != after.pk):
        yield before.person.user, SeatChange.Kind.REMOVED
    if after is not None:
        yield (
            after.person.user,
            SeatChange.Kind.NEW if before is None or before.pk != after.pk else str(change.kind),
        )


def _add(lines: dict[int, tuple[User, list[_Line]]], user: User | None, line: _Line) -> None:
    if user is not None and user.email and user.is_active:
        lines.setdefault(user.pk, (user, []))[1].append(line)


def _line(kind: str, change: SeatChange, seat: Seat | None, others: Iterable[MeetingParty]) -> _Line:
    stays = seat if kind != SeatChange.Kind.REMOVED else None
    booth = stays.meeting.booth if stays else None
    return _Line(
        kind=kind,
        starts_at=stays.slot.starts_at if stays else None,
        hall=stays.hall.name if stays else Text(),
        table=stays.table.name if stays and stays.table else "",
        booth=booth.name if booth else "",
        old_starts_at=change.old_slot.starts_at if change.old_slot else None,
        partners=tuple(
            (other.participation.organisation.name, other.participation.person.name) for other in others
        ),
    )


def _mail(publication: Publication, user: User, lines: list[_Line], contact: User | None) -> NewMail:
    event = publication.event
    assert user.email is not None  # noqa: S101 -- _add let only users with an address in
    with translation.override(user.language):
        counts = {
            "new": sum(line.kind == SeatChange.Kind.NEW for line in lines),
            "moved": sum(line.kind == SeatChange.Kind.MOVED for line in lines),
            "removed": sum(line.kind == SeatChange.Kind.REMOVED for line in lines),
        }
        name = event.name.for_reader(user.language).text
        subject = _("Your meetings at %(event)s: what is new") % {"event": name}
        parts = [
            ngettext("%(count)s meeting is new.", "%(count)s meetings are new.", counts["new"])
            % {"count": counts["new"]}
            if counts["new"]
            else "",
            ngettext("%(count)s meeting has moved.", "%(count)s meetings have moved.", counts["moved"])
            % {"count": counts["moved"]}
            if counts["moved"]
            else "",
            ngettext(
                "%(count)s meeting does not take place.",
                "%(count)s meetings do not take place.",
                counts["removed"],
            )
            % {"count": counts["removed"]}
            if counts["removed"]
            else "",
        ]
        body = "\n".join(
            [
                join_sentences(parts),
                "",
                *(_sentence(line, user, publication) for line in lines),
                "",
                _("Your whole day, also for your calendar and to print:"),
                settings.ORIGIN + reverse("meetings:day-show", args=[event.slug]),
                "",
                contact_words(contact),
            ]
        ).rstrip()
    return NewMail(
        to=user.email,
        user=user,
        subject=subject,
        body=body,
        language=user.language,
        cause=publication,
        key=f"publication:{event.public_id}:{publication.number}:{user.public_id}",
        group=group_of(publication),
        is_held=True,
    )


def _sentence(line: _Line, user: User, publication: Publication) -> str:
    language = content_language(user.language)
    facts = {
        "partners": join_clauses(
            _("%(organisation)s (%(person)s)")
            % {
                "organisation": organisation.for_reader(language).text,
                "person": display(person, language),
            }
            for organisation, person in line.partners
        ),
        "when": _when(line.starts_at, user, publication),
        "before": _when(line.old_starts_at, user, publication),
        "place": table_words(line.table, line.booth, line.hall.for_reader(language).text),
    }
    if line.kind == SeatChange.Kind.REMOVED:
        return _("– Cancelled: %(before)s, with %(partners)s") % facts
    if line.kind == SeatChange.Kind.MOVED:
        return _("– Moved: %(when)s (before: %(before)s), %(place)s, with %(partners)s") % facts
    return _("– New: %(when)s, %(place)s, with %(partners)s") % facts


def _when(moment: datetime | None, user: User, publication: Publication) -> str:
    return moment_words(moment, publication.event, user) if moment else ""
