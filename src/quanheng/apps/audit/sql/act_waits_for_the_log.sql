-- Every act waits for the public log from the moment it is written. Clock time, not the act's: an act that is written
-- late must not look as if sealing had stopped.
CREATE OR REPLACE FUNCTION act_waits_for_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_unsealedact (act_id, since) SELECT id, clock_timestamp() FROM added;
  RETURN NULL;
END $$;
