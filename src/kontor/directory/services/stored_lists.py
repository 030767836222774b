"""Uploaded lists as rows: stored with a preview, read again in another way, applied whole, undone whole, discarded.

A page hands a list over to a worker, for thousands of rows take minutes; what is at work is neither read again nor discarded.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.lists import UnreadableFile
from kontor.directory.lists.choices import Choices
from kontor.directory.lists.previews import Built
from kontor.directory.models import OrganisationList
from kontor.errors import DomainError
from kontor.jobs.services import enqueue

KEEP_FILES = 50
"""uploads kept; the bytes of older ones are dropped"""
Build = Callable[[OrganisationList, Choices], Built]
"""reads the file of a list as chosen and compares it with what is known"""
Write = Callable[[OrganisationList, User | None, datetime], Mapping[str, Any]]
"""writes what `row.preview` says and returns what is needed to put it back"""
PutBack = Callable[[OrganisationList], None]
State = OrganisationList.State


class ListNotInThisState(DomainError):
    """Somebody else applied, undid or discarded the list."""

    sentence = _("This list has been applied, undone or discarded in the meantime.")


class DirectoryChangedMeanwhile(DomainError):
    """What the list is about changed after the preview was made."""

    sentence = _(
        "The directory has changed since this preview was made. It has been made anew; please look at it again."
    )


@transaction.atomic
def store_list(
    row: OrganisationList, *, build: Build, at: datetime, is_correctable: bool = False
) -> OrganisationList:
    """Read the file of a new list and store its preview. Raises `UnreadableFile`; nothing is kept then.

    A file whose columns are not understood is stored if it is correctable: its page asks what they mean.
    """
    built = build(row, Choices())
    if built.summary["problem"] and not is_correctable:
        raise UnreadableFile(built.summary["problem"])
    row.choices, row.preview, row.summary = Choices().as_json(), built.preview, built.summary
    row.save()
    record("list_uploaded", by=row.created_by, subject=row, at=at, data={"counts": built.preview["counts"]})
    closed = OrganisationList.objects.exclude(state=State.PREVIEWED).order_by("-id")
    old = list(closed.values_list("id", flat=True)[KEEP_FILES:])
    OrganisationList.objects.filter(pk__in=old).update(content=b"")
    return row


@transaction.atomic
def read_again(row: OrganisationList, choices: Choices, *, build: Build) -> OrganisationList:
    """Read the file again in another way. Raises ListNotInThisState, `UnreadableFile`; then the old preview stays."""
    locked = _lock_at_rest(row)
    built = build(locked, choices)
    locked.preview, locked.summary, locked.choices = built.preview, built.summary, choices.as_json()
    locked.job = None
    locked.save(update_fields=("preview", "summary", "choices", "job"))
    return locked


@transaction.atomic
def discard_list(row: OrganisationList, *, by: User | None, at: datetime) -> None:
    """Forget a preview. Raises ListNotInThisState."""
    locked = _lock_at_rest(row)
    locked.state, locked.content = State.DISCARDED, b""
    locked.save(update_fields=("state", "content"))
    record("list_discarded", by=by, subject=locked, at=at)


@transaction.atomic
def hand_over(row: OrganisationList, *, state: OrganisationList.State, by: User, language: str) -> None:
    """Have a worker apply a list that is a preview, or undo one that is applied; pressed twice, it is done once.

    `language` is that of a refusal. Raises ListNotInThisState.
    """
    locked = _lock(row, state)
    arguments = {"organisation_list": locked.public_id, "by": by.public_id, "language": language}
    key = f"organisation-list:{locked.public_id}"
    if state == State.PREVIEWED:
        locked.job = enqueue("directory.apply_list", arguments=arguments, unique_key=key)
    else:
        locked.job = enqueue("directory.undo_list", arguments=arguments, unique_key=key)
    locked.save(update_fields=("job",))


def apply_list(
    row: OrganisationList, *, build: Build, write: Write, by: User | None, at: datetime
) -> OrganisationList:
    """Write what the preview shows, all of it or nothing. Raises ListNotInThisState, DirectoryChangedMeanwhile."""
    with transaction.atomic():
        locked = _lock(row, State.PREVIEWED)
        present = build(locked, Choices.from_json(locked.choices))
        is_outdated = _written(present.preview["rows"]) != _written(locked.preview["rows"])
        if is_outdated:
            locked.preview, locked.summary = present.preview, present.summary
        else:
            locked.undo = dict(write(locked, by, at))
            locked.state, locked.applied_at = State.APPLIED, at
            record("list_applied", by=by, subject=locked, at=at, data={"counts": locked.preview["counts"]})
        locked.save(update_fields=("preview", "summary", "undo", "state", "applied_at"))
    if is_outdated:
        raise DirectoryChangedMeanwhile
    return locked


@transaction.atomic
def undo_list(row: OrganisationList, *, put_back: PutBack, by: User | None, at: datetime) -> None:
    """Put everything back as it was before. Raises ListNotInThisState and what `put_back` refuses."""
    locked = _lock(row, State.APPLIED)
    put_back(locked)
    locked.state = State.UNDONE
    locked.save(update_fields=("state",))
    record("list_undone", by=by, subject=locked, at=at)


def _lock_at_rest(row: OrganisationList) -> OrganisationList:
    """A preview that no worker has in hand."""
    locked = _lock(row, State.PREVIEWED)
    if locked.is_at_work:
        raise ListNotInThisState
    return locked


def _lock(row: OrganisationList, state: OrganisationList.State) -> OrganisationList:
    """The row as it is now, locked until the transaction ends."""
    locked = (
        OrganisationList.objects.select_for_update(of=("self",))
        .select_related("cluster", "created_by", "job")
        .get(pk=row.pk)
    )
    if locked.state != state:
        raise ListNotInThisState
    return locked


def _written(rows: object) -> str:
    """As the database holds it: without a difference between tuples and lists, whatever the order of keys."""
    return json.dumps(rows, sort_keys=True)
