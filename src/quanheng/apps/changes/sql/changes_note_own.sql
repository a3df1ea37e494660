-- What a statement wrote in a table whose rows name their own area, entity and root (ADR 0034). The first argument of
-- the trigger is the kind. A row that moved is gone where it was, and new where it is: two rows, one behind the other.
CREATE OR REPLACE FUNCTION changes_note_own() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE
  told text := TG_ARGV[0];
  here bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO changes_change (xid, row_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, id, statement_timestamp(), area_id, root_id, entity_id, told, 'created' FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO changes_change (xid, row_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, id, statement_timestamp(), area_id, root_id, entity_id, told, 'deleted' FROM old_rows;
  ELSE
    INSERT INTO changes_change (xid, row_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, n.id, statement_timestamp(), p.area_id, p.root_id, p.entity_id, told, p.what
    FROM new_rows n JOIN old_rows o USING (id) CROSS JOIN LATERAL changes_places(
      o.area_id, o.root_id, o.entity_id, n.area_id, n.root_id, n.entity_id) p
    WHERE n IS DISTINCT FROM o ORDER BY n.id, p.step;
  END IF;
  RETURN NULL;
END $$;
