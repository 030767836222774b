"""Recording deeds and disclosures, in the transaction of the deed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from kontor.audit.models import Disclosure, Entry, key_of


def record(
    action: str,
    *,
    by: AbstractBaseUser | None,
    subject: models.Model,
    at: datetime,
    event: str = "",
    data: Mapping[str, object] | None = None,
) -> Entry:
    """Write down that `by` (None: the site itself) did something to a saved thing."""
    subject_type, subject_id = key_of(subject)
    return Entry.objects.create(
        action=action,
        actor_id=by.pk if by else None,
        subject_type=subject_type,
        subject_id=subject_id,
        event=event,
        data=dict(data or {}),
        at=at,
    )


def record_disclosure(
    *,
    by: AbstractBaseUser | None,
    how: str,
    fields: Sequence[str],
    num_people: int,
    at: datetime,
    subject: models.Model | None = None,
    event: str = "",
) -> Disclosure:
    """Write down that personal data were shown or handed out; `subject` is the person or the list, if there is one."""
    subject_type, subject_id = key_of(subject) if subject is not None else ("", "")
    return Disclosure.objects.create(
        viewer_id=by.pk if by else None,
        how=Disclosure.How(how),
        fields=list(fields),
        num_people=num_people,
        subject_type=subject_type,
        subject_id=subject_id,
        event=event,
        at=at,
    )
