INSERT INTO instruments_instrumentcode (value, instrument_id, area_id, state, batch, issued_at, bound_at, end_reason)
SELECT s.code, s.instrument_id, p.area_id, 'active', '', %(at)s, %(at)s, ''
FROM instruments_stagedrow s
JOIN import_places p USING (position)
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new' AND s.code IS NOT NULL
