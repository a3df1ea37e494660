"""Whoever acts for a stall or a station reads the row of its market or company too, and changes nothing of it.

Every page of an instrument names both; joined to a row behind the wall, the instrument itself was gone. Which
entities a person finds, opens and acts on is asked by the first wall, as before.
"""

from pathlib import Path

from django.db import migrations

from quanheng.kit.scope import expected, number_setting

FUNCTION = (Path(__file__).parents[1] / "sql" / "root_of_entity.sql").read_text("utf-8")
ROOT = expected(f"id = (SELECT root_of_entity({number_setting('entity')}))")


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_not_confirmed"), ("kit", "0004_expected_walls")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION root_of_entity"),
        migrations.RunSQL(
            f"CREATE POLICY registry_entity_root ON registry_entity FOR SELECT USING ({ROOT})",
            "DROP POLICY registry_entity_root ON registry_entity",
        ),
    ]
