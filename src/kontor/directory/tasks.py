"""Jobs of the directory: drafts of translations and whole lists of organisations, which may take minutes."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from django.utils import translation

from kontor.accounts.models import User
from kontor.directory.models import Cluster, Organisation, OrganisationList
from kontor.directory.services import imports
from kontor.directory.services.stored_lists import ListNotInThisState
from kontor.directory.services.translations import draft_translation
from kontor.errors import DomainError
from kontor.jobs.clock import now
from kontor.jobs.context import JobContext
from kontor.jobs.registry import task


@task("directory.draft_translations", is_long=True)
def draft_translations(context: JobContext, *, texts: Sequence[Sequence[str]]) -> None:
    """One text after the other; after a failure the next attempt goes on with those that have no draft yet."""
    drafted = 0
    for public_id, language in texts:
        one = (
            Organisation.objects.filter(public_id=public_id).first()
            or Cluster.objects.filter(public_id=public_id).first()
        )
        if one is not None:
            drafted += draft_translation(one, language=language, at=now())
        context.progress(drafted=drafted)


@task("directory.apply_list", is_long=True)
def apply_list(context: JobContext, *, organisation_list: str, by: str, language: str) -> None:
    """Write all of a list, then let the search follow; an attempt after a kill goes on with the search."""
    _work(context, imports.write_import, organisation_list, by=by, language=language)


@task("directory.undo_list", is_long=True)
def undo_list(context: JobContext, *, organisation_list: str, by: str, language: str) -> None:
    """Put all of a list back, then let the search follow."""
    _work(context, imports.put_import_back, organisation_list, by=by, language=language)


def _work(
    context: JobContext, write: Callable[..., None], organisation_list: str, *, by: str, language: str
) -> None:
    """A refusal is the answer to whoever pressed, in their language, and no failure of the job."""
    row = OrganisationList.objects.get(public_id=organisation_list)
    with translation.override(language):
        try:
            with suppress(ListNotInThisState):  # an earlier attempt wrote it
                write(row, by=User.objects.filter(public_id=by).first(), at=now())
        except DomainError as refusal:
            context.progress(refused=str(refusal))
            return
    imports.let_search_follow(row, report=context.progress)
