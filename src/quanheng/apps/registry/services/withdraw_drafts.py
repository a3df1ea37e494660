"""撤回草档: drafts that an import made go when the import is undone and nothing else stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.models import Contact, Entity


def withdraw_drafts(batch_id: int, *, kept: Sequence[QuerySet[Any, Any]]) -> int:
    """Remove the drafts of a batch that nobody confirmed and nothing refers to; returns how many went.

    Args:
        kept: queries of entity ids that something else stands on (the ledger above knows its own).
    """
    gone = 0
    for tops in (False, True):
        drafts = Entity.objects.unscoped().filter(
            batch_id=batch_id, state=EntityState.DRAFT, parent__isnull=tops
        )
        for standing in kept:
            drafts = drafts.exclude(pk__in=standing)
        drafts = drafts.exclude(Exists(Entity.objects.unscoped().filter(parent=OuterRef("pk"))))
        ids = list(drafts.values_list("pk", flat=True))
        Contact.objects.unscoped().filter(entity_id__in=ids).delete()
        Entity.objects.unscoped().filter(pk__in=ids).update(root=None)  # a top entity is its own root
        Entity.objects.unscoped().filter(pk__in=ids).delete()
        gone += len(ids)
    return gone
