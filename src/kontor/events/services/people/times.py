"""When somebody is there: the days of an event, and what is left of them beside somebody's free time."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from kontor.directory.lists import Interval
from kontor.events.models import Event


def event_days(event: Event) -> list[date]:
    """The days of an event."""
    return [
        event.starts_on + timedelta(days=number)
        for number in range((event.ends_on - event.starts_on).days + 1)
    ]


def busy_from_free(
    event: Event, free: Iterable[tuple[date, int, int]]
) -> tuple[tuple[datetime, datetime], ...]:
    """The rest of each day of the event as stretches, given when somebody is free (day, from and to in minutes)."""
    busy = []
    zone = event.tzinfo
    free = list(free)
    for day in event_days(event):
        midnight = datetime.combine(day, time(0), tzinfo=zone)
        edge = 0
        for start, end in sorted((start, end) for on, start, end in free if on == day):
            if start > edge:
                busy.append((midnight + timedelta(minutes=edge), midnight + timedelta(minutes=start)))
            edge = max(edge, end)
        if edge < 24 * 60:
            busy.append((midnight + timedelta(minutes=edge), midnight + timedelta(days=1)))
    return tuple(busy)


def busy_beside(event: Event, free: Iterable[Interval]) -> tuple[tuple[datetime, datetime], ...]:
    """The same, given the intervals that words of a list leave."""
    return busy_from_free(
        event, ((date.fromisoformat(part.day), part.start_min, part.end_min) for part in free)
    )
