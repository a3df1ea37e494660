"""The scan answer says when the certificate of the newest verification was revoked: the act log knows."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("quanheng.apps.instruments.migrations.0003_public_cards").SCAN_CARD.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
LAST_FACT = "'placed_on', i.placed_on,"
REVOKED_ON = """'revoked_on', (SELECT (t.at AT TIME ZONE 'Asia/Shanghai')::date FROM audit_act t
        JOIN (SELECT v.certificate_number FROM instruments_verification v WHERE v.instrument_id = i.id
          ORDER BY v.verified_on DESC, v.id DESC LIMIT 1) newest
          ON newest.certificate_number = t.after ->> 'certificate_number'
        WHERE t.instrument_id = i.id AND t.verb = 'certificate_revoked' ORDER BY t.id DESC LIMIT 1),"""


class Migration(migrations.Migration):
    dependencies = [("instruments", "0011_entry_counts"), ("audit", "0005_certificate_verbs")]
    operations = [migrations.RunSQL(BEFORE.replace(LAST_FACT, f"{LAST_FACT} {REVOKED_ON}"), BEFORE)]
