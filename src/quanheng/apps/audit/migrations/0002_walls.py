"""The second wall around the act log; and nobody, the owner included, changes or removes an act."""

from django.conf import settings
from django.db import migrations

from quanheng.kit.scope import row_security

REFUSAL = """
CREATE FUNCTION act_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the act log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER act_never_changes BEFORE UPDATE OR DELETE ON audit_act
  FOR EACH ROW EXECUTE FUNCTION act_is_append_only();
CREATE TRIGGER act_log_is_never_emptied BEFORE TRUNCATE ON audit_act
  FOR EACH STATEMENT EXECUTE FUNCTION act_is_append_only();
"""
PERMISSION = """
DROP TRIGGER act_never_changes ON audit_act;
DROP TRIGGER act_log_is_never_emptied ON audit_act;
DROP FUNCTION act_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("kit", "0001_roles")]
    operations = [
        migrations.RunSQL(
            *row_security(
                "audit_act", area="area_id", entity="entity_id", root="root_id", person="actor_id", log=True
            )
        ),
        migrations.RunSQL(REFUSAL, PERMISSION),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_act FROM {settings.DATABASE_ROLE}",
            f"GRANT UPDATE, DELETE ON audit_act TO {settings.DATABASE_ROLE}",
        ),
    ]
