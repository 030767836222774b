"""How far the sample event is, as the home page of a demonstration shows it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kontor.events.models import Event
from kontor.jobs.models import Job
from kontor.ui.formatting import format_number

JOB_NAME = "demo.build"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoState:
    """The sample event while it is being built."""

    stage: str
    """the step that is at work: people, matches, requests, plan, done"""
    figures: dict[str, int]
    is_complete: bool
    has_failed: bool


def read_demo_state() -> DemoState:
    """One statement or two; before the job is queued, the first step waits."""
    job = Job.objects.filter(name=JOB_NAME).order_by("-id").only("state", "progress").first()
    if job is None:
        done = Event.objects.filter(is_sample=True).exists()
        return DemoState(stage="done" if done else "waiting", figures={}, is_complete=done, has_failed=False)
    figures = {name: value for name, value in job.progress.items() if isinstance(value, int)}
    return DemoState(
        stage=str(job.progress.get("stage", "waiting")),
        figures=figures,
        is_complete=job.state == Job.State.SUCCEEDED and job.progress.get("stage") == "done",
        has_failed=job.state == Job.State.FAILED,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStep:
    """A step of building the sample event."""

    label: str
    figures: str
    is_done: bool
    is_now: bool


def demo_steps(state: DemoState) -> list[DemoStep]:
    """The steps in order, with the figures that are known."""
    figures = state.figures
    steps = [
        ("people", _("People, organisations and their offers and wishes"), figures.get("people")),
        ("matches", _("Matches with reasons"), figures.get("pairs")),
        ("requests", _("Requests and answers"), figures.get("requests")),
        ("plan", _("Meeting plan"), figures.get("placed")),
    ]
    names = [name for name, _label, _figure in steps]
    position = (
        names.index(state.stage) if state.stage in names else len(names) if state.stage == "done" else -1
    )
    return [
        DemoStep(
            label=label,
            figures=format_number(figure) if figure is not None else "",
            is_done=index < position,
            is_now=index == position,
        )
        for index, (_name, label, figure) in enumerate(steps)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSignIn:
    """A button that signs in as a sample person."""

    role: str
    label: str


def demo_sign_ins(roles: Collection[str]) -> list[DemoSignIn]:
    """One button for each of these roles."""
    labels = {
        "participant": _("Participant from Germany"),
        "participant_zh": _("Participant from China"),
        "interpreter": _("Interpreter"),
        "organiser": _("Organiser"),
        "editor": _("Editor of an organisation"),
        "staff": _("Staff of a cluster"),
        "operator": _("Operator"),
    }
    return [DemoSignIn(role=role, label=label) for role, label in labels.items() if role in roles]
