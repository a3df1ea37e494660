"""What anybody may read of an instrument or an entity who holds its code.

The public has no scope, and row-level security lets nothing through without one. These functions are the one
opening: they take a code and return public facts, never a person (who sealed, who witnessed, who keeps the stall),
never free text written for the file, never another code.
"""

from django.db import migrations

# `SET` on a function lasts until it returns: the caller's scope is untouched.
PUBLIC_NAME = """
CREATE FUNCTION public_name(kind text, name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- A stall, or a sole trader without a shop sign, is named after a person.
  SELECT CASE WHEN kind = 'stall' OR (kind = 'sole_trader' AND char_length(name) <= 4) THEN '' ELSE name END
$$;
"""

SCAN_CARD = """
CREATE FUNCTION scan_card(wanted text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE card jsonb;
BEGIN
  SELECT jsonb_build_object(
    'code_state', c.state,
    'code_ended', (c.ended_at AT TIME ZONE 'Asia/Shanghai')::date,
    'instrument', CASE WHEN i.id IS NOT NULL THEN jsonb_build_object(
      'id', i.id, 'name', i.name, 'model', i.model, 'serial_number', i.serial_number,
      'manufacturer', i.manufacturer, 'accuracy_class', i.accuracy_class, 'max_capacity_g', i.max_capacity_g,
      'e_g', i.e_g, 'measuring_range', i.measuring_range, 'type_approval_number', i.type_approval_number,
      'state', i.state, 'seal_broken', i.seal_broken, 'locked', i.locked, 'impounded', i.impounded,
      'verified_on', i.verified_on, 'valid_until', i.valid_until, 'result', i.result,
      'certificate_number', i.certificate_number, 'institute', i.institute, 'photo', i.photo,
      'placed_on', i.placed_on, 'category', k.category, 'nozzle', i.parent_id IS NOT NULL) END,
    'place', CASE WHEN i.id IS NOT NULL THEN jsonb_build_object(
      'root_id', i.root_id, 'site', public_name(r.kind, r.name),
      'unit', CASE WHEN e.id <> r.id THEN public_name(e.kind, e.name) ELSE '' END,
      'address', coalesce(nullif(r.address, ''), CASE WHEN e.kind <> 'stall' THEN e.address END, ''),
      'spot', coalesce(nullif(i.place, ''), e.stall_number), 'area', a.full_name) END,
    'seals', (SELECT coalesce(jsonb_agg(jsonb_build_array(s.number, s.position, s.applied_on, s.broken_on)
        ORDER BY s.applied_on DESC, s.id DESC), '[]') FROM instruments_seal s WHERE s.instrument_id = i.id),
    'verifications', (SELECT coalesce(jsonb_agg(jsonb_build_array(v.verified_on, v.kind, v.result, v.valid_until,
        v.certificate_number, v.institute, v.voided_on) ORDER BY v.verified_on DESC, v.id DESC), '[]')
        FROM instruments_verification v WHERE v.instrument_id = i.id),
    'placements', (SELECT coalesce(jsonb_agg(jsonb_build_array(p.first_day, p.last_day,
        public_name(q.kind, q.name), p.place) ORDER BY p.first_day DESC), '[]')
        FROM instruments_placement p JOIN registry_entity q ON q.id = p.root_id WHERE p.instrument_id = i.id),
    'acts', (SELECT coalesce(jsonb_agg(jsonb_build_array((t.at AT TIME ZONE 'Asia/Shanghai')::date, t.verb)
        ORDER BY t.id DESC), '[]') FROM audit_act t WHERE t.instrument_id = i.id AND t.verb IN (
        'filing_accepted', 'use_stopped', 'use_resumed', 'sealed_up', 'sent_to_repair', 'repaired', 'checked',
        'scrapped', 'codes_issued', 'code_bound', 'code_replaced'))
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
"""

ENTITY_CARD = """
CREATE FUNCTION entity_card(wanted text, list_at_most integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
DECLARE whose registry_entity; card jsonb;
BEGIN
  SELECT * INTO whose FROM registry_entity WHERE code = wanted;
  IF whose.id IS NULL THEN RETURN NULL; END IF;
  WITH theirs AS MATERIALIZED (
    SELECT i.id, i.name, i.model, i.place, e.stall_number, i.state, i.verified_on, i.valid_until, i.result,
      i.seal_broken, i.locked, i.impounded
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
      SELECT jsonb_build_array(state, verified_on, valid_until, result, seal_broken, locked, impounded, count(*)) AS g
      FROM theirs GROUP BY state, verified_on, valid_until, result, seal_broken, locked, impounded) AS grouped),
    'listed', (SELECT coalesce(jsonb_agg(row), '[]') FROM (
      SELECT jsonb_build_array(name, model, coalesce(nullif(place, ''), stall_number), state, verified_on,
        valid_until, result, seal_broken, locked, impounded) AS row
      FROM theirs ORDER BY coalesce(nullif(place, ''), stall_number), id LIMIT list_at_most) AS first_rows)
  ) INTO card;
  RETURN card;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("instruments", "0002_rate_change_grain"),
        ("registry", "0001_initial"),
        ("accounts", "0002_initial"),
        ("audit", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(PUBLIC_NAME, "DROP FUNCTION public_name(text, text)"),
        migrations.RunSQL(SCAN_CARD, "DROP FUNCTION scan_card(text)"),
        migrations.RunSQL(ENTITY_CARD, "DROP FUNCTION entity_card(text, integer)"),
    ]
