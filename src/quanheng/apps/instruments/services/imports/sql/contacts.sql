-- Stall keepers, already encrypted. A keeper who is known stays: the office changes people by hand.
INSERT INTO registry_contact (entity_id, root_id, area_id, duty, name, phone, phone_hash)
SELECT DISTINCT ON (p.entity_id)
       p.entity_id, p.root_id, p.area_id, CASE WHEN s.stall = '' THEN 'contact' ELSE 'stall_keeper' END,
       s.holder_name, s.holder_phone, s.phone_hash
FROM import_places p
JOIN instruments_stagedrow s ON s.run_id = %(run)s AND s.position = p.position
WHERE s.position BETWEEN %(first)s AND %(last)s
  AND (length(s.holder_name) > 0 OR length(s.holder_phone) > 0)
  AND NOT EXISTS (SELECT FROM registry_contact c WHERE c.entity_id = p.entity_id)
ORDER BY p.entity_id, p.position
