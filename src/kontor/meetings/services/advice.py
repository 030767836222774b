"""Before a plan and beside it: look for contradictions, draw the curve of a draft, make one of its points a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.events.models import Event
from kontor.meetings.models import PlanCheck
from kontor.meetings.planner import build_instance, find_conflicts
from kontor.meetings.services.plan import NothingToPlan


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
