"""Every answer has its policy; a busy database or a full disk gives a page that says what to do, in the reader's language."""

import errno

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from kontor.ui.middleware import BusyPage, ContentPolicy

page = BusyPage(lambda request: pytest.fail("the view is not called here"))

FAULTS = [
    OperationalError("database is locked"),
    OperationalError("database or disk is full"),
    OSError(errno.ENOSPC, "No space left on device"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["locked", "database full", "disk full"])
@pytest.mark.parametrize(
    ("language", "heading"),
    [("de", "Im Moment ausgelastet"), ("en", "Busy at the moment"), ("zh-hans", "系统繁忙")],
)
def test_a_busy_database_or_full_disk_is_told_in_the_readers_language(
    fault: Exception, language: str, heading: str
) -> None:
    with translation.override(language):
        answer = page.process_exception(RequestFactory().get("/en/events/smec/"), fault)
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
    assert f"<h1>{heading}</h1>" in answer.content.decode()


def test_only_pages_that_were_read_can_be_opened_again_by_a_link() -> None:
    read = page.process_exception(RequestFactory().get("/en/events/smec/"), FAULTS[0])
    sent = page.process_exception(RequestFactory().post("/en/events/smec/"), FAULTS[0])
    assert read is not None
    assert sent is not None
    assert b'href="/en/events/smec/"' in read.content
    assert b'href="/en' not in sent.content


@pytest.mark.parametrize("fault", [ValueError("bug"), DatabaseError("bug"), OSError(errno.EACCES, "denied")])
def test_everything_else_is_a_fault_and_reaches_the_log(fault: Exception) -> None:
    assert page.process_exception(RequestFactory().get("/"), fault) is None


def test_every_answer_carries_the_policy_of_the_settings() -> None:
    policy = ContentPolicy(lambda _: HttpResponse())
    request = RequestFactory().get("/en/")
    for _ in range(2):
        sent = policy(request).headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"} <= set(sent)
        assert len(sent) == len(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
