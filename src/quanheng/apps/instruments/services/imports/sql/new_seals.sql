INSERT INTO instruments_seal (
    instrument_id, root_id, area_id, number, position, applied_on, applied_by, applied_witness, broken_by,
    broken_witness, break_reason)
SELECT s.instrument_id, p.root_id, p.area_id, split_part(seal, ':', 2), split_part(seal, ':', 1),
       coalesce(s.verified_on, %(today)s::date), '', '', '', '', ''
FROM instruments_stagedrow s
JOIN import_places p USING (position)
CROSS JOIN LATERAL unnest(s.seals) AS seal
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new'
