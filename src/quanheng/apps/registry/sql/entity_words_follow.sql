-- Keeps registry_entityword (entity_words.sql) as entities come, change and go; a statement at a time, for an import brings thousands.
CREATE OR REPLACE FUNCTION entity_words_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO registry_entityword (entity_id, root_id, area_id, word)
    SELECT n.id, coalesce(n.root_id, n.id), n.area_id, w FROM new_rows n, entity_words(n.name) w WHERE n.kind <> 'stall';
  ELSIF TG_OP = 'DELETE' THEN
    DELETE FROM registry_entityword w USING old_rows o WHERE w.entity_id = o.id;
  ELSE
    WITH changed AS (
      SELECT n.* FROM new_rows n JOIN old_rows o ON o.id = n.id
      WHERE (o.name, o.kind, o.area_id, o.root_id) IS DISTINCT FROM (n.name, n.kind, n.area_id, n.root_id)
    ), gone AS (DELETE FROM registry_entityword w USING changed n WHERE w.entity_id = n.id)
    INSERT INTO registry_entityword (entity_id, root_id, area_id, word)
    SELECT n.id, coalesce(n.root_id, n.id), n.area_id, w FROM changed n, entity_words(n.name) w WHERE n.kind <> 'stall';
  END IF;
  RETURN NULL;
END $$;
