"""Keep a draft: the plan file, its figures, and the rows that pages read, always together."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kontor.events.models import Hall, Interpreter, Slot, Table
from kontor.meetings.models import DraftMeeting, Meeting, PlanRun
from kontor.meetings.queries.board import measure_quality


def store_draft(run: PlanRun, plan: Mapping[str, Any], *, fields: tuple[str, ...] = ()) -> None:
    """Write a checked plan of the run's instance, with other changed fields of the run. The caller holds the transaction.

    What lost its meeting, slot, hall or table since the instance was made is in the file only.
    """
    run.plan = dict(plan)
    run.quality = asdict(measure_quality(run.instance, plan))
    run.save(update_fields=("plan", "quality", *fields))
    event = run.event_id
    slots = dict(Slot.objects.filter(event=event).values_list("position", "pk"))
    halls = dict(Hall.objects.filter(event=event).values_list("public_id", "pk"))
    tables: dict[tuple[int | None, int], int] = {
        (hall, number): pk
        for hall, number, pk in Table.objects.filter(hall__event=event).values_list("hall", "number", "pk")
    }
    interpreters = dict(Interpreter.objects.filter(event=event).values_list("public_id", "pk"))
    meetings = dict(Meeting.objects.filter(event=event).values_list("public_id", "pk"))
    rows = []
    for public_id, place in plan["meetings"].items():
        if public_id not in meetings:
            continue
        row = DraftMeeting(run=run, meeting_id=meetings[public_id])
        if place is not None:
            row.slot_id = slots.get(place["slot"])
            row.hall_id = halls.get(place["hall"])
            row.table_id = tables.get((row.hall_id, place["table"]))
            row.interpreter_id = interpreters.get(place["interpreter"])
            if None in (row.slot_id, row.hall_id) or (row.table_id is None) != (place["table"] is None):
                continue
        elif entry := plan["unplaced"].get(public_id):
            row.reason = {key: entry.get(key) for key in ("rule", "causes", "remedy")}
            row.num_helped = entry.get("places", 0)
        rows.append(row)
    DraftMeeting.objects.filter(run=run).delete()
    DraftMeeting.objects.bulk_create(rows)
