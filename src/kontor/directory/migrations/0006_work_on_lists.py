"""The job that applies or undoes a list of organisations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0005_translations_and_parts_of_clusters'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisationlist',
            name='job',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job'),
        ),
    ]
