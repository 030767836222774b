"""Health for machines, and the operator's pages; for everybody else these pages do not exist."""

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.jobs import clock, outbox, services
from kontor.jobs.models import Job, Mail, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Addresses and words of these tests."""
    with translation.override("en"):
        yield


@pytest.fixture
def operator() -> Client:
    """Runs the site."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator@example.org"))
    return client


@pytest.fixture
def organiser() -> Client:
    """May organise events, but does not run the site."""
    client = Client()
    client.force_login(User.objects.create_user("organiser@example.org", may_organise=True))
    return client


@pytest.fixture
def job() -> Job:
    """A job that waits."""
    return services.enqueue("trial.unknown", arguments={"run": "r1"})


def held_mail(cause: Job, *, key: str = "1", body: str = "世界") -> Mail:
    return outbox.queue_mail(
        outbox.NewMail(
            to="guest@example.org",
            subject="您好",
            body=body,
            language="zh-hans",
            cause=cause,
            key=key,
            group="plan 1",
            is_held=True,
        )
    )


# --- health


def test_the_process_answers_without_asking_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_a_site_with_a_worker_is_ready(client: Client, settings: Settings) -> None:
    settings.TEST_CLOCK = "2018-11-05T09:00:00+08:00"
    services.beat_worker("worker 1")
    services.enqueue("trial.unknown")
    clock.advance(timedelta(seconds=90))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": True, "worker": True, "queue_age_s": 90.0}
    assert Worker.objects.count() == 1


@pytest.mark.parametrize("silent_for_s", [None, 31])
def test_a_site_without_a_living_worker_is_not_ready(client: Client, silent_for_s: int | None) -> None:
    if silent_for_s is not None:
        services.beat_worker("worker 1")
        Worker.objects.update(beat_at=timezone.now() - timedelta(seconds=silent_for_s))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "database": True, "worker": False, "queue_age_s": 0.0}


def test_a_site_that_cannot_write_is_not_ready(client: Client) -> None:
    services.beat_worker("worker 1")
    with mock.patch.object(Worker.objects, "create", side_effect=OperationalError("disk full")):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "database": False, "worker": False, "queue_age_s": 0.0}


# --- who may look


def pages_of(job: Job, mail: Mail) -> list[tuple[str, str]]:
    return [
        ("get", reverse("jobs:job-list")),
        ("get", reverse("jobs:job-show", args=[job.public_id])),
        ("post", reverse("jobs:job-retry", args=[job.public_id])),
        ("post", reverse("jobs:job-cancel", args=[job.public_id])),
        ("get", reverse("jobs:mail-list")),
        ("get", reverse("jobs:mail-show", args=[mail.public_id])),
        ("post", reverse("jobs:mail-release", args=[mail.public_id])),
        ("post", reverse("jobs:mail-discard", args=[mail.public_id])),
        ("post", reverse("jobs:mail-decide")),
    ]


def test_whoever_does_not_run_the_site_finds_nothing_and_changes_nothing(organiser: Client, job: Job) -> None:
    mail = held_mail(job)

    def words(response: HttpResponse) -> str:
        return response.text.partition("<main")[2].partition("</main>")[0]

    missing = words(organiser.get("/en/operate/nothing"))
    assert missing
    for method, address in pages_of(job, mail):
        response = getattr(organiser, method)(address, {"group": "plan 1"})
        assert (address, response.status_code) == (address, 404)
        assert words(response) == missing
    job.refresh_from_db()
    mail.refresh_from_db()
    assert (job.state, mail.state) == ("ready", "held")


def test_visitors_are_asked_to_sign_in(client: Client, job: Job) -> None:
    for method, address in pages_of(job, held_mail(job)):
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


# --- jobs


def test_the_list_shows_the_newest_first_and_can_be_narrowed(operator: Client, job: Job) -> None:
    newer = services.enqueue("trial.newer")
    services.request_cancel(newer)
    response = operator.get(reverse("jobs:job-list"))
    assert [row[0] for row in response.context["rows"]] == [newer, job]
    response = operator.get(reverse("jobs:job-list"), {"state": "ready"})
    assert [row[0] for row in response.context["rows"]] == [job]
    assert "No worker is alive" in response.text


