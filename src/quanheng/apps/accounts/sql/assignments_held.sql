-- What is assigned today to a person, to whoever acts for an entity or for an agency, in one of some capacities.
CREATE OR REPLACE FUNCTION assignments_held(person bigint, of_entity bigint, of_agency bigint, held_as text[])
RETURNS TABLE (kind text, row_id bigint, capacity text) LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
  SELECT a.kind, a.row_id, a.capacity FROM accounts_assignment a
  WHERE a.ended_at IS NULL AND a.capacity = ANY (held_as)
    AND (a.user_id = person OR a.entity_id = of_entity OR a.agency_id = of_agency)
    AND a.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
    AND (a.valid_to IS NULL OR a.valid_to >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
$$;
