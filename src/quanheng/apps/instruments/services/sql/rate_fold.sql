-- Fresh changes move into the folded rows, in one statement.
WITH fresh AS (
    DELETE FROM instruments_ratechange WHERE grain = 0
    RETURNING indicator, area_id, premises, item_id, day, denominator, numerator, variant
), {levels}
INSERT INTO instruments_ratechange AS kept
    (indicator, area_id, premises, item_id, grain, day, denominator, numerator, variant)
SELECT indicator, area_id, premises, item_id, grain, day, denominator, numerator, variant FROM rows
WHERE denominator <> 0 OR numerator <> 0 OR variant <> 0
ORDER BY indicator, area_id, grain, day, premises, item_id
ON CONFLICT (indicator, area_id, grain, day, premises, item_id) WHERE NOT grain = 0
DO UPDATE SET denominator = kept.denominator + excluded.denominator,
    numerator = kept.numerator + excluded.numerator, variant = kept.variant + excluded.variant
