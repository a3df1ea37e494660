INSERT INTO instruments_verification (
    instrument_id, root_id, area_id, kind, verified_on, valid_until, result, certificate_number, institute,
    regulation, provenance, void_reason, recorded_at)
SELECT s.instrument_id, p.root_id, p.area_id, 'subsequent', s.verified_on, s.valid_until, s.result,
       s.certificate_number, s.institute, '',
       CASE WHEN %(office)s AND s.certificate_number <> '' AND s.institute <> '' THEN 'recorded' ELSE 'declared' END,
       '', %(at)s
FROM instruments_stagedrow s
JOIN import_places p USING (position)
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new'
  AND s.verified_on IS NOT NULL AND s.result <> ''
