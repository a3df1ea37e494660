"""Reading the act log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from quanheng.apps.audit.models import Act
from quanheng.kit.acts import Verb
from quanheng.kit.scope import Actor

AT_MOST = 50


def acts_of_instrument(
    instrument_id: int, *, batches: Sequence[int] = (), by: Actor, at_most: int = AT_MOST
) -> list[Act]:
    """Return what happened to an instrument, newest first.

    Args:
        batches: imports that made or changed it; one act of such a run covers all its rows.
    """
    acts = Act.objects.visible_to(by)
    return _newest(
        acts.filter(instrument_id=instrument_id), acts.filter(batch_id__in=batches), at_most=at_most
    )


def acts_of_entities(
    entity_ids: Sequence[int], *, batches: Sequence[int] = (), by: Actor, at_most: int = AT_MOST
) -> list[Act]:
    """Return what happened to entities and to the instruments they held at the time, newest first."""
    acts = Act.objects.visible_to(by)
    return _newest(acts.filter(entity_id__in=entity_ids), acts.filter(batch_id__in=batches), at_most=at_most)


def _newest(*parts: QuerySet[Act], at_most: int) -> list[Act]:
    """Merge the newest of each part: one query per index, never one that would have to walk the whole log."""
    found: dict[int, Act] = {}
    for part in parts:
        found |= {act.pk: act for act in part.order_by("-id")[:at_most]}
    return sorted(found.values(), key=lambda act: -act.pk)[:at_most]


def acts_on_since(
    instrument_id: Combinable, since: datetime | None, *, but: Sequence[Verb] = ()
) -> QuerySet[Act]:
    """Return the acts on an instrument of an outer query after an instant, for an EXISTS.

    Args:
        instrument_id: `OuterRef` to the instrument's id; but: verbs that do not count.
    """
    acts = Act.objects.unscoped().filter(instrument_id=instrument_id).exclude(verb__in=but)
    return acts.filter(at__gt=since) if since else acts
