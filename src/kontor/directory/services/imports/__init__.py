"""Import a list of organisations and memberships: previewed, applied in one transaction, undone as a whole."""

from dataclasses import replace
from datetime import datetime

from kontor.accounts.models import User
from kontor.directory.lists.choices import Choices
from kontor.directory.models import Cluster, OrganisationList
from kontor.directory.services import stored_lists
from kontor.directory.services.imports.applying import write_organisations
from kontor.directory.services.imports.preview import build_preview
from kontor.directory.services.imports.undoing import UsedSince, put_organisations_back

__all__ = [
    "UsedSince",
    "accept_proposal",
    "apply_import",
    "build_preview",
    "prepare_import",
    "read_again",
    "undo_import",
]


def prepare_import(
    *,
    file_name: str,
    content: bytes,
    cluster: Cluster | None = None,
    by: User | None,
    at: datetime,
    is_correctable: bool = False,
) -> OrganisationList:
    """Read a file and store its preview; `cluster` says whose members all of them are. Raises `UnreadableFile`.

    What may be written depends on the user; without one, as on the command line, everything.
    """
    row = OrganisationList(file_name=file_name[:200], content=content, cluster=cluster, created_by=by)
    return stored_lists.store_list(row, build=build_preview, at=at, is_correctable=is_correctable)


def read_again(row: OrganisationList, choices: Choices) -> OrganisationList:
    """Read the file in another way. Raises ListNotInThisState, `UnreadableFile`; then the old preview stays."""
    return stored_lists.read_again(row, choices, build=build_preview)


def accept_proposal(row: OrganisationList, *, row_number: int, field: str, value: str) -> OrganisationList:
    """Correct one cell as proposed and read the file again. Raises ListNotInThisState."""
    choices = Choices.from_json(row.choices)
    kept = tuple(entry for entry in choices.corrections if entry[:2] != (row_number, field))
    return read_again(row, replace(choices, corrections=(*kept, (row_number, field, value))))


def apply_import(row: OrganisationList, *, by: User | None, at: datetime) -> OrganisationList:
    """Write what the preview shows, all or nothing. Raises ListNotInThisState, DirectoryChangedMeanwhile."""
    return stored_lists.apply_list(row, build=build_preview, write=write_organisations, by=by, at=at)


def undo_import(row: OrganisationList, *, by: User | None, at: datetime) -> None:
    """Put everything back as it was before. Raises ListNotInThisState, UsedSince."""
    stored_lists.undo_list(row, put_back=put_organisations_back, by=by, at=at)
