"""The job that builds the sample event."""

from kontor.demo import services
from kontor.jobs.context import JobContext
from kontor.jobs.registry import task


@task("demo.build", is_long=True)
def build(context: JobContext, *, seed: int, scale: float) -> None:
    """Build, or go on after a kill."""
    services.build(seed=seed, scale=scale, context=context)
