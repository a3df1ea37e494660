"""Since when the verification on an instrument is under review; what waits already is told by an act of its own."""

from django.db import migrations, models

# The ledger is replayed from the acts: what a migration writes on an instrument, it tells as every act does.
WAITING = """
SELECT i.id AS instrument, (v.disputed_at AT TIME ZONE 'Asia/Shanghai')::date AS since, v.certificate_number AS number,
    v.dispute AS why
FROM instruments_verification v JOIN instruments_instrument i ON i.id = v.instrument_id
WHERE v.disputed_at IS NOT NULL AND NOT v.in_error
  AND v.verified_on = i.verified_on AND v.certificate_number = i.certificate_number
"""
TOLD = f"""
INSERT INTO audit_act (at, verb, actor_id, actor_name, actor_role, area_id, entity_id, root_id, instrument_id, batch_id,
    subject, before, after, reason, salt)
SELECT now(), 'verification_disputed', NULL, '系统', 'system', i.area_id, i.entity_id, i.root_id, i.id, NULL,
    left(concat(i.name, ' ', i.serial_number), 80), '{{"disputed_on": null}}',
    jsonb_build_object('disputed_on', w.since, 'certificate_number', w.number, 'why', w.why), '',
    uuid_send(gen_random_uuid())
FROM ({WAITING}) w JOIN instruments_instrument i ON i.id = w.instrument
"""
ON_THE_ROW = f"UPDATE instruments_instrument i SET disputed_on = w.since FROM ({WAITING}) w WHERE w.instrument = i.id"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_sign_in_places'),
        ('audit', '0018_acts_by_index'),
        ('instruments', '0021_reading_by_index'),
        ('registry', '0006_reveal_count'),
    ]

    operations = [
        migrations.AddField(
            model_name='instrument',
            name='disputed_on',
            field=models.DateField(blank=True, null=True, verbose_name='复核起始日期'),
        ),
        migrations.AddIndex(
            model_name='instrument',
            index=models.Index(condition=models.Q(('disputed_on__isnull', False)), fields=['area', 'id'], name='instrument_disputed'),
        ),
        migrations.RunSQL(TOLD + ";" + ON_THE_ROW, migrations.RunSQL.noop),
    ]
