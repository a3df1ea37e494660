-- The definition of the verification rate evaluated row by row on one day: exact and plain, for few rows.
-- regulation/verification_rate.py in SQL; the placement that began last is where an instrument is on the day.
WITH here AS (
    SELECT i.id, i.area_id, i.premises, i.placed_on AS first_day, 9223372036854775807 AS turn
    FROM instruments_instrument i
    WHERE i.area_id BETWEEN %(first)s AND %(last)s AND i.placed_on <= %(day)s AND i.state = ANY(%(states)s)
    UNION ALL
    SELECT p.instrument_id, p.area_id, p.premises, p.first_day, p.id
    FROM instruments_placement p
    WHERE p.area_id BETWEEN %(first)s AND %(last)s AND %(day)s BETWEEN p.first_day AND p.last_day
)
SELECT h.area_id, h.premises, i.item_id, count(*), count(*) FILTER (WHERE proven.counts),
    count(*) FILTER (WHERE claimed.counts)
FROM here h JOIN instruments_instrument i ON i.id = h.id
CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM instruments_verification v
    WHERE v.instrument_id = i.id AND v.result = 'passed' AND v.kind <> 'in_service' AND NOT v.in_error AND v.provenance <> 'declared'
        AND v.verified_on <= %(day)s AND (v.valid_until IS NULL OR v.valid_until >= %(day)s)
        AND (v.voided_on IS NULL OR v.voided_on > %(day)s)
        AND NOT EXISTS (
            SELECT FROM instruments_verification newer
            WHERE newer.instrument_id = i.id AND newer.verified_on <= %(day)s AND NOT newer.in_error
                AND newer.provenance <> 'declared'
                AND NOT (newer.kind = 'in_service' AND newer.result = 'passed')
                AND (newer.verified_on, newer.id) > (v.verified_on, v.id))) AS counts) proven
CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM instruments_verification v
    WHERE v.instrument_id = i.id AND v.result = 'passed' AND v.kind <> 'in_service' AND NOT v.in_error
        AND v.verified_on <= %(day)s AND (v.valid_until IS NULL OR v.valid_until >= %(day)s)
        AND (v.voided_on IS NULL OR v.voided_on > %(day)s)
        AND NOT EXISTS (
            SELECT FROM instruments_verification newer
            WHERE newer.instrument_id = i.id AND newer.verified_on <= %(day)s AND NOT newer.in_error
                AND NOT (newer.kind = 'in_service' AND newer.result = 'passed')
                AND (newer.verified_on, newer.id) > (v.verified_on, v.id))) AS counts) claimed
WHERE h.premises = ANY(%(premises)s) AND i.item_id = ANY(%(items)s)
    AND NOT EXISTS (SELECT FROM instruments_instrument c WHERE c.parent_id = i.id)
    AND NOT EXISTS (
        SELECT FROM instruments_placement later
        WHERE later.instrument_id = i.id AND later.first_day <= %(day)s
            AND (later.first_day, later.id) > (h.first_day, h.turn))
    AND NOT (h.turn < 9223372036854775807 AND i.placed_on >= h.first_day AND i.placed_on <= %(day)s
        AND i.state = ANY(%(states)s))
GROUP BY h.area_id, h.premises, i.item_id
