"""What entered in bulk is kept beside its act; nobody, the owner included, changes or removes it."""

from django.conf import settings
from django.db import migrations, models

from quanheng.kit.scope import row_security

REFUSAL = """
CREATE TRIGGER proof_never_changes BEFORE UPDATE OR DELETE ON instruments_entryproof
  FOR EACH ROW EXECUTE FUNCTION act_is_append_only();
ALTER TABLE instruments_entryproof ALTER COLUMN content SET STORAGE EXTERNAL; -- compressed already
"""


class Migration(migrations.Migration):
    dependencies = [("instruments", "0016_provenance_of_what_stood"), ("audit", "0010_exchange_verbs")]
    operations = [
        migrations.CreateModel(
            "EntryProof",
            [
                ("act_id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="操作记录编号")),
                ("instruments", models.PositiveIntegerField(verbose_name="器具数")),
                ("content", models.BinaryField(verbose_name="入账内容")),
            ],
            options={"verbose_name": "入账凭据"},
        ),
        migrations.RunSQL(*row_security("instruments_entryproof")),
        migrations.RunSQL(REFUSAL, "DROP TRIGGER proof_never_changes ON instruments_entryproof"),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE, TRUNCATE ON instruments_entryproof FROM {settings.DATABASE_ROLE}",
            f"GRANT UPDATE, DELETE ON instruments_entryproof TO {settings.DATABASE_ROLE}",
        ),
    ]
