-- The stalls that the markets of this chunk have already. Looked up by market alone: behind row-level security a
-- comparison of texts cannot use the index, here it can.
CREATE TEMP TABLE import_stalls ON COMMIT DROP AS
SELECT e.id, e.parent_id AS market_id, e.stall_number AS stall, e.area_id
FROM (SELECT DISTINCT market_id FROM import_markets) m
JOIN registry_entity e ON e.parent_id = m.market_id AND e.kind = 'stall'
