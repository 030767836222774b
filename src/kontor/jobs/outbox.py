"""The outbox: mails written with their cause, looked at if wished, and sent once each."""

import logging
import smtplib
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone

from kontor.jobs import clock
from kontor.jobs.context import JobContext
from kontor.jobs.models import Mail

logger = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""between attempts at one address; after the last one the mail is set aside"""
SERVER_PAUSE = timedelta(seconds=30)
"""before the next try when the mail server itself does not answer; costs no attempt"""
TURN_S = 20.0
"""how long one job sends before others have their turn; what is left starts the next one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """A mail to be queued."""

    to: str
    """one plain address"""
    subject: str
    body: str
    language: str
    cause: models.Model
    """the row because of which it is written; saved before"""
    key: str
    """says what the mail tells whom about which state of the cause; the same key is never mailed twice"""
    user: AbstractBaseUser | None = None
    group: str = ""
    """mails that are looked at and released together"""
    is_held: bool = False
    """waits for `release_mails`"""


def queue_mails(mails: Iterable[NewMail]) -> int:
    """Write mails into the outbox in the transaction of their cause; those whose key is known are left out.

    Returns how many were new. Raises `ValidationError` for something that is not an address.
    """
    at = clock.now()
    rows = [_row(mail, at=at) for mail in mails]
    Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Mail.objects.filter(public_id__in=[row.public_id for row in rows]).count()


def queue_mail(mail: NewMail) -> Mail:
    """Write one mail into the outbox; returns the one that has its key."""
    queue_mails([mail])
    return Mail.objects.get(key=mail.key)


def release_mails(group: str, *, by: AbstractBaseUser, at: datetime) -> int:
    """Let the held mails of a group go; returns how many."""
    return _decide(Mail.objects.filter(group=group), Mail.State.HELD, Mail.State.WAITING, by=by, at=at)


def discard_mails(group: str, *, by: AbstractBaseUser, at: datetime) -> int:
    """Throw the held mails of a group away; returns how many."""
    return _decide(Mail.objects.filter(group=group), Mail.State.HELD, Mail.State.DISCARDED, by=by, at=at)


def release_mail(mail: Mail, *, by: AbstractBaseUser, at: datetime) -> bool:
    """Let one held or failed mail go; False if it is in another state."""
    own = Mail.objects.filter(pk=mail.pk)
    return any(
        _decide(own, state, Mail.State.WAITING, by=by, at=at)
        for state in (Mail.State.HELD, Mail.State.FAILED)
    )


def discard_mail(mail: Mail, *, by: AbstractBaseUser, at: datetime) -> bool:
    """Throw one mail away that was not sent yet; False if it is too late."""
    own = Mail.objects.filter(pk=mail.pk)
    return any(
        _decide(own, state, Mail.State.DISCARDED, by=by, at=at)
        for state in (Mail.State.HELD, Mail.State.WAITING, Mail.State.FAILED)
    )


def has_due_mails() -> bool:
    """Whether the sender has work."""
    return Mail.objects.due(timezone.now()).exists()


def send_due_mails(context: JobContext) -> None:
    """Send what is due, oldest first, over one connection.

    A mail is marked as being sent before it goes out and as sent right after; both writes hold the job's row,
    so only one sender is ever at work. If the worker dies between the two, the mail is sent again under the same
    Message-ID (in a folder: the same file), which is as exact as SMTP allows.
    """
    connection: BaseEmailBackend = get_connection()
    end = time.monotonic() + TURN_S
    try:
        connection.open()
        num_handled = 0
        while time.monotonic() < end and (mail := _take_next(context)) is not None:
            _send(mail, connection, context)
            num_handled += 1
            context.progress(handled=num_handled)
    except OSError as error:  # the server is away or the disk is full: no mail is to blame
        logger.warning("The mail server does not answer: %s", error)
        with context.fenced():
            Mail.objects.due(timezone.now()).update(
                state=Mail.State.WAITING, retry_at=timezone.now() + SERVER_PAUSE, error=str(error)
            )
    finally:
        connection.close()


def _take_next(context: JobContext) -> Mail | None:
    with context.fenced():
        mail = Mail.objects.due(timezone.now()).order_by("id").first()
        if mail is not None:
            mail.state = Mail.State.SENDING
            mail.save(update_fields=["state"])
        return mail


def _send(mail: Mail, connection: BaseEmailBackend, context: JobContext) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = EmailMessage(
        mail.subject,
        mail.body,
        to=[mail.recipient],
        connection=connection,
        headers={
            "Message-ID": f"<{mail.message_id}@{domain}>",
            "Content-Language": mail.language,
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except smtplib.SMTPServerDisconnected:
        raise
    except (smtplib.SMTPException, UnicodeError, ValueError) as error:
        _set_back(mail, error, context)
    else:
        with context.fenced():
            Mail.objects.filter(pk=mail.pk).update(
                state=Mail.State.SENT,
                sent_at=clock.now(),
                retry_at=None,
                error="",
                attempts=mail.attempts + 1,
            )


def _set_back(mail: Mail, error: Exception, context: JobContext) -> None:
    """This mail failed: later again, or never if the server said so."""
    attempts = mail.attempts + 1
    is_final = not _is_temporary(error) or attempts > len(PAUSES)
    with context.fenced():
        Mail.objects.filter(pk=mail.pk).update(
            state=Mail.State.FAILED if is_final else Mail.State.WAITING,
            retry_at=None if is_final else timezone.now() + PAUSES[attempts - 1],
            attempts=attempts,
            error=str(error),
        )


def _is_temporary(error: Exception) -> bool:
    """Codes 400 to 499 mean later; 500 and above, and addresses that cannot be written, mean never."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code < 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code < 500


def _decide(
    mails: models.QuerySet[Mail], old: Mail.State, new: Mail.State, *, by: AbstractBaseUser, at: datetime
) -> int:
    return mails.filter(state=old).update(
        state=new, decided_by=by.pk, decided_at=at, retry_at=None, error="", attempts=0
    )


def _row(mail: NewMail, *, at: datetime) -> Mail:
    validate_email(mail.to)  # also refuses line breaks
    if mail.cause.pk is None:
        raise ValueError(f"the cause of mail {mail.key!r} is not saved")
    return Mail(
        key=mail.key,
        recipient=mail.to,
        user_id=mail.user.pk if mail.user else None,
        language=mail.language,
        subject=_one_line(mail.subject)[:300],
        body=_text(mail.body),
        cause_type=mail.cause._meta.label_lower,  # noqa: SLF001 -- Django's documented interface
        cause_id=str(mail.cause.pk),
        group=mail.group,
        state=Mail.State.HELD if mail.is_held else Mail.State.WAITING,
        created_at=at,
    )


def _one_line(text: str) -> str:
    """Without line breaks and control characters of any kind, so that a subject stays one header."""
    spaced = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text)
    return " ".join(spaced.split())


def _text(text: str) -> str:
    """Every line ends with a line feed; other control characters but the tab are dropped."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc")
