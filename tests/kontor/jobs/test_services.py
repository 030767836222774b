"""Jobs as rows: who gets them, who may still write, and how they end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from kontor.jobs import clock, services
from kontor.jobs.context import JobContext
from kontor.jobs.models import Job, PeriodicJob, Worker

pytestmark = pytest.mark.django_db
NAMES = ["trial.work", "trial.other"]


def claimed(name: str = "trial.work", **arguments: object) -> Job:
    services.enqueue(name, arguments=arguments)
    job = services.claim("worker 1", names=NAMES)
    assert job is not None
    return job


def let_the_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def let_the_pause_end(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(retry_at=timezone.now() - timedelta(seconds=1))


def states() -> list[str]:
    return list(Job.objects.order_by("id").values_list("state", flat=True))


# --- enqueueing


def test_a_job_disappears_with_the_transaction_of_its_cause() -> None:
    with transaction.atomic():
        services.enqueue("trial.work")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_an_unfinished_job_of_the_same_key_is_returned_instead_of_a_second_one() -> None:
    first = services.enqueue("trial.work", unique_key="plan 1")
    assert services.enqueue("trial.work", unique_key="plan 1") == first
    assert services.claim("worker 1", names=NAMES) == first
    assert services.enqueue("trial.work", unique_key="plan 1") == first
    services.finish(first.pk, 1, progress={})
    assert services.enqueue("trial.work", unique_key="plan 1") != first
    assert states() == ["succeeded", "ready"]


def test_the_database_itself_refuses_two_unfinished_jobs_of_one_key() -> None:
    services.enqueue("trial.work", unique_key="plan 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(
            name="trial.work", unique_key="plan 1", run_after=clock.now(), created_at=clock.now()
        )


def test_jobs_without_a_key_never_stand_in_for_each_other() -> None:
    assert services.enqueue("trial.work") != services.enqueue("trial.work")


# --- claiming


def test_the_job_that_is_due_first_is_taken_first() -> None:
    later = services.enqueue("trial.work", run_after=clock.now() - timedelta(minutes=1))
    first = services.enqueue("trial.work", run_after=clock.now() - timedelta(minutes=2))
    assert services.claim("worker 1", names=NAMES) == first
    assert services.claim("worker 1", names=NAMES) == later
    assert services.claim("worker 1", names=NAMES) is None


def test_a_worker_leaves_what_it_does_not_know() -> None:
    services.enqueue("trial.unknown")
    assert services.claim("worker 1", names=NAMES) is None
    assert states() == ["ready"]


def test_a_job_waits_for_the_time_of_the_site(settings: Settings) -> None:
    settings.TEST_CLOCK = "2018-11-05T09:00:00+08:00"
    job = services.enqueue("trial.work", run_after=datetime(2018, 11, 6, 1, 0, tzinfo=UTC))
    assert services.claim("worker 1", names=NAMES) is None
    clock.advance(timedelta(days=1))
    assert services.claim("worker 1", names=NAMES) == job


def test_a_running_job_is_left_alone_while_its_lease_is_prolonged() -> None:
    job = claimed()
    services.heartbeat(job.pk, job.fence)
    assert services.claim("worker 2", names=NAMES) is None


def test_a_job_whose_worker_vanished_is_taken_over_with_a_higher_fence() -> None:
    job = claimed()
    let_the_lease_run_out(job)
    again = services.claim("worker 2", names=NAMES)
    assert again == job
    assert (again.fence, again.worker, again.lost_workers, again.attempts) == (2, "worker 2", 1, 0)


def test_a_lease_made_by_a_clock_that_ran_ahead_does_not_hold_a_job_for_ever() -> None:
    job = claimed()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(days=1))
    assert services.claim("worker 2", names=NAMES) == job


def test_a_job_under_which_too_many_workers_vanished_is_set_aside() -> None:
    job = claimed()
    Job.objects.filter(pk=job.pk).update(lost_workers=Job.MAX_LOST_WORKERS)
    let_the_lease_run_out(job)
    assert services.claim("worker 2", names=NAMES) is None
    assert services.reap() == 1
    assert states() == ["failed"]


# --- fences


@pytest.mark.parametrize(
    "act",
    [
        lambda job: services.heartbeat(job.pk, job.fence),
        lambda job: services.report_progress(job.pk, job.fence, figures={"placed": 1}),
        lambda job: services.is_cancel_requested(job.pk, job.fence),
        lambda job: services.lock_own(job.pk, job.fence),
        lambda job: services.finish(job.pk, job.fence, progress={}),
        lambda job: services.finish_or_cancel(job.pk, job.fence, progress={}),
        lambda job: services.fail(job.pk, job.fence, error="late"),
        lambda job: services.hand_back(job.pk, job.fence),
        lambda job: JobContext(job).progress(placed=1),
        lambda job: JobContext(job).is_cancelled(),
        lambda job: JobContext(job).close(),
    ],
)
@pytest.mark.parametrize("meanwhile", ["taken over", "handed back", "finished", "cancelled"])
def test_whoever_lost_the_job_can_write_nothing(act, meanwhile: str) -> None:  # type: ignore[no-untyped-def]
    job = claimed()
    if meanwhile == "taken over":
        let_the_lease_run_out(job)
        services.claim("worker 2", names=NAMES)
    elif meanwhile == "handed back":
        services.hand_back(job.pk, job.fence)
    elif meanwhile == "finished":
        services.finish(job.pk, job.fence, progress={})
    else:
        services.request_cancel(job)
        let_the_lease_run_out(job)
        services.reap()
    before = Job.objects.values().get(pk=job.pk)
    with pytest.raises(services.StaleLease):
        act(job)
    assert Job.objects.values().get(pk=job.pk) == before


def write_late_result(job: Job) -> None:
    """What a worker does that was asleep while another one took its job."""
    late = JobContext(job)
    let_the_lease_run_out(job)
    assert services.claim("worker 2", names=NAMES) == job
    with late.finishing():
        PeriodicJob.objects.create(name="result", every_s=1, next_at=clock.now())


def test_a_late_result_is_refused() -> None:
    job = claimed()
    with pytest.raises(services.StaleLease):
        write_late_result(job)
    assert not PeriodicJob.objects.exists()
    assert states() == ["running"]


def test_without_the_fence_a_late_result_would_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: shows that the test above can fail."""
    monkeypatch.setattr(services, "lock_own", lambda job_id, fence: Job.objects.get(pk=job_id))
    monkeypatch.setattr(
        services, "_write", lambda job_id, fence, **columns: Job.objects.filter(pk=job_id).update(**columns)
    )
    write_late_result(claimed())
    assert PeriodicJob.objects.count() == 1


