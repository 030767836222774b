"""What the planning engine told organisers besides a plan: contradictions, the curve of a draft, offers after a no-show."""

from typing import ClassVar

from django.db import models

from kontor.events.models import Event, Slot
from kontor.meetings.models.plan import PlanRun


class PlanCheck(models.Model):
    """What of an event cannot all be placed, whatever the plan; as it was when somebody last asked, or last planned."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="plan_check")
    conflicts = models.JSONField(default=list)
    """smallest sets of facts that contradict each other: rule, facts, meetings, num_meetings, excess"""
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"check of {self.event_id}"


class CurvePoint(models.Model):
    """A checked plan for one number of changes to what people know: a point of the curve of a draft."""

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="curve_points")
    position = models.PositiveSmallIntegerField()
    """from the fewest changes to the most"""
    placed = models.PositiveIntegerField()
    gaps = models.PositiveIntegerField()
    max_gaps = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    places = models.JSONField(default=dict)
    """meeting → place, as in a plan file; pages do not read it"""

    class Meta:
        ordering: ClassVar = ["run", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "position"], name="a_point_is_once_on_its_curve"),
        ]

    def __str__(self) -> str:
        return f"point {self.position} of {self.run_id}"


class Recovery(models.Model):
    """Who is stranded in one slot after a no-show, and what they could do instead; one row per event."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="recovery")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+")
    people = models.JSONField(default=list)
    """public ids of those who are stranded"""
    offers = models.JSONField(default=list)
    """people, meeting (none: an introduction), pair, place, and whether all such offers can be taken together"""
    found_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "recoveries"

    def __str__(self) -> str:
        return f"offers at {self.event_id}"
