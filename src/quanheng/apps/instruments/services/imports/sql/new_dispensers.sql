-- Dispensers of the nozzle rows in this chunk, one per entity and dispenser number. %(suffix)s sets a serial
-- number apart that another dispenser of the same maker already bears.
WITH wanted AS (
    SELECT DISTINCT ON (p.entity_id, s.dispenser) p.entity_id, p.root_id, p.area_id, p.premises, s.*
    FROM import_places p
    JOIN (SELECT position, dispenser, nozzle, item_id, name, model, manufacturer, longitude, latitude,
                 split_part(serial_number, '#', 1) AS whole_serial
          FROM instruments_stagedrow
          WHERE run_id = %(run)s AND position BETWEEN %(first)s AND %(last)s AND nozzle <> ''
            AND action = 'new') s USING (position)
    WHERE NOT EXISTS (SELECT FROM instruments_instrument i
                      WHERE i.entity_id = p.entity_id AND i.parent_id IS NULL AND i.place = s.dispenser
                        AND i.item_id = s.item_id AND i.state <> 'scrapped')
    ORDER BY p.entity_id, s.dispenser, position
)
INSERT INTO instruments_instrument (
    entity_id, root_id, area_id, premises, item_id, name, model, serial_number, manufacturer,
    type_approval_number, accuracy_class, measuring_range, use, place, longitude, latitude, software_version,
    details, photo, generation, production_code, repair_code, verification_code, state, return_reason,
    seal_broken, locked, impounded, result, certificate_number, institute, import_run_id, registered_at,
    changed_at, version, placed_on, in_use_since)
SELECT entity_id, root_id, area_id, premises, item_id, name, model,
       whole_serial || CASE WHEN %(suffix)s THEN '/' || dispenser ELSE '' END, manufacturer,
       '', '', '', 'trade', dispenser, longitude, latitude, '', '{}'::jsonb, '', 'one_code', '', '', '',
       %(whole_state)s, '', false, false, false, '', '', '', %(run)s, %(at)s, %(at)s, 1,
       CASE WHEN %(whole_state)s = 'filed' THEN %(today)s::date END,
       CASE WHEN %(whole_state)s = 'filed' THEN %(today)s::date END
FROM wanted
ON CONFLICT DO NOTHING
RETURNING id
