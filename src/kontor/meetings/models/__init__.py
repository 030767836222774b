"""Tables of meetings: requests and agreed meetings, planning runs, the published plan."""

from kontor.meetings.models.plan import (
    CalendarAddress,
    DraftMeeting,
    PersonSeat,
    PlanRun,
    Publication,
    Seat,
    SeatChange,
)
from kontor.meetings.models.requests import Meeting, MeetingParty, MeetingRequest

__all__ = [
    "CalendarAddress",
    "DraftMeeting",
    "Meeting",
    "MeetingParty",
    "MeetingRequest",
    "PersonSeat",
    "PlanRun",
    "Publication",
    "Seat",
    "SeatChange",
]
