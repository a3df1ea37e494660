-- The same for past places of an instrument, which name the instrument besides.
CREATE OR REPLACE FUNCTION changes_note_placement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE
  here bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, id, instrument_id, statement_timestamp(), area_id, root_id, entity_id, 'placement', 'created' FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, id, instrument_id, statement_timestamp(), area_id, root_id, entity_id, 'placement', 'deleted' FROM old_rows;
  ELSE
    INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, n.id, n.instrument_id, statement_timestamp(), p.area_id, p.root_id, p.entity_id, 'placement', p.what
    FROM new_rows n JOIN old_rows o USING (id) CROSS JOIN LATERAL changes_places(
      o.area_id, o.root_id, o.entity_id, n.area_id, n.root_id, n.entity_id) p
    WHERE n IS DISTINCT FROM o ORDER BY n.id, p.step;
  END IF;
  RETURN NULL;
END $$;
