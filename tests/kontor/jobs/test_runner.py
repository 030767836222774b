"""Running jobs in one process, and forgetting them."""

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from kontor.jobs import clock, services
from kontor.jobs.context import JobContext
from kontor.jobs.models import Job
from kontor.jobs.registry import Task
from kontor.jobs.runner import run_job, run_waiting_jobs

pytestmark = pytest.mark.django_db


def claimed() -> Job:
    services.enqueue("trial.work")
    job = services.claim("worker 1", names=["trial.work"])
    assert job is not None
    return job


def task_of(function) -> Task:  # type: ignore[no-untyped-def]
    return Task(name="trial.work", function=function, is_long=False, limit_s=60)


def test_a_task_that_returns_is_done() -> None:
    job = claimed()
    run_job(job, task_of(lambda context: context.progress(placed=1)))
    job.refresh_from_db()
    assert (job.state, job.progress, job.lease_until) == ("succeeded", {"placed": 1}, None)


def test_whatever_a_task_raises_is_written_down() -> None:
    job = claimed()

    def divide(context: JobContext) -> None:
        context.progress(quotient=1 / 0)

    run_job(job, task_of(divide))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("ready", 1)
    assert job.error.endswith("ZeroDivisionError: division by zero\n")


def test_a_job_that_was_taken_over_while_it_failed_is_left_alone() -> None:
    job = claimed()

    def fail_late(context: JobContext) -> None:
        Job.objects.update(fence=2, worker="worker 2")
        raise RuntimeError

    run_job(job, task_of(fail_late))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error, job.worker) == ("running", 0, "", "worker 2")


def test_finished_jobs_are_forgotten_after_a_month_and_routine_after_a_day(settings: Settings) -> None:
    settings.TEST_CLOCK = "2018-11-05T09:00:00+08:00"
    names = {"trial.work": None, "trial.routine": "periodic:trial.routine"}
    for name, key in names.items():
        services.enqueue(name, unique_key=key)
        job = services.claim("worker 1", names=[name])
        assert job is not None
        services.finish(job.pk, job.fence, progress={})
    waiting = services.enqueue("trial.waits_for_ever")

    def left_after(**length: int) -> set[str]:
        clock.advance(timedelta(**length))
        services.enqueue("jobs.forget_finished")
        assert run_waiting_jobs() == 1
        return set(Job.objects.exclude(name="jobs.forget_finished").values_list("name", flat=True))

    assert left_after(hours=23) == {"trial.work", "trial.routine", waiting.name}
    assert left_after(hours=2) == {"trial.work", waiting.name}
    assert left_after(days=30) == {waiting.name}
