-- What a change is told as, and where: changed where it stands; gone where it stood and new where it stands.
CREATE OR REPLACE FUNCTION changes_places(
  old_area bigint, old_root bigint, old_entity bigint, new_area bigint, new_root bigint, new_entity bigint
) RETURNS TABLE (step int, area_id bigint, root_id bigint, entity_id bigint, what text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 1, old_area, old_root, old_entity, 'deleted'
  WHERE (old_area, old_root, old_entity) IS DISTINCT FROM (new_area, new_root, new_entity)
  UNION ALL
  SELECT 2, new_area, new_root, new_entity,
    CASE WHEN (old_area, old_root, old_entity) IS DISTINCT FROM (new_area, new_root, new_entity)
      THEN 'created' ELSE 'changed' END
$$;
