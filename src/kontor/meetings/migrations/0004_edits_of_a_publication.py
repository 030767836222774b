from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0003_advice'),
    ]

    operations = [
        migrations.AddField(
            model_name='publication',
            name='num_edits',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
