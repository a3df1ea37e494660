-- What a name is found by: each of its endings of two signs or more, 20 signs of it (regulation.search_terms.name_key), so that
-- a range of one index finds the middle of a name too: row-level security lets no index serve LIKE. A stall is found by
-- its number, its market or the beginning of its name: most entities are stalls, and have no rows here.
CREATE OR REPLACE FUNCTION entity_words(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT DISTINCT substr(whole.key, place, 20)
  FROM (SELECT translate(regexp_replace(normalize(name, NFKC), '[\s()·.,。]+', '', 'g'),
    'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') AS key) whole,
    generate_series(1, least(length(whole.key) - 1, 40)) place
$$;
