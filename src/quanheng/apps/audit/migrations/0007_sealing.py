"""Every act waits for the public log from the moment it is written; what the log holds never changes."""

from django.conf import settings
from django.db import migrations

# Clock time, not the act's: an act that is written late must not look as if sealing had stopped.
QUEUE = """
CREATE FUNCTION act_waits_for_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_unsealedact (act_id, since) SELECT id, clock_timestamp() FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER act_waits_for_the_log AFTER INSERT ON audit_act REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION act_waits_for_the_log();
CREATE TRIGGER leaf_never_changes BEFORE UPDATE OR DELETE ON audit_leaf
  FOR EACH ROW EXECUTE FUNCTION act_is_append_only();
INSERT INTO audit_unsealedact (act_id, since) SELECT id, clock_timestamp() FROM audit_act;
"""
UNDO = """
DROP TRIGGER leaf_never_changes ON audit_leaf;
DROP TRIGGER act_waits_for_the_log ON audit_act;
DROP FUNCTION act_waits_for_the_log();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_public_log")]
    operations = [
        migrations.RunSQL(QUEUE, UNDO),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_leaf FROM {settings.DATABASE_ROLE}",
            f"GRANT UPDATE, DELETE ON audit_leaf TO {settings.DATABASE_ROLE}",
        ),
    ]
