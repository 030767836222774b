"""The bridge to the planning engine: rows of an event → problem; plan → seats, quality, causes, remedies and advice."""

from kontor.meetings.planner.advice import draw_curve, find_conflicts, find_offers
from kontor.meetings.planner.instance import build_instance, busy_slots, published_places
from kontor.meetings.planner.places import free_places
from kontor.meetings.planner.searching import SearchProgress, edited_plan, search, violations_of
from kontor_engines.meetings import Violation

__all__ = [
    "SearchProgress",
    "Violation",
    "build_instance",
    "busy_slots",
    "draw_curve",
    "edited_plan",
    "find_conflicts",
    "find_offers",
    "free_places",
    "published_places",
    "search",
    "violations_of",
]
