"""Changes that are asked for (变更申请): list, ask, accept, return, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status

from quanheng.api import versions
from quanheng.api.cursors import page_of
from quanheng.api.operations.changes import SincePaging, may_be_gone, only_changed
from quanheng.api.operations.declaring import holder_of, needs, reads, writes
from quanheng.api.operations.fresh import fresh
from quanheng.api.operations.instruments import facts_of_body
from quanheng.api.schemas.proposals import (
    AcceptIn,
    AskedOut,
    ProposalIn,
    ProposalOut,
    ProposalPage,
    WhyIn,
)
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder
from quanheng.apps.changes.enums import ChangeKind
from quanheng.apps.instruments.enums import ProposalState
from quanheng.apps.instruments.queries import exchange
from quanheng.apps.instruments.services.change_or_ask import change_or_ask
from quanheng.apps.instruments.services.decide_proposal import Paper, accept_proposal, return_proposal
from quanheng.apps.instruments.services.withdraw_proposal import withdraw_proposal

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ProposedChange

router = Router(tags=["proposals"])


class ProposalFilters(SincePaging):
    """Filters of the list; they narrow it down together."""

    state: ProposalState | None = None
    instrument_id: int | None = None


@router.get(
    "/proposals",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            ProposalPage,
            gettext_noop("变更申请列表"),
            gettext_noop("密钥范围内的变更申请，按编号顺序；审核前台账不变。"),
        )
    ),
)
def list_proposals(request: HttpRequest, filters: Query[ProposalFilters]) -> dict[str, Any]:
    holder = holder_of(request)
    wanted = filters.dict(exclude={"cursor", "limit", "changed_since"}, exclude_none=True)
    rows = exchange.proposals(holder.actor).filter(**wanted)
    rows = only_changed(rows, ChangeKind.PROPOSAL, filters.changed_since, holder.actor)
    page = page_of(request, rows, cursor=filters.cursor, limit=filters.limit)
    return page | {"items": [_out(row, holder) for row in page["items"]]}


@router.get(
    "/proposals/{int:proposal_id}",
    **reads(
        KeyScope.READ_LEDGER,
        ProposalOut,
        gettext_noop("一项变更申请"),
        gettext_noop("申请的内容、状态和办理理由。"),
    ),
)
def get_proposal(request: HttpRequest, proposal_id: int) -> Any:
    holder = holder_of(request)
    return _out(exchange.proposal(proposal_id, holder.actor), holder)


@router.post(
    "/instruments/{int:instrument_id}/proposals",
    **writes(
        KeyScope.WRITE_LEDGER,
        AskedOut,
        gettext_noop("申请变更器具信息"),
        gettext_noop(
            "更正已备案器具的铭牌信息：须审核的转为变更申请，持有人有权直接更正的随即更正，两者同时成立或都不成立。"
            "必须用 If-Match 带上读取时的 ETag。"
        ),
        version_required=True,
    ),
)
def propose_change(request: HttpRequest, instrument_id: int, body: ProposalIn) -> Any:
    holder, version = holder_of(request), versions.seen_version(request)
    changes = facts_of_body(body.changes.dict(exclude_unset=True), request)
    waits = change_or_ask(
        instrument_id=instrument_id, changes=changes, version=version, reason=body.reason, by=holder.actor,
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, {"proposal": _waiting_of(instrument_id, holder) if waits else None})


@router.post(
    "/proposals/{int:proposal_id}/accept",
    operation_id="accept_proposal",
    **writes(
        KeyScope.WRITE_LEDGER,
        ProposalOut,
        gettext_noop("同意变更申请"),
        gettext_noop(
            "按各项的规则登记入台账，有一项不合规则则全部不登记。申请中有检定或铅封的，密钥还须有相应的登记权限。"
        ),
    ),
)
def accept(request: HttpRequest, proposal_id: int, body: AcceptIn) -> Any:
    holder = holder_of(request)
    asked = exchange.proposal(proposal_id, holder.actor)
    if asked.verification:
        needs(holder, KeyScope.WRITE_VERIFICATION)
    if asked.seals:
        needs(holder, KeyScope.WRITE_SEALS)
    paper = Paper(body.paper_seen, body.certificate_number, body.valid_until)
    row = accept_proposal(proposal_id=proposal_id, paper=paper, by=holder.actor, at=timezone.now())
    return Status(201, _out(fresh(row), holder))


@router.post(
    "/proposals/{int:proposal_id}/return",
    operation_id="return_proposal",
    **writes(
        KeyScope.WRITE_LEDGER,
        ProposalOut,
        gettext_noop("退回变更申请"),
        gettext_noop("台账不变；申请人可以看到退回原因。"),
    ),
)
def return_for_correction(request: HttpRequest, proposal_id: int, body: WhyIn) -> Any:
    holder = holder_of(request)
    exchange.proposal(proposal_id, holder.actor)
    row = return_proposal(proposal_id=proposal_id, reason=body.reason, by=holder.actor, at=timezone.now())
    return Status(201, _out(fresh(row), holder))


@router.post(
    "/proposals/{int:proposal_id}/withdraw",
    operation_id="withdraw_proposal",
    **writes(
        KeyScope.WRITE_LEDGER,
        ProposalOut,
        gettext_noop("撤回变更申请"),
        gettext_noop("审核前由申请人撤回，台账不变。"),
    ),
)
def take_back(request: HttpRequest, proposal_id: int, body: WhyIn) -> Any:
    holder = holder_of(request)
    exchange.proposal(proposal_id, holder.actor)
    row = withdraw_proposal(proposal_id=proposal_id, reason=body.reason, by=holder.actor, at=timezone.now())
    return Status(201, _out(fresh(row), holder))


def _waiting_of(instrument_id: int, holder: KeyHolder) -> ProposalOut:
    rows = exchange.proposals(holder.actor)
    return _out(rows.get(instrument_id=instrument_id, state=ProposalState.WAITING), holder)


def _out(row: ProposedChange, holder: KeyHolder) -> ProposalOut:
    return ProposalOut(
        id=row.pk, instrument_id=row.instrument_id, state=ProposalState(row.state), facts=row.facts,
        verification=row.verification, seals=row.seals, asked_because=row.asked_because,
        asked_at=row.proposed_at, asked_by_me=row.proposed_by_id == holder.actor.user_id,
        import_run_id=row.import_run_id, decided_at=row.decided_at, reason=row.reason,
        changed_at=row.changed_at,
    )  # fmt: skip
