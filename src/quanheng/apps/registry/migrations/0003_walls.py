"""The second wall around entities and their contacts."""

from django.db import migrations

from quanheng.kit.scope import row_security


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_batch")]
    operations = [
        migrations.RunSQL(*row_security("registry_entity", area="area_id", entity="id", root="root_id")),
        migrations.RunSQL(
            *row_security("registry_contact", area="area_id", entity="entity_id", root="root_id")
        ),
    ]
