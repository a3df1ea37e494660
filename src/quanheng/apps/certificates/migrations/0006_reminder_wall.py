"""The second wall around reminders."""

from django.db import migrations

from quanheng.kit.scope import row_security

ENTITY = "(SELECT i.entity_id FROM instruments_instrument i WHERE i.id = instrument_id)"
UP, DOWN = row_security("certificates_reminder", area="area_id", entity=ENTITY, root="root_id")


class Migration(migrations.Migration):
    dependencies = [("certificates", "0005_reminders")]
    operations = [migrations.RunSQL(UP, DOWN)]
