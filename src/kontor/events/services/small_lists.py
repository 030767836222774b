"""Lists that are no lists of participants: applied in one transaction and undone as a whole, like those."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.lists.choices import Choices
from kontor.errors import DomainError
from kontor.events.models import Event, ListImport
from kontor.events.services.stored_lists import Build, lock_list, prepare_list

__all__ = ["InUseByNow", "ListOutdated", "apply_list", "prepare_list", "undo_list"]

Write = Callable[[ListImport, User | None, datetime], Mapping[str, Any]]
"""writes what `row.preview` says and returns what `PutBack` needs"""
PutBack = Callable[[ListImport, User | None, datetime], None]


class ListOutdated(DomainError):
    """What the list is about changed after the preview was made."""

    sentence = _(
        "The event has changed since this preview was made. It has been made anew; please look at it again."
    )


class InUseByNow(DomainError):
    """Published meetings stand on what the list brought."""

    sentence = ngettext_lazy(
        "One entry of this list is part of the published plan by now, so it cannot be undone.",
        "%(count)s entries of this list are part of the published plan by now, so it cannot be undone.",
        "count",
    )


def apply_list(row: ListImport, *, build: Build, write: Write, by: User, at: datetime) -> ListImport:
    """Write what the preview shows, all of it or nothing. Raises NotInThisState, ListOutdated."""
    with transaction.atomic():
        locked = lock_list(row, ListImport.State.PREVIEWED)
        event = Event.objects.select_for_update().get(pk=locked.event_id)
        now = build(event, locked.file_name, bytes(locked.content), Choices.from_json(locked.choices))
        is_outdated = _written(now.preview["rows"]) != _written(locked.preview["rows"])
        if is_outdated:
            locked.preview, locked.summary = now.preview, now.summary
        else:
            locked.undo = dict(write(locked, by, at))
            locked.state, locked.applied_at = ListImport.State.APPLIED, at
            record("list_applied", by=by, subject=locked, at=at, event=event.public_id)
        locked.save(update_fields=("preview", "summary", "undo", "state", "applied_at"))
    if is_outdated:
        raise ListOutdated
    return locked


def _written(rows: Any) -> str:
    """As the database holds it: without a difference between tuples and lists, whatever the order of keys."""
    return json.dumps(rows, sort_keys=True)


@transaction.atomic
def undo_list(row: ListImport, *, put_back: PutBack, by: User, at: datetime) -> None:
    """Put everything back as it was before. Raises NotInThisState, InUseByNow."""
    locked = lock_list(row, ListImport.State.APPLIED)
    put_back(locked, by, at)
    locked.state = ListImport.State.UNDONE
    locked.save(update_fields=("state",))
    record("list_undone", by=by, subject=locked, at=at, event=locked.event.public_id)
