-- Rows of the stage that name an instrument which the ledger already has: same maker and serial number, and
-- a part (nozzle) only where the row is a part. A scrapped one counts only for a row that says scrapped: its
-- number may come back.
SELECT DISTINCT ON (s.position) s.position, i.id
FROM instruments_stagedrow s
JOIN instruments_instrument i
  ON i.serial_number = s.serial_number
 AND i.manufacturer = s.manufacturer
 AND (i.parent_id IS NULL) = (s.nozzle = '')
 AND (i.state <> 'scrapped' OR s.state = 'scrapped' OR s.details ->> 'declared_state' = 'scrapped')
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s
ORDER BY s.position, i.state = 'scrapped', i.id
