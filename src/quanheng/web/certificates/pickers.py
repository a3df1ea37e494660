"""Institutes, and instruments by their serial number, as remote pickers of the list of certificates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.queries import institutes
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.kit.lists import ListActor, Option, PickerSource
from quanheng.kit.lists.filters import after_prefix
from quanheng.kit.lists.pickers import MOST
from quanheng.regulation.instrument_identity import number_key
from quanheng.web.pickers import LEDGER

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument


def _id_in(value: str) -> int:
    """Return the id in an address; 0, which no row has, for anything else."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0


class Institutes(PickerSource):
    """Institutes that verify; that they exist is public."""

    key = "verification-institutes"
    roles = LEDGER
    title = _("查找检定机构")

    def search(self, actor: ListActor, term: str) -> Sequence[Option]:  # noqa: ARG002 - as every source
        rows = institutes().filter(name__icontains=term) if term else institutes()
        return [Option(str(row.pk), row.name, "") for row in rows.order_by("name", "pk")[:MOST]]

    def find(self, actor: ListActor, value: str) -> Option | None:  # noqa: ARG002 - as every source
        row = institutes().filter(pk=_id_in(value)).first()
        return Option(str(row.pk), row.name, "") if row else None


class Instruments(PickerSource):
    """Instruments that the actor sees, by the beginning of their serial number."""

    key = "ledger-instruments"
    roles = LEDGER
    title = _("查找器具")

    def search(self, actor: Any, term: str) -> Sequence[Option]:
        rows = ledger(actor).select_related("entity")
        if term:
            key = number_key(term)
            rows = rows.filter(serial_key__gte=key, serial_key__lt=after_prefix(key))
        return [self._option(row) for row in rows.order_by("serial_key", "pk")[:MOST]]

    def find(self, actor: Any, value: str) -> Option | None:
        row = ledger(actor).select_related("entity").filter(pk=_id_in(value)).first()
        return self._option(row) if row else None

    def _option(self, row: Instrument) -> Option:
        where = " · ".join(filter(None, (row.name, row.entity.name, row.place)))
        return Option(str(row.pk), row.serial_number, where)
