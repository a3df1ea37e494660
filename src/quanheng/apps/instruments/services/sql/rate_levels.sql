-- Changes at county level become rows per grain (1 day, 2 month, 3 year) at the county, its city and the province.
-- An area's position without its last 6, 8 or 10 digits is its county's, city's, province's (accounts.Area); a
-- change that was made at a city or at the province itself belongs to no county. Reads the changes from "fresh".
county AS MATERIALIZED (
    SELECT indicator, area_id, premises, item_id, day,
        sum(denominator) AS denominator, sum(numerator) AS numerator, sum(variant) AS variant
    FROM fresh GROUP BY indicator, area_id, premises, item_id, day
), city AS MATERIALIZED (
    SELECT indicator, area_id / 100000000 * 100000000 AS area_id, premises, item_id, day,
        sum(denominator) AS denominator, sum(numerator) AS numerator, sum(variant) AS variant
    FROM county GROUP BY indicator, 2, premises, item_id, day
), days AS MATERIALIZED (
    SELECT * FROM county WHERE area_id % 100000000 <> 0
    UNION ALL
    SELECT * FROM city WHERE area_id % 10000000000 <> 0
    UNION ALL
    SELECT indicator, area_id / 10000000000 * 10000000000, premises, item_id, day,
        sum(denominator), sum(numerator), sum(variant)
    FROM city GROUP BY indicator, 2, premises, item_id, day
), months AS MATERIALIZED (
    SELECT indicator, area_id, premises, item_id, date_trunc('month', day::timestamp)::date AS day,
        sum(denominator) AS denominator, sum(numerator) AS numerator, sum(variant) AS variant
    FROM days GROUP BY indicator, area_id, premises, item_id, date_trunc('month', day::timestamp)
), rows AS (
    SELECT 1 AS grain, * FROM days
    UNION ALL
    SELECT 2, * FROM months
    UNION ALL
    SELECT 3, indicator, area_id, premises, item_id, date_trunc('year', day::timestamp)::date,
        sum(denominator), sum(numerator), sum(variant)
    FROM months GROUP BY indicator, area_id, premises, item_id, date_trunc('year', day::timestamp)
)
