-- Fresh changes move into the folded rows, in one statement.
WITH fresh AS (
    DELETE FROM instruments_ratechange WHERE grain = 0
    RETURNING area_id, premises, item_id, day, in_use, verified, claimed
), {levels}
INSERT INTO instruments_ratechange AS kept (area_id, premises, item_id, grain, day, in_use, verified, claimed)
SELECT area_id, premises, item_id, grain, day, in_use, verified, claimed FROM rows
WHERE in_use <> 0 OR verified <> 0 OR claimed <> 0
ORDER BY area_id, grain, day, premises, item_id
ON CONFLICT (area_id, grain, day, premises, item_id) WHERE NOT grain = 0
DO UPDATE SET in_use = kept.in_use + excluded.in_use, verified = kept.verified + excluded.verified,
    claimed = kept.claimed + excluded.claimed
