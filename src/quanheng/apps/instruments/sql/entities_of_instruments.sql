-- Whose some instruments are: a page of an assigned one names its user, and the user's market or company. Asked by the
-- second wall of entities, for what is assigned; which entities a person finds is asked by the first wall.
CREATE OR REPLACE FUNCTION entities_of_instruments(chosen bigint[]) RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
BEGIN
  RETURN ARRAY(
    SELECT entity_id FROM instruments_instrument WHERE id = ANY (chosen)
    UNION SELECT root_id FROM instruments_instrument WHERE id = ANY (chosen)
  );
END $$;
