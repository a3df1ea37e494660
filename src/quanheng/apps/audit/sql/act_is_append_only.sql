-- Nobody, the owner included, changes or removes an act or a leaf of the public log. The triggers are made by migrations.
CREATE OR REPLACE FUNCTION act_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the act log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
