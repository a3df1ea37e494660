"""The mark 重点监管 of a file: the focus list alone sets it, in the act that lists or takes off."""

from __future__ import annotations

from django.db.models import F

from quanheng.apps.registry.models import Entity


def mark_focus(entity_id: int, *, is_on: bool) -> None:
    """Set or take off the mark. Belongs inside the transaction of the act that decides it."""
    rows = Entity.objects.unscoped().filter(pk=entity_id, under_focus=not is_on)
    rows.update(under_focus=is_on, version=F("version") + 1)
