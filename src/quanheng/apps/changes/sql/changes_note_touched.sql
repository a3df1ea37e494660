-- What is written beside a row changes the row: an application's lines, a certificate's versions. The first argument is
-- the kind; the second says of whose row the statement's rows are.
CREATE OR REPLACE FUNCTION changes_note_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE
  here bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_ARGV[0] = 'application' THEN
    INSERT INTO changes_change (xid, row_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, a.id, statement_timestamp(), a.area_id, a.root_id, a.entity_id, 'application', 'changed'
    FROM (SELECT DISTINCT application_id FROM new_rows) n JOIN certificates_application a ON a.id = n.application_id;
  ELSE
    INSERT INTO changes_change (xid, row_id, instrument_id, at, area_id, root_id, entity_id, kind, what)
    SELECT here, c.id, c.instrument_id, statement_timestamp(), c.area_id, c.root_id, i.entity_id, 'certificate', 'changed'
    FROM (SELECT DISTINCT certificate_id FROM new_rows) n
    JOIN certificates_certificate c ON c.id = n.certificate_id JOIN instruments_instrument i ON i.id = c.instrument_id;
  END IF;
  RETURN NULL;
END $$;
