-- regulation.seal_numbers.seal_key, once more for a generated column and for statements that insert many. A change of
-- what it answers needs a migration besides: what is stored was answered before.
CREATE OR REPLACE FUNCTION seal_key(number text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(regexp_replace(normalize(number, NFKC), '\s', '', 'g'),
    'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
$$;
