"""Tables of meetings: requests and agreed meetings, planning runs, the published plan."""

from kontor.meetings.models.advice import CurvePoint, PlanCheck, Recovery
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
    "CurvePoint",
    "DraftMeeting",
    "Meeting",
    "MeetingParty",
    "MeetingRequest",
    "PersonSeat",
    "PlanCheck",
    "PlanRun",
    "Publication",
    "Recovery",
    "Seat",
    "SeatChange",
]
