"""Rows that name an instrument of the ledger and say something else of its state, its place or its holder.

An import writes none of these: each has an act of its own, with its rights and its trace. The row says
what differs, and which act would do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState, RowAction
from quanheng.apps.instruments.ledger_sheet import LedgerRow, Notice
from quanheng.apps.instruments.models import ImportRun, Instrument
from quanheng.apps.instruments.services.imports.ledger_check import RowReport
from quanheng.apps.instruments.services.imports.staging import STORED, place_of
from quanheng.apps.registry.queries import people_of_places

COMPARED = (
    "state", "place", "parent_id", "entity_id", "root_id", "entity__name", "entity__credit_code",
    "entity__stall_number", "root__name", "root__credit_code",
)  # fmt: skip
OUT_OF_USE = frozenset(STORED.values())
ACT_OF = {
    "in_use": acts.USE_RESUMED,
    "stopped": acts.USE_STOPPED,
    "sealed_up": acts.SEALED_UP,
    "scrapped": acts.SCRAPPED,
    "under_repair": acts.SENT_TO_REPAIR,
}


def tell_differences(run: ImportRun, rows: Sequence[LedgerRow], known: Mapping[int, int]) -> list[RowReport]:
    """Return what is told of the rows that name an instrument which stands otherwise in the ledger.

    Args:
        known: position → instrument.
    """
    if not known:
        return []
    found = Instrument.objects.unscoped().filter(pk__in=set(known.values())).select_related("entity", "root")
    ledger = {it.pk: it for it in found.only(*COMPARED)}
    named = {row.position for row in rows if row.values.get("holder_name")}
    people = people_of_places({ledger[pk].entity_id for position, pk in known.items() if position in named})
    told = []
    for row in rows:
        it = ledger.get(known.get(row.position, 0))
        if it and (notices := list(_differences(run, row.values, it, people.get(it.entity_id, set())))):
            told.append(_report(row, notices))
    return told


def _differences(
    run: ImportRun, said: Mapping[str, Any], it: Instrument, people: set[str]
) -> Iterator[Notice]:
    yield from _state(said.get("status") or "", it)
    if _other_entity(run, said, it):
        named = said["entity_name"] or said["credit_code"]
        yield _not_moved(f"台账中属于“{it.root.name}”，本行写的是“{named}”", "entity_name")
        return
    stall, stands = said.get("stall") or "", it.entity.stall_number
    if stall and stall != stands:
        yield _not_moved(f"台账中在摊位“{stands or '未登记'}”，本行写的是“{stall}”", "stall")
        return  # another stall has another holder
    place = "" if it.parent_id or stall else place_of(said)
    if place and place != it.place:
        yield _not_moved(f"台账中安装在“{it.place or '未登记'}”，本行写的是“{place}”", "location")
    if people and (holder := said.get("holder_name")) and holder not in people:
        yield Notice("经营者或联系人与台账登记的不同：导入不改人员，请在主体页面更正。", ("holder_name",))


def _state(declared: str, it: Instrument) -> Iterator[Notice]:
    stands = InstrumentState(it.state)
    means = STORED.get(declared, InstrumentState.IN_USE)
    if not declared or means == stands or (declared == "in_use" and stands not in OUT_OF_USE):
        return
    yield Notice(
        f"台账中的状态是“{stands.label}”，本行写的是“{means.label}”：导入不改状态，"
        f"请在器具页面办理“{ACT_OF[declared].label}”。",
        ("status",),
    )


def _other_entity(run: ImportRun, said: Mapping[str, Any], it: Instrument) -> bool:
    """Say whether a row names another entity; of two codes the codes decide, else the names."""
    if run.entity_id is not None:
        return run.entity_id not in (it.entity_id, it.root_id)
    own = {it.root.credit_code, it.entity.credit_code} - {None, ""}
    if said["credit_code"] and own:
        return said["credit_code"] not in own
    return bool(said["entity_name"]) and said["entity_name"] not in (it.root.name, it.entity.name)


def _not_moved(differs: str, field: str) -> Notice:
    return Notice(
        f"{differs}：导入不改归属和位置，请在器具页面办理“{acts.INSTRUMENT_MOVED.label}”。", (field,)
    )


def _report(row: LedgerRow, notices: Sequence[Notice]) -> RowReport:
    return {
        "position": row.position, "number": row.number, "sheet": row.sheet[:80],
        "action": RowAction.UNCHANGED, "fields": [], "reason": "",
        "label": f"{row.values.get('name') or ''} {row.values.get('serial_number') or ''}".strip()[:120],
        "notice": " ".join(notice.text for notice in notices),
        "notice_fields": [name for notice in notices for name in notice.fields],
    }  # fmt: skip
