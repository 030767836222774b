"""The job that builds the index anew."""

from kontor.jobs.context import JobContext
from kontor.jobs.registry import task
from kontor.search import services
from kontor.search.registry import kinds


@task("search.rebuild", is_long=True)
def rebuild(context: JobContext) -> None:
    """All kinds, one after the other; people go on searching what is there."""
    for name in kinds():
        number = services.rebuild(name)
        context.progress(**{name: number})
