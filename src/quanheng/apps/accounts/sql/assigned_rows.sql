-- The rows of a kind that are assigned to whoever acts in this transaction, in one of some capacities: the second
-- wall asks, each time anew. Nothing at all is looked up for a role that can hold no assignment, nor where everything
-- is let through: the wall around assignments asks this function too.
CREATE OR REPLACE FUNCTION assigned_rows(wanted text, held_as text[]) RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE may text := nullif(current_setting('quanheng.capacities', true), '');
BEGIN
  IF may IS NULL OR current_setting('quanheng.everything', true) = '1' THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(
    SELECT held.row_id FROM assignments_held(
      nullif(current_setting('quanheng.person', true), '')::bigint,
      nullif(current_setting('quanheng.entity', true), '')::bigint,
      nullif(current_setting('quanheng.agency', true), '')::bigint,
      string_to_array(may, ',')) held
    WHERE held.kind = wanted AND held.capacity = ANY (held_as)
  );
END $$;
