"""Reads over jobs and mails: how the site is doing, and what the lists of the operator show."""

import logging
import secrets
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from kontor.jobs import clock
from kontor.jobs.models import Job, Worker

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether the site can serve people now."""

    is_database_writable: bool
    is_worker_alive: bool
    queue_age_s: float
    """how long the oldest job that could run has been waiting"""

    @property
    def is_ready(self) -> bool:
        return self.is_database_writable and self.is_worker_alive


def readiness() -> Readiness:
    """Write to the database (and take it back), look for a worker's heartbeat and for jobs that wait."""
    machine_now, site_now = timezone.now(), clock.now()
    try:
        with transaction.atomic():
            Worker.objects.create(
                name=f"probe {secrets.token_hex(8)}", started_at=machine_now, beat_at=machine_now
            )
            transaction.set_rollback(True)
        is_alive = Worker.objects.filter(beat_at__gt=machine_now - Worker.ALIVE).exists()
        waiting = Job.objects.filter(state=Job.State.READY, run_after__lte=site_now, retry_at=None)
        oldest = waiting.order_by("run_after").values_list("run_after", flat=True).first()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("not ready: %s", error)
        return Readiness(is_database_writable=False, is_worker_alive=False, queue_age_s=0.0)
    age_s = (site_now - oldest).total_seconds() if oldest else 0.0
    return Readiness(is_database_writable=True, is_worker_alive=is_alive, queue_age_s=round(age_s, 1))
