"""When the certificate that counted was revoked, on the instrument's own row: every page says so, not the scan page alone."""

from importlib import import_module

from django.db import migrations, models

CARDS = import_module("quanheng.apps.instruments.migrations.0003_public_cards")
REVOKED = import_module("quanheng.apps.instruments.migrations.0012_revoked_certificates")

FROM_THE_LOG = """
UPDATE instruments_instrument i SET revoked_on = t.day
FROM (SELECT instrument_id, (max(at) AT TIME ZONE 'Asia/Shanghai')::date AS day
      FROM audit_act WHERE verb = 'certificate_revoked' GROUP BY instrument_id) t
WHERE t.instrument_id = i.id AND i.result = ''
"""
SCAN_BEFORE = REVOKED.BEFORE.replace(REVOKED.LAST_FACT, f"{REVOKED.LAST_FACT} {REVOKED.REVOKED_ON}")
SCAN_NOW = REVOKED.BEFORE.replace(REVOKED.LAST_FACT, f"{REVOKED.LAST_FACT} 'revoked_on', i.revoked_on,")
ENTITY_BEFORE = CARDS.ENTITY_CARD.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
ENTITY_NOW = (
    ENTITY_BEFORE.replace("i.seal_broken, i.locked, i.impounded\n", "i.seal_broken, i.locked, i.impounded, i.revoked_on\n")
    .replace("locked, impounded, count(*)", "locked, impounded, revoked_on, count(*)")
    .replace("seal_broken, locked, impounded)", "seal_broken, locked, impounded, revoked_on)")
)


class Migration(migrations.Migration):
    dependencies = [("instruments", "0012_revoked_certificates")]
    operations = [
        migrations.AddField(
            "instrument", "revoked_on", models.DateField(blank=True, null=True, verbose_name="证书注销日期")
        ),
        migrations.RunSQL(FROM_THE_LOG, migrations.RunSQL.noop),
        migrations.RunSQL(SCAN_NOW, SCAN_BEFORE),
        migrations.RunSQL(ENTITY_NOW, ENTITY_BEFORE),
    ]
