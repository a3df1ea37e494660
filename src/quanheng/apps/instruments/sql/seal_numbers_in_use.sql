-- Which numbers are in use on a seal, and on which instrument; asked beyond one's own scope, told as a number alone.
-- By index, a few thousand of millions: the key is a column, for a function that row-level security does not know to
-- be harmless would be computed for every seal of the ledger instead.
CREATE OR REPLACE FUNCTION seal_numbers_in_use(numbers text[]) RETURNS TABLE (key text, instrument bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1'
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
  WITH asked AS MATERIALIZED (SELECT DISTINCT public.seal_key(n) AS key FROM unnest(numbers) n)
  SELECT a.key, s.instrument_id FROM asked a JOIN public.instruments_seal s
    ON s.number_key = a.key AND s.broken_on IS NULL
  ORDER BY s.number_disputed DESC
$$;
