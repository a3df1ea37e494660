"""How each seal ended and when that was recorded; a number in use once.

Seals that were ended before this was asked count as found broken: the act that ended them was 铅封破损. Two whole
seals that carry one number are both kept, and the later one is marked for somebody to look at.
"""

from django.db import migrations, models

# regulation.seal_numbers.seal_key, once more for the index and for statements that insert many.
SEAL_KEY = r"""
CREATE FUNCTION seal_key(number text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(regexp_replace(normalize(number, NFKC), '\s', '', 'g'),
    'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
$$;
"""
# By index: a few thousand numbers are asked of millions of seals.
# Whether somebody else's seal carries a number must be known beyond one's own scope; which one it is, must not.
SEAL_NUMBER_IN_USE = """
CREATE FUNCTION seal_numbers_in_use(numbers text[]) RETURNS TABLE (key text, instrument bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1'
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
  WITH asked AS MATERIALIZED (SELECT DISTINCT public.seal_key(n) AS key FROM unnest(numbers) n)
  SELECT a.key, s.instrument_id FROM asked a JOIN public.instruments_seal s
    ON public.seal_key(s.number) = a.key AND s.broken_on IS NULL AND NOT s.number_disputed
  UNION ALL SELECT a.key, s.instrument_id FROM public.instruments_seal s JOIN asked a
    ON public.seal_key(s.number) = a.key WHERE s.broken_on IS NULL AND s.number_disputed
$$;
"""
FROM_THE_LOG = """
UPDATE instruments_seal SET ended_as = 'broken' WHERE broken_on IS NOT NULL;
UPDATE instruments_seal s SET applied_at = t.at FROM audit_act t
  WHERE t.instrument_id = s.instrument_id AND t.verb = 'seal_applied' AND t.after ->> 'seal' = s.number;
UPDATE instruments_seal s SET ended_at = t.at FROM audit_act t
  WHERE t.instrument_id = s.instrument_id AND t.verb = 'seal_broken' AND t.after ->> 'seal' = s.number;
UPDATE instruments_verification v SET voided_at = t.at
FROM (SELECT instrument_id, (at AT TIME ZONE 'Asia/Shanghai')::date AS day, max(at) AS at FROM audit_act
      WHERE verb IN ('seal_broken', 'sent_to_repair', 'certificate_revoked') GROUP BY 1, 2) t
  WHERE t.instrument_id = v.instrument_id AND t.day = v.voided_on;
"""
LATER_OF_DOUBLED = """
SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY seal_key(number) ORDER BY applied_on, id) AS turn
                FROM instruments_seal WHERE broken_on IS NULL) doubled WHERE turn > 1
"""
MARK_DOUBLED = f"UPDATE instruments_seal SET number_disputed = true WHERE id IN ({LATER_OF_DOUBLED})"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_api_key'),
        ('audit', '0013_seal_endings'),
        ('instruments', '0017_entry_proofs'),
        ('registry', '0005_indexes_once'),
    ]

    operations = [
        migrations.RunSQL(SEAL_KEY, "DROP FUNCTION seal_key(text)"),
        migrations.AddField(
            model_name='instrument',
            name='seal_opened',
            field=models.BooleanField(db_default=False, default=False, verbose_name='已启封'),
        ),
        migrations.AddField(
            model_name='seal',
            name='applied_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='施封登记时间'),
        ),
        migrations.AddField(
            model_name='seal',
            name='ended_as',
            field=models.CharField(blank=True, choices=[('broken', '破损'), ('verification', '因检定启封'), ('adjustment', '因调整启封'), ('repair', '因维修启封')], db_default='', max_length=12, verbose_name='启封或破损'),
        ),
        migrations.AddField(
            model_name='seal',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='启封或破损登记时间'),
        ),
        migrations.AddField(
            model_name='seal',
            name='number_disputed',
            field=models.BooleanField(db_default=False, default=False, verbose_name='编号重复待核对'),
        ),
        migrations.AddField(
            model_name='verification',
            name='voided_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='失效登记时间'),
        ),
        migrations.RunSQL(FROM_THE_LOG + MARK_DOUBLED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('broken_on__isnull', True), ('ended_as', '')), models.Q(('broken_on__isnull', False), ('ended_as__in', ['broken', 'verification', 'adjustment', 'repair'])), _connector='OR'), name='seal_ended_somehow'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.UniqueConstraint(models.Func('number', function='seal_key'), condition=models.Q(('broken_on__isnull', True), ('number_disputed', False)), name='seal_number_in_use_once'),
        ),
        migrations.AddIndex(
            model_name='seal',
            index=models.Index(condition=models.Q(('number_disputed', True)), fields=['area', 'instrument'], name='seal_number_disputed'),
        ),
        migrations.RunSQL(SEAL_NUMBER_IN_USE, "DROP FUNCTION seal_numbers_in_use(text[])"),
    ]
