"""What is told of acts on instruments, of what was asked for, and of shoppers' reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.accounts.second_persons import seat_asked
from quanheng.apps.audit.queries import acts_done
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import ProposedChange, ShopperReport
from quanheng.apps.notices.addresses import (
    Acts,
    Address,
    Letter,
    Letters,
    ToldAct,
    keepers_of,
    to_county,
    to_keepers,
    to_street_and_county,
)
from quanheng.apps.notices.kinds import kind
from quanheng.kit.tones import Tone

KEEPERS = ENTITY_ROLES - {Role.REPAIRER}
LEDGER = acts.LEDGER_OFFICERS
TAKEN_UP_OR_CLOSED = (acts.SHOPPER_REPORT_TAKEN_UP, acts.SHOPPER_REPORT_CLOSED)
ON_INSTRUMENTS: dict[str, Any] = {"of": "instruments", "text": _("%(act)s：%(subject)s")}


def _proposal(act: ToldAct) -> int | None:
    return act.after.get("proposal")


def _proposals(told: Acts) -> Iterator[int | None]:
    return map(_proposal, told)


def _to_deciders(told: Acts) -> Letters:
    """Tell the office whose turn it is: the county, or the one above where only the asker could decide."""
    seats: dict[tuple[int | None, int | None], int | None] = {}
    for act in told:
        asked = act.area_id, act.actor_id
        if asked not in seats:
            seats[asked] = seat_asked(act.area_id or 0, act.actor_id, timezone.localdate(act.at))
        if (seat := seats[asked]) is not None:
            yield Letter(act, Address(office_id=seat), act.instrument_id)


def _to_deciders_of_proposal(told: Acts) -> Letters:
    for letter in _to_deciders(told):
        yield Letter(letter.act, letter.to, _proposal(letter.act))


def _to_proposer(told: Acts) -> Letters:
    """Whoever asked, wherever they work now."""
    by_proposal = {number: act for act in told if (number := _proposal(act))}
    rows = ProposedChange.objects.unscoped().filter(pk__in=by_proposal)
    for number, person in rows.values_list("pk", "proposed_by_id"):
        if person is not None:
            yield Letter(by_proposal[number], Address(person_id=person), number)


# A decision → what was asked for. A verification is told apart from others of its instrument by its number.
ASKED_BY: dict[str, str] = {
    acts.VERIFICATION_VOIDED: acts.VERIFICATION_DISPUTED,
    acts.VERIFICATION_UPHELD: acts.VERIFICATION_DISPUTED,
    acts.REPAIR_TAKEN_BACK: acts.REPAIR_DISPUTED,
    acts.REPAIR_UPHELD: acts.REPAIR_DISPUTED,
}


def _request(act: Any, verb: str) -> tuple[int, str, str]:
    return act.instrument_id or 0, verb, act.after.get("certificate_number") or ""


def _to_asker(told: Acts) -> Letters:
    """Tell whoever asked last for the very thing that was decided."""
    instruments = [act.instrument_id for act in told if act.instrument_id]
    asked = acts_done(instruments, sorted({ASKED_BY[act.verb] for act in told}))
    persons = {_request(act, act.verb): act.actor_id for act in asked}
    for act in told:
        person = persons.get(_request(act, ASKED_BY[act.verb]))
        if person is not None:
            yield Letter(act, Address(person_id=person), act.instrument_id)


def _to_repairer(told: Acts) -> Letters:
    """The repairer to whom it was sent just now; who repairs without having been named is not told."""
    by_row = {act.instrument_id: act for act in told}
    rows = Assignment.objects.unscoped().filter(
        kind=acts.REPAIR.kind, row_id__in=by_row, capacity=acts.REPAIR, ended_at=None
    )
    for row_id, entity in rows.values_list("row_id", "entity_id"):
        if entity is not None:
            yield Letter(by_row[row_id], Address(entity_id=entity), row_id)


def _from_repairer(told: Acts) -> Letters:
    """Whose instrument it is, told of what its repairer did."""
    for act in told:
        if act.actor_role == Role.REPAIRER:
            yield from (Letter(act, to, act.instrument_id) for to in keepers_of(act))


def _reports(told: Acts) -> dict[str, int]:
    rows = ShopperReport.objects.unscoped().filter(number__in=[act.subject for act in told])
    return dict(rows.values_list("number", "pk"))


def _to_offices_of_report(told: Acts) -> Letters:
    numbers = _reports(told)
    for letter in to_street_and_county(told):
        if (row := numbers.get(letter.act.subject)) is not None:
            yield Letter(letter.act, letter.to, row)


def _to_second_officer(told: Acts) -> Letters:
    """Whoever was named as present: they read it in the log, and contradict what is not so."""
    for act in told:
        if (person := act.after.get("second_officer_id")) is not None:
            yield Letter(act, Address(person_id=person), act.instrument_id)


kind(
    "filing_accepted",
    _("备案通过"),
    who=KEEPERS,
    told_by=(acts.FILING_ACCEPTED,),
    to=to_keepers,
    many=_("备案通过：%(count)s 台器具"),
    among="state=filed",
    tone=Tone.OK,
    **ON_INSTRUMENTS,
)
kind(
    "filing_returned",
    _("备案被退回"),
    who=KEEPERS,
    told_by=(acts.FILING_RETURNED,),
    to=to_keepers,
    many=_("备案退回：%(count)s 台器具，请改正后重新提交"),
    among="state=returned",
    tone=Tone.BAD,
    settled_by=(acts.FILING_SUBMITTED, acts.DRAFT_DELETED),
    **ON_INSTRUMENTS,
)
kind(
    "filing_submitted",
    _("收到备案"),
    who=LEDGER,
    told_by=(acts.FILING_SUBMITTED,),
    to=to_county,
    text=_("收到备案：%(subject)s"),
    many=_("收到备案：%(count)s 台器具"),
    of="instruments",
    among="state=filing",
    settled_by=(acts.FILING_ACCEPTED, acts.FILING_RETURNED, acts.FILING_WITHDRAWN),
    tone=Tone.DUE,
)
kind(
    "change_proposed",
    _("收到变更申请"),
    who=LEDGER,
    told_by=(acts.CHANGE_PROPOSED,),
    to=_to_deciders_of_proposal,
    text=_("收到变更申请：%(subject)s"),
    many=_("收到变更申请：%(count)s 件"),
    of="proposals",
    among="waiting=turn",
    rows_of=_proposals,
    settled_by=(acts.CHANGE_ACCEPTED, acts.CHANGE_RETURNED, acts.CHANGE_WITHDRAWN),
    tone=Tone.DUE,
)
kind(
    "change_decided",
    _("变更申请已审核"),
    who=ENTITY_ROLES | OFFICERS,
    told_by=(acts.CHANGE_ACCEPTED, acts.CHANGE_RETURNED),
    to=_to_proposer,
    text=_("%(act)s：%(subject)s"),
    many=_("变更申请已审核：%(count)s 件"),
    of="proposals",
)
kind(
    "voiding_asked",
    _("收到作废、更正申请"),
    who=LEDGER,
    told_by=(acts.VERIFICATION_DISPUTED, acts.REPAIR_DISPUTED),
    to=_to_deciders,
    text=_("%(act)s，待复核：%(subject)s"),
    many=_("待复核的作废、更正申请：%(count)s 件"),
    of="instruments",
    settled_by=(
        acts.VERIFICATION_VOIDED,
        acts.VERIFICATION_UPHELD,
        acts.DISPUTE_WITHDRAWN,
        acts.REPAIR_TAKEN_BACK,
        acts.REPAIR_UPHELD,
        acts.REPAIR_DISPUTE_WITHDRAWN,
    ),
    tone=Tone.DUE,
)
kind(
    "voiding_decided",
    _("我的作废、更正申请已复核"),
    who=OFFICERS | ENTITY_ROLES,
    told_by=(
        acts.VERIFICATION_VOIDED,
        acts.VERIFICATION_UPHELD,
        acts.REPAIR_TAKEN_BACK,
        acts.REPAIR_UPHELD,
    ),
    to=_to_asker,
    many=_("申请已复核：%(count)s 件"),
    **ON_INSTRUMENTS,
)
kind(
    "verification_changed",
    _("检定记录核实或作废"),
    who=KEEPERS,
    told_by=(acts.VERIFICATION_CONFIRMED, acts.VERIFICATION_VOIDED, acts.CERTIFICATE_REVOKED),
    to=to_keepers,
    many=_("检定记录有变化：%(count)s 台器具"),
    **ON_INSTRUMENTS,
)
kind(
    "certificate_revoked",
    _("证书注销"),
    who=LEDGER,
    told_by=(acts.CERTIFICATE_REVOKED,),
    to=to_county,
    many=_("证书注销：%(count)s 台器具"),
    tone=Tone.BAD,
    **ON_INSTRUMENTS,
)
kind(
    "seal_broken",
    _("铅封破损"),
    who=KEEPERS | LEDGER,
    told_by=(acts.SEAL_BROKEN,),
    to=lambda told: (*to_keepers(told), *to_county(told)),
    many=_("铅封破损：%(count)s 台器具，不得使用"),
    among="seal_broken=1",
    tone=Tone.BAD,
    settled_by=(acts.SEAL_APPLIED, acts.SCRAPPED),
    **ON_INSTRUMENTS,
)
kind(
    "held",
    _("锁机、封存、查封扣押和报废"),
    who=KEEPERS,
    told_by=(
        acts.LOCKED,
        acts.UNLOCKED,
        acts.IMPOUNDED,
        acts.RELEASED,
        acts.SEALED_UP,
        acts.SCRAPPED,
        acts.USE_STOPPED,
        acts.USE_RESUMED,
    ),
    to=to_keepers,
    many=_("监管部门办理：%(count)s 台器具"),
    tone=Tone.DUE,
    **ON_INSTRUMENTS,
)
kind(
    "sent_to_repair",
    _("收到送修"),
    who=frozenset({Role.REPAIRER}),
    told_by=(acts.SENT_TO_REPAIR, acts.REPAIRER_CHANGED),
    to=_to_repairer,
    text=_("收到送修：%(subject)s"),
    many=_("收到送修：%(count)s 台器具"),
    of="instruments",
    settled_by=(  # told of another repairer, the one before has nothing to receive any more
        acts.REPAIR_RECEIVED,
        acts.REPAIR_DECLINED,
        acts.REPAIRER_CHANGED,
        acts.REPAIR_TAKEN_BACK,
        acts.REPAIRED,
        acts.SCRAPPED,
    ),
    tone=Tone.DUE,
)
kind(
    "repair_moved",
    _("维修进展"),
    who=KEEPERS,
    told_by=(acts.REPAIR_RECEIVED, acts.REPAIR_DECLINED, acts.REPAIRED),
    to=_from_repairer,
    many=_("维修进展：%(count)s 台器具"),
    **ON_INSTRUMENTS,
)
kind(
    "report_received",
    _("收到消费者反映"),
    who=OFFICERS,
    told_by=(acts.SHOPPER_REPORT_RECEIVED,),
    to=_to_offices_of_report,
    text=_("收到消费者反映：%(subject)s"),
    many=_("收到消费者反映：%(count)s 件"),
    of="shopper-reports",
    rows_of=lambda told: _reports(told).values(),
    tone=Tone.BAD,
    settled_by=TAKEN_UP_OR_CLOSED,
)
kind(
    "report_passed_on",
    _("12315 转办、答复"),
    who=OFFICERS,
    told_by=(acts.SHOPPER_REPORT_PASSED_ON, acts.SHOPPER_REPORT_REPLIED),
    to=_to_offices_of_report,
    text=_("%(act)s：%(subject)s"),
    many=_("12315 转办、答复：%(count)s 件"),
    of="shopper-reports",
    rows_of=lambda told: _reports(told).values(),
    settled_by=TAKEN_UP_OR_CLOSED,
    tone=Tone.DUE,
)


kind(
    "second_officer_named", _("被登记为共同检查人"), who=OFFICERS | INSTITUTE_STAFF,
    told_by=(acts.CHECKED, acts.SEAL_BROKEN), to=_to_second_officer, of="instruments",
    text=_("您被登记为共同检查人：%(subject)s。不在现场的，请向本单位反映。"),
    many=_("您在 %(count)s 次检查中被登记为共同检查人"), tone=Tone.DUE,
)  # fmt: skip
