-- When a row was written last, whoever wrote it: a page, an import, a job.
CREATE OR REPLACE FUNCTION stamp_changed_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_at := statement_timestamp();
  RETURN NEW;
END $$;
