"""How far the sample event is, as the home page of a demonstration shows it."""

from dataclasses import dataclass

from kontor.events.models import Event
from kontor.jobs.models import Job

JOB_NAME = "demo.build"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoState:
    """The sample event while it is being built."""

    stage: str
    """the step that is at work: people, matches, requests, plan, done"""
    figures: dict[str, int]
    is_complete: bool
    has_failed: bool


def read_demo_state() -> DemoState | None:
    """One statement or two; None where no sample event was asked for."""
    job = Job.objects.filter(name=JOB_NAME).order_by("-id").only("state", "progress").first()
    if job is None:
        done = Event.objects.filter(is_sample=True).exists()
        return DemoState(stage="done", figures={}, is_complete=True, has_failed=False) if done else None
    figures = {name: value for name, value in job.progress.items() if isinstance(value, int)}
    return DemoState(
        stage=str(job.progress.get("stage", "waiting")),
        figures=figures,
        is_complete=job.state == Job.State.SUCCEEDED,
        has_failed=job.state == Job.State.FAILED,
    )
