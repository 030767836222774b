"""What news does by the clock."""

from kontor.figures.models import Claim
from kontor.jobs.clock import now
from kontor.jobs.context import JobContext
from kontor.jobs.registry import periodic, task
from kontor.news import services


@periodic(every_s=60)
@task("news.release")
def release(context: JobContext) -> None:  # noqa: ARG001 -- every task takes it
    """End embargoes whose hour has come."""
    services.release_due(now())


@task("news.tell_authors")
def tell_authors(context: JobContext, *, claim: str) -> None:  # noqa: ARG001 -- every task takes it
    """Write to the authors of texts that quote a claim which no longer stands."""
    services.tell_authors(Claim.objects.with_standing().get(public_id=claim))
