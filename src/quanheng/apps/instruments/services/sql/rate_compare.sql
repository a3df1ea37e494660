-- What the folded rows should be by a recount of the whole ledger, less what they are; one statement, one snapshot.
{steps}, fresh AS (
    SELECT area_id, premises, item_id, day, in_use, verified, claimed FROM steps
    UNION ALL
    SELECT area_id, premises, item_id, day, -in_use, -verified, -claimed FROM instruments_ratechange WHERE grain = 0
), {levels}, kept AS (
    SELECT area_id, premises, item_id, grain, day, in_use, verified, claimed FROM instruments_ratechange
    WHERE grain <> 0
)
SELECT area_id, premises, item_id, grain, day,
    (coalesce(r.in_use, 0) - coalesce(k.in_use, 0))::int, (coalesce(r.verified, 0) - coalesce(k.verified, 0))::int,
    (coalesce(r.claimed, 0) - coalesce(k.claimed, 0))::int
FROM rows r FULL JOIN kept k USING (area_id, premises, item_id, grain, day)
WHERE coalesce(r.in_use, 0) <> coalesce(k.in_use, 0) OR coalesce(r.verified, 0) <> coalesce(k.verified, 0)
    OR coalesce(r.claimed, 0) <> coalesce(k.claimed, 0)
ORDER BY area_id, grain, day, premises, item_id
