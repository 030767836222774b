"""Jobs of meetings: plan, publish mails, expire requests, follow cancellations."""

from kontor.events.models import Participation
from kontor.jobs import clock
from kontor.jobs.context import JobContext
from kontor.jobs.registry import periodic, task
from kontor.meetings.models import PlanRun
from kontor.meetings.services import agreements, plan, requests


@task("meetings.plan_event", is_long=True)
def plan_event(context: JobContext, *, run: str) -> None:
    """Search a plan for one run."""
    plan.search_plan(PlanRun.objects.select_related("event").get(public_id=run), context=context)


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
