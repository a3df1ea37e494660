-- A verification that stops counting, or counts again, changes what its certificate is worth: the certificate is told as
-- changed where it was issued, wherever the instrument has gone since. Every other statement ends at the first line.
CREATE OR REPLACE FUNCTION changes_note_void() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE
  here bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id) WHERE n.voided_on IS DISTINCT FROM o.voided_on) THEN
    RETURN NULL;
  END IF;
  INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
  SELECT DISTINCT here, c.id, c.instrument_id, statement_timestamp(), c.area_id, c.root_id, i.entity_id, 'certificate', 'changed'
  FROM new_rows n JOIN old_rows o ON o.id = n.id AND o.voided_on IS DISTINCT FROM n.voided_on
  JOIN certificates_certificate c ON c.instrument_id = n.instrument_id AND c.number = n.certificate_number
  JOIN instruments_instrument i ON i.id = c.instrument_id;
  RETURN NULL;
END $$;
