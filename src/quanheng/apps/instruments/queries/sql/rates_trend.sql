-- The count of one area on every day of an interval: the count on its first day plus the changes since.
SELECT d.day::date,
    %(in_use)s + coalesce(sum(c.in_use) OVER (ORDER BY d.day), 0)::bigint,
    %(verified)s + coalesce(sum(c.verified) OVER (ORDER BY d.day), 0)::bigint,
    %(claimed)s + coalesce(sum(c.claimed) OVER (ORDER BY d.day), 0)::bigint
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d (day)
LEFT JOIN (
    SELECT day, sum(in_use) AS in_use, sum(verified) AS verified, sum(claimed) AS claimed
    FROM (
        SELECT day, premises, item_id, in_use, verified, claimed FROM instruments_ratechange
        WHERE area_id = %(area)s AND grain = 1 AND day > %(first)s AND day <= %(last)s
        UNION ALL
        SELECT day, premises, item_id, in_use, verified, claimed FROM instruments_ratechange
        WHERE area_id / %(width)s * %(width)s = %(area)s AND grain = 0 AND day > %(first)s AND day <= %(last)s
    ) change
    WHERE premises = ANY(%(premises)s) AND item_id = ANY(%(items)s)
    GROUP BY day
) c ON c.day = d.day
ORDER BY d.day
