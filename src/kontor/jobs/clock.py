"""The time of the site: the machine's clock, or a test clock that all processes share and that stands still until moved."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import F

from kontor.jobs.models import ClockShift


def now() -> datetime:
    """The present moment in UTC; everything that depends on the date asks here.

    Only leases, heartbeats and pauses between attempts use the machine's own clock: they are about
    processes, not about the event, and must go on while the test clock stands.
    """
    if not settings.TEST_CLOCK:
        return datetime.now(UTC)
    shift = ClockShift.objects.values_list("by", flat=True).first()
    return _start() + (shift or timedelta(0))


def advance(by: timedelta) -> datetime:
    """Move the test clock for all processes; returns the new time."""
    if not settings.TEST_CLOCK:
        raise ImproperlyConfigured("Only a test clock can be moved: set KONTOR_TEST=1 and KONTOR_TEST_CLOCK.")
    ClockShift.objects.bulk_create([ClockShift(pk=1)], ignore_conflicts=True)
    ClockShift.objects.update(by=F("by") + by)
    return now()


def _start() -> datetime:
    start = datetime.fromisoformat(settings.TEST_CLOCK)
    if start.tzinfo is None:
        raise ImproperlyConfigured(
            f"KONTOR_TEST_CLOCK needs an offset, like 2018-11-05T09:00:00+08:00, got {settings.TEST_CLOCK!r}."
        )
    return start.astimezone(UTC)
