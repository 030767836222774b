"""Before a plan and beside it: look for contradictions, draw the curve of a draft, make one of its points a draft."""

import itertools
import operator
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.events.models import Event
from kontor.jobs import clock
from kontor.jobs.context import JobContext
from kontor.jobs.services import enqueue
from kontor.meetings.models import CurvePoint, PlanCheck, PlanRun
from kontor.meetings.planner import build_instance, draw_curve, edited_plan, find_conflicts
from kontor.meetings.services.drafts import store_draft
from kontor.meetings.services.plan import NothingToPlan, save_new_run, settle_runs

CURVE_S = 5
"""time for the searches of a curve"""


class NoSuchPoint(DomainError):
    """The curve has no such point, or it was drawn anew."""

    sentence = _("This point is no longer on the curve. Please choose one of those shown.")


@transaction.atomic
def check_event(event: Event, *, by: User, at: datetime) -> PlanCheck:
    """Find what cannot all be placed, whatever the plan, and keep it to be looked at. Raises NothingToPlan."""
    if not event.slots.exists() or not event.meetings.agreed().exists():
        raise NothingToPlan
    check = keep_conflicts(event, build_instance(event, at=at), at=at)
    record(
        "plan_checked",
        by=by,
        subject=event,
        at=at,
        event=event.public_id,
        data={"conflicts": len(check.conflicts)},
    )
    return check


def keep_conflicts(event: Event, instance: Mapping[str, Any], *, at: datetime) -> PlanCheck:
    """The contradictions of an instance, in place of those found before."""
    found = {"conflicts": find_conflicts(instance), "checked_at": at}
    return PlanCheck.objects.update_or_create(event=event, defaults=found)[0]


# The curve of a repair


def ask_for_curve(run: PlanRun) -> None:
    """Draw the curve of a repair in the background, unless that is going on; what was drawn stays until then."""
    enqueue("meetings.draw_curve", arguments={"run": run.public_id}, unique_key=f"curve:{run.public_id}")


def keep_curve(run: PlanRun, *, context: JobContext) -> None:
    """The job: what further changes of the published plan would buy. Safe to run twice: the newer curve stays."""
    points = _told_apart(draw_curve(run.instance, seconds=CURVE_S, seed=run.seed))
    with context.finishing(points=len(points)):
        CurvePoint.objects.filter(run=run).delete()
        CurvePoint.objects.bulk_create(
            CurvePoint(run=run, position=position, **point) for position, point in enumerate(points)
        )


def _told_apart(points: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Points with figures of their own: more changes often lead to a plan that is no better, or to the same."""
    figures = operator.itemgetter("placed", "gaps", "changes", "max_gaps")
    return [next(alike) for _figures, alike in itertools.groupby(points, key=figures)]


@transaction.atomic
def take_point(run: PlanRun, position: int, *, by: User, at: datetime) -> PlanRun:
    """Make the plan of a point a draft of its own, by a job. Raises NoSuchPoint, RunInProgress."""
    Event.objects.select_for_update().get(pk=run.event_id)
    settle_runs(run.event, at=at)
    if not CurvePoint.objects.filter(run=run, position=position).exists():
        raise NoSuchPoint
    taken = PlanRun(
        event=run.event,
        seconds=0,
        seed=run.seed,
        continues=run,
        is_repair=True,
        started_by=by,
        created_at=at,
    )
    save_new_run(taken)
    taken.job = enqueue("meetings.take_point", arguments={"run": taken.public_id, "position": position})
    taken.save(update_fields=("job",))
    record(
        "curve_point_taken",
        by=by,
        subject=taken,
        at=at,
        event=run.event.public_id,
        data={"draft": run.number, "position": position},
    )
    return taken


def keep_point(run: PlanRun, position: int, *, context: JobContext) -> None:
    """The job: the draft of a point, checked again before it is stored. Safe to run twice."""
    source = run.continues
    if run.plan or source is None:
        return
    places = CurvePoint.objects.get(run=source, position=position).places
    plan = edited_plan(source.instance, source.plan, places)
    with context.finishing(placed=plan["measures"]["placed"], gaps=plan["measures"]["gaps"]):
        run.instance, run.state, run.finished_at = source.instance, PlanRun.State.FINISHED, clock.now()
        store_draft(run, plan, fields=("instance", "state", "finished_at"))
