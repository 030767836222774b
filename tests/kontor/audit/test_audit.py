"""The audit: what is recorded, who may read it, and that it stays as it was."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction

from kontor.accounts.models import User
from kontor.audit.models import Disclosure, Entry
from kontor.audit.services import record, record_disclosure

pytestmark = pytest.mark.django_db
AT = datetime(2018, 11, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def operator() -> User:
    """Runs the site."""
    return User.objects.create_superuser("operator@example.org")


@pytest.fixture
def guest() -> User:
    """Takes part, and is what the deeds are about."""
    return User.objects.create_user("guest@example.org")


def test_a_deed_is_recorded_with_the_public_name_of_its_subject(operator: User, guest: User) -> None:
    entry = record(
        "accounts.block_user", by=operator, subject=guest, at=AT, event="e1", data={"reason": "spam"}
    )
    entry.refresh_from_db()
    assert (entry.actor, entry.action, entry.subject_type) == (
        operator,
        "accounts.block_user",
        "accounts.user",
    )
    assert (entry.subject_id, entry.event, entry.data, entry.at) == (
        guest.public_id,
        "e1",
        {"reason": "spam"},
        AT,
    )
    assert list(Entry.objects.about(guest)) == [entry]
    assert not Entry.objects.about(operator).exists()


def test_the_site_itself_can_be_the_actor(guest: User) -> None:
    assert record("meetings.expire_requests", by=None, subject=guest, at=AT).actor is None


def test_a_disclosure_says_who_got_which_fields_of_how_many(operator: User, guest: User) -> None:
    single = record_disclosure(by=operator, how="shown", fields=["name"], num_people=1, at=AT, subject=guest)
    many = record_disclosure(
        by=operator, how="exported", fields=["name", "email"], num_people=17, at=AT, event="e1"
    )
    many.refresh_from_db()
    assert (many.viewer, many.how, many.fields, many.num_people) == (
        operator,
        "exported",
        ["name", "email"],
        17,
    )
    assert list(Disclosure.objects.about(guest)) == [single]
    with pytest.raises(ValueError, match="'sold'"):
        record_disclosure(by=operator, how="sold", fields=[], num_people=1, at=AT)


def test_only_operators_read_the_audit(operator: User, guest: User) -> None:
    record("accounts.block_user", by=operator, subject=guest, at=AT)
    record_disclosure(by=operator, how="shown", fields=["name"], num_people=1, at=AT)
    for user, num in ((operator, 1), (guest, 0), (AnonymousUser(), 0)):
        assert Entry.objects.visible_to(user).count() == num
        assert Disclosure.objects.visible_to(user).count() == num


def test_the_database_refuses_to_change_what_was_recorded(operator: User, guest: User) -> None:
    record("accounts.block_user", by=operator, subject=guest, at=AT)
    record_disclosure(by=operator, how="shown", fields=["name"], num_people=1, at=AT)
    kept = {
        Entry: {
            "action": "",
            "subject_type": "",
            "subject_id": "",
            "event": "x",
            "data": {},
            "at": datetime.now(UTC),
        },
        Disclosure: {
            "how": "mailed",
            "fields": [],
            "subject_type": "x",
            "subject_id": "x",
            "num_people": 0,
            "event": "x",
            "at": datetime.now(UTC),
        },
    }
    for model, columns in kept.items():
        assert {field.name for field in model._meta.fields} - set(columns) <= {"id", "actor", "viewer"}
        before = model.objects.values().get()
        for column, value in columns.items():
            with pytest.raises(DatabaseError, match="is never changed"), transaction.atomic():
                model.objects.update(**{column: value})
        assert model.objects.values().get() == before


def test_an_erased_user_leaves_the_deed_without_a_name(operator: User, guest: User) -> None:
    record("accounts.block_user", by=operator, subject=guest, at=AT)
    operator.delete()
    assert Entry.objects.values_list("actor", "action").get() == (None, "accounts.block_user")
