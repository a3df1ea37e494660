-- Whatever takes an instrument out of repair, through whichever door, ends what its repairer reaches, at once.
CREATE OR REPLACE FUNCTION end_repair_assignment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
BEGIN
  UPDATE accounts_assignment SET ended_at = now()
  WHERE kind = 'instrument' AND row_id = NEW.id AND capacity = 'repair' AND ended_at IS NULL;
  RETURN NULL;
END $$;
