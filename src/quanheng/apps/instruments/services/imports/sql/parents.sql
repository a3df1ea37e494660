-- The dispenser that each nozzle row is a part of.
UPDATE import_places p
SET parent_id = i.id
FROM instruments_stagedrow s, instruments_instrument i
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.position = p.position
  AND s.nozzle <> ''
  AND i.entity_id = p.entity_id AND i.parent_id IS NULL AND i.place = s.dispenser
  AND i.item_id = s.item_id AND i.state <> 'scrapped'
