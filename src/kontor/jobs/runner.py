"""Running jobs in this process: one claimed job, what is due beside it, and everything that waits."""

import logging
import traceback

from kontor.errors import DomainError
from kontor.jobs import outbox, registry, services
from kontor.jobs.context import JobContext
from kontor.jobs.models import Job

logger = logging.getLogger(__name__)


def run_job(job: Job, task: registry.Task) -> None:
    """Run a claimed job to its end and write down how it ended; what a task raises never gets further than here."""
    context = JobContext(job)
    try:
        task.function(context, **job.arguments)
        context.close()
    except services.StaleLease:
        logger.warning("%s was taken over or ended; what was left of it is refused", job)
    except DomainError as refusal:  # would be refused again
        _fail(job, error=str(refusal), may_retry=False)
    except Exception as error:  # noqa: BLE001 -- whatever a task raises is this job's failure, not the worker's
        logger.warning("%s failed: %s", job, error)
        _fail(job, error=traceback.format_exc(), may_retry=True)


def start_what_is_due() -> None:
    """Enqueue periodic jobs and the sending of mail, end what was abandoned; cheap when there is nothing to do."""
    services.start_due()
    services.reap()
    if outbox.has_due_mails():
        services.enqueue("jobs.send_mails", unique_key="jobs.send_mails")


def run_waiting_jobs() -> int:
    """Run all jobs and mails that are due, here and now, without a worker; returns how many jobs ran."""
    tasks = registry.tasks()
    num_run = 0
    while True:
        if outbox.has_due_mails():
            services.enqueue("jobs.send_mails", unique_key="jobs.send_mails")
        job = services.claim("in this process", names=tasks.keys())
        if job is None:
            return num_run
        run_job(job, tasks[job.name])
        num_run += 1


def _fail(job: Job, *, error: str, may_retry: bool) -> None:
    try:
        services.fail(job.pk, job.fence, error=error, may_retry=may_retry)
    except services.StaleLease:
        logger.warning("%s was taken over or ended before its failure was written", job)
