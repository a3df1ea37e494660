"""The second wall around half-year reports."""

from django.db import migrations

from quanheng.kit.scope import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('hospitals', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            *row_security("hospitals_halfyearreport", area="area_id", entity="entity_id", root="root_id")
        ),
    ]
