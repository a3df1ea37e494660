-- regulation.instrument_identity.maker_key, once more for statements that match many rows.
CREATE OR REPLACE FUNCTION maker_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_replace(lower(regexp_replace(normalize(name, NFKC), '[\s()·.,。]+', '', 'g')),
    '(股份)?有限(责任)?公司$', '')
$$;
