-- What the public may be told somebody is called: a stall, or a sole trader without a shop sign, is named after a
-- person. The cards use it.
CREATE OR REPLACE FUNCTION public_name(kind text, name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN kind = 'stall' OR (kind = 'sole_trader' AND char_length(name) <= 4) THEN '' ELSE name END
$$;
