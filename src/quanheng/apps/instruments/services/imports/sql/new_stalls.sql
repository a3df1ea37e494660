-- Stalls of the markets in this chunk that the registry does not know yet.
WITH wanted AS (
    SELECT DISTINCT ON (m.market_id, m.stall)
           m.market_id, m.root_id, m.stall, m.row_area_id, m.row_premises, m.name
    FROM import_markets m
    WHERE m.stall <> '' AND m.action = 'new'
      AND NOT EXISTS (SELECT FROM import_stalls t WHERE t.market_id = m.market_id AND t.stall = m.stall)
    ORDER BY m.market_id, m.stall, m.position
), made AS (
    INSERT INTO registry_entity (
        parent_id, root_id, kind, premises, name, area_id, stall_number, address, industry_code, above_scale,
        hospital_grade, credit_grade, integrity_pledge, under_focus, state, registered_at, version, batch_id)
    SELECT market_id, root_id, 'stall', row_premises, left(name || ' ' || stall, 120), row_area_id, stall, '', '',
           false, '', '', false, false, 'draft', %(at)s, 1, %(run)s
    FROM wanted
    RETURNING id, parent_id, stall_number, area_id
)
INSERT INTO import_stalls SELECT id, parent_id, stall_number, area_id FROM made
