"""The list of subsidiaries finds its rows in their order."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0006_work_on_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent', 'state', 'sort_key', 'id'], name='subsidiaries_in_order'),
        ),
    ]
