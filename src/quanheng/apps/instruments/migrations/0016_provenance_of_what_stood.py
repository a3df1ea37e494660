"""What stands in the ledger takes the provenance of the act that made it; what nobody is known to have made is declared.

The steps of the verification rate are counted anew where anything is declared, with the SQL of the day of this
migration.
"""

from django.db import migrations

OFFICERS = "('province_officer', 'city_officer', 'county_officer', 'inspector', 'system')"
# An act of recording, with or without a file of e-CQS behind it; or an office's own import. An office answers for
# what has a certificate number and an institute, and for nothing else.
OF_CERTIFICATES = """
UPDATE instruments_verification v SET provenance = 'issued'
FROM certificates_certificate c WHERE c.instrument_id = v.instrument_id AND c.number = v.certificate_number
"""
OF_ACTS = f"""
UPDATE instruments_verification v SET provenance = CASE WHEN t.received THEN 'received' ELSE 'recorded' END
FROM (SELECT instrument_id, after ->> 'certificate_number' AS number, bool_or(after ? 'source') AS received
      FROM audit_act
      WHERE verb = 'verification_recorded' AND actor_role IN {OFFICERS} AND after ? 'certificate_number'
      GROUP BY 1, 2) t
WHERE t.instrument_id = v.instrument_id AND t.number = v.certificate_number AND v.provenance = 'declared'
  AND v.certificate_number <> '' AND v.institute <> ''
"""
OF_DEMONSTRATION = """
UPDATE instruments_verification v SET provenance = 'recorded'
FROM audit_act t
WHERE t.instrument_id = v.instrument_id AND t.verb = 'verification_recorded' AND t.actor_role = 'system'
  AND t.after = '{}' AND v.provenance = 'declared' AND v.certificate_number <> '' AND v.institute <> ''
"""
OF_NEW_ROWS = f"""
UPDATE instruments_verification v SET provenance = 'recorded'
FROM instruments_instrument i JOIN instruments_importrun r ON r.id = i.import_run_id
WHERE i.id = v.instrument_id AND v.recorded_at = i.registered_at AND v.provenance = 'declared'
  AND (r.appointment_id IS NULL OR r.uploader_role IN {OFFICERS})
  AND v.certificate_number <> '' AND v.institute <> ''
"""
OF_UPDATED_ROWS = f"""
UPDATE instruments_verification v SET provenance = 'recorded'
FROM audit_act t
WHERE t.instrument_id = v.instrument_id AND t.at = v.recorded_at AND v.provenance = 'declared'
  AND t.verb = 'instrument_changed' AND t.batch_id IS NOT NULL AND t.actor_role IN {OFFICERS}
  AND v.certificate_number <> '' AND v.institute <> ''
"""
ON_THE_ROW = """
UPDATE instruments_instrument i SET provenance = v.provenance
FROM (SELECT DISTINCT ON (instrument_id, verified_on, certificate_number)
          instrument_id, verified_on, certificate_number, provenance
      FROM instruments_verification ORDER BY instrument_id, verified_on, certificate_number, id DESC) v
WHERE v.instrument_id = i.id AND v.verified_on = i.verified_on AND v.certificate_number = i.certificate_number
  AND i.result <> ''
"""
LEFT_OVER = "UPDATE instruments_instrument SET provenance = 'declared' WHERE result <> '' AND provenance = ''"
CLAIMED = "UPDATE instruments_ratechange SET claimed = verified"
STEPS = """
WITH counted AS (
    SELECT i.id, i.item_id, i.area_id, i.premises, i.placed_on, i.state FROM instruments_instrument i
    WHERE TRUE AND NOT EXISTS (
        SELECT FROM instruments_instrument c WHERE c.parent_id = i.id AND TRUE)
), placed AS (
    SELECT i.id, i.item_id, p.area_id, p.premises, p.first_day, p.last_day, p.id AS turn
    FROM counted i JOIN instruments_placement p ON p.instrument_id = i.id
    UNION ALL
    SELECT id, item_id, area_id, premises, placed_on, NULL, NULL FROM counted
    WHERE placed_on IS NOT NULL AND state IN ('filed', 'booked', 'under_verification', 'in_use', 'failed')
), used AS (
    SELECT id, item_id, area_id / 1000000 * 1000000 AS area_id, premises, first_day,
        least(last_day, lead(first_day) OVER (PARTITION BY id ORDER BY first_day, turn) - 1) AS last_day
    FROM placed
), deciding AS (
    -- Among what is proven the next proven one decides, among all that is claimed the next one whatever its source.
    SELECT instrument_id, verified_on, result, v.provenance <> 'declared' AS proven,
        least(valid_until, voided_on - 1) AS own_end,
        lead(verified_on) OVER later - 1 AS next_claimed,
        min(verified_on) FILTER (WHERE v.provenance <> 'declared') OVER (
            later ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - 1 AS next_proven
    FROM counted i JOIN instruments_verification v ON v.instrument_id = i.id
    WHERE NOT (v.kind = 'in_service' AND v.result = 'passed') AND NOT v.in_error
    WINDOW later AS (PARTITION BY instrument_id ORDER BY verified_on, v.id)
), passed AS (
    SELECT instrument_id, verified_on, proven,
        least(own_end, next_claimed) AS last_claimed, least(own_end, next_proven) AS last_proven
    FROM deciding WHERE result = 'passed'
), trusted AS (
    SELECT instrument_id, verified_on, last_claimed AS last_day,
        (proven AND last_proven IS NOT DISTINCT FROM last_claimed)::int AS verified, 1 AS claimed
    FROM passed
    UNION ALL
    SELECT instrument_id, verified_on, last_proven, 1, 0
    FROM passed WHERE proven AND last_proven IS DISTINCT FROM last_claimed
), spans AS (
    SELECT area_id, premises, item_id, daterange(first_day, last_day, '[]') AS days,
        1 AS in_use, 0 AS verified, 0 AS claimed
    FROM used WHERE last_day IS NULL OR first_day <= last_day
    UNION ALL
    SELECT u.area_id, u.premises, u.item_id,
        daterange(u.first_day, u.last_day, '[]') * daterange(t.verified_on, t.last_day, '[]'), 0, t.verified, t.claimed
    FROM used u JOIN trusted t ON t.instrument_id = u.id
        AND (t.last_day IS NULL OR t.verified_on <= t.last_day)
    WHERE u.last_day IS NULL OR u.first_day <= u.last_day
), steps AS (
    SELECT area_id, premises, item_id, day,
        sum(in_use)::int AS in_use, sum(verified)::int AS verified, sum(claimed)::int AS claimed
    FROM (
        SELECT area_id, premises, item_id, lower(days) AS day, in_use, verified, claimed FROM spans
        WHERE NOT isempty(days)
        UNION ALL
        SELECT area_id, premises, item_id, upper(days), -in_use, -verified, -claimed FROM spans
        WHERE NOT isempty(days) AND NOT upper_inf(days)
    ) step
    GROUP BY area_id, premises, item_id, day
    HAVING sum(in_use) <> 0 OR sum(verified) <> 0 OR sum(claimed) <> 0
)
"""
COUNT_ANEW = f"""
INSERT INTO instruments_ratechange (area_id, premises, item_id, day, in_use, verified, claimed, grain)
{STEPS}
SELECT area_id, premises, item_id, day, in_use, verified, claimed, 0 FROM steps
"""


def of_certificates(apps, schema_editor):
    """Mark what this platform issued. A higher app keeps the certificates: where they are empty, it may be absent."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('certificates_certificate') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute(OF_CERTIFICATES)


def count_anew(apps, schema_editor):
    """Count the rollup anew where a verification is declared; elsewhere both counts are the same."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM instruments_verification WHERE provenance = 'declared')")
        if cursor.fetchone()[0]:
            cursor.execute("DELETE FROM instruments_ratechange")
            cursor.execute(COUNT_ANEW)


class Migration(migrations.Migration):
    dependencies = [("instruments", "0015_provenance"), ("audit", "0010_exchange_verbs")]
    operations = [
        migrations.RunPython(of_certificates, migrations.RunPython.noop),
        *(
            migrations.RunSQL(step, migrations.RunSQL.noop)
            for step in (OF_ACTS, OF_DEMONSTRATION, OF_NEW_ROWS, OF_UPDATED_ROWS, ON_THE_ROW, LEFT_OVER, CLAIMED)
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
