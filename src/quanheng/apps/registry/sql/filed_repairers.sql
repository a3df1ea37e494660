-- Repairers and makers with a confirmed file, wherever they are: whoever sends an instrument to repair names one.
CREATE OR REPLACE FUNCTION filed_repairers(named text, chosen bigint) RETURNS TABLE (id bigint, name text, place text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET quanheng.everything = '1' AS $$
  SELECT e.id, e.name, a.full_name FROM registry_entity e JOIN accounts_area a ON a.id = e.area_id
  WHERE e.premises IN ('repairer', 'maker') AND e.state = 'confirmed'
    AND (chosen IS NULL OR e.id = chosen) AND strpos(e.name, named) > 0
  ORDER BY e.name, e.id LIMIT 20
$$;