def test_result_and_end_are_written_both_or_not_at_all() -> None:
    job = claimed()
    context = JobContext(job)
    with pytest.raises(IntegrityError), context.finishing(placed=3):
        PeriodicJob.objects.bulk_create(2 * [PeriodicJob(name="result", every_s=1, next_at=clock.now())])
    assert not PeriodicJob.objects.exists()
    assert states() == ["running"]
    with context.finishing(placed=3):
        PeriodicJob.objects.create(name="result", every_s=1, next_at=clock.now())
    job.refresh_from_db()
    assert (job.state, job.progress, PeriodicJob.objects.count()) == ("succeeded", {"placed": 3}, 1)


# --- progress


def test_figures_add_up_and_reach_the_next_attempt() -> None:
    job = claimed()
    context = JobContext(job)
    context.progress(placed=1)
    context.progress(gaps=2)  # too soon to be written
    job.refresh_from_db()
    assert job.progress == {"placed": 1}
    context._written_at = float("-inf")
    context.progress(placed=5)
    let_the_lease_run_out(job)
    again = services.claim("worker 2", names=NAMES)
    assert again is not None
    assert JobContext(again).previous_progress == {"placed": 5, "gaps": 2}


# --- failing


def test_a_failed_attempt_is_repeated_after_a_pause_and_set_aside_after_the_third() -> None:
    job = claimed()
    for attempt in (1, 2):
        services.fail(job.pk, job.fence, error=f"error {attempt}")
        job.refresh_from_db()
        assert (job.state, job.attempts, job.error) == ("ready", attempt, f"error {attempt}")
        assert job.retry_at is not None
        assert job.retry_at > timezone.now()
        assert services.claim("worker 1", names=NAMES) is None
        let_the_pause_end(job)
        assert services.claim("worker 1", names=NAMES) == job
        job.refresh_from_db()
    services.fail(job.pk, job.fence, error="error 3")
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("failed", 3, "error 3")
    assert services.claim("worker 1", names=NAMES) is None


