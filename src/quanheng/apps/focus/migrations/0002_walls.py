"""The second wall around the focus list."""

from django.db import migrations

from quanheng.kit.scope import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('focus', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            *row_security("focus_focuslisting", area="area_id", entity="entity_id", root="root_id")
        ),
    ]
