-- Where the changes stand: which database this is, below which transaction nothing is open any more, and how far a
-- reader goes at once from a position: rows that are not theirs are passed over, and a long passage takes several calls.
CREATE OR REPLACE FUNCTION changes_standing(after_xid bigint, after_number bigint, most int)
RETURNS TABLE (database text, settled bigint, until_xid bigint, until_number bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
  WITH here AS MATERIALIZED (
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS settled,
      (SELECT system_identifier FROM pg_control_system())::text || '.' ||
      (SELECT timeline_id FROM pg_control_checkpoint())::text || '.' ||
      (SELECT oid FROM pg_database WHERE datname = current_database())::text AS database)
  SELECT here.database, here.settled, last.xid, last.number
  FROM here LEFT JOIN LATERAL (
    SELECT c.xid, c.number FROM changes_change c
    WHERE (c.xid, c.number) > (after_xid, after_number) AND c.xid < here.settled
    ORDER BY c.xid, c.number OFFSET most - 1 LIMIT 1) last ON true
$$;
