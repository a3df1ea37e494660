-- Every fresh change is stored once per grain (1 day, 2 month, 3 year) at its county, its city and the province.
-- An area's position without its last 6, 8 or 10 digits is its county's, city's, province's (accounts.Area).
WITH fresh AS (
    DELETE FROM instruments_ratechange WHERE grain = 0
    RETURNING area_id, premises, item_id, day, in_use, verified
), rows AS (
    SELECT a.area_id, f.premises, f.item_id, g.grain, date_trunc(g.unit, f.day::timestamp)::date AS day,
        sum(f.in_use) AS in_use, sum(f.verified) AS verified
    FROM fresh f
    CROSS JOIN LATERAL (
        SELECT DISTINCT f.area_id / step * step AS area_id
        FROM (VALUES (1000000), (100000000), (10000000000)) AS level (step)
    ) a
    CROSS JOIN (VALUES (1, 'day'), (2, 'month'), (3, 'year')) g (grain, unit)
    GROUP BY a.area_id, f.premises, f.item_id, g.grain, date_trunc(g.unit, f.day::timestamp)::date
    HAVING sum(f.in_use) <> 0 OR sum(f.verified) <> 0
)
INSERT INTO instruments_ratechange AS kept (area_id, premises, item_id, grain, day, in_use, verified)
SELECT area_id, premises, item_id, grain, day, in_use, verified FROM rows ORDER BY 1, 4, 5, 2, 3
ON CONFLICT (area_id, grain, day, premises, item_id) WHERE NOT grain = 0
DO UPDATE SET in_use = kept.in_use + excluded.in_use, verified = kept.verified + excluded.verified
