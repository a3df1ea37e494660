-- The stalls that the markets of this chunk have already, looked up one market after the other.
CREATE TEMP TABLE import_stalls ON COMMIT DROP AS
SELECT e.id, m.market_id, e.stall_number AS stall, e.area_id
FROM (SELECT DISTINCT market_id FROM import_markets WHERE stall <> '') m
CROSS JOIN LATERAL (SELECT id, stall_number, area_id FROM registry_entity
                    WHERE parent_id = m.market_id AND kind = 'stall' OFFSET 0) e