def test_the_pause_ends_while_the_test_clock_stands(settings: Settings) -> None:
    settings.TEST_CLOCK = "2018-11-05T09:00:00+08:00"
    job = claimed()
    services.fail(job.pk, job.fence, error="")
    let_the_pause_end(job)
    assert services.claim("worker 1", names=NAMES) == job


def test_what_would_be_refused_again_is_not_repeated() -> None:
    job = claimed()
    services.fail(job.pk, job.fence, error="answered before", may_retry=False)
    assert states() == ["failed"]


def test_a_job_that_is_handed_back_loses_no_attempt() -> None:
    job = claimed()
    services.hand_back(job.pk, job.fence)
    again = services.claim("worker 2", names=NAMES)
    assert again == job
    assert (again.fence, again.attempts, again.lost_workers) == (2, 0, 0)


def test_a_set_aside_job_is_started_afresh_as_a_new_row() -> None:
    job = claimed(run="a")
    services.fail(job.pk, job.fence, error="", may_retry=False)
    again = services.retry(job)
    assert (again.name, again.arguments, again.state, again.attempts) == (
        "trial.work",
        {"run": "a"},
        "ready",
        0,
    )
    assert again != job


# --- cancelling


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job = services.enqueue("trial.work")
    assert services.request_cancel(job) is True
    assert states() == ["cancelled"]
    assert services.request_cancel(job) is False


def test_a_running_job_learns_that_it_is_cancelled_and_ends_so() -> None:
    job = claimed()
    context = JobContext(job)
    assert context.is_cancelled() is False
    assert services.request_cancel(job) is True
    assert states() == ["running"]
    context._asked_at = float("-inf")
    assert context.is_cancelled() is True
    context.close()
    assert states() == ["cancelled"]


@pytest.mark.parametrize("end", ["fails", "is handed back", "loses its worker"])
def test_a_cancelled_job_never_starts_again(end: str) -> None:
    job = claimed()
    services.request_cancel(job)
    if end == "fails":
        services.fail(job.pk, job.fence, error="")
    elif end == "is handed back":
        services.hand_back(job.pk, job.fence)
    else:
        let_the_lease_run_out(job)
        assert services.claim("worker 2", names=NAMES) is None
        services.reap()
    assert states() == ["cancelled"]


# --- periodic jobs


def test_periodic_jobs_start_when_due_and_what_was_missed_is_done_once(settings: Settings) -> None:
    settings.TEST_CLOCK = "2018-11-05T09:00:00+08:00"
    services.plan_periodic({"trial.work": 60, "trial.other": 3600})
    assert services.start_due() == ["trial.other", "trial.work"]
    assert services.start_due() == []
    Job.objects.all().delete()
    clock.advance(timedelta(minutes=10))
    assert services.start_due() == ["trial.work"]
    assert services.start_due() == []
    assert Job.objects.count() == 1


def test_a_periodic_job_that_still_runs_is_not_started_twice(settings: Settings) -> None:
    settings.TEST_CLOCK = "2018-11-05T09:00:00+08:00"
    services.plan_periodic({"trial.work": 60})
    services.start_due()
    clock.advance(timedelta(minutes=2))
    services.start_due()
    assert Job.objects.count() == 1


def test_a_clock_that_ran_ahead_does_not_stop_periodic_jobs() -> None:
    services.plan_periodic({"trial.work": 60})
    PeriodicJob.objects.update(next_at=clock.now() + timedelta(days=400))
    assert services.start_due() == ["trial.work"]


def test_rows_of_periodic_jobs_follow_the_code() -> None:
    services.plan_periodic({"trial.work": 60, "trial.other": 3600})
    services.plan_periodic({"trial.work": 30})
    assert list(PeriodicJob.objects.values_list("name", "every_s")) == [("trial.work", 30)]


# --- workers


def test_silent_workers_are_forgotten_after_an_hour() -> None:
    services.beat_worker("old")
    Worker.objects.update(beat_at=timezone.now() - timedelta(hours=2))
    services.beat_worker("new")
    services.beat_worker("new")
    assert list(Worker.objects.values_list("name", flat=True)) == ["new"]
    services.remove_worker("new")
    assert not Worker.objects.exists()
