-- What the folded rows should be by a recount of the whole ledger, less what they are; one statement, one snapshot.
{steps}, fresh AS (
    SELECT indicator, area_id, premises, item_id, day, denominator, numerator, variant FROM steps
    UNION ALL
    SELECT indicator, area_id, premises, item_id, day, -denominator, -numerator, -variant
    FROM instruments_ratechange WHERE grain = 0
), {levels}, kept AS (
    SELECT indicator, area_id, premises, item_id, grain, day, denominator, numerator, variant
    FROM instruments_ratechange WHERE grain <> 0
)
SELECT indicator, area_id, premises, item_id, grain, day,
    (coalesce(r.denominator, 0) - coalesce(k.denominator, 0))::int,
    (coalesce(r.numerator, 0) - coalesce(k.numerator, 0))::int, (coalesce(r.variant, 0) - coalesce(k.variant, 0))::int
FROM rows r FULL JOIN kept k USING (indicator, area_id, premises, item_id, grain, day)
WHERE coalesce(r.denominator, 0) <> coalesce(k.denominator, 0)
    OR coalesce(r.numerator, 0) <> coalesce(k.numerator, 0) OR coalesce(r.variant, 0) <> coalesce(k.variant, 0)
ORDER BY indicator, area_id, grain, day, premises, item_id
