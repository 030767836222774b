"""Import a list of organisations and memberships: previewed, applied in one transaction, undone as a whole.

The search follows in small steps after the transaction: it takes most of the time, and nobody should wait to write for it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from kontor.accounts.models import User
from kontor.directory.lists.choices import Choices
from kontor.directory.models import Cluster, Organisation, OrganisationList
from kontor.directory.services import stored_lists
from kontor.directory.services.imports.applying import write_organisations
from kontor.directory.services.imports.preview import build_preview
from kontor.directory.services.imports.undoing import UsedSince, put_organisations_back
from kontor.directory.services.refreshing import refresh_organisations

__all__ = [
    "UsedSince",
    "accept_proposal",
    "apply_import",
    "build_preview",
    "hand_over_apply",
    "hand_over_undo",
    "let_search_follow",
    "prepare_import",
    "put_import_back",
    "read_again",
    "undo_import",
    "write_import",
]
STEP = 100
"""organisations whose sort keys and search are written in one transaction"""
State = OrganisationList.State


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


def hand_over_apply(row: OrganisationList, *, by: User, language: str) -> None:
    """Have a worker apply the list. Raises ListNotInThisState."""
    stored_lists.hand_over(row, state=State.PREVIEWED, by=by, language=language)


def hand_over_undo(row: OrganisationList, *, by: User, language: str) -> None:
    """Have a worker undo the list. Raises ListNotInThisState."""
    stored_lists.hand_over(row, state=State.APPLIED, by=by, language=language)


def apply_import(row: OrganisationList, *, by: User | None, at: datetime) -> None:
    """Apply a list from beginning to end. Raises ListNotInThisState, DirectoryChangedMeanwhile."""
    write_import(row, by=by, at=at)
    let_search_follow(row)


def write_import(row: OrganisationList, *, by: User | None, at: datetime) -> None:
    """Write what the preview shows, all or nothing. Raises ListNotInThisState, DirectoryChangedMeanwhile."""
    stored_lists.apply_list(row, build=build_preview, write=write_organisations, by=by, at=at)


def undo_import(row: OrganisationList, *, by: User | None, at: datetime) -> None:
    """Undo a list from beginning to end. Raises ListNotInThisState, UsedSince."""
    put_import_back(row, by=by, at=at)
    let_search_follow(row)


def put_import_back(row: OrganisationList, *, by: User | None, at: datetime) -> None:
    """Put everything back as it was before, all or nothing. Raises ListNotInThisState, UsedSince."""
    stored_lists.undo_list(row, put_back=put_organisations_back, by=by, at=at)


def let_search_follow(row: OrganisationList, *, report: Callable[..., None] | None = None) -> None:
    """Bring the organisations of a list that was applied or undone into the search; `report` hears how far it is."""
    row.refresh_from_db(fields=("state", "undo"))
    there = [*row.undo["changed"], *(row.undo["new"] if row.state == State.APPLIED else ())]
    for start in range(0, len(there), STEP):
        if report is not None:
            report(in_search=start, organisations=len(there))
        step = Organisation.objects.filter(public_id__in=there[start : start + STEP])
        refresh_organisations(step.values_list("pk", flat=True))
