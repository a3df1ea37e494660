-- The instruments themselves, with the ids that were reserved when the rows were staged.
INSERT INTO instruments_instrument (
    id, entity_id, root_id, area_id, premises, parent_id, item_id, name, model, serial_number, manufacturer,
    type_approval_number, accuracy_class, max_capacity_g, e_g, measuring_range, use, place, longitude, latitude,
    in_use_since, placed_on, software_version, details, photo, generation, production_code, repair_code,
    verification_code, state, return_reason, seal_broken, locked, impounded, verified_on, valid_until,
    trusted_until, result, certificate_number, institute, provenance, code, import_run_id, registered_at, changed_at, version)
SELECT s.instrument_id, p.entity_id, p.root_id, p.area_id, p.premises, p.parent_id, s.item_id, s.name, s.model,
       s.serial_number, s.manufacturer, s.type_approval_number, s.accuracy_class, s.max_capacity_g, s.e_g,
       s.measuring_range, s.use, s.place, s.longitude, s.latitude, s.in_use_since,
       CASE WHEN s.state = ANY(%(counted)s) THEN coalesce(s.in_use_since, s.verified_on, %(today)s::date) END,
       '', s.details, '', 'one_code', '', '', '', s.state, '', false, false, false, s.verified_on, s.valid_until,
       s.valid_until, s.result, s.certificate_number, s.institute,
       CASE WHEN s.result = '' THEN '' WHEN %(office)s AND s.certificate_number <> '' AND s.institute <> ''
           THEN 'recorded' ELSE 'declared' END,  -- regulation.provenance.told_by
       s.code, %(run)s, %(at)s, %(at)s, 1
FROM instruments_stagedrow s
JOIN import_places p USING (position)
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new'
ORDER BY s.position
