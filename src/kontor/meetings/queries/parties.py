"""Who sits at the tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from kontor.directory.names import display
from kontor.events.models import Event
from kontor.i18n import Text, content_language
from kontor.meetings.models import Meeting, MeetingParty

Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyOf:
    """One of those who meet, as the pages of organisers name them."""

    public_id: str
    """of the participation"""
    name: str
    organisation: Text


def parties_of(meetings: Iterable[int], *, named: Iterable[str] = ()) -> dict[int, list[PartyOf]]:
    """Those who meet, by meeting, also in meetings that are named by their public ids; one statement."""
    wanted = Q(meeting__in=list(meetings)) | Q(meeting__public_id__in=list(named))
    return _parties(MeetingParty.objects.filter(wanted), lambda row: row.meeting_id)


def parties_of_agreed(event: Event, meetings: Iterable[str]) -> dict[str, list[PartyOf]]:
    """The same by public ids, of meetings that are still agreed; one statement."""
    agreed = Meeting.objects.agreed().filter(event=event, public_id__in=list(meetings))
    rows = MeetingParty.objects.filter(meeting__in=agreed)
    return _parties(rows, lambda row: row.meeting.public_id)


def _parties(rows: QuerySet[MeetingParty], key: Callable[[MeetingParty], Key]) -> dict[Key, list[PartyOf]]:
    language = content_language(get_language())
    found: dict[Key, list[PartyOf]] = {}
    for row in rows.select_related(
        "meeting", "participation__person", "participation__organisation"
    ).order_by("meeting", "side", "id"):
        one = row.participation
        party = PartyOf(
            public_id=one.public_id,
            name=display(one.person.name, language),
            organisation=one.organisation.name,
        )
        found.setdefault(key(row), []).append(party)
    return found


def organisations_of(meetings: Iterable[int]) -> dict[int, list[Text]]:
    """Names of the organisations by meeting; one statement."""
    found: dict[int, list[Text]] = {}
    rows = MeetingParty.objects.filter(meeting__in=list(meetings)).order_by("meeting", "side", "id")
    for meeting, name in rows.values_list("meeting", "participation__organisation__name"):
        found.setdefault(meeting, []).append(name)
    return found
