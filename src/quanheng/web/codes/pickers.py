"""Instruments that can take a code, as a remote picker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments import acts
from quanheng.apps.instruments.queries.conditions import waits_for_code
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.kit.lists import Option, PickerSource
from quanheng.kit.lists.filters import after_prefix
from quanheng.kit.lists.pickers import MOST
from quanheng.regulation.instrument_identity import number_key

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument


class CodelessInstruments(PickerSource):
    """Filed instruments without a code that the actor sees, by the beginning of their serial number."""

    key = "codeless-instruments"
    roles = acts.CODE_BOUND.who
    title = _("查找尚无编码的器具")

    def search(self, actor: Any, term: str) -> Sequence[Option]:
        rows = self._rows(actor)
        if term:
            key = number_key(term)
            rows = rows.filter(serial_key__gte=key, serial_key__lt=after_prefix(key))
        return [self._option(row) for row in rows.order_by("serial_key", "pk")[:MOST]]

    def find(self, actor: Any, value: str) -> Option | None:
        if not (value.isascii() and value.isdecimal() and len(value) < 19):
            return None
        row = self._rows(actor).filter(pk=int(value)).first()
        return self._option(row) if row else None

    def _rows(self, actor: Any) -> QuerySet[Instrument]:
        return ledger(actor).filter(waits_for_code()).select_related("entity")

    def _option(self, row: Instrument) -> Option:
        where = " · ".join(filter(None, (row.name, row.entity.name, row.place)))
        return Option(str(row.pk), row.serial_number, where)
