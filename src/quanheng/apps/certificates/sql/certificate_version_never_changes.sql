-- Nobody, the owner included, changes or removes a version of a certificate. The trigger is made by a migration.
CREATE OR REPLACE FUNCTION certificate_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a version of a certificate never changes: % is refused', TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;
