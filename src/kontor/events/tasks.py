"""Jobs of events: search follows a whole list of participants."""

from kontor.events.models import Event
from kontor.events.services import people
from kontor.jobs.context import JobContext
from kontor.jobs.registry import task


@task("events.index_profiles", is_long=True)
def index_profiles(context: JobContext, *, event: str) -> None:  # noqa: ARG001 -- every task has this shape
    """Index everybody who takes part; safe to run twice."""
    people.index_profiles(Event.objects.get(public_id=event))
