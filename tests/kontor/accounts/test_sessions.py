"""Sessions: what was put in comes out, until the session ends."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from kontor.accounts.models import User
from kontor.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    """The key of a session that knows one thing."""
    store = SessionStore()
    store["place"] = "济南"
    store.create()
    assert store.session_key is not None
    return store.session_key


def test_a_session_remembers_what_was_put_into_it(key: str) -> None:
    assert SessionStore(key).get("place") == "济南"


def test_a_session_that_has_ended_or_never_was_knows_nothing(key: str) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for store in (SessionStore(key), SessionStore("neverseen0neverseen0neverseen000"), SessionStore()):
        assert store.get("place") is None
        assert store.session_key is None, "a key that is not known must not become one"


def test_who_was_barred_is_no_longer_signed_in() -> None:
    user = User.objects.create_user("reader@example.org", "a long password", language="en")
    client = Client()
    client.force_login(user)
    settings_page = "/en/accounts/settings/"
    assert client.get(settings_page).status_code == 200
    User.objects.update(is_active=False)
    answer = client.get(settings_page)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/en/accounts/login/")


def test_who_was_deleted_is_no_longer_signed_in() -> None:
    user = User.objects.create_user("reader@example.org", "a long password", language="en")
    client = Client()
    client.force_login(user)
    User.objects.all().delete()
    assert client.get("/en/accounts/settings/").status_code == 302


def test_a_changed_password_ends_other_sessions() -> None:
    user = User.objects.create_user("reader@example.org", "a long password", language="en")
    client = Client()
    client.force_login(user)
    user.set_password("another long password")
    user.save()
    assert client.get("/en/accounts/settings/").status_code == 302
