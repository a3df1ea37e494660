-- A seal that several nozzles of a dispenser name sits on the dispenser and protects them all. A number that somebody
-- else took since it was asked about (ledger_check) is left out.
INSERT INTO instruments_seal (
    instrument_id, root_id, area_id, number, position, applied_on, applied_by, applied_witness, broken_by,
    broken_witness, break_reason)
SELECT CASE WHEN shared > 1 AND parent_id IS NOT NULL THEN parent_id ELSE instrument_id END,
       root_id, area_id, number, place, applied_on, '', '', '', '', ''
FROM (
    SELECT s.position, s.instrument_id, p.parent_id, p.root_id, p.area_id, split_part(seal, ':', 2) AS number,
           split_part(seal, ':', 1) AS place, coalesce(s.verified_on, %(today)s::date) AS applied_on,
           count(*) OVER (PARTITION BY p.parent_id, seal_key(split_part(seal, ':', 2))) AS shared
    FROM instruments_stagedrow s
    JOIN import_places p USING (position)
    CROSS JOIN LATERAL unnest(s.seals) AS seal
    WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new') told
ORDER BY position
ON CONFLICT DO NOTHING
