"""Import a list of participants: read completely, stored as a preview, applied in one transaction, undone as a whole."""

from dataclasses import replace
from datetime import datetime

from kontor.accounts.models import User
from kontor.directory.lists.choices import Choices
from kontor.events.models import Event, ListImport
from kontor.events.services.imports.applying import PreviewOutdated, apply_import
from kontor.events.services.imports.preview import build_preview
from kontor.events.services.imports.undoing import CannotUndo, undo_import
from kontor.events.services.stored_lists import NotInThisState, prepare_list, read_again

__all__ = [
    "CannotUndo",
    "NotInThisState",
    "PreviewOutdated",
    "accept_proposal",
    "apply_import",
    "build_preview",
    "prepare_import",
    "undo_import",
]


def prepare_import(
    event: Event,
    *,
    file_name: str,
    content: bytes,
    by: User | None,
    at: datetime,
    is_correctable: bool = False,
) -> ListImport:
    """Read a file and store its preview. Raises `UnreadableFile` for a file that is no list; nothing is kept then."""
    return prepare_list(
        event,
        ListImport.Kind.PARTICIPANTS,
        file_name=file_name,
        content=content,
        build=build_preview,
        by=by,
        at=at,
        is_correctable=is_correctable,
    )


def accept_proposal(row: ListImport, *, row_number: int, field: str, value: str) -> ListImport:
    """Correct one cell as proposed and read the file again. Raises NotInThisState."""
    choices = Choices.from_json(row.choices)
    kept = tuple(entry for entry in choices.corrections if entry[:2] != (row_number, field))
    corrected = replace(choices, corrections=(*kept, (row_number, field, value)))
    return read_again(row, corrected, build=build_preview)
