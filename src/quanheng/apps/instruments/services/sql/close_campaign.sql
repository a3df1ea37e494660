-- The closing report of the entry of scales, for every area from the street up: what was entered by the last day, of that
-- what had a code and a bound code by then, and what of it is wrong or missing now. A serial number is doubled where
-- another scale of the same county has it.
WITH scales AS (
    SELECT i.id, i.area_id, i.serial_number, i.manufacturer, i.verified_on,
        count(*) FILTER (WHERE i.serial_number <> '')
            OVER (PARTITION BY i.area_id - i.area_id %% 1000000, i.serial_number) AS same_number
    FROM instruments_instrument i JOIN instruments_catalogueitem item ON item.id = i.item_id
    WHERE item.category = 'scale' AND i.state <> 'scrapped' AND i.registered_at < %(after)s
),
codes AS (
    SELECT k.instrument_id, bool_or(k.issued_at < %(after)s) AS coded, bool_or(k.bound_at < %(after)s) AS bound
    FROM instruments_instrumentcode k JOIN scales s ON s.id = k.instrument_id GROUP BY k.instrument_id
),
streets AS (
    SELECT s.area_id, count(*) AS entered, count(*) FILTER (WHERE k.coded) AS coded,
        count(*) FILTER (WHERE k.bound) AS bound, count(*) FILTER (WHERE s.same_number > 1) AS doubled,
        count(*) FILTER (WHERE s.serial_number = '') AS no_serial,
        count(*) FILTER (WHERE s.manufacturer = '') AS no_maker,
        count(*) FILTER (WHERE s.verified_on IS NULL) AS no_verification
    FROM scales s LEFT JOIN codes k ON k.instrument_id = s.id GROUP BY s.area_id
)
INSERT INTO instruments_entryclosing
    (area_id, frozen_at, entered, coded, bound, doubled, no_serial, no_maker, no_verification)
SELECT a.id, %(at)s, sum(s.entered), sum(s.coded), sum(s.bound), sum(s.doubled), sum(s.no_serial), sum(s.no_maker),
    sum(s.no_verification)
FROM streets s
CROSS JOIN (VALUES (1, 10000000000), (2, 100000000), (3, 1000000), (4, 1000)) l(level, width)
JOIN accounts_area a ON a.id = s.area_id - s.area_id %% l.width AND a.level = l.level
GROUP BY a.id
ON CONFLICT (area_id) DO NOTHING
