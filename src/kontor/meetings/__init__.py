"""Requests to meet, the meeting plan, and everybody's day.

Nouns: `MeetingRequest`, `Meeting`, `MeetingParty`, `PlanRun`, `Publication`, `Seat`, `PersonSeat`, `SeatChange`,
`CalendarAddress`. Stands on matching and events; the planner talks to the planning engine.
"""
