-- The count of one area on every day of an interval: the count on its first day plus the changes since.
SELECT d.day::date,
    %(denominator)s + coalesce(sum(c.denominator) OVER (ORDER BY d.day), 0)::bigint,
    %(numerator)s + coalesce(sum(c.numerator) OVER (ORDER BY d.day), 0)::bigint,
    %(variant)s + coalesce(sum(c.variant) OVER (ORDER BY d.day), 0)::bigint
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d (day)
LEFT JOIN (
    SELECT day, sum(denominator) AS denominator, sum(numerator) AS numerator, sum(variant) AS variant
    FROM (
        SELECT day, premises, item_id, denominator, numerator, variant FROM instruments_ratechange
        WHERE indicator = %(indicator)s AND area_id = %(area)s AND grain = 1 AND day > %(first)s AND day <= %(last)s
        UNION ALL
        SELECT day, premises, item_id, denominator, numerator, variant FROM instruments_ratechange
        WHERE indicator = %(indicator)s AND area_id / %(width)s * %(width)s = %(area)s AND grain = 0 AND day > %(first)s AND day <= %(last)s
    ) change
    WHERE premises = ANY(%(premises)s) AND item_id = ANY(%(items)s)
    GROUP BY day
) c ON c.day = d.day
ORDER BY d.day
