-- regulation/verification_rate.py in SQL: the steps of both counts, by county, premises, item and day.
-- "chosen" picks instruments i; "ignored" says which parts c are treated as if they were not there;
-- "counted_states" are the states that count as in use. An area's position without its six street digits
-- is its county's (accounts.Area).
WITH counted AS (
    SELECT i.id, i.item_id, i.area_id, i.premises, i.placed_on, i.state FROM instruments_instrument i
    WHERE {chosen} AND NOT EXISTS (
        SELECT FROM instruments_instrument c WHERE c.parent_id = i.id AND NOT ({ignored}))
), placed AS (
    SELECT i.id, i.item_id, p.area_id, p.premises, p.first_day, p.last_day, p.id AS turn
    FROM counted i JOIN instruments_placement p ON p.instrument_id = i.id
    UNION ALL
    SELECT id, item_id, area_id, premises, placed_on, NULL, NULL FROM counted
    WHERE placed_on IS NOT NULL AND state IN ({counted_states})
), used AS (
    SELECT id, item_id, area_id / 1000000 * 1000000 AS area_id, premises, first_day,
        least(last_day, lead(first_day) OVER (PARTITION BY id ORDER BY first_day, turn) - 1) AS last_day
    FROM placed
), trusted AS (
    SELECT instrument_id, verified_on, result,
        least(valid_until, voided_on - 1,
            lead(verified_on) OVER (PARTITION BY instrument_id ORDER BY verified_on, v.id) - 1) AS last_day
    FROM counted i JOIN instruments_verification v ON v.instrument_id = i.id
    WHERE NOT (v.kind = 'in_service' AND v.result = 'passed')
), spans AS (
    SELECT area_id, premises, item_id, daterange(first_day, last_day, '[]') AS days,
        1 AS in_use, 0 AS verified
    FROM used WHERE last_day IS NULL OR first_day <= last_day
    UNION ALL
    SELECT u.area_id, u.premises, u.item_id,
        daterange(u.first_day, u.last_day, '[]') * daterange(t.verified_on, t.last_day, '[]'), 0, 1
    FROM used u JOIN trusted t ON t.instrument_id = u.id AND t.result = 'passed'
        AND (t.last_day IS NULL OR t.verified_on <= t.last_day)
    WHERE u.last_day IS NULL OR u.first_day <= u.last_day
), steps AS (
    SELECT area_id, premises, item_id, day, sum(in_use)::int AS in_use, sum(verified)::int AS verified
    FROM (
        SELECT area_id, premises, item_id, lower(days) AS day, in_use, verified FROM spans
        WHERE NOT isempty(days)
        UNION ALL
        SELECT area_id, premises, item_id, upper(days), -in_use, -verified FROM spans
        WHERE NOT isempty(days) AND NOT upper_inf(days)
    ) step
    GROUP BY area_id, premises, item_id, day
    HAVING sum(in_use) <> 0 OR sum(verified) <> 0
)
