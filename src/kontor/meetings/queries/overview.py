"""How far the requests and the plan of an event are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from kontor.events.models import Event
from kontor.meetings.models import MeetingRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCounts:
    """The requests of an event."""

    all: int
    accepted: int
    waiting: int


def request_counts(event: Event, at: datetime) -> RequestCounts:
    """By the clock; one statement."""
    accepted = Q(state=MeetingRequest.State.ACCEPTED)
    waiting = Q(state=MeetingRequest.State.SENT, expires_at__gt=at)
    return RequestCounts(
        **event.meeting_requests.aggregate(
            all=Count("id"),
            accepted=Count("id", filter=accepted),
            waiting=Count("id", filter=waiting),
        )
    )
