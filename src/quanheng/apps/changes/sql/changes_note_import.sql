-- The same for imports: their steps are told, not every thousand rows of their progress.
CREATE OR REPLACE FUNCTION changes_note_import() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE
  here bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO changes_change (xid, row_id, at, area_id, entity_id, kind, what)
    SELECT here, id, statement_timestamp(), area_id, entity_id, 'import', 'created' FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO changes_change (xid, row_id, at, area_id, entity_id, kind, what)
    SELECT here, id, statement_timestamp(), area_id, entity_id, 'import', 'deleted' FROM old_rows;
  ELSE
    INSERT INTO changes_change (xid, row_id, at, area_id, entity_id, kind, what)
    SELECT here, n.id, statement_timestamp(), p.area_id, p.entity_id, 'import', p.what
    FROM new_rows n JOIN old_rows o USING (id) CROSS JOIN LATERAL changes_places(
      o.area_id, NULL, o.entity_id, n.area_id, NULL, n.entity_id) p
    WHERE (n.area_id, n.entity_id, n.stage, n.state, n.message)
      IS DISTINCT FROM (o.area_id, o.entity_id, o.stage, o.state, o.message) ORDER BY n.id, p.step;
  END IF;
  RETURN NULL;
END $$;
