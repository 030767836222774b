"""Uploaded lists as rows, whatever they list: stored with a preview, read again in another way, locked, discarded."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.lists import UnreadableFile
from kontor.directory.lists.choices import Choices
from kontor.directory.lists.previews import Built
from kontor.errors import DomainError
from kontor.events.models import Event, ListImport

KEEP_FILES = 50
"""uploads kept per event; the bytes of older ones are dropped"""
Build = Callable[[Event, str, bytes, Choices], Built]
"""reads a file (name and bytes) as chosen and compares it with the event"""


class NotInThisState(DomainError):
    """Somebody else applied, undid or discarded the list."""

    sentence = _("This list has been applied, undone or discarded in the meantime.")


@transaction.atomic
def prepare_list(
    event: Event,
    kind: ListImport.Kind,
    *,
    file_name: str,
    content: bytes,
    build: Build,
    by: User | None,
    at: datetime,
    is_correctable: bool = False,
) -> ListImport:
    """Read a file and store its preview. Raises `UnreadableFile`; nothing is kept then.

    A file whose columns are not understood is stored if it is correctable: its page asks what they mean.
    """
    built = build(event, file_name, content, Choices())
    if built.summary["problem"] and not is_correctable:
        raise UnreadableFile(built.summary["problem"])
    row = ListImport.objects.create(
        event=event,
        kind=kind,
        file_name=file_name[:200],
        content=content,
        choices=Choices().as_json(),
        preview=built.preview,
        summary=built.summary,
        created_by=by,
    )
    record(
        "list_uploaded",
        by=by,
        subject=row,
        at=at,
        event=event.public_id,
        data={"kind": kind.value, "counts": built.preview["counts"]},
    )
    old = (
        event.imports.exclude(state=ListImport.State.PREVIEWED)
        .order_by("-id")
        .values_list("id", flat=True)[KEEP_FILES:]
    )
    ListImport.objects.filter(pk__in=list(old)).update(content=b"")
    return row


@transaction.atomic
def read_again(row: ListImport, choices: Choices, *, build: Build) -> ListImport:
    """Read the file again in another way. Raises NotInThisState, `UnreadableFile`; then the old preview stays."""
    locked = lock_list(row, ListImport.State.PREVIEWED)
    built = build(locked.event, locked.file_name, bytes(locked.content), choices)
    locked.preview, locked.summary, locked.choices = built.preview, built.summary, choices.as_json()
    locked.save(update_fields=("preview", "summary", "choices"))
    return locked


@transaction.atomic
def discard_list(row: ListImport, *, by: User | None, at: datetime) -> None:
    """Forget a preview. Raises NotInThisState."""
    locked = lock_list(row, ListImport.State.PREVIEWED)
    locked.state, locked.content = ListImport.State.DISCARDED, b""
    locked.save(update_fields=("state", "content"))
    record("list_discarded", by=by, subject=locked, at=at, event=locked.event.public_id)


def lock_list(row: ListImport, state: ListImport.State) -> ListImport:
    """The row as it is now, locked until the transaction ends. Raises NotInThisState."""
    locked = ListImport.objects.select_for_update(of=("self",)).select_related("event").get(pk=row.pk)
    if locked.state != state:
        raise NotInThisState
    return locked
