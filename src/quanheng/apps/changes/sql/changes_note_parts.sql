-- An instrument that goes to another entity takes with it what is reached through it alone: gone for the one, new for
-- the other. A few rows at a time; every other statement on the ledger ends at the first line.
CREATE OR REPLACE FUNCTION changes_note_parts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE
  here bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id) WHERE n.entity_id <> o.entity_id) THEN
    RETURN NULL;
  END IF;
  INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
  SELECT here, r.id, n.id, statement_timestamp(), r.area_id, r.root_id, p.entity_id, r.kind, p.what
  FROM new_rows n JOIN old_rows o ON o.id = n.id AND o.entity_id <> n.entity_id
  CROSS JOIN LATERAL (
    SELECT id, area_id, root_id, 'verification' AS kind FROM instruments_verification WHERE instrument_id = n.id
    UNION ALL SELECT id, area_id, root_id, 'seal' FROM instruments_seal WHERE instrument_id = n.id
    UNION ALL SELECT id, area_id, root_id, 'proposal' FROM instruments_proposedchange WHERE instrument_id = n.id
    UNION ALL SELECT id, area_id, root_id, 'certificate' FROM certificates_certificate WHERE instrument_id = n.id
  ) r
  CROSS JOIN LATERAL (VALUES (1, o.entity_id, 'deleted'), (2, n.entity_id, 'created')) p (step, entity_id, what)
  ORDER BY r.kind, r.id, p.step;
  RETURN NULL;
END $$;
