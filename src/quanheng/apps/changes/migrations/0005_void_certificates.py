"""A verification that stops counting changes its certificate; the function's body is `apps/changes/sql/`."""

from django.db import migrations

ON = """
CREATE FUNCTION changes_note_void() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER changes_update_void AFTER UPDATE ON instruments_verification
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION changes_note_void();
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0004_words")]
    operations = [migrations.RunSQL(ON, "DROP FUNCTION changes_note_void() CASCADE")]
