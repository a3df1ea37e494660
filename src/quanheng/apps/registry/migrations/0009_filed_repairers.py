"""Whoever sends an instrument to repair finds the repairers that are filed, wherever they are."""

from pathlib import Path

from django.db import migrations

FUNCTION = (Path(__file__).parents[1] / "sql" / "filed_repairers.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_the_root_is_named")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION filed_repairers")]
