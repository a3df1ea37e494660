"""Changes of certificates: what one person of an institute asked for, and another decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import INSTITUTE_STAFF
from quanheng.apps.certificates.enums import Decision, VersionKind
from quanheng.apps.certificates.queries.certificates import changes_at_institute
from quanheng.kit.lists import Choice, Column, DateRange, List, Search
from quanheng.kit.tones import State, Tone

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import CertificateChange

TONES = {
    Decision.WAITING: Tone.DUE,
    Decision.APPROVED: Tone.OK,
    Decision.REFUSED: Tone.QUIET,
    Decision.WITHDRAWN: Tone.QUIET,
}
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
        return reverse("certificate_page", args=[row.certificate_id])
