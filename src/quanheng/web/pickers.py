"""What the remote pickers of the product search: areas, entities, catalogue items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts import queries as accounts
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.instruments.queries.catalogue import items_in_force, items_named
from quanheng.apps.registry import queries as registry
from quanheng.kit.lists import ListActor, Option, PickerSource
from quanheng.kit.lists.pickers import MOST

LEDGER = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF  # whose lists filter by them


class Areas(PickerSource):
    """Divisions inside the actor's own."""

    key = "areas"
    roles = LEDGER | {Role.HOTLINE_AGENT}
    title = _("查找行政区划")

    def search(self, actor: ListActor, term: str) -> Sequence[Option]:
        found = accounts.search_areas(term, within=actor.scope, on=timezone.localdate(), limit=MOST)
        return [Option(str(area.pk), area.full_name, area.code) for area in found]

    def find(self, actor: ListActor, value: str) -> Option | None:
        if not _is_id(value):
            return None
        area = accounts.living_areas(timezone.localdate()).filter(pk=int(value)).first()
        if area is None or not _deals_with(actor, area.pk):
            return None
        return Option(str(area.pk), area.full_name, area.code)


class Entities(PickerSource):
    """Entities that the actor sees, by the beginning of their name or their credit code."""

    key = "entities"
    roles = LEDGER
    title = _("查找主体")

    def search(self, actor: Any, term: str) -> Sequence[Option]:
        rows = registry.entities(actor)
        if term:
            rows = rows.filter(Q(name__icontains=term) | Q(credit_code=term))
        return [self._option(row) for row in rows.order_by("name", "id")[:MOST]]

    def find(self, actor: Any, value: str) -> Option | None:
        row = registry.entities(actor).filter(pk=int(value)).first() if _is_id(value) else None
        return self._option(row) if row else None

    def _option(self, row: Any) -> Option:
        return Option(str(row.pk), row.name, row.credit_code or row.stall_number or row.address)


class Repairers(PickerSource):
    """Repairers and makers with a confirmed file, wherever they are: anybody may send to one."""

    key = "repairers"
    roles = OFFICERS | ENTITY_ROLES
    title = _("查找维修单位")

    def search(self, actor: ListActor, term: str) -> Sequence[Option]:
        return [self._option(row) for row in registry.filed_repairers(term)]

    def find(self, actor: ListActor, value: str) -> Option | None:
        row = registry.filed_repairer(int(value)) if _is_id(value) else None
        return self._option(row) if row else None

    def _option(self, row: registry.FiledRepairer) -> Option:
        return Option(str(row.id), row.name, row.place)


class CatalogueItems(PickerSource):
    """Items of the catalogue in force today, by name or common name."""

    key = "items"
    roles = LEDGER
    title = _("查找目录项")

    def search(self, actor: ListActor, term: str) -> Sequence[Option]:
        today = timezone.localdate()
        rows = items_named(term, today) if term else items_in_force(today).order_by("id")
        return [self._option(row) for row in rows[:MOST]]

    def find(self, actor: ListActor, value: str) -> Option | None:
        if not _is_id(value):
            return None
        row = items_in_force(timezone.localdate()).filter(pk=int(value)).first()
        return self._option(row) if row else None

    def _option(self, row: Any) -> Option:
        return Option(str(row.pk), row.name, "、".join(row.synonyms[:3]))


def _deals_with(actor: ListActor, area_id: int) -> bool:
    areas = actor.scope.areas
    return actor.scope.everything or (areas is not None and areas[0] <= area_id <= areas[1])


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
