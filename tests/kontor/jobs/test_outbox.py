"""The outbox: what is queued, held, released and sent, and what a mail server can do to it."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import ClassVar

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.jobs import clock, outbox, services
from kontor.jobs.context import JobContext
from kontor.jobs.models import Job, Mail
from kontor.jobs.runner import run_waiting_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def cause() -> Job:
    """The publication because of which the mails of these tests are written."""
    return services.enqueue("trial.unknown")


@pytest.fixture
def organiser() -> User:
    """Looks at mails before they go out."""
    return User.objects.create_user("organiser@example.org")


class MoodyServer(BaseEmailBackend):
    """A mail server that answers each recipient as told."""

    moods: ClassVar[dict[str, Exception]] = {}
    opening: ClassVar[Exception | None] = None
    received: ClassVar[list[EmailMessage]] = []

    def open(self) -> bool:
        if self.opening:
            raise self.opening
        return True

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        for message in email_messages:
            if mood := self.moods.get(message.to[0]):
                raise mood
            self.received.append(message)
        return len(email_messages)


@pytest.fixture
def server(settings: Settings) -> Iterator[type[MoodyServer]]:
    """The mail server of the site, friendly until told otherwise."""
    settings.EMAIL_BACKEND = f"{__name__}.MoodyServer"
    MoodyServer.moods, MoodyServer.opening, MoodyServer.received = {}, None, []
    return MoodyServer


def new(cause: Job, **values: object) -> outbox.NewMail:
    usual = {
        "to": "guest@example.org",
        "subject": "Grüße",
        "body": "世界",
        "language": "de",
        "cause": cause,
        "key": "1",
    }
    return outbox.NewMail(**usual | values)  # type: ignore[arg-type]


def states() -> list[str]:
    return list(Mail.objects.order_by("id").values_list("state", flat=True))


def let_the_pause_end() -> None:
    Mail.objects.update(retry_at=timezone.now() - timedelta(seconds=1))


# --- queueing


def test_a_mail_disappears_with_the_transaction_of_its_cause(cause: Job) -> None:
    with transaction.atomic():
        outbox.queue_mail(new(cause))
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_the_same_key_is_never_mailed_twice(cause: Job) -> None:
    assert outbox.queue_mails([new(cause, key="1"), new(cause, key="2")]) == 2
    assert outbox.queue_mails([new(cause, key="2"), new(cause, key="3")]) == 1
    first = outbox.queue_mail(new(cause, key="1", subject="other words"))
    assert first.subject == "Grüße"
    assert Mail.objects.count() == 3


@pytest.mark.parametrize(
    ("subject", "stored"),
    [
        ("Hallo\r\nBcc: other@example.org", "Hallo Bcc: other@example.org"),
        ("a\nb\rc\x00d\x0be\x85f\u2028g\u2029h", "a b c d e f g h"),
        ("  您好\t世界  ", "您好 世界"),
        ("x" * 400, "x" * 300),
    ],
)
def test_a_subject_is_one_line(subject: str, stored: str, cause: Job) -> None:
    assert outbox.queue_mail(new(cause, subject=subject)).subject == stored


def test_a_body_keeps_its_lines_and_loses_control_characters(cause: Job) -> None:
    assert outbox.queue_mail(new(cause, body="a\r\nb\rc\n\td\x00\x1b[2J")).body == "a\nb\nc\n\td[2J\n"


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "A <a@example.org>"],
)
def test_what_is_not_one_plain_address_is_refused(address: str, cause: Job) -> None:
    with pytest.raises(ValidationError):
        outbox.queue_mail(new(cause, to=address))
    assert not Mail.objects.exists()


def test_the_database_refuses_a_mail_without_cause() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(
            key="1", recipient="a@example.org", language="de", subject="", body="", created_at=clock.now()
        )
    with pytest.raises(ValueError, match="is not saved"):
        outbox.queue_mail(new(Job()))


# --- looking first


def test_held_mails_wait_until_their_group_is_released(
    cause: Job, organiser: User, server: type[MoodyServer]
) -> None:
    outbox.queue_mails(new(cause, key=str(number), group="plan 1", is_held=True) for number in range(3))
    outbox.queue_mail(new(cause, key="other", group="plan 2", is_held=True))
    run_waiting_jobs()
    assert states() == ["held"] * 4
    at = clock.now()
    assert outbox.release_mails("plan 1", by=organiser, at=at) == 3
    assert outbox.release_mails("plan 1", by=organiser, at=at) == 0
    run_waiting_jobs()
    assert states() == ["sent", "sent", "sent", "held"]
    assert Mail.objects.filter(decided_by=organiser, decided_at=at).count() == 3
    assert len(server.received) == 3


def test_discarded_mails_are_never_sent(cause: Job, organiser: User, server: type[MoodyServer]) -> None:
    outbox.queue_mails(new(cause, key=str(number), group="plan 1", is_held=True) for number in range(2))
    assert outbox.discard_mails("plan 1", by=organiser, at=clock.now()) == 2
    assert outbox.release_mails("plan 1", by=organiser, at=clock.now()) == 0
    run_waiting_jobs()
    assert states() == ["discarded", "discarded"]
    assert server.received == []


def test_a_sent_mail_can_be_neither_released_nor_discarded(
    cause: Job, organiser: User, server: type[MoodyServer]
) -> None:
    mail = outbox.queue_mail(new(cause))
    run_waiting_jobs()
    assert outbox.release_mail(mail, by=organiser, at=clock.now()) is False
    assert outbox.discard_mail(mail, by=organiser, at=clock.now()) is False
    assert states() == ["sent"]


# --- sending


def test_a_mail_goes_out_once_with_both_scripts_and_a_fixed_message_id(
    cause: Job, server: type[MoodyServer]
) -> None:
    mail = outbox.queue_mail(new(cause, subject="Grüße 您好"))
    run_waiting_jobs()
    run_waiting_jobs()
    (message,) = server.received
    parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    assert parsed["Subject"] == "Grüße 您好"
    assert parsed["To"] == "guest@example.org"
    assert parsed["Message-ID"] == f"<{mail.message_id}@example.org>"
    assert parsed["Content-Language"] == "de"
    assert parsed.get_content() == "世界\n"
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.sent_at is not None) == ("sent", 1, True)


def test_what_a_dead_sender_left_half_done_is_sent_under_the_same_message_id(
    cause: Job, server: type[MoodyServer]
) -> None:
    mail = outbox.queue_mail(new(cause))
    Mail.objects.update(state=Mail.State.SENDING)
    run_waiting_jobs()
    assert states() == ["sent"]
    assert server.received[0].extra_headers["Message-ID"] == f"<{mail.message_id}@example.org>"


def test_a_refused_address_is_set_aside_and_the_others_are_sent(
    cause: Job, server: type[MoodyServer]
) -> None:
    server.moods["bad@example.org"] = smtplib.SMTPRecipientsRefused({"bad@example.org": (550, b"unknown")})
    outbox.queue_mails([new(cause, key="1", to="bad@example.org"), new(cause, key="2")])
    run_waiting_jobs()
    assert states() == ["failed", "sent"]
    assert "unknown" in Mail.objects.get(key="1").error


def test_a_temporary_refusal_is_tried_again_and_set_aside_in_the_end(
    cause: Job, server: type[MoodyServer]
) -> None:
    server.moods["guest@example.org"] = smtplib.SMTPDataError(451, b"later")
    mail = outbox.queue_mail(new(cause))
    for attempt in range(1, len(outbox.PAUSES) + 1):
        run_waiting_jobs()
        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == ("waiting", attempt)
        assert mail.retry_at is not None
        assert mail.retry_at > timezone.now()
        assert run_waiting_jobs() == 0
        let_the_pause_end()
    run_waiting_jobs()
    assert states() == ["failed"]


def test_a_failed_mail_can_be_released_again(cause: Job, organiser: User, server: type[MoodyServer]) -> None:
    server.moods["guest@example.org"] = smtplib.SMTPDataError(554, b"no")
    mail = outbox.queue_mail(new(cause))
    run_waiting_jobs()
    server.moods.clear()
    assert outbox.release_mail(mail, by=organiser, at=clock.now()) is True
    run_waiting_jobs()
    assert states() == ["sent"]


@pytest.mark.parametrize("when", ["at the door", "in between"])
def test_while_the_server_is_away_mails_wait_without_losing_attempts(
    when: str, cause: Job, server: type[MoodyServer]
) -> None:
    if when == "at the door":
        server.opening = ConnectionRefusedError("nobody there")
    else:
        server.moods["guest@example.org"] = smtplib.SMTPServerDisconnected("gone")
    outbox.queue_mails(new(cause, key=str(number)) for number in range(3))
    run_waiting_jobs()
    assert states() == ["waiting"] * 3
    assert set(Mail.objects.values_list("attempts", flat=True)) == {0}
    server.opening = None
    server.moods.clear()
    let_the_pause_end()
    run_waiting_jobs()
    assert states() == ["sent"] * 3


def test_a_sender_that_lost_its_job_sends_nothing_more(cause: Job, server: type[MoodyServer]) -> None:
    outbox.queue_mail(new(cause))
    services.enqueue("jobs.send_mails")
    job = services.claim("asleep", names=["jobs.send_mails"])
    assert job is not None
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
    services.claim("awake", names=["jobs.send_mails"])
    with pytest.raises(services.StaleLease):
        outbox.send_due_mails(JobContext(job))
    assert server.received == []
    assert states() == ["waiting"]


# --- the folder


def test_a_mail_in_the_folder_is_one_file_however_often_it_is_sent(
    cause: Job, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "kontor.jobs.mailbox.FolderBackend"
    settings.MAIL_DIR = tmp_path / "mails"
    mail = outbox.queue_mail(new(cause))
    run_waiting_jobs()
    Mail.objects.update(state=Mail.State.SENDING, sent_at=None)
    run_waiting_jobs()
    (file,) = settings.MAIL_DIR.iterdir()
    assert file.name == f"{mail.message_id}.eml"
    assert message_from_bytes(file.read_bytes(), policy=policy.default).get_content() == "世界\n"


def test_the_folder_takes_mails_of_others_too(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "kontor.jobs.mailbox.FolderBackend"
    settings.MAIL_DIR = tmp_path
    headers = {"Message-ID": "<../../escaped@example.org>"}
    assert EmailMessage("subject", "body", to=["guest@example.org"], headers=headers).send() == 1
    django_mail.send_mail("subject", "body", None, ["guest@example.org"])
    assert len(list(tmp_path.glob("*.eml"))) == 2
    assert (tmp_path / ".._.._escaped.eml").exists()
