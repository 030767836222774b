"""A refusal reaches the reader in its own words, and what was meant as success only where it was one."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from kontor.errors import DomainError, outcome_told


class DoorIsLocked(DomainError):
    """The only refusal of this file."""

    sentence = "The door of %(room)s is locked."


@pytest.fixture
def request_with_messages(rf: RequestFactory) -> HttpRequest:
    """A request that can carry messages to the next page."""
    request = rf.post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def _told(request: HttpRequest) -> list[tuple[int, str]]:
    return [(one.level, one.message) for one in messages.get_messages(request)]


def test_a_refusal_is_said_in_its_own_words(request_with_messages: HttpRequest) -> None:
    with outcome_told(request_with_messages, "Saved."):
        _fail(DoorIsLocked(room="hall 1"))
    assert _told(request_with_messages) == [(messages.ERROR, "The door of hall 1 is locked.")]


def test_success_is_said_after_the_act(request_with_messages: HttpRequest) -> None:
    with outcome_told(request_with_messages, "Saved."):
        before = _told(request_with_messages)
    assert before == []
    assert _told(request_with_messages) == [(messages.SUCCESS, "Saved.")]


def test_without_words_of_success_nothing_is_said(request_with_messages: HttpRequest) -> None:
    with outcome_told(request_with_messages):
        pass
    assert _told(request_with_messages) == []


def test_a_bug_is_no_refusal(request_with_messages: HttpRequest) -> None:
    with pytest.raises(KeyError), outcome_told(request_with_messages, "Saved."):
        _fail(KeyError("hall"))
    assert _told(request_with_messages) == []


def _fail(error: Exception) -> None:
    raise error
