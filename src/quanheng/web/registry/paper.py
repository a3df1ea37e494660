"""The file of an entity on paper: what its page shows, as the ledger has it at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quanheng.adapters.papers import Document, print_document
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.labels.qr import qr_code, svg
from quanheng.regulation.instrument_code import grouped
from quanheng.web.instruments.labels import verdict
from quanheng.web.parts import Entry, Fact
from quanheng.web.registry.page import ShownEntity, of_file, shown_entity

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument
    from quanheng.apps.registry.models import Entity

INSTRUMENTS_SHOWN, ACTS_SHOWN = 500, 50
QR_MM = 26.0


def entity_paper(entity: Entity, actor: Actor, at: datetime) -> bytes:
    """Return the PDF of an entity's file for a person: what its page shows them, people masked as there."""
    return print_document(Document.ENTITY, paper_data(entity, actor, at), at)


def paper_data(entity: Entity, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what the template reads."""
    shown = shown_entity(entity, actor, localdate(at), acts=ACTS_SHOWN)
    rows = of_file(entity, actor).select_related("entity").order_by("entity_id", "place", "pk")
    found = list(rows[: INSTRUMENTS_SHOWN + 1])
    return {
        "words": _words(actor, at), "language": "en" if get_language() == "en" else "zh",
        "name": entity.name, "state": str(shown.head.state.text), "credit_code": entity.credit_code or "",
        "qr": _qr(entity), "demonstration": _("演示数据，均为虚构") if settings.IS_DEMO else "",
        "identity": _lines(shown.identity), "people": _people(shown),
        "counts": [[str(tile.text), tile.text_count] for tile in shown.tiles],
        "children": [child.name for child in shown.children],
        "more_children": _more(shown.more_children),
        "instruments": [_instrument(it, localdate(at)) for it in found[:INSTRUMENTS_SHOWN]],
        "more_instruments": _("仅列出前 %(count)d 台（件），其余请在系统中查看。")
        % {"count": INSTRUMENTS_SHOWN}
        if len(found) > INSTRUMENTS_SHOWN else "",
        "acts": [_act(entry) for entry in shown.timeline],
        "more_acts": _("更早的记录请在系统中查看。") if shown.more_url else "",
    }  # fmt: skip


def _words(actor: Actor, at: datetime) -> dict[str, Any]:
    told = {"at": f"{localtime(at):%Y-%m-%d %H:%M}", "who": actor.name}
    return {
        "title": _("一主体一档"), "identity": _("身份"), "people": _("人员"), "counts": _("器具"),
        "children": _("摊位和站点"), "instruments": _("器具明细"), "acts": _("办理记录"), "comma": _("、"),
        "scan": _("扫码查询"), "no_people": _("暂无联系人。"), "no_instruments": _("暂无器具。"),
        "no_acts": _("暂无办理记录。"),
        "instrument_heads": [
            _("出厂编号"), _("器具"), _("使用单位和位置"), _("状态"), _("有效期至"), _("器具码"),
        ],
        "act_heads": [_("时间"), _("事项"), _("内容"), _("操作人")],
        "footer": _("系统 %(at)s 的记录，由%(who)s导出。此后如有变更，以系统记录为准。") % told,
    }  # fmt: skip


def _qr(entity: Entity) -> str:
    return svg(qr_code(f"{settings.PUBLIC_URL}/e/{entity.code}", QR_MM)).decode() if entity.code else ""


def _lines(facts: Iterable[Fact]) -> list[list[str]]:
    return [[str(fact.label), "" if fact.value is None else str(fact.value)] for fact in facts]


def _people(shown: ShownEntity) -> list[list[str]]:
    return [
        [each.contact.get_duty_display(), " ".join(filter(None, [each.name, each.phone]))]
        for each in shown.contacts
    ]


def _more(count: int) -> str:
    return _("还有 %(count)d 个，请在系统中查看。") % {"count": count} if count else ""


def _instrument(it: Instrument, today: date) -> list[str]:
    return [
        _breakable(it.serial_number), f"{it.name} {it.model}".strip(),
        " · ".join(filter(None, [it.entity.name, it.place])), str(verdict(it, today).text),
        it.valid_until.isoformat() if it.valid_until else "", grouped(it.code) if it.code else "",
    ]  # fmt: skip


def _breakable(text: str) -> str:
    """Let a long number go on in the next line: a space that is not seen after every ten signs."""
    return "\u200b".join(text[at : at + 10] for at in range(0, len(text), 10))


def _act(entry: Entry) -> list[str]:
    at = f"{localtime(entry.at):%Y-%m-%d %H:%M}" if isinstance(entry.at, datetime) else str(entry.at)
    return [at, str(entry.title), str(entry.text), str(entry.who)]
