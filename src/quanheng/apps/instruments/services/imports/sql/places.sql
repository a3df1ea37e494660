-- Where each row's instrument stands: the stall where there is one, otherwise the entity itself.
CREATE TEMP TABLE import_places ON COMMIT DROP AS
SELECT m.position, coalesce(t.id, m.market_id) AS entity_id, m.root_id, m.premises,
       coalesce(t.area_id, m.area_id) AS area_id, NULL::bigint AS parent_id
FROM import_markets m
LEFT JOIN import_stalls t ON m.stall <> '' AND t.market_id = m.market_id AND t.stall = m.stall
