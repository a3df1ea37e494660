"""The closing report of the entry of scales is frozen: nobody, the owner included, changes or removes a line."""

from django.conf import settings
from django.db import migrations

REFUSAL = """
CREATE TRIGGER closing_never_changes BEFORE UPDATE OR DELETE ON instruments_entryclosing
  FOR EACH ROW EXECUTE FUNCTION act_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("instruments", "0041_attachments_stand"), ("audit", "0010_exchange_verbs")]
    operations = [
        migrations.RunSQL(REFUSAL, "DROP TRIGGER closing_never_changes ON instruments_entryclosing"),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE, TRUNCATE ON instruments_entryclosing FROM {settings.DATABASE_ROLE}",
            f"GRANT UPDATE, DELETE ON instruments_entryclosing TO {settings.DATABASE_ROLE}",
        ),
    ]
