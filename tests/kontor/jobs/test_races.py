"""Several workers at once on one database: each job, period and mail is for exactly one of them."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.utils import timezone

from kontor.jobs import clock, services
from kontor.jobs.models import Job, PeriodicJob

AtOnce = Callable[[Callable[[], object], int], list[object]]
NUM_JOBS = 60


def take_all() -> list[int]:
    """What a worker does that only ever claims."""
    taken = []
    while (job := services.claim("some worker", names=["trial.work"])) is not None:
        taken.append(job.pk)
    return taken


def how_often_taken(at_once: AtOnce) -> Counter[int]:
    Job.objects.bulk_create(
        [Job(name="trial.work", run_after=clock.now(), created_at=clock.now()) for _ in range(NUM_JOBS)]
    )
    return Counter(pk for taken in at_once(take_all, 4) for pk in taken)  # type: ignore[attr-defined]


def test_of_four_workers_exactly_one_gets_each_job(at_once: AtOnce) -> None:
    counts = how_often_taken(at_once)
    assert set(counts.values()) == {1}
    assert len(counts) == NUM_JOBS
    assert set(Job.objects.values_list("state", "fence")) == {("running", 1)}


def test_claiming_by_reading_first_would_hand_jobs_out_twice(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: the same without the condition in the UPDATE."""

    def claim_unguarded(worker: str, *, names: list[str]) -> Job | None:
        at = timezone.now()
        job = Job.objects.claimable(names=names, site_now=at, machine_now=at).order_by("id").first()
        if job is not None:
            Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, lease_until=at + Job.LEASE)
        return job

    monkeypatch.setattr(services, "claim", claim_unguarded)
    assert max(how_often_taken(at_once).values()) > 1


def test_of_four_workers_exactly_one_takes_an_abandoned_job(at_once: AtOnce) -> None:
    for _ in range(10):
        job = services.enqueue("trial.work")
        services.claim("a worker that vanishes", names=["trial.work"])
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
        results = at_once(lambda: services.claim("another worker", names=["trial.work"]), 4)
        assert [result for result in results if result is not None] == [job]


def test_of_four_workers_exactly_one_starts_a_periodic_job(at_once: AtOnce) -> None:
    for _ in range(10):
        PeriodicJob.objects.all().delete()
        Job.objects.all().delete()
        services.plan_periodic({"trial.work": 3600})
        results = at_once(services.start_due, 4)
        assert sorted(results, key=str) == [["trial.work"], [], [], []]
        assert Job.objects.count() == 1


def test_a_key_that_is_enqueued_four_times_at_once_gives_one_job(at_once: AtOnce) -> None:
    for number in range(10):
        results = at_once(
            lambda number=number: services.enqueue("trial.work", unique_key=f"plan {number}"), 4
        )
        assert len(set(results)) == 1
    assert Job.objects.count() == 10


def test_without_the_constraint_the_key_would_give_several_jobs(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: look first, then write."""

    def enqueue_unguarded() -> object:
        known = Job.objects.unfinished().filter(unique_key="plan").first()
        return known or Job.objects.create(
            name="trial.work", unique_key="plan", run_after=clock.now(), created_at=clock.now()
        )

    for _ in range(50):
        Job.objects.all().delete()
        try:
            at_once(enqueue_unguarded, 4)
        except IntegrityError:
            return  # the constraint caught what looking first had let through
    pytest.fail("fifty rounds without a collision prove nothing")
