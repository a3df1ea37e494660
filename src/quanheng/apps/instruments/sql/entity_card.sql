-- What anybody may read of an entity whose code they hold: who, where, how many instruments of which grade.
CREATE OR REPLACE FUNCTION entity_card(wanted text, list_at_most integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE whose registry_entity; card jsonb;
BEGIN
  SELECT * INTO whose FROM registry_entity WHERE code = wanted;
  IF whose.id IS NULL THEN RETURN NULL; END IF;
  WITH theirs AS MATERIALIZED (
    SELECT i.id, i.name, i.model, i.place, e.stall_number, jsonb_build_object(
      'state', i.state, 'verified_on', i.verified_on, 'valid_until', i.valid_until, 'result', i.result,
      'seal_broken', i.seal_broken, 'locked', i.locked, 'impounded', i.impounded, 'revoked_on', i.revoked_on,
      'provenance', i.provenance, 'seal_opened', i.seal_opened, 'disputed_on', i.disputed_on) AS facts
    FROM instruments_instrument i JOIN registry_entity e ON e.id = i.entity_id
    WHERE (i.entity_id = whose.id OR i.root_id = whose.id) AND i.state NOT IN ('draft', 'scrapped')
  )
  SELECT jsonb_build_object(
    'id', whose.id, 'kind', whose.kind, 'name', public_name(whose.kind, whose.name),
    'spot', whose.stall_number, 'premises', whose.premises,
    'site', CASE WHEN whose.root_id <> whose.id
      THEN (SELECT public_name(r.kind, r.name) FROM registry_entity r WHERE r.id = whose.root_id) ELSE '' END,
    'address', CASE WHEN whose.kind <> 'stall' THEN whose.address ELSE '' END,
    'pledge', whose.integrity_pledge, 'closed', whose.state = 'closed',
    'area', (SELECT a.full_name FROM accounts_area a WHERE a.id = whose.area_id),
    'groups', (SELECT coalesce(jsonb_agg(g), '[]') FROM (
      SELECT jsonb_build_object('facts', facts, 'count', count(*)) AS g FROM theirs GROUP BY facts) AS grouped),
    'listed', (SELECT coalesce(jsonb_agg(row), '[]') FROM (
      SELECT jsonb_build_object('name', name, 'model', model, 'spot', coalesce(nullif(place, ''), stall_number),
        'facts', facts) AS row
      FROM theirs ORDER BY coalesce(nullif(place, ''), stall_number), id LIMIT list_at_most) AS first_rows)
  ) INTO card;
  RETURN card;
END $$;
