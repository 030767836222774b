"""What can be done with jobs: enqueue, claim, prolong, finish, fail, cancel, retry; every write of a worker names its fence."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from kontor.jobs import clock
from kontor.jobs.models import Job, PeriodicJob, Worker

PAUSES = (timedelta(seconds=2), timedelta(seconds=15), timedelta(seconds=60))
"""between one failed attempt and the next; the last one for all further ones"""
CLOCKS_AGREE_WITHIN = timedelta(minutes=5)
"""how far the clocks of two machines may be apart"""
KEEP_ERROR = 8_000
"""characters of an error; the end says most"""


class StaleLease(Exception):
    """The job was taken over, ended or cancelled meanwhile: this worker's result is refused."""

    def __init__(self, job_id: int, fence: int) -> None:
        super().__init__(f"job {job_id} no longer belongs to fence {fence}")


def enqueue(
    name: str,
    *,
    arguments: Mapping[str, object] | None = None,
    unique_key: str | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Write a job in the transaction of its cause; it starts when that is committed and `run_after` has come.

    With `unique_key`, an unfinished job of the same key is returned instead of a second one. It may already be
    running: a cause that must be seen by a fresh start needs its own key.
    """
    at = clock.now()
    while True:
        job = Job(
            name=name,
            arguments=dict(arguments or {}),
            unique_key=unique_key,
            run_after=run_after or at,
            created_at=at,
        )
        Job.objects.bulk_create([job], ignore_conflicts=unique_key is not None)
        written = Job.objects.filter(public_id=job.public_id).first()
        if written is None and unique_key is not None:  # somebody else's, unless it has just ended
            written = Job.objects.unfinished().filter(unique_key=unique_key).first()
        if written is not None:
            return written


def claim(worker: str, *, names: Collection[str]) -> Job | None:
    """Take the next job, or one whose worker vanished; None if there is nothing to do.

    The list of candidates is only a hint. The UPDATE repeats the whole condition and the fence it saw, so of
    any number of workers exactly one gets the row, on both databases and without holding a lock.
    """
    machine_now = timezone.now()
    site_now = clock.now()
    claimable = Job.objects.claimable(names=names, site_now=site_now, machine_now=machine_now)
    for pk, fence in claimable.order_by("run_after", "id").values_list("pk", "fence")[:20]:
        taken = claimable.filter(pk=pk, fence=fence).update(
            state=Job.State.RUNNING,
            lost_workers=F("lost_workers")
            + Case(When(state=Job.State.RUNNING, then=Value(1)), default=Value(0)),
            fence=fence + 1,
            worker=worker,
            lease_until=machine_now + Job.LEASE,
            retry_at=None,
            started_at=site_now,
        )
        if taken:
            return Job.objects.get(pk=pk)
    return None


def heartbeat(job_id: int, fence: int) -> None:
    """Prolong the lease. Raises `StaleLease`."""
    _write(job_id, fence, lease_until=timezone.now() + Job.LEASE)


def report_progress(job_id: int, fence: int, *, figures: Mapping[str, object]) -> None:
    """Store figures of a running job. Raises `StaleLease`."""
    _write(job_id, fence, progress=dict(figures))


def is_cancel_requested(job_id: int, fence: int) -> bool:
    """Whether somebody wants this attempt to end. Raises `StaleLease`."""
    own = Job.objects.filter(pk=job_id, fence=fence, state=Job.State.RUNNING)
    if (found := own.values_list("cancel_requested_at").first()) is None:
        raise StaleLease(job_id, fence)
    return found[0] is not None


def lock_own(job_id: int, fence: int) -> Job:
    """Hold the row until the transaction ends, if the job is still this worker's. Raises `StaleLease`."""
    own = Job.objects.select_for_update().filter(pk=job_id, fence=fence, state=Job.State.RUNNING)
    if (job := own.first()) is None:
        raise StaleLease(job_id, fence)
    return job


def finish(job_id: int, fence: int, *, progress: Mapping[str, object]) -> None:
    """The job is done. Raises `StaleLease`."""
    _end(job_id, fence, Job.State.SUCCEEDED, progress=dict(progress), error="")


@transaction.atomic
def finish_or_cancel(job_id: int, fence: int, *, progress: Mapping[str, object]) -> None:
    """The task returned: cancelled if that was wished before, else done. Raises `StaleLease`."""
    job = lock_own(job_id, fence)
    state = Job.State.CANCELLED if job.cancel_requested_at else Job.State.SUCCEEDED
    _end(job_id, fence, state, progress=dict(progress), error="")


@transaction.atomic
def fail(job_id: int, fence: int, *, error: str, may_retry: bool = True) -> None:
    """The attempt failed: try again after a pause, or set the job aside. Raises `StaleLease`."""
    job = lock_own(job_id, fence)
    attempts = job.attempts + 1
    error = error[-KEEP_ERROR:]
    if job.cancel_requested_at is not None:
        _end(job_id, fence, Job.State.CANCELLED, attempts=attempts, error=error)
    elif may_retry and attempts < job.max_attempts:
        retry_at = timezone.now() + PAUSES[min(attempts, len(PAUSES)) - 1]
        _release(job_id, fence, retry_at=retry_at, attempts=attempts, error=error)
    else:
        _end(job_id, fence, Job.State.FAILED, attempts=attempts, error=error)


@transaction.atomic
def hand_back(job_id: int, fence: int) -> None:
    """A worker that stops in good order leaves the job to the next one; not counted. Raises `StaleLease`."""
    if lock_own(job_id, fence).cancel_requested_at is not None:
        _end(job_id, fence, Job.State.CANCELLED)
    else:
        _release(job_id, fence)


def request_cancel(job: Job) -> bool:
    """End a job: at once if it waits; if it runs, as soon as it asks (or is ended by force). False if it has ended."""
    at = clock.now()
    is_ready = Q(state=Job.State.READY)
    changed = (
        Job.objects.unfinished()
        .filter(pk=job.pk)
        .update(
            state=Case(When(is_ready, then=Value(Job.State.CANCELLED)), default=F("state")),
            finished_at=Case(When(is_ready, then=Value(at)), default=None),
            cancel_requested_at=at,
        )
    )
    return bool(changed)


def retry(job: Job) -> Job:
    """Start the work of a failed or cancelled job afresh; an unfinished one of the same unique key is returned instead."""
    return enqueue(job.name, arguments=job.arguments, unique_key=job.unique_key)


def reap() -> int:
    """End the jobs that lost their worker and may not be taken over: cancelled ones, and those that lost too many."""
    abandoned = Job.objects.with_lost_worker(timezone.now())
    ended = 0
    for condition, state, error in (
        ({"cancel_requested_at__isnull": False}, Job.State.CANCELLED, ""),
        (
            {"lost_workers__gte": Job.MAX_LOST_WORKERS},
            Job.State.FAILED,
            "Too many workers vanished under this job.",
        ),
    ):
        if abandoned.filter(**condition).exists():  # an idle site must not take the write lock every second
            ended += abandoned.filter(**condition).update(
                state=state, error=error, lease_until=None, finished_at=clock.now()
            )
    return ended


def plan_periodic(periods: Mapping[str, int]) -> None:
    """Make the rows of periodic jobs agree with what the code declares; new ones are due at once."""
    at = clock.now()
    PeriodicJob.objects.exclude(name__in=periods).delete()
    PeriodicJob.objects.bulk_create(
        [PeriodicJob(name=name, every_s=every_s, next_at=at) for name, every_s in periods.items()],
        ignore_conflicts=True,
    )
    for name, every_s in periods.items():
        PeriodicJob.objects.filter(name=name).exclude(every_s=every_s).update(every_s=every_s, next_at=at)


def start_due() -> list[str]:
    """Enqueue the periodic jobs that are due; of several workers one moves `next_at` on and enqueues. Returns names.

    What was missed is done once, not once per period. A next time much further ahead than one period was left by
    a clock that ran ahead, and counts as due.
    """
    at = clock.now()
    started = []
    for row in PeriodicJob.objects.order_by("name"):
        period = timedelta(seconds=row.every_s)
        if at < row.next_at <= at + period + CLOCKS_AGREE_WITHIN:
            continue
        with transaction.atomic():
            if PeriodicJob.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=at + period):
                enqueue(row.name, unique_key=f"periodic:{row.name}")
                started.append(row.name)
    return started


def beat_worker(name: str) -> None:
    """Say that a worker is alive, and forget those that have been silent for an hour."""
    at = timezone.now()
    if not Worker.objects.filter(name=name).update(beat_at=at):
        Worker.objects.create(name=name, started_at=at, beat_at=at)
        Worker.objects.filter(beat_at__lt=at - timedelta(hours=1)).delete()


def remove_worker(name: str) -> None:
    """A worker ends in good order."""
    Worker.objects.filter(name=name).delete()


def _write(job_id: int, fence: int, **columns: object) -> None:
    if not Job.objects.filter(pk=job_id, fence=fence, state=Job.State.RUNNING).update(**columns):
        raise StaleLease(job_id, fence)


def _release(job_id: int, fence: int, **columns: object) -> None:
    _write(job_id, fence, state=Job.State.READY, lease_until=None, **columns)


def _end(job_id: int, fence: int, state: Job.State, **columns: object) -> None:
    _write(job_id, fence, state=state, lease_until=None, finished_at=clock.now(), **columns)
