-- The steps of the counts: what the spans change on each day. An area's position without its six street digits
-- is its county's (accounts.Area).
{spans}, steps AS (
    SELECT indicator, area_id, premises, item_id, day, sum(denominator)::int AS denominator,
        sum(numerator)::int AS numerator, sum(variant)::int AS variant
    FROM (
        SELECT indicator, area_id, premises, item_id, lower(days) AS day, denominator, numerator, variant FROM spans
        WHERE NOT isempty(days)
        UNION ALL
        SELECT indicator, area_id, premises, item_id, upper(days), -denominator, -numerator, -variant FROM spans
        WHERE NOT isempty(days) AND NOT upper_inf(days)
    ) step
    GROUP BY indicator, area_id, premises, item_id, day
    HAVING sum(denominator) <> 0 OR sum(numerator) <> 0 OR sum(variant) <> 0
)
