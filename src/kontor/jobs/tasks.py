"""The jobs of `jobs` itself: sending mail, and forgetting what is long done."""

from datetime import timedelta

from kontor.jobs import clock, outbox
from kontor.jobs.context import JobContext
from kontor.jobs.models import Job, Mail
from kontor.jobs.registry import periodic, task

KEEP_FINISHED = timedelta(days=30)
KEEP_ROUTINE = timedelta(days=1)
KEEP_MAILS = timedelta(days=180)


@task("jobs.send_mails")
def send_mails(context: JobContext) -> None:
    """Send what is due; the worker starts it whenever something is."""
    outbox.send_due_mails(context)


@periodic(every_s=3600)
@task("jobs.forget_finished")
def forget_finished(context: JobContext) -> None:
    """Delete finished jobs after a month (routine ones after a day) and mails after half a year."""
    at = clock.now()
    with context.finishing():
        Job.objects.exclude(state__in=Job.UNFINISHED).filter(finished_at__lt=at - KEEP_FINISHED).delete()
        Job.objects.routine().filter(finished_at__lt=at - KEEP_ROUTINE).delete()
        Mail.objects.filter(
            state__in=[Mail.State.SENT, Mail.State.DISCARDED], created_at__lt=at - KEEP_MAILS
        ).delete()
