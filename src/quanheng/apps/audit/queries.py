"""Reading the act log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from quanheng.apps.audit.models import Act, Leaf
from quanheng.kit.acts import Verb, verbs
from quanheng.kit.scope import Actor, ScopedQuerySet, seeing_everything

AT_MOST = 50


def acts(by: Actor) -> ScopedQuerySet[Act]:
    """Return the acts in the log that an actor may read."""
    rows = Act.objects.visible_to(by)
    if by.scope.entity_id is None:
        return rows
    return rows.exclude(verb__in=[verb for verb in verbs() if verb.withheld])


def entry_of_log(by: Actor, number: int) -> QuerySet[Act]:
    """Return the act that stands in the public log under a number, if the actor may read it."""
    return acts(by).filter(pk__in=Leaf.objects.filter(index=number).values("act_id"))


def acts_of_instrument(
    instrument_id: int, *, batches: Sequence[int] = (), by: Actor, at_most: int = AT_MOST
) -> list[Act]:
    """Return what happened to an instrument, newest first.

    Args:
        batches: imports that made or changed it; one act of such a run covers all its rows.
    """
    rows = acts(by)
    return _newest(
        rows.filter(instrument_id=instrument_id), rows.filter(batch_id__in=batches), at_most=at_most
    )


@dataclass(frozen=True, slots=True)
class ToldAct:
    """What an act on an instrument says it found, and what it left."""

    instrument_id: int
    verb: str
    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]


def newest_act(instrument_id: int, *, beside: Sequence[str] = ()) -> ToldAct | None:
    """Return the newest act on an instrument, whoever may read it; some verbs are not asked for.

    Belongs inside a transaction. Whoever calls has checked that the actor may see the instrument.
    """
    with seeing_everything():
        rows = Act.objects.unscoped().filter(instrument_id=instrument_id).exclude(verb__in=beside)
        act = rows.order_by("-id").first()
    return ToldAct(instrument_id, act.verb, act.at, act.before, act.after) if act else None


def touched_at(instrument_ids: Sequence[int], verb: str, at: datetime) -> list[int]:
    """Return which instruments an act of one instant was done on, in order of id. As `newest_act`."""
    with seeing_everything():
        rows = Act.objects.unscoped().filter(instrument_id__in=instrument_ids, verb=verb, at=at)
        return sorted({pk for pk in rows.values_list("instrument_id", flat=True) if pk})


def acts_done(instrument_ids: Sequence[int], verbs: Sequence[str]) -> list[Act]:
    """Return the acts of some kinds on instruments, the latest last. As `newest_act`."""
    with seeing_everything():
        rows = Act.objects.unscoped().filter(instrument_id__in=instrument_ids, verb__in=verbs)
        return list(rows.order_by("id"))


def acts_of_entities(
    entity_ids: Sequence[int], *, batches: Sequence[int] = (), by: Actor, at_most: int = AT_MOST
) -> list[Act]:
    """Return what happened to entities and to the instruments they held at the time, newest first."""
    rows = acts(by)
    return _newest(rows.filter(entity_id__in=entity_ids), rows.filter(batch_id__in=batches), at_most=at_most)


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
    rows = Act.objects.unscoped().filter(instrument_id=instrument_id).exclude(verb__in=but)
    return rows.filter(at__gt=since) if since else rows


class ToldFiles(Protocol):
    """An act, as far as it says what came with it (a row of the log fits)."""

    at: datetime
    entity_id: int | None
    after: dict[str, Any]


def acts_naming(*facts: str) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Yield instant and facts of every act that tells one of these, from end to end of the log.

    For a check of the whole log: the scope must let everything through.
    """
    rows = Act.objects.unscoped().filter(after__has_any_keys=list(facts))
    return rows.values_list("at", "after").iterator()


def acts_at_entity(entity_id: int, verb: Verb, since: date) -> list[Act]:
    """Return the acts of a kind at an entity from a day on, oldest first. The scope must let all through."""
    rows = Act.objects.unscoped().filter(entity_id=entity_id, verb=verb, at__date__gte=since)
    return list(rows.order_by("id"))
