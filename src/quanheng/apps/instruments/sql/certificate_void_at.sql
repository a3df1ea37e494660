-- When the verification behind a certificate became void (the last change of its row); NULL while it counts. Anybody may
-- know it, for the scan page says it: so it is told across the walls, wherever the instrument has gone since.
CREATE OR REPLACE FUNCTION certificate_void_at(bigint, text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
  SELECT max(changed_at) FROM instruments_verification
  WHERE instrument_id = $1 AND certificate_number = $2 AND voided_on IS NOT NULL
$$;
