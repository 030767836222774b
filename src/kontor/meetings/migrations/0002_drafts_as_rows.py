"""Rows for what pages read of a draft, filled from the files of the drafts that are there; who called a meeting off, and why."""

from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As `kontor.meetings.services.drafts` does it for new drafts."""
    draft_meeting = apps.get_model("meetings", "DraftMeeting")
    meeting = apps.get_model("meetings", "Meeting")
    for run in apps.get_model("meetings", "PlanRun").objects.exclude(plan={}).select_related("event"):
        plan, instance, event = run.plan, run.instance, run.event
        slots = dict(event.slots.values_list("position", "pk"))
        halls = dict(event.halls.values_list("public_id", "pk"))
        tables = {
            (hall, number): pk
            for hall in halls.values()
            for number, pk in apps.get_model("events", "Table").objects.filter(hall=hall).values_list("number", "pk")
        }
        interpreters = dict(event.interpreters.values_list("public_id", "pk"))
        rows = []
        for public_id, pk in meeting.objects.filter(event=event).values_list("public_id", "pk"):
            if public_id not in plan["meetings"]:
                continue
            place = plan["meetings"][public_id]
            row = draft_meeting(run=run, meeting_id=pk)
            if place is None:
                entry = plan["unplaced"].get(public_id, {})
                row.reason = {key: entry.get(key) for key in ("rule", "causes", "remedy")}
                row.num_helped = entry.get("places", 0)
            elif place["slot"] not in slots or place["hall"] not in halls:
                continue  # removed since
            else:
                row.slot_id, row.hall_id = slots[place["slot"]], halls[place["hall"]]
                row.table_id = tables.get((row.hall_id, place["table"]))
                row.interpreter_id = interpreters.get(place["interpreter"])
            rows.append(row)
        draft_meeting.objects.bulk_create(rows)
        run.quality = figures(instance, plan)
        run.save(update_fields=("quality",))


def figures(instance: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    """The head of the board."""
    placed = {one for one, place in plan["meetings"].items() if place is not None}
    people: set[str] = set()
    waiting: set[str] = set()
    for one in instance["meetings"]:
        (people if one["id"] in placed else waiting).update(one["people"])
    rules = [entry["rule"] for entry in plan["unplaced"].values()]
    most = max(sorted(set(rules)), key=rules.count, default="")
    return {
        "placed": plan["measures"]["placed"],
        "total": len(instance["meetings"]),
        "most": min(len(instance["meetings"]), int(plan["bounds"]["priority"] + 1e-6)),
        "gaps": plan["measures"]["gaps"],
        "fewest_gaps": plan["bounds"]["gaps"],
        "max_gaps": plan["measures"]["max_gaps"],
        "num_people": len(people),
        "num_without": len(waiting - people),
        "interpreted": sum(1 for place in plan["meetings"].values() if place and place["interpreter"]),
        "interpreter_seats": sum(
            len(instance["slots"]) - len(one["unavailable"]) for one in instance["interpreters"]
        ),
        "num_unplaced": len(plan["meetings"]) - len(placed),
        "limit": most if rules.count(most) * 2 >= len(rules) else "",
        "is_proved": plan["proved"],
        "seconds": plan["wall_s"],
    }


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_closures_once_on_both_databases'),
        ('meetings', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='meeting',
            name='cancel_reason',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='meeting',
            name='cancel_reason_language',
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name='meeting',
            name='cancelled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='planrun',
            name='is_repair',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='planrun',
            name='quality',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='meetingrequest',
            name='state',
            field=models.CharField(choices=[('sent', 'waits for an answer'), ('accepted', 'accepted'), ('declined', 'declined'), ('withdrawn', 'withdrawn'), ('expired', 'expired'), ('cancelled', 'called off')], default='sent', max_length=10),
        ),
        migrations.CreateModel(
            name='DraftMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.JSONField(default=dict)),
                ('num_helped', models.PositiveIntegerField(default=0)),
                ('hall', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.hall')),
                ('interpreter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.interpreter')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='meetings.meeting')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='draft_meetings', to='meetings.planrun')),
                ('slot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.slot')),
                ('table', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.table')),
            ],
            options={
                'indexes': [models.Index(fields=['run', 'hall', 'slot'], name='draft_meetings_on_the_board'), models.Index(fields=['run', '-num_helped'], name='draft_meetings_unplaced')],
                'constraints': [models.UniqueConstraint(fields=('run', 'meeting'), name='a_meeting_is_once_in_a_draft')],
            },
        ),
        migrations.RunPython(fill_rows, migrations.RunPython.noop, elidable=True),
    ]
