-- What the act log keeps of a chunk: which instruments, and a digest over every row that entered.
SELECT array_agg(s.instrument_id),
       encode(sha256(convert_to(coalesce(string_agg(
           concat_ws('|', s.instrument_id, p.entity_id, s.manufacturer, s.serial_number, s.verified_on,
                     s.certificate_number, s.valid_until, s.result, s.state), E'\n' ORDER BY s.position), ''), 'UTF8')), 'hex')
FROM instruments_stagedrow s
JOIN import_places p USING (position)
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new'
