"""Lists as officers need them: one declaration gives filters, sorting, paging, counts, bulk acts and exports.

    class InstrumentList(List[Instrument]):
        key = "instruments"
        title = _("计量器具")
        columns = (Column("serial_number", _("出厂编号"), sort=True, lead=True), …)
        filters = (Choice(key="state", label=_("状态"), choices=InstrumentState.choices),)

        def rows(self, actor: Actor) -> QuerySet[Instrument]:
            return Instrument.objects.visible_to(actor).select_related("entity")

How to add one: docs/how-to/add-a-list.md. How it pages: ADR 0005.
"""

from quanheng.kit.lists.bulk import BulkAct, Outcome, Refused, one_by_one
from quanheng.kit.lists.columns import Column
from quanheng.kit.lists.declaration import List, ListActor, find_list
from quanheng.kit.lists.filters import Choice, DateRange, Filter, Flag, Pick, Search
from quanheng.kit.lists.pickers import Option, PickerSource, find_source

__all__ = [
    "BulkAct", "Choice", "Column", "DateRange", "Filter", "Flag", "List", "ListActor", "Option", "Outcome",
    "Pick", "PickerSource", "Refused", "Search", "find_list", "find_source", "one_by_one",
]  # fmt: skip
