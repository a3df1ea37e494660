-- The same for what hangs on an instrument: the rows name their area and root, the instrument names the entity.
CREATE OR REPLACE FUNCTION changes_note_of_instrument() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE
  told text := TG_ARGV[0];
  here bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, r.id, r.instrument_id, statement_timestamp(), r.area_id, r.root_id, i.entity_id, told, 'created'
    FROM new_rows r LEFT JOIN instruments_instrument i ON i.id = r.instrument_id;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, r.id, r.instrument_id, statement_timestamp(), r.area_id, r.root_id, i.entity_id, told, 'deleted'
    FROM old_rows r LEFT JOIN instruments_instrument i ON i.id = r.instrument_id;
  ELSE
    INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, n.id, n.instrument_id, statement_timestamp(), p.area_id, p.root_id, p.entity_id, told, p.what
    FROM new_rows n JOIN old_rows o USING (id) LEFT JOIN instruments_instrument i ON i.id = n.instrument_id
    CROSS JOIN LATERAL changes_places(
      o.area_id, o.root_id, i.entity_id, n.area_id, n.root_id, i.entity_id) p
    WHERE n IS DISTINCT FROM o ORDER BY n.id, p.step;
  END IF;
  RETURN NULL;
END $$;
