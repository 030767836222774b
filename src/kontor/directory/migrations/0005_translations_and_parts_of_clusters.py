"""Who verified which translation; public ids for labels and services of clusters, so that pages can name them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import kontor.i18n.public_ids


def give_public_ids(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("ClusterLabel", "ClusterService"):
        for row in apps.get_model("directory", name).objects.filter(public_id=None):
            row.public_id = kontor.i18n.public_ids.new_public_id()
            row.save(update_fields=["public_id"])


NEW = models.CharField(max_length=24, null=True, editable=False)
FINAL = models.CharField(
    default=kontor.i18n.public_ids.new_public_id, editable=False, max_length=24, unique=True
)


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_organisation_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("clusterlabel", "public_id", NEW),
        migrations.AddField("clusterservice", "public_id", NEW),
        migrations.RunPython(give_public_ids, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("clusterlabel", "public_id", FINAL),
        migrations.AlterField("clusterservice", "public_id", FINAL),
        migrations.CreateModel(
            name="TranslationCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[("name", "Name"), ("capability", "What it can do")], max_length=10
                    ),
                ),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                ("checked_at", models.DateTimeField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translation_checks",
                        to="directory.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "field", "language"), name="a_translation_is_checked_once"
                    )
                ],
            },
        ),
    ]
