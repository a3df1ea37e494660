-- regulation/verification_rate.py in SQL: the steps of the three counts, by county, premises, item and day.
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
), deciding AS (
    -- Among what is proven the next proven one decides, among all that is claimed the next one whatever its source.
    SELECT instrument_id, verified_on, result, v.provenance <> 'declared' AS proven,
        least(valid_until, voided_on - 1) AS own_end,
        lead(verified_on) OVER later - 1 AS next_claimed,
        min(verified_on) FILTER (WHERE v.provenance <> 'declared') OVER (
            later ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - 1 AS next_proven
    FROM counted i JOIN instruments_verification v ON v.instrument_id = i.id
    WHERE NOT (v.kind = 'in_service' AND v.result = 'passed') AND NOT v.in_error
    WINDOW later AS (PARTITION BY instrument_id ORDER BY verified_on, v.id)
), passed AS (
    SELECT instrument_id, verified_on, proven,
        least(own_end, next_claimed) AS last_claimed, least(own_end, next_proven) AS last_proven
    FROM deciding WHERE result = 'passed'
), trusted AS (
    SELECT instrument_id, verified_on, last_claimed AS last_day,
        (proven AND last_proven IS NOT DISTINCT FROM last_claimed)::int AS verified, 1 AS claimed
    FROM passed
    UNION ALL
    SELECT instrument_id, verified_on, last_proven, 1, 0
    FROM passed WHERE proven AND last_proven IS DISTINCT FROM last_claimed
), spans AS (
    SELECT area_id, premises, item_id, daterange(first_day, last_day, '[]') AS days,
        1 AS in_use, 0 AS verified, 0 AS claimed
    FROM used WHERE last_day IS NULL OR first_day <= last_day
    UNION ALL
    SELECT u.area_id, u.premises, u.item_id,
        daterange(u.first_day, u.last_day, '[]') * daterange(t.verified_on, t.last_day, '[]'), 0, t.verified, t.claimed
    FROM used u JOIN trusted t ON t.instrument_id = u.id
        AND (t.last_day IS NULL OR t.verified_on <= t.last_day)
    WHERE u.last_day IS NULL OR u.first_day <= u.last_day
), steps AS (
    SELECT area_id, premises, item_id, day,
        sum(in_use)::int AS in_use, sum(verified)::int AS verified, sum(claimed)::int AS claimed
    FROM (
        SELECT area_id, premises, item_id, lower(days) AS day, in_use, verified, claimed FROM spans
        WHERE NOT isempty(days)
        UNION ALL
        SELECT area_id, premises, item_id, upper(days), -in_use, -verified, -claimed FROM spans
        WHERE NOT isempty(days) AND NOT upper_inf(days)
    ) step
    GROUP BY area_id, premises, item_id, day
    HAVING sum(in_use) <> 0 OR sum(verified) <> 0 OR sum(claimed) <> 0
)
