-- regulation/rates.py in SQL, common to all indicators: where the chosen instruments were in use, and when.
-- "chosen" picks instruments i; "ignored" says which parts c are treated as if they were not there; "area" is
-- the street of a use, or its county; "counted_states" are the states that count as in use.
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
    SELECT id, item_id, {area} AS area_id, premises, first_day,
        least(last_day, lead(first_day) OVER (PARTITION BY id ORDER BY first_day, turn) - 1) AS last_day
    FROM placed
), spans AS MATERIALIZED (
    -- Materialized: of a condition on "used" the planner expects one row, and joins every row with every other.
    {spans}
)
