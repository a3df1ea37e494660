    -- One indicator: days in use, and those of them on which its own rule holds ("days").
    SELECT '{indicator}' AS indicator, area_id, premises, item_id, daterange(first_day, last_day, '[]') AS days,
        1 AS denominator, 0 AS numerator, 0 AS variant
    FROM used WHERE last_day IS NULL OR first_day <= last_day
    UNION ALL
    SELECT '{indicator}', u.area_id, u.premises, u.item_id,
        daterange(u.first_day, u.last_day, '[]') * daterange(d.first_day, d.last_day, '[]'),
        0, d.numerator, d.variant
    FROM used u JOIN ({days}) d ON d.instrument_id = u.id AND (d.last_day IS NULL OR d.first_day <= d.last_day)
    WHERE u.last_day IS NULL OR u.first_day <= u.last_day
