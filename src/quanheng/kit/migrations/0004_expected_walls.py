"""The policies that stand, in the form of which the planner expects what is (`kit.scope.expected`, ADR 0022)."""

from django.db import migrations

from quanheng.kit.scope import expected, through

THROUGH = [
    ("certificates_certificatesignature", "version_id", "certificates_certificateversion"),
    ("exchange_resultrow", "run_id", "exchange_exchangerun"),
    ("instruments_importrow", "run_id", "instruments_importrun"),
]
# A new database has them so already; what was written (WITH CHECK) is judged as before.
WRAP = f"""
DO $$
DECLARE wall record;
BEGIN
  FOR wall IN
    SELECT tablename, policyname, qual FROM pg_policies
    WHERE schemaname = current_schema() AND policyname = tablename || '_scope' AND qual NOT LIKE '%CASE%'
  LOOP
    EXECUTE format('ALTER POLICY %I ON %I USING ({expected("%s")})', wall.policyname, wall.tablename, wall.qual);
  END LOOP;
END $$
"""


def _looked_up(table: str, column: str, parent: str) -> str:
    reached = through(table, column, parent)
    return f"ALTER POLICY {table}_scope ON {table} USING ({expected(reached)}) WITH CHECK ({reached})"


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0003_paces"),
        ("audit", "0002_walls"),
        ("certificates", "0006_reminder_wall"),
        ("exchange", "0002_walls"),
        ("instruments", "0019_proposed_changes"),
        ("registry", "0003_walls"),
    ]
    operations = [
        *(migrations.RunSQL(_looked_up(*each), migrations.RunSQL.noop) for each in THROUGH),
        migrations.RunSQL(WRAP, migrations.RunSQL.noop),
    ]
