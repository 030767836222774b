"""`kontor check`: what it says of a sound site, and that it sees what is broken."""

import argparse
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from kontor.cli import check
from kontor.jobs import outbox, services
from kontor.jobs.integrity import integrity_check, run_checks
from kontor.jobs.models import Job, Mail

pytestmark = pytest.mark.django_db


def faults(rule: str) -> tuple[str, ...]:
    return next(outcome.faults for outcome in run_checks() if outcome.rule == rule)


def mail_because_of(cause: Job) -> Mail:
    return outbox.queue_mail(
        outbox.NewMail(
            to="a@example.org", subject="s", body="b", language="de", cause=cause, key=str(cause.pk)
        )
    )


def test_a_sound_site_has_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    mail_because_of(services.enqueue("jobs.forget_finished"))
    services.claim("worker 1", names=["jobs.forget_finished"])
    assert check.run(argparse.Namespace(json=False)) == 0
    assert "ok     every mail has its cause\n" in capsys.readouterr().out


def test_an_abandoned_job_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    job = services.enqueue("jobs.forget_finished")
    services.claim("worker 1", names=["jobs.forget_finished"])
    Job.objects.update(lease_until=timezone.now() - timedelta(minutes=2))
    (fault,) = faults("every job is finished, leased or waiting")
    assert fault.startswith(f"Job {job} is running, but its lease ran out at ")
    assert check.run(argparse.Namespace(json=True)) == 1
    assert json.loads(capsys.readouterr().out)["every job is finished, leased or waiting"] == [fault]


def test_a_job_that_nobody_can_run_is_reported() -> None:
    job = services.enqueue("trial.unknown")
    assert faults("every job has a task") == (f"Job {job} waits, but no task has its name.",)


def test_a_mail_whose_cause_is_gone_is_reported_as_long_as_it_can_be_sent() -> None:
    cause = services.enqueue("jobs.forget_finished")
    mail = mail_because_of(cause)
    assert faults("every mail has its cause") == ()
    pk = cause.pk
    cause.delete()
    assert faults("every mail has its cause") == (
        f"Mail {mail.public_id} was caused by jobs.job {pk}, which is gone.",
    )
    Mail.objects.update(cause_type="jobs.nothing")
    assert faults("every mail has its cause") == (
        f"Mail {mail.public_id} is caused by jobs.nothing, which does not exist.",
    )
    Mail.objects.update(state=Mail.State.SENT, sent_at=timezone.now())
    assert faults("every mail has its cause") == ()


def test_two_checks_of_one_rule_are_refused() -> None:
    with pytest.raises(ValueError, match="two checks are called 'every mail has its cause'"):
        integrity_check("every mail has its cause")(lambda: iter(()))
