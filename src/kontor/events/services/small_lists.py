"""Lists that are no lists of participants: previewed, applied in one transaction and undone as a whole, like those."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.events.models import Event, ListImport
from kontor.events.services.imports import lock_import

Preview = dict[str, Any]
"""`rows`: entries with row, cells, fate (new, changed, unchanged) and what to write; `refusals`: as the reader gave them;
`faults`: entries with row, value and code"""
Build = Callable[[Event, str, bytes], Preview]
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

    sentence = _(
        "%(count)s entries of this list are part of the published plan by now, so it cannot be undone."
    )


@transaction.atomic
def prepare_list(
    event: Event,
    kind: ListImport.Kind,
    *,
    file_name: str,
    content: bytes,
    build: Build,
    by: User,
    at: datetime,
) -> ListImport:
    """Read a file and store its preview. Raises `UnreadableFile`; nothing is kept then."""
    row = ListImport.objects.create(
        event=event,
        kind=kind,
        file_name=file_name[:200],
        content=content,
        preview=build(event, file_name, content),
        created_by=by,
    )
    record("list_uploaded", by=by, subject=row, at=at, event=event.public_id, data={"kind": kind.value})
    return row


def apply_list(row: ListImport, *, build: Build, write: Write, by: User, at: datetime) -> ListImport:
    """Write what the preview shows, all of it or nothing. Raises NotInThisState, ListOutdated."""
    with transaction.atomic():
        locked = lock_import(row, ListImport.State.PREVIEWED)
        event = Event.objects.select_for_update().get(pk=locked.event_id)
        now = build(event, locked.file_name, bytes(locked.content))
        is_outdated = now["rows"] != locked.preview["rows"]
        if is_outdated:
            locked.preview = now
        else:
            locked.undo = dict(write(locked, by, at))
            locked.state, locked.applied_at = ListImport.State.APPLIED, at
            record("list_applied", by=by, subject=locked, at=at, event=event.public_id)
        locked.save(update_fields=("preview", "undo", "state", "applied_at"))
    if is_outdated:
        raise ListOutdated
    return locked


@transaction.atomic
def undo_list(row: ListImport, *, put_back: PutBack, by: User, at: datetime) -> None:
    """Put everything back as it was before. Raises NotInThisState, InUseByNow."""
    locked = lock_import(row, ListImport.State.APPLIED)
    put_back(locked, by, at)
    locked.state = ListImport.State.UNDONE
    locked.save(update_fields=("state",))
    record("list_undone", by=by, subject=locked, at=at, event=locked.event.public_id)
