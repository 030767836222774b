"""What people get where something raised: nothing kept by half, and what they typed where waiting helps."""

import re
from collections.abc import Callable
from typing import NoReturn
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client

from kontor.accounts.models import User
from kontor.accounts.sessions import SessionStore
from kontor.events.models import Event
from kontor.events.services import setting

FORM = "application/x-www-form-urlencoded"
SHOW = "/en/events/smec-2018/"
EDIT = "/en/events/smec-2018/edit/"
GOOD = {
    "name_en": "Trade fair",
    "slug": "chemnitz-2019",
    "place_en": "Chemnitz",
    "zone": "Europe/Berlin",
    "starts_on": "2019-03-28",
    "ends_on": "2019-03-29",
    "requests_open_at": "2018-10-01T09:00",
    "requests_close_at": "2019-03-27T18:00",
    "request_expiry_h": "72",
    "max_open_requests": "15",
}


@pytest.fixture
def window(mara: User, browse: Callable[..., Client]) -> Client:
    """The browser of Mara, who sees what became of a fault."""
    client = browse(mara, checks_csrf=True)
    client.raise_request_exception = False
    return client


def raising(fault: Exception) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise fault

    return fail


def test_what_a_locked_database_did_not_take_is_kept_by_the_page_and_can_be_sent_again(
    smec: Event, window: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.get(EDIT)
    typed = GOOD | {"csrfmiddlewaretoken": window.cookies["csrftoken"].value}
    with monkeypatch.context() as patch:
        patch.setattr(setting, "record", raising(OperationalError("database is locked")))
        busy = window.post(EDIT, urlencode(typed), content_type=FORM)
    assert busy.status_code == 503
    assert not Event.objects.filter(slug="chemnitz-2019").exists()
    kept = dict(re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', busy.content.decode()))
    assert kept == typed
    again = window.post(EDIT, urlencode(kept), content_type=FORM)
    assert again.headers["Location"] == "/en/events/chemnitz-2019/"


def test_a_database_that_is_away_is_told_before_any_view_is_reached(
    smec: Event, window: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionStore, "load", raising(OperationalError("connection refused")))
    answer = window.get(SHOW)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert f'href="{SHOW}"' in answer.content.decode()


def test_a_fault_of_ours_is_told_in_three_languages(
    smec: Event, window: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionStore, "load", raising(ValueError("bug")))
    answer = window.get(SHOW)
    assert answer.status_code == 500
    assert re.findall(r'lang="(.*?)"', answer.content.decode()) == ["de", "en", "zh-Hans"]
