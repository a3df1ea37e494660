"""The second wall around applications, records and certificates; nobody changes a version of a certificate.

What an institute may do (`authorisation`, `measurementstandard`, `qualification`) is public and has no wall.
"""

from django.conf import settings
from django.db import migrations

from quanheng.kit.scope import row_security


def through_instrument(column: str, instrument: str = "instrument_id") -> str:
    return f"(SELECT i.{column} FROM instruments_instrument i WHERE i.id = {instrument})"


def through_certificate(column: str) -> str:
    return (
        f"(SELECT i.{column} FROM certificates_certificate c"
        " JOIN instruments_instrument i ON i.id = c.instrument_id WHERE c.id = certificate_id)"
    )


OF_INSTRUMENT = {"area": "area_id", "entity": through_instrument("entity_id"), "root": "root_id"}
OF_CERTIFICATE = {"area": "area_id", "entity": through_certificate("entity_id"), "root": "root_id"}
WALLS = [
    row_security("certificates_application", area="area_id", entity="entity_id", root="root_id"),
    row_security("certificates_applicationline", **OF_INSTRUMENT),
    row_security("certificates_examination", **OF_INSTRUMENT),
    row_security("certificates_certificate", **OF_INSTRUMENT),
    row_security("certificates_certificateversion", **OF_CERTIFICATE),
    row_security("certificates_certificatechange", **OF_CERTIFICATE),
]
REFUSAL = """
CREATE FUNCTION certificate_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a version of a certificate never changes: % is refused', TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER certificate_version_never_changes BEFORE UPDATE OR DELETE ON certificates_certificateversion
  FOR EACH ROW EXECUTE FUNCTION certificate_version_never_changes();
"""
PERMISSION = """
DROP TRIGGER certificate_version_never_changes ON certificates_certificateversion;
DROP FUNCTION certificate_version_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial"), ("instruments", "0005_walls")]
    operations = [
        *[migrations.RunSQL(up, down) for up, down in WALLS],
        migrations.RunSQL(REFUSAL, PERMISSION),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON certificates_certificateversion FROM {settings.DATABASE_ROLE}",
            f"GRANT UPDATE, DELETE ON certificates_certificateversion TO {settings.DATABASE_ROLE}",
        ),
    ]
