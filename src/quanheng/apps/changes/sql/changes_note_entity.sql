-- The same for entities, which are their own.
CREATE OR REPLACE FUNCTION changes_note_entity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE
  here bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO changes_change (xid, row_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, id, statement_timestamp(), area_id, coalesce(root_id, id), id, 'entity', 'created' FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO changes_change (xid, row_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, id, statement_timestamp(), area_id, coalesce(root_id, id), id, 'entity', 'deleted' FROM old_rows;
  ELSE
    INSERT INTO changes_change (xid, row_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, n.id, statement_timestamp(), p.area_id, p.root_id, p.entity_id, 'entity', p.what
    FROM new_rows n JOIN old_rows o USING (id) CROSS JOIN LATERAL changes_places(
      o.area_id, coalesce(o.root_id, o.id), o.id, n.area_id, coalesce(n.root_id, n.id), n.id) p
    WHERE n IS DISTINCT FROM o ORDER BY n.id, p.step;
  END IF;
  RETURN NULL;
END $$;
