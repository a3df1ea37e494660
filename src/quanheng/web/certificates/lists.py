"""Certificates as they were issued, and their changes: what one person asked for, and another decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS
from quanheng.apps.certificates.enums import CertificateState, Decision, DocumentKind, VersionKind
from quanheng.apps.certificates.queries.certificates import (
    at_entity,
    changes_at_institute,
    listed_certificates,
    with_number,
)
from quanheng.kit.lists import Choice, Column, DateRange, List, Pick, Search
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import Certificate, CertificateChange

TONES = {
    Decision.WAITING: Tone.DUE,
    Decision.APPROVED: Tone.OK,
    Decision.REFUSED: Tone.QUIET,
    Decision.WITHDRAWN: Tone.QUIET,
}
CERTIFICATE_TONES = {
    CertificateState.VALID: Tone.OK,
    CertificateState.REPLACED: Tone.QUIET,
    CertificateState.REVOKED: Tone.BAD,
}
RECENT = [("30", _("近 30 天"))]
WHOSE = {"others": _("待我批准"), "mine": _("我提出的")}


def standing(row: CertificateChange) -> State:
    """Return the badge of a change."""
    decision = Decision(row.decision)
    return State(decision.label, TONES[decision])


def _whose(rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:
    waiting = rows.filter(decision=Decision.WAITING)
    return (
        waiting.filter(asked_by=actor.user_id) if value == "mine" else waiting.exclude(asked_by=actor.user_id)
    )


def certificate_state(state: str) -> State:
    """Return the badge of a certificate as its institute left it."""
    return State(CertificateState(state).label, CERTIFICATE_TONES[CertificateState(state)])


def _worth(row: Any) -> State:
    """Return the badge of a certificate in a list: one that ended is not shown as if it held."""
    if row.state != CertificateState.VALID:
        return certificate_state(row.state)
    if row.is_void:
        return State(_("检定已失效"), Tone.BAD)
    until = _valid_until(row)
    if until and until < timezone.localdate():
        return State(_("有效期已过"), Tone.DUE)
    return certificate_state(row.state)


def _valid_until(row: Any) -> date | None:
    return date.fromisoformat(row.valid_until) if row.valid_until else None


def _recent(rows: QuerySet[Any], value: str, _actor: Any) -> QuerySet[Any]:
    return rows.filter(issued_at__gte=timezone.now() - timedelta(days=int(value)))


def _at(rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:
    return at_entity(rows, int(value), actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSearch(Search):
    """The number of a certificate: its beginning or its tail, in any width and case."""

    def apply(self, rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:  # noqa: ARG002 - as every filter
        return with_number(rows, value)


class CertificateList(List["Certificate"]):
    """Every certificate and notice that somebody may open."""

    key = "certificates"
    title = _("证书")
    intro = _("检定机构签发的检定证书和检定结果通知书。")
    by_area = True
    roles = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF
    columns = (
        Column("number", _("证书编号"), lead=True, code=True),
        Column("kind", _("文书"), value=lambda row: DocumentKind(row.kind).label),
        Column("state", _("状态"), value=_worth),
        Column("serial_number", _("出厂编号"), code=True),
        Column("instrument_name", _("器具名称")),
        Column("holder", _("使用单位")),
        Column("institute__name", _("检定机构")),
        Column("issued_at", _("签发日期"), sort="id", value=lambda row: localtime(row.issued_at).date()),
        Column("valid_until", _("有效期至"), value=_valid_until),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        NumberSearch(label=_("证书编号，开头或末尾")),
        Choice(key="state", label=_("状态"), choices=CertificateState.choices),
        Choice(key="kind", label=_("文书"), choices=DocumentKind.choices),
        area_filter(),
        Choice(key="recent", label=_("签发时间"), choices=RECENT, narrow=_recent, first=False),
        DateRange(key="issued_at", label=_("签发日期"), on_time=True, first=False),
        Pick(key="at", label=_("使用单位或市场"), source="entities", narrow=_at, first=False),
        Pick(
            key="institute", label=_("检定机构"), source="verification-institutes", field="institute_id",
            first=False, narrows=False,
        ),
        Pick(
            key="instrument", label=_("器具"), source="ledger-instruments", field="instrument_id", first=False
        ),
    )  # fmt: skip
    empty_title = _("暂无证书")
    empty_text = _("检定机构批准检定记录、签发证书后，列在这里。")

    def rows(self, actor: Any) -> QuerySet[Certificate]:
        return listed_certificates(actor)

    def row_url(self, row: Certificate) -> str:
        return page_of("certificate_page", row.pk)


class ChangeList(List["CertificateChange"]):
    """Every change of a certificate of the institute."""

    key = "certificate-changes"
    title = _("证书变更")
    intro = _("更正、换发和注销证书，由一人提出、另一人批准。")
    roles = INSTITUTE_STAFF
    columns = (
        Column("certificate__number", _("证书编号"), lead=True, code=True),
        Column("certificate__instrument__serial_number", _("出厂编号"), code=True),
        Column("kind", _("事项"), value=lambda row: VersionKind(row.kind).label),
        Column("reason", _("原因")),
        Column("asked_by__name", _("提出人")),
        Column("asked_at", _("提出时间")),
        Column("standing", _("状态"), value=standing),
        Column("decision_reason", _("决定理由"), shown=False),
    )
    filters = (
        Choice(key="waiting", label=_("待办"), choices=list(WHOSE.items()), narrow=_whose),
        Choice(key="decision", label=_("决定"), choices=Decision.choices),
        Search(label=_("证书编号"), equals=("certificate__number",)),
        DateRange(key="asked_at", label=_("提出日期"), on_time=True, first=False),
    )  # fmt: skip
    empty_title = _("暂无证书变更")
    empty_text = _("在证书页面提出更正、换发或注销后，列在这里。")

    def rows(self, actor: Any) -> QuerySet[CertificateChange]:
        return changes_at_institute(actor)

    def row_url(self, row: CertificateChange) -> str:
        return page_of("certificate_page", row.certificate_id)
