-- Which entity (market, company, hospital) each row of the chunk belongs to.
CREATE TEMP TABLE import_markets ON COMMIT DROP AS
SELECT s.position, s.action, s.stall, s.area_id AS row_area_id, s.premises AS row_premises,
       e.id AS market_id, coalesce(e.root_id, e.id) AS root_id, e.name, e.area_id, e.premises
FROM instruments_stagedrow s
JOIN registry_entity e ON e.credit_code = s.credit_code AND e.state <> 'closed'
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.credit_code <> ''
UNION ALL
SELECT DISTINCT ON (s.position) s.position, s.action, s.stall, s.area_id, s.premises,
       e.id, coalesce(e.root_id, e.id), e.name, e.area_id, e.premises
FROM instruments_stagedrow s
JOIN registry_entity e
  ON e.name = s.entity_name AND e.area_id = s.area_id AND e.kind <> 'stall' AND e.state <> 'closed'
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.credit_code = ''
