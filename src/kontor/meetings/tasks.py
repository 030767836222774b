"""Jobs of meetings: plan, publish mails, expire requests, follow cancellations."""

from kontor.events.models import Participation
from kontor.jobs import clock
from kontor.jobs.context import JobContext
from kontor.jobs.registry import periodic, task
from kontor.meetings.models import PlanRun
from kontor.meetings.services import advice, agreements, plan, requests


@task("meetings.plan_event", is_long=True)
def plan_event(context: JobContext, *, run: str) -> None:
    """Search a plan for one run."""
    plan.search_plan(PlanRun.objects.select_related("event").get(public_id=run), context=context)


@task("meetings.draw_curve", is_long=True)
def draw_curve(context: JobContext, *, run: str) -> None:
    """Say what further changes would buy."""
    advice.keep_curve(PlanRun.objects.get(public_id=run), context=context)


@task("meetings.take_point", is_long=True)
def take_point(context: JobContext, *, run: str, position: int) -> None:
    """Make a point of a curve a draft."""
    advice.keep_point(
        PlanRun.objects.select_related("event", "continues").get(public_id=run), position, context=context
    )


@periodic(every_s=30)
@task("meetings.expire_requests")
def expire_requests(context: JobContext) -> None:  # noqa: ARG001 -- every task gets its context
    """Close requests whose time has come."""
    requests.expire_requests(at=clock.now())


@task("meetings.after_cancellation")
def after_cancellation(context: JobContext, *, participation: str) -> None:  # noqa: ARG001 -- every task gets its context
    """Call off the meetings of somebody who cancelled."""
    row = Participation.objects.select_related("person__user", "event").get(public_id=participation)
    agreements.cancel_meetings_of(row, at=clock.now())
