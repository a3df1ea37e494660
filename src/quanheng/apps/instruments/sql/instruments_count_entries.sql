-- What was entered, counted as it is written (ADR 0009): each statement on the ledger appends the difference that it
-- makes, by area and item. Scrapped instruments count nowhere; 30 June 2026 is the plan's day (queries/campaign.py).
CREATE OR REPLACE FUNCTION instruments_count_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO instruments_entrycount
            (area_id, item_id, folded, in_time, now, coded, filed, no_serial, no_maker, no_verification)
        SELECT area_id, item_id, false,
            count(*) FILTER (WHERE registered_at < '2026-07-01T00:00:00+08:00'), count(*),
            count(*) FILTER (WHERE code IS NOT NULL),
            count(*) FILTER (WHERE state NOT IN ('draft', 'filing', 'returned')),
            count(*) FILTER (WHERE serial_number = ''), count(*) FILTER (WHERE manufacturer = ''),
            count(*) FILTER (WHERE verified_on IS NULL)
        FROM new_rows WHERE state <> 'scrapped' GROUP BY area_id, item_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO instruments_entrycount
            (area_id, item_id, folded, in_time, now, coded, filed, no_serial, no_maker, no_verification)
        SELECT area_id, item_id, false,
            -count(*) FILTER (WHERE registered_at < '2026-07-01T00:00:00+08:00'), -count(*),
            -count(*) FILTER (WHERE code IS NOT NULL),
            -count(*) FILTER (WHERE state NOT IN ('draft', 'filing', 'returned')),
            -count(*) FILTER (WHERE serial_number = ''), -count(*) FILTER (WHERE manufacturer = ''),
            -count(*) FILTER (WHERE verified_on IS NULL)
        FROM old_rows WHERE state <> 'scrapped' GROUP BY area_id, item_id;
    ELSE
        INSERT INTO instruments_entrycount
            (area_id, item_id, folded, in_time, now, coded, filed, no_serial, no_maker, no_verification)
        SELECT * FROM (
            SELECT area_id, item_id, false AS folded,
                coalesce(sum(sign) FILTER (WHERE registered_at < '2026-07-01T00:00:00+08:00'), 0)::int AS in_time,
                coalesce(sum(sign), 0)::int AS now,
                coalesce(sum(sign) FILTER (WHERE code IS NOT NULL), 0)::int AS coded,
                coalesce(sum(sign) FILTER (WHERE state NOT IN ('draft', 'filing', 'returned')), 0)::int AS filed,
                coalesce(sum(sign) FILTER (WHERE serial_number = ''), 0)::int AS no_serial,
                coalesce(sum(sign) FILTER (WHERE manufacturer = ''), 0)::int AS no_maker,
                coalesce(sum(sign) FILTER (WHERE verified_on IS NULL), 0)::int AS no_verification
            FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) r
            WHERE state <> 'scrapped' GROUP BY area_id, item_id
        ) changed
        WHERE (in_time, now, coded, filed, no_serial, no_maker, no_verification) <> (0, 0, 0, 0, 0, 0, 0);
    END IF;
    RETURN NULL;
END $$;
