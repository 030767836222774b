"""Jobs of matching: lists for everybody, and after an edited profile."""

from kontor.events.models import Event
from kontor.jobs.context import JobContext
from kontor.jobs.registry import task
from kontor.matching import services


@task("matching.match_event", is_long=True)
def match_event(context: JobContext, *, event: str) -> None:
    """Compute the lists of a whole event."""
    services.match_everybody(Event.objects.get(public_id=event), context=context)


@task("matching.refresh")
def refresh(context: JobContext, *, event: str, participations: list[str]) -> None:
    """Follow changed profiles."""
    services.refresh_matches(Event.objects.get(public_id=event), participations, context=context)
