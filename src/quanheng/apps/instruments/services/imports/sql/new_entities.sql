-- Drafts of the entities that the registry does not know yet: one per credit code, or per name and area.
WITH named AS (
    SELECT credit_code, entity_name, area_id, premises, position,
           row_number() OVER (PARTITION BY credit_code, CASE WHEN credit_code = '' THEN entity_name END,
                                           CASE WHEN credit_code = '' THEN area_id END ORDER BY position) AS nth
    FROM instruments_stagedrow
    WHERE run_id = %(run)s AND position BETWEEN %(first)s AND %(last)s AND action = 'new'
), wanted AS (
    SELECT * FROM named n
    WHERE nth = 1
      AND NOT EXISTS (SELECT FROM registry_entity e WHERE n.credit_code <> '' AND e.credit_code = n.credit_code)
      AND NOT EXISTS (SELECT FROM registry_entity e
                      WHERE n.credit_code = '' AND e.name = n.entity_name AND e.area_id = n.area_id
                        AND e.kind <> 'stall' AND e.state <> 'closed')
), numbered AS (
    SELECT nextval(pg_get_serial_sequence('registry_entity', 'id')) AS id, wanted.* FROM wanted
)
INSERT INTO registry_entity (
    id, root_id, kind, premises, name, credit_code, area_id, stall_number, address, industry_code, above_scale,
    hospital_grade, credit_grade, integrity_pledge, under_focus, state, registered_at, version, batch_id)
SELECT id, id,
       CASE WHEN premises = 'market' THEN 'market_operator'
            WHEN premises = 'hospital' AND credit_code LIKE '1%%' THEN 'institution'
            WHEN credit_code LIKE '92%%' THEN 'sole_trader' ELSE 'company' END,
       premises, entity_name, nullif(credit_code, ''), area_id, '', '', '', false, '', '', false, false,
       'draft', %(at)s, 1, %(run)s
FROM numbered
RETURNING id, name, credit_code, area_id