def test_routine_that_went_well_is_only_listed_when_asked_for(operator: Client) -> None:
    for key in ("periodic:trial.work", "jobs.send_mails", "plan 1"):
        services.enqueue("trial.work", unique_key=key)
        job = services.claim("worker 1", names=["trial.work"])
        assert job is not None
        services.finish(job.pk, job.fence, progress={})
    listed = operator.get(reverse("jobs:job-list")).context["rows"]
    assert [row[0].unique_key for row in listed] == ["plan 1"]
    assert len(operator.get(reverse("jobs:job-list"), {"state": "succeeded"}).context["rows"]) == 3


@pytest.mark.parametrize("num", [1, 3])
@pytest.mark.parametrize("name", ["job-list", "mail-list"])
def test_lists_need_the_same_queries_for_one_row_and_for_three(
    name: str, num: int, operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(num):
        held_mail(services.enqueue("trial.unknown"), key=str(number))
    operator.get(reverse(f"jobs:{name}"))
    with django_assert_num_queries(5 if name == "job-list" else 4):
        operator.get(reverse(f"jobs:{name}"))


def test_a_waiting_job_can_be_cancelled_and_an_ended_one_started_again(operator: Client, job: Job) -> None:
    response = operator.post(reverse("jobs:job-cancel", args=[job.public_id]), follow=True)
    assert "The job is being cancelled." in response.text
    job.refresh_from_db()
    assert job.state == "cancelled"
    response = operator.post(reverse("jobs:job-cancel", args=[job.public_id]), follow=True)
    assert "The job had already ended." in response.text
    response = operator.post(reverse("jobs:job-retry", args=[job.public_id]), follow=True)
    assert "The job was started again." in response.text
    again = Job.objects.exclude(pk=job.pk).get()
    assert (again.name, again.arguments, again.state) == ("trial.unknown", {"run": "r1"}, "ready")
    response = operator.post(reverse("jobs:job-retry", args=[again.public_id]), follow=True)
    assert "The job has not ended yet." in response.text
    assert Job.objects.count() == 2


def test_a_failed_job_shows_its_error_as_plain_text(operator: Client, job: Job) -> None:
    services.claim("worker 1", names=["trial.unknown"])
    services.fail(job.pk, 1, error="<script>alert(1)</script>", may_retry=False)
    response = operator.get(reverse("jobs:job-show", args=[job.public_id]))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text
    assert "Start again" in response.text


# --- mails


def test_a_mail_is_shown_as_its_reader_gets_it(operator: Client, job: Job) -> None:
    mail = held_mail(job, body="您好！\n<b>Grüße</b>")
    response = operator.get(reverse("jobs:mail-show", args=[mail.public_id]))
    assert (
        '<span lang="zh-hans">您好</span>' in response.text
        or '<span lang="zh-Hans">您好</span>' in response.text
    )
    assert "&lt;b&gt;Grüße&lt;/b&gt;" in response.text


def test_a_held_mail_can_be_released_and_then_discarded_until_it_is_sent(operator: Client, job: Job) -> None:
    mail = held_mail(job)
    operator.post(reverse("jobs:mail-release", args=[mail.public_id]))
    mail.refresh_from_db()
    assert mail.state == "waiting"
    assert mail.decided_by == User.objects.get()
    operator.post(reverse("jobs:mail-discard", args=[mail.public_id]))
    mail.refresh_from_db()
    assert mail.state == "discarded"
    response = operator.post(reverse("jobs:mail-discard", args=[mail.public_id]), follow=True)
    assert "cannot be discarded any more" in response.text


@pytest.mark.parametrize(("button", "state"), [("release", "waiting"), ("discard", "discarded")])
def test_the_held_mails_of_a_group_are_decided_together(
    button: str, state: str, operator: Client, job: Job
) -> None:
    for number in range(3):
        held_mail(job, key=str(number))
    Mail.objects.filter(key="2").update(group="plan 2")
    response = operator.get(reverse("jobs:mail-list"), {"group": "plan 1"})
    assert len(response.context["rows"]) == 2
    operator.post(reverse("jobs:mail-decide"), {"group": "plan 1", button: ""})
    assert list(Mail.objects.order_by("key").values_list("state", flat=True)) == [state, state, "held"]


def test_deciding_without_a_group_finds_nothing(operator: Client, job: Job) -> None:
    held_mail(job)
    assert operator.post(reverse("jobs:mail-decide")).status_code == 404
