-- What anybody may read of an instrument whose code they hold: public facts, never a person. Rows are named as the
-- classes of queries/card.py name them; a field more is a line here and a line there.
-- The public has no scope; this function and entity_card are the one opening in row-level security.
CREATE OR REPLACE FUNCTION scan_card(wanted text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE card jsonb;
BEGIN
  SELECT jsonb_build_object(
    'code_state', c.state,
    'instrument', CASE WHEN i.id IS NOT NULL THEN jsonb_build_object(
      'id', i.id, 'name', i.name, 'model', i.model, 'serial_number', i.serial_number,
      'manufacturer', i.manufacturer, 'accuracy_class', i.accuracy_class, 'max_capacity_g', i.max_capacity_g,
      'e_g', i.e_g, 'measuring_range', i.measuring_range, 'type_approval_number', i.type_approval_number,
      'state', i.state, 'seal_broken', i.seal_broken, 'seal_opened', i.seal_opened,
      'trusted_until', i.trusted_until, 'locked', i.locked, 'impounded', i.impounded,
      'verified_on', i.verified_on, 'valid_until', i.valid_until, 'result', i.result,
      'certificate_number', i.certificate_number, 'institute', i.institute, 'photo', i.photo,
      'provenance', i.provenance, 'placed_on', i.placed_on, 'revoked_on', i.revoked_on,
      'disputed_on', i.disputed_on,
      'category', k.category, 'nozzle', i.parent_id IS NOT NULL) END,
    'place', CASE WHEN i.id IS NOT NULL THEN jsonb_build_object(
      'root_id', i.root_id, 'site', public_name(r.kind, r.name),
      'unit', CASE WHEN e.id <> r.id THEN public_name(e.kind, e.name) ELSE '' END,
      'address', coalesce(nullif(r.address, ''), CASE WHEN e.kind <> 'stall' THEN e.address END, ''),
      'spot', coalesce(nullif(i.place, ''), e.stall_number), 'area', a.full_name) END,
    'seals', (SELECT coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'position', s.position,
        'applied_on', s.applied_on, 'broken_on', s.broken_on, 'ended_as', s.ended_as,
        'applied_at', extract(epoch from s.applied_at), 'ended_at', extract(epoch from s.ended_at))
        ORDER BY s.applied_on DESC, s.id DESC), '[]')
        -- The seals of a dispenser protect its nozzles. Instants order what happened on one day.
        FROM instruments_seal s WHERE s.instrument_id IN (i.id, i.parent_id)),
    'verifications', (SELECT coalesce(jsonb_agg(jsonb_build_object('verified_on', v.verified_on, 'kind', v.kind,
        'result', v.result, 'valid_until', v.valid_until, 'certificate_number', v.certificate_number,
        'institute', v.institute, 'voided_on', v.voided_on, 'provenance', v.provenance, 'in_error', v.in_error,
        'recorded_at', extract(epoch from v.recorded_at), 'voided_at', extract(epoch from v.voided_at))
        ORDER BY v.verified_on DESC, v.id DESC), '[]')
        FROM instruments_verification v WHERE v.instrument_id = i.id),
    'placements', (SELECT coalesce(jsonb_agg(jsonb_build_object('last_day', p.last_day,
        'site', public_name(q.kind, q.name), 'spot', p.place) ORDER BY p.first_day DESC), '[]')
        FROM instruments_placement p JOIN registry_entity q ON q.id = p.root_id WHERE p.instrument_id = i.id),
    'acts', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'day', (t.at AT TIME ZONE 'Asia/Shanghai')::date, 'verb', t.verb, 'at', extract(epoch from t.at))
        ORDER BY t.id DESC), '[]') FROM audit_act t WHERE t.instrument_id = i.id AND t.verb = ANY (acts_on_scan_page()))
  ) INTO card
  FROM instruments_instrumentcode c
  LEFT JOIN instruments_instrument i ON i.id = c.instrument_id
  LEFT JOIN instruments_catalogueitem k ON k.id = i.item_id
  LEFT JOIN registry_entity e ON e.id = i.entity_id
  LEFT JOIN registry_entity r ON r.id = i.root_id
  LEFT JOIN accounts_area a ON a.id = i.area_id
  WHERE c.value = wanted;
  RETURN card;
END $$;
