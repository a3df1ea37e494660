-- The count of streets on one day, from the rows themselves: for few rows.
{spans}
SELECT area_id, premises, item_id, sum(denominator)::bigint, sum(numerator)::bigint, sum(variant)::bigint
FROM spans
WHERE days @> %(day)s::date AND area_id BETWEEN %(first)s AND %(last)s
    AND premises = ANY(%(premises)s) AND item_id = ANY(%(items)s)
GROUP BY area_id, premises, item_id
HAVING sum(denominator) <> 0
