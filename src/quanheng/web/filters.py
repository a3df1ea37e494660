"""Filters that many lists share."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts import queries
from quanheng.kit.lists import ListActor, Pick
from quanheng.kit.lists.filters import Rows


def area_filter(*, field: str = "area_id", **options: Any) -> Pick:
    """Return the filter for an area and all below it: one interval of positions, which an index serves."""

    def narrow(rows: Rows, value: str, _actor: ListActor) -> Rows:
        area = queries.living_areas(timezone.localdate()).get(pk=int(value))
        return rows.filter(**{f"{field}__gte": area.pk, f"{field}__lte": area.last})

    return Pick(key="area", label=_("区划"), source="areas", narrow=narrow, **options)
