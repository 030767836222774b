"""Jobs of the directory: drafts of translations, which may take minutes."""

from collections.abc import Sequence

from kontor.directory.models import Organisation
from kontor.directory.services.translations import draft_translation
from kontor.jobs.clock import now
from kontor.jobs.context import JobContext
from kontor.jobs.registry import task


@task("directory.draft_translations", is_long=True)
def draft_translations(context: JobContext, *, texts: Sequence[Sequence[str]]) -> None:
    """One text after the other; after a failure the next attempt goes on with those that have no draft yet."""
    drafted = 0
    for public_id, language in texts:
        organisation = Organisation.objects.filter(public_id=public_id).first()
        if organisation is not None:
            drafted += draft_translation(organisation, language=language, at=now())
        context.progress(drafted=drafted)
