-- The newest acts on an instrument with their place in the public log (no index yet: they wait to be sealed). An act
-- that the log tells without its instrument, such as a suspicion of somebody, is nobody's business before it is
-- cleared up.
CREATE OR REPLACE FUNCTION public_record(instrument bigint, at_most integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
  SELECT coalesce(jsonb_agg(row), '[]') FROM (
    SELECT jsonb_build_object('verb', act.verb, 'day', (act.at AT TIME ZONE 'Asia/Shanghai')::date,
      'index', leaf.index) AS row
    FROM audit_act act LEFT JOIN audit_leaf leaf ON leaf.act_id = act.id
    WHERE act.instrument_id = instrument AND NOT act.verb = ANY (acts_without_instrument())
    ORDER BY act.id DESC LIMIT at_most) AS newest
$$;
