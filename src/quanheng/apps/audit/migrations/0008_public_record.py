"""What anybody may read of the public log who holds an instrument's code: where its acts stand in it."""

from django.db import migrations

# `SET` on a function lasts until it returns: the caller's scope is untouched.
PUBLIC_RECORD = """
CREATE FUNCTION public_record(instrument bigint, at_most integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
  SELECT coalesce(jsonb_agg(row), '[]') FROM (
    SELECT jsonb_build_array(act.verb, (act.at AT TIME ZONE 'Asia/Shanghai')::date, leaf.index) AS row
    FROM audit_act act LEFT JOIN audit_leaf leaf ON leaf.act_id = act.id
    WHERE act.instrument_id = instrument ORDER BY act.id DESC LIMIT at_most) AS newest
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_sealing")]
    operations = [migrations.RunSQL(PUBLIC_RECORD, "DROP FUNCTION public_record(bigint, integer)")]
