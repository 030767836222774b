"""The job that builds the sample event."""

from kontor.demo import services
from kontor.jobs.context import JobContext
from kontor.jobs.registry import task


@task("demo.build", is_long=True)
def build(context: JobContext, *, seed: int, scale: float, is_planned: bool) -> None:
    """Build, or go on after a kill; without the plan as long as the search is being compiled."""
    services.build(seed=seed, scale=scale, is_planned=is_planned, context=context)
