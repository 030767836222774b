"""Real worker processes: killed, suspended, stopped, cancelled; no job is lost and none takes effect twice."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from django.db import OperationalError, connection, transaction

from kontor.jobs import outbox, services
from kontor.jobs.models import Job, Mail, PeriodicJob, Worker

StartWorker = Callable[..., "subprocess.Popen[bytes]"]
WaitUntil = Callable[..., None]


def has(job: Job, **values: object) -> bool:
    job.refresh_from_db()
    return all(getattr(job, name) == value for name, value in values.items())


def pid_of(job: Job) -> int | None:
    job.refresh_from_db()
    return job.progress.get("pid")


def effects(job: Job) -> list[str]:
    return list(Mail.objects.filter(cause_id=str(job.pk)).values_list("subject", flat=True))


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def are_rows_free() -> bool:
    """Whether nobody is in the middle of a write."""
    if connection.vendor == "sqlite":
        with closing(
            sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
        ) as probe:
            try:
                probe.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
        return True
    try:
        with transaction.atomic():
            list(Job.objects.select_for_update(nowait=True))
    except OperationalError:
        return False
    return True


def suspend(worker: "subprocess.Popen[bytes]") -> None:
    """Put a worker to sleep between two writes: in the middle of one it would hold its lock, and nobody could go on."""
    for _ in range(100):
        os.killpg(worker.pid, signal.SIGSTOP)
        time.sleep(0.05)
        if are_rows_free():
            return
        os.killpg(worker.pid, signal.SIGCONT)
        time.sleep(0.02)
    pytest.fail("the worker never rests")


@pytest.mark.slow
def test_a_job_whose_worker_is_killed_is_taken_over_by_another_and_its_process_is_dead(
    start_worker: StartWorker, wait_until: WaitUntil
) -> None:
    job = services.enqueue("trial.work", arguments={"first_s": 600})
    first = start_worker()
    wait_until(lambda: pid_of(job), "the job runs")
    pid = pid_of(job)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    wait_until(lambda: is_gone(pid), "the job's process died with its worker")
    assert has(job, state="running", fence=1)
    start_worker()
    wait_until(lambda: has(job, state="succeeded"), "another worker did it")
    assert (job.fence, job.lost_workers, job.attempts) == (2, 1, 0)
    assert effects(job) == ["effect of attempt 2"]


@pytest.mark.slow
def test_a_process_that_computes_without_pause_dies_with_its_worker(
    start_worker: StartWorker, wait_until: WaitUntil
) -> None:
    job = services.enqueue("trial.compute", arguments={"seconds": 600})
    worker = start_worker()
    wait_until(lambda: pid_of(job), "the job runs")
    os.kill(worker.pid, signal.SIGKILL)
    wait_until(lambda: is_gone(pid_of(job)), "its process died")


@pytest.mark.slow
def test_the_late_result_of_a_worker_that_was_asleep_is_refused(
    start_worker: StartWorker, wait_until: WaitUntil, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    job = services.enqueue("trial.work", arguments={"first_waits_for": str(gate)})
    sleeper = start_worker("--processes", "1")
    wait_until(lambda: pid_of(job), "the job runs")
    suspend(sleeper)
    other = start_worker()
    wait_until(lambda: has(job, state="succeeded"), "another worker did it")
    other.terminate()
    assert other.wait(timeout=120) == 0
    gate.touch()
    os.killpg(sleeper.pid, signal.SIGCONT)
    second = services.enqueue("trial.work")
    wait_until(
        lambda: has(second, state="succeeded"), "the only process left ended the old job and took the next"
    )
    assert effects(job) == ["effect of attempt 2"]
    assert has(job, fence=2, progress={"pid": job.progress["pid"], "fence": 2, "result": 2})


@pytest.mark.slow
def test_a_job_that_kills_its_process_is_set_aside_after_three_attempts(
    start_worker: StartWorker, wait_until: WaitUntil
) -> None:
    poison = services.enqueue("trial.kill_itself")
    start_worker()
    wait_until(lambda: has(poison, state="failed"), "set aside")
    assert (poison.attempts, poison.lost_workers) == (3, 0)
    assert poison.error == "The process ended with signal 9 (SIGKILL)."
    healthy = services.enqueue("trial.work")
    wait_until(lambda: has(healthy, state="succeeded"), "the worker goes on")


@pytest.mark.slow
def test_failures_refusals_and_overruns_end_as_they_should(
    start_worker: StartWorker, wait_until: WaitUntil
) -> None:
    failing, refused, overrun = (
        services.enqueue(name) for name in ("trial.raise_error", "trial.refuse", "trial.overrun")
    )
    Job.objects.update(max_attempts=1)
    start_worker()
    for job in (failing, refused, overrun):
        wait_until(lambda job=job: has(job, state="failed"), f"{job} failed")
    assert failing.error.endswith("RuntimeError: the disk of the moon is full\n")
    assert refused.error == "The request 7 was answered before."
    assert overrun.error == "It took longer than its limit, so its process was ended."


@pytest.mark.slow
def test_a_cancelled_job_ends_soon_and_what_ignores_it_is_ended(
    start_worker: StartWorker, wait_until: WaitUntil
) -> None:
    heeding, deaf = services.enqueue("trial.plan"), services.enqueue("trial.ignore_cancellation")
    start_worker("--processes", "3")
    wait_until(lambda: pid_of(heeding) and pid_of(deaf), "both run")
    for job in (heeding, deaf):
        services.request_cancel(job)
    wait_until(lambda: has(heeding, state="cancelled"), "the first one heeds")
    assert heeding.progress["cleaned_up"] is True
    wait_until(lambda: has(deaf, state="cancelled"), "the second one is ended")
    assert is_gone(deaf.progress["pid"])


@pytest.mark.slow
def test_quick_jobs_do_not_wait_for_long_ones(start_worker: StartWorker, wait_until: WaitUntil) -> None:
    long_ones = [services.enqueue("trial.plan") for _ in range(3)]
    start_worker()
    wait_until(lambda: pid_of(long_ones[0]), "a long job runs")
    quick = services.enqueue("trial.work")
    wait_until(lambda: has(quick, state="succeeded"), "the quick one is done")
    assert [has(job, state="ready") for job in long_ones] == [False, True, True]


@pytest.mark.slow
def test_a_worker_that_is_stopped_lets_short_jobs_end_and_hands_long_ones_back(
    start_worker: StartWorker, wait_until: WaitUntil
) -> None:
    long_one = services.enqueue("trial.work", arguments={"first_s": 600})
    short_one = services.enqueue("trial.work", arguments={"first_s": 2})
    worker = start_worker("--grace", "10")
    wait_until(lambda: pid_of(long_one) and pid_of(short_one), "both run")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=120) == 0
    assert has(short_one, state="succeeded")
    assert has(long_one, state="ready", lost_workers=0, attempts=0)
    assert is_gone(long_one.progress["pid"])
    assert not Worker.objects.exists()


@pytest.mark.slow
def test_an_idle_worker_costs_almost_nothing_and_runs_periodic_jobs(
    start_worker: StartWorker, wait_until: WaitUntil
) -> None:
    worker = start_worker()
    wait_until(
        lambda: Job.objects.filter(name="jobs.forget_finished", state="succeeded").exists(),
        "a periodic job ran",
    )
    assert list(PeriodicJob.objects.values_list("name", flat=True)) == ["jobs.forget_finished"]
    processes = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
    assert len(processes) == 3

    def cpu_s() -> float:
        return sum(process.cpu_times().user + process.cpu_times().system for process in processes)

    def spent_in_five_seconds() -> float:
        before = cpu_s()
        time.sleep(5)
        return cpu_s() - before

    # 5 % of one core; on a busy machine the same work may cost more for a while
    wait_until(lambda: spent_in_five_seconds() < 0.25, "the worker is idle")


@pytest.mark.slow
def test_each_mail_reaches_the_folder_once_though_its_worker_is_killed(
    start_worker: StartWorker, wait_until: WaitUntil, tmp_path: Path
) -> None:
    cause = services.enqueue("trial.unknown")
    num_mails = 0
    while not Mail.objects.exclude(state="sent").exists():  # a quick worker is done before it can be killed
        num_sent, num_mails = num_mails, num_mails + 150
        outbox.queue_mails(
            outbox.NewMail(
                to=f"guest{number}@example.org",
                subject=f"Grüße {number} 您好",
                body="世界",
                language="de",
                cause=cause,
                key=f"mail {number}",
            )
            for number in range(num_sent, num_mails)
        )
        first = start_worker()
        wait_until(
            lambda wanted=num_sent + 5: Mail.objects.filter(state="sent").count() >= wanted, "some were sent"
        )
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    start_worker()
    wait_until(lambda: Mail.objects.filter(state="sent").count() == num_mails, "all were sent")
    files = list((tmp_path / "mails").glob("*.eml"))
    recipients = {
        next(line for line in file.read_text().splitlines() if line.startswith("To: ")) for file in files
    }
    assert len(files) == len(recipients) == num_mails
