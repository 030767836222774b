"""A busy database or a full disk gives a page that says what to do, in the reader's language, and keeps what was typed."""

import errno
import re
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from kontor.ui.busy import busy_answer

LOCKED = OperationalError("database is locked")
FULL = OperationalError("database or disk is full")
NO_SPACE = OSError(errno.ENOSPC, "No space left on device")
FORM = "application/x-www-form-urlencoded"


def sent(address: str, typed: str) -> WSGIRequest:
    return RequestFactory().post(address, typed, content_type=FORM)


def words(answer: HttpResponse | None) -> str:
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
    return answer.content.decode()


@pytest.mark.parametrize(
    ("language", "busy", "full"),
    [
        ("de", "Im Moment ausgelastet", "Kein Platz zum Speichern"),
        ("en", "Busy at the moment", "No room to save"),
        ("zh-hans", "系统繁忙", "存储空间已满"),
    ],
)
def test_a_busy_database_or_full_disk_is_told_in_the_readers_language(
    language: str, busy: str, full: str
) -> None:
    request = RequestFactory().get("/en/events/smec/")
    with translation.override(language):
        assert f"<h1>{busy}</h1>" in words(busy_answer(request, LOCKED))
        assert f"<h1>{full}</h1>" in words(busy_answer(request, FULL))
        assert f"<h1>{full}</h1>" in words(busy_answer(request, NO_SPACE))


def test_a_page_that_was_read_can_be_opened_again() -> None:
    page = words(busy_answer(RequestFactory().get("/en/events/", {"q": "laser", "from": "25"}), LOCKED))
    assert 'href="/en/events/?q=laser&amp;from=25"' in page
    assert "<form" not in page


def test_what_was_typed_stands_on_the_page_and_can_be_sent_again() -> None:
    page = words(
        busy_answer(sent("/en/events/new/?a=1", "name_de=%3C%26%3E%0D%0A2&pairs=de-zh&pairs=en-zh"), LOCKED)
    )
    assert '<form method="post" action="/en/events/new/?a=1">' in page
    assert '<input type="hidden" name="name_de" value="&lt;&amp;&gt;\r\n2">' in page
    assert re.findall(r'name="pairs" value="(.*?)"', page) == ["de-zh", "en-zh"]


def test_a_file_or_a_password_is_not_written_into_a_page() -> None:
    file = RequestFactory().post("/en/events/smec/imports/", {"file": BytesIO(b"Name"), "kind": "people"})
    for request in (file, sent("/en/accounts/login/", "login=a&password=secret")):
        page = words(busy_answer(request, LOCKED))
        assert "<form" not in page
        assert "Go back in your browser" in page


@pytest.mark.parametrize("fault", [ValueError("bug"), DatabaseError("bug"), OSError(errno.EACCES, "denied")])
def test_everything_else_is_a_fault(fault: Exception) -> None:
    assert busy_answer(RequestFactory().get("/"), fault) is None
