"""Writing what names are found by for entities that came past the trigger: a province that was copied in."""

from __future__ import annotations

from quanheng.kit.scope import seeing_everything

COMPLETE = """
INSERT INTO registry_entityword (entity_id, root_id, area_id, word)
SELECT e.id, coalesce(e.root_id, e.id), e.area_id, w FROM registry_entity e, entity_words(e.name) w
WHERE e.kind <> 'stall' AND NOT EXISTS (SELECT FROM registry_entityword had WHERE had.entity_id = e.id)
ORDER BY e.area_id
"""


def complete_words() -> int:
    """Write the words that are missing and return how many. The owner's, after a bulk load."""
    with seeing_everything() as cursor:
        cursor.execute(COMPLETE)
        return int(cursor.rowcount)
