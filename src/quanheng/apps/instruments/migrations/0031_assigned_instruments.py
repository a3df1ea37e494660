"""What is assigned of the ledger: who reads it, how a repairer leaves it, and that it ends with the repair."""

from pathlib import Path

from django.db import migrations

from quanheng.kit.scope import assigned, assigned_reading, expected, number_setting

SQL = Path(__file__).parents[1] / "sql"
HELD = assigned("instrument", "string_to_array(current_setting('quanheng.capacities', true), ',')")
REPAIRED = assigned("instrument", "ARRAY['repair']")

# An assignment of an instrument is seen with the instrument; whoever has the instrument by an assignment
# alone sees their own, and hands nothing on.
TO_ME = " OR ".join(
    f"{whom} = {number_setting(setting)}"
    for whom, setting in (("user_id", "person"), ("entity_id", "entity"), ("agency_id", "agency"))
)
REACHED = "kind = 'instrument' AND EXISTS (SELECT FROM instruments_instrument wall WHERE wall.id = row_id)"
SEEN = f"{REACHED} AND (NOT row_id = ANY ({HELD}) OR {TO_ME})"
GIVEN = f"{REACHED} AND NOT row_id = ANY ({HELD})"
OF_INSTRUMENTS = f"""
CREATE POLICY accounts_assignment_read ON accounts_assignment FOR SELECT USING ({expected(SEEN)});
CREATE POLICY accounts_assignment_given ON accounts_assignment FOR INSERT WITH CHECK ({GIVEN});
CREATE POLICY accounts_assignment_changed ON accounts_assignment FOR UPDATE USING ({expected(SEEN)});
"""
NOT_OF_INSTRUMENTS = """
DROP POLICY accounts_assignment_read ON accounts_assignment;
DROP POLICY accounts_assignment_given ON accounts_assignment;
DROP POLICY accounts_assignment_changed ON accounts_assignment;
"""

# Whoever repairs leaves an instrument under repair or unverified, and a seal opened: never anything green.
MINE, ITS_SEAL = f"id = ANY ({REPAIRED})", f"instrument_id = ANY ({REPAIRED})"
WRITTEN_BY_REPAIRERS = f"""
CREATE POLICY instruments_instrument_repaired ON instruments_instrument FOR UPDATE
  USING ({expected(MINE)}) WITH CHECK ({MINE} AND (state = 'under_repair' OR result = ''));
CREATE POLICY instruments_seal_repaired ON instruments_seal FOR UPDATE
  USING ({expected(ITS_SEAL)})
  WITH CHECK ({ITS_SEAL} AND broken_on IS NOT NULL AND ended_as IN ('repair', 'adjustment'));
"""
NOT_WRITTEN = """
DROP POLICY instruments_instrument_repaired ON instruments_instrument;
DROP POLICY instruments_seal_repaired ON instruments_seal;
"""

READ = "assigned_rows('instrument', capacities_reading('instruments_instrument'))"
NAMED = expected(f"id = ANY ((SELECT entities_of_instruments({READ}))::bigint[])")
ENDS = """
CREATE TRIGGER repair_is_over AFTER UPDATE OF state ON instruments_instrument
  FOR EACH ROW WHEN (OLD.state = 'under_repair' AND NEW.state <> 'under_repair')
  EXECUTE FUNCTION end_repair_assignment()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("instruments", "0030_what_was_read"),
        ("accounts", "0009_assignments"),
        ("registry", "0008_the_root_is_named"),
    ]
    operations = [
        migrations.RunSQL(
            *assigned_reading("instruments_instrument", kind="instrument", columns=("id", "parent_id"))
        ),
        migrations.RunSQL(
            *assigned_reading("instruments_seal", kind="instrument", columns=("instrument_id",))
        ),
        migrations.RunSQL(OF_INSTRUMENTS, NOT_OF_INSTRUMENTS),
        migrations.RunSQL(WRITTEN_BY_REPAIRERS, NOT_WRITTEN),
        migrations.RunSQL(
            (SQL / "entities_of_instruments.sql").read_text("utf-8"), "DROP FUNCTION entities_of_instruments"
        ),
        migrations.RunSQL(
            f"CREATE POLICY registry_entity_assigned ON registry_entity FOR SELECT USING ({NAMED})",
            "DROP POLICY registry_entity_assigned ON registry_entity",
        ),
        migrations.RunSQL(
            (SQL / "end_repair_assignment.sql").read_text("utf-8"), "DROP FUNCTION end_repair_assignment"
        ),
        migrations.RunSQL(ENDS, "DROP TRIGGER repair_is_over ON instruments_instrument"),
    ]
