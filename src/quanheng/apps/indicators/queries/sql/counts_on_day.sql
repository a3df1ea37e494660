-- The count on a day: the years before it, the months before it in its year, the days up to it in its month,
-- and the fresh changes that the job has not folded yet.
SELECT area_id, premises, item_id, sum(denominator)::bigint, sum(numerator)::bigint, sum(variant)::bigint
FROM (
    SELECT area_id, premises, item_id, denominator, numerator, variant FROM instruments_ratechange
    WHERE indicator = %(indicator)s AND area_id = ANY(%(areas)s) AND grain = 3 AND day < %(year)s
    UNION ALL
    SELECT area_id, premises, item_id, denominator, numerator, variant FROM instruments_ratechange
    WHERE indicator = %(indicator)s AND area_id = ANY(%(areas)s) AND grain = 2 AND day >= %(year)s AND day < %(month)s
    UNION ALL
    SELECT area_id, premises, item_id, denominator, numerator, variant FROM instruments_ratechange
    WHERE indicator = %(indicator)s AND area_id = ANY(%(areas)s) AND grain = 1 AND day >= %(month)s AND day <= %(day)s
    UNION ALL
    SELECT area_id / %(width)s * %(width)s, premises, item_id, denominator, numerator, variant FROM instruments_ratechange
    WHERE indicator = %(indicator)s AND area_id / %(width)s * %(width)s = ANY(%(areas)s) AND grain = 0 AND day <= %(day)s
) change
WHERE premises = ANY(%(premises)s) AND item_id = ANY(%(items)s)
GROUP BY area_id, premises, item_id
HAVING sum(denominator) <> 0
