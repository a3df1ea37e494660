-- Rows of the stage that name an instrument which the ledger already has: the same number, the same maker
-- (regulation.instrument_identity), and a part (nozzle) only where the row is a part. A maker that one of the two
-- does not name may be any, within one entity and where only one can be meant. A scrapped one counts only for a row
-- that says scrapped: its number may come back.
WITH candidates AS (
    SELECT s.position, i.id, i.state,
           CASE WHEN i.manufacturer = s.manufacturer THEN 0
                WHEN maker_key(i.manufacturer) = maker_key(s.manufacturer) THEN 1
                WHEN (i.manufacturer = '' OR s.manufacturer = '')
                     AND EXISTS (SELECT FROM registry_entity e
                                 WHERE e.id IN (i.root_id, i.entity_id)
                                   AND CASE WHEN s.credit_code <> '' THEN e.credit_code = s.credit_code
                                            ELSE e.name = s.entity_name END) THEN 2
           END AS likeness
    FROM instruments_stagedrow s
    JOIN instruments_instrument i
      ON i.serial_key = seal_key(s.serial_number)
     AND (i.parent_id IS NULL) = (s.nozzle = '')
     AND (i.state <> 'scrapped' OR s.state = 'scrapped' OR s.details ->> 'declared_state' = 'scrapped')
    WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s
), told AS (
    SELECT *, count(*) FILTER (WHERE likeness = 2) OVER (PARTITION BY position) AS unnamed
    FROM candidates WHERE likeness IS NOT NULL
)
SELECT DISTINCT ON (position) position, id
FROM told
WHERE likeness < 2 OR unnamed = 1
ORDER BY position, likeness, state = 'scrapped', id
