"""The second wall around runs, events and alarms."""

from django.db import migrations

from quanheng.kit.scope import row_security, row_security_through

WALLS = [
    row_security("exchange_exchangerun", area="area_id"),
    row_security("exchange_exportedrow", area="area_id"),
    row_security("exchange_platformevent", area="area_id"),
    row_security("exchange_tamperalarm", area="area_id"),
    row_security_through("exchange_resultrow", column="run_id", parent="exchange_exchangerun"),
]


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunSQL(up, down) for up, down in WALLS]
