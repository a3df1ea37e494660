-- The top of an entity's parents: the market of a stall, the company of a station. The second wall of entities asks.
CREATE OR REPLACE FUNCTION root_of_entity(wanted bigint) RETURNS bigint LANGUAGE sql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
  SELECT root_id FROM registry_entity WHERE id = wanted
$$;
