-- The instruments that the rows of this chunk became.
SELECT s.instrument_id FROM instruments_stagedrow s
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new'
