"""The second wall around exports: a file belongs to whoever asked for it."""

from django.db import migrations

from quanheng.kit.scope import row_security


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_lists")]
    operations = [migrations.RunSQL(*row_security("kit_exportjob", person="requested_by_id"))]
