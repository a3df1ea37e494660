"""What the ledger's answers are called on pages: verdicts, what is due and for whom, what an act changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.instruments.enums import (
    AfterRepair,
    CheckOutcome,
    InstrumentState,
    Provenance,
    ReportFinding,
    SealEnd,
    SealPosition,
    ShopperProblem,
)
from quanheng.apps.instruments.queries.columns import instrument_choices, instrument_labels
from quanheng.apps.instruments.queries.ledger import Due, Duty, Next, current_of, due_next, trust_of
from quanheng.apps.registry.queries import entity_choices, entity_labels
from quanheng.kit.acts import verb_of
from quanheng.kit.tones import State, Text, Tone
from quanheng.regulation.trust import Grade, Reason
from quanheng.web.parts import Entry
from quanheng.web.people.words import ACCOUNT_VALUES, ACCOUNT_WORDS

if TYPE_CHECKING:
    from quanheng.apps.audit.models import Act
    from quanheng.apps.instruments.models import Instrument, Verification

TONE_OF_GRADE = {Grade.GREEN: Tone.OK, Grade.AMBER: Tone.DUE, Grade.RED: Tone.BAD, Grade.GREY: Tone.QUIET}
GRADE_WORDS: dict[Grade, Text] = {
    Grade.GREEN: gettext_lazy("有效"),
    Grade.AMBER: gettext_lazy("即将到期"),
    Grade.RED: gettext_lazy("不得使用"),
    Grade.GREY: gettext_lazy("未在用"),
}
FOCUS = State(gettext_lazy("重点监管"), Tone.BAD)  # the badge of an entity on the focus list
TO_SEE_TO = "to_see_to"
"""What a list asks for of whatever somebody has to do something about: red and amber together."""
REASON_WORDS: dict[Reason, Text] = {
    Reason.VALID: gettext_lazy("检定有效"),
    Reason.DUE_SOON: gettext_lazy("即将到期"),
    Reason.UNCONFIRMED: gettext_lazy("检定未核实"),
    Reason.DISPUTED: gettext_lazy("检定记录复核中"),
    Reason.SEAL_BROKEN: gettext_lazy("铅封破损"),
    Reason.SEAL_OPENED: gettext_lazy("已启封待检"),
    Reason.FAILED: gettext_lazy("检定不合格"),
    Reason.OVERDUE: gettext_lazy("超期未检"),
    Reason.NEVER_VERIFIED: gettext_lazy("未经检定"),
    Reason.REVOKED: gettext_lazy("证书注销"),
    Reason.LOCKED: gettext_lazy("已锁机"),
    Reason.IMPOUNDED: gettext_lazy("查封扣押"),
    Reason.UNDER_REPAIR: gettext_lazy("维修中"),
    Reason.UNDER_VERIFICATION: gettext_lazy("检定中"),
    Reason.STOPPED: gettext_lazy("停用"),
    Reason.SEALED_UP: gettext_lazy("封存"),
    Reason.SCRAPPED: gettext_lazy("报废"),
    Reason.NOT_FILED: gettext_lazy("未备案"),
}
# What a verification lacks that does not count (regulation.trust.current).
ENDED_WORDS: dict[Reason, Text] = {
    Reason.SEAL_BROKEN: gettext_lazy("铅封破损"),
    Reason.SEAL_OPENED: gettext_lazy("已启封"),
    Reason.UNDER_REPAIR: gettext_lazy("送修"),
    Reason.REVOKED: gettext_lazy("证书注销"),
    Reason.OVERDUE: gettext_lazy("有效期届满"),
    Reason.FAILED: gettext_lazy("检定不合格"),
    Reason.NEVER_VERIFIED: gettext_lazy("未经检定"),
}
NEXT_WORDS: dict[Next, Text] = {
    Next.SUBMIT: gettext_lazy("提交备案"),
    Next.CORRECT: gettext_lazy("按退回原因补正后重新提交"),
    Next.REVIEW: gettext_lazy("审核备案"),
    Next.CONFIRM: gettext_lazy("核对检定证书，核实检定记录"),
    Next.DECIDE: gettext_lazy("复核作废申请"),
    Next.DECIDE_REVOCATION: gettext_lazy("决定是否注销证书"),
    Next.VERIFY: gettext_lazy("停止使用，申请检定"),
    Next.RENEW: gettext_lazy("到期前申请检定"),
    Next.AWAIT_RESULT: gettext_lazy("出具检定结论"),
    Next.SEAL_AND_VERIFY: gettext_lazy("停止使用，重新施封并检定"),
    Next.REPAIR_OR_STOP: gettext_lazy("停止使用，送修或报废"),
    Next.FINISH_REPAIR: gettext_lazy("维修完成后登记，再申请检定"),
    Next.RELEASE: gettext_lazy("调查处理，决定是否解除查封扣押"),
    Next.UNLOCK: gettext_lazy("联系维修单位授权解锁，再申请检定"),
    Next.NOTHING: gettext_lazy("暂无待办事项"),
}
DUTY_WORDS: dict[Duty, Text] = {
    Duty.OWNER: gettext_lazy("使用单位"),
    Duty.OFFICE: gettext_lazy("辖区市场监管部门"),
    Duty.INSTITUTE: gettext_lazy("检定机构"),
    Duty.NOBODY: "",
}
STATE_TONES = {
    InstrumentState.FILING: Tone.INFO,
    InstrumentState.RETURNED: Tone.DUE,
    InstrumentState.FAILED: Tone.BAD,
    InstrumentState.IN_USE: Tone.OK,
}
TONE_OF_SOURCE = {Provenance.DECLARED: Tone.DUE, Provenance.RECORDED: Tone.INFO}
# What the log keeps for the machine, not for the reader.
UNTOLD = frozenset(
    {
        "id", "root_id", "entity_id", "area_id", "premises", "placed_on", "trusted_until", "item_id",
        "parent_id", "import_run_id", "code", "details", "of_whole", "contact", "what", "version",
        "proposal", "proposed", "second_officer_id", "withdrawn_digest",
    }
)  # fmt: skip
# What a ledger said besides its columns; a name that is not here is the sheet's own.
DETAIL_WORDS: dict[str, Text] = {
    "department": gettext_lazy("科室"),
    "asset_number": gettext_lazy("资产编号"),
    "fuel": gettext_lazy("油品"),
    "mainboard_number": gettext_lazy("主板编号"),
    "remarks": gettext_lazy("备注"),
    "address": gettext_lazy("地址"),
    "origin": gettext_lazy("产地"),
    "location": gettext_lazy("所在位置"),
    "declared_state": gettext_lazy("申报的状态"),
    "declared_seals": gettext_lazy("申报的铅封"),
}
FACT_WORDS: dict[str, Text] = {
    "was": gettext_lazy("原来源"),
    "problem": gettext_lazy("反映的问题"),
    "report_finding": gettext_lazy("核查结论"),
    "answer": gettext_lazy("答复"),
    "also_on": gettext_lazy("同一证书另登记于"),
    "why": gettext_lazy("理由"),
    "asked_by": gettext_lazy("申请人"),
    "source": gettext_lazy("出处"),
    "seal": gettext_lazy("铅封编号"),
    "position": gettext_lazy("位置"),
    "witness": gettext_lazy("见证人"),
    "repairer": gettext_lazy("维修单位"),
    "repairer_was": gettext_lazy("原维修单位"),
    "work": gettext_lazy("维修内容"),
    "declared_by_repairer": gettext_lazy("由维修单位申报"),
    "destination": gettext_lazy("修后去向"),
    "outcome": gettext_lazy("结果"),
    "outcome_was": gettext_lazy("原结果"),
    "serial_matches": gettext_lazy("出厂编号一致"),
    "seals_match": gettext_lazy("铅封一致"),
    "found_serial": gettext_lazy("铭牌上的出厂编号"),
    "place_matches": gettext_lazy("地点一致"),
    "found_place": gettext_lazy("实际所在地点"),
    "position_said": gettext_lazy("检查人定位（经度，纬度）"),
    "second_officer": gettext_lazy("共同检查人（由检查人填写）"),
    "photos": gettext_lazy("照片"),
    "files": gettext_lazy("照片和附件"),
    "title": gettext_lazy("名称"),
    "part": gettext_lazy("部件"),
    "on": gettext_lazy("日期"),
    "opened_for": gettext_lazy("启封用途"),
    "seal_was": gettext_lazy("原铅封编号"),
} | ACCOUNT_WORDS
VALUE_WORDS: dict[str, dict[str, Text]] = ACCOUNT_VALUES | {
    "was": dict(Provenance.choices),
    "problem": dict(ShopperProblem.choices),
    "report_finding": dict(ReportFinding.choices),
    "position": dict(SealPosition.choices),
    "outcome": dict(CheckOutcome.choices),
    "outcome_was": dict(CheckOutcome.choices),
    "opened_for": dict(SealEnd.choices),
    "destination": dict(AfterRepair.choices),
}


def verdict(instrument: Instrument, on: date) -> State:
    """The badge of an instrument: may it be trusted, and why not."""
    trust = trust_of(instrument, on)
    if trust.reason == Reason.NOT_FILED:
        return filing_state(instrument)
    text: Text = REASON_WORDS[trust.reason]
    if trust.reason == Reason.DUE_SOON:
        text = _("%(days)d 天后到期") % {"days": trust.days_left or 0}
    if trust.reason == Reason.OVERDUE:
        text = _("超期 %(days)d 天") % {"days": -(trust.days_left or 0)}
    return State(text, TONE_OF_GRADE[trust.grade])


def doubt_words(row: Verification) -> Text:
    """Say what somebody asks for about a record, and who decides it."""
    if row.asks_back:
        return _("更正送修申请待复核")
    issued = row.provenance == Provenance.ISSUED  # its institute decides, no office
    return _("注销申请待批准") if issued else _("作废申请待复核")


def source_state(provenance: str) -> State:
    """The badge of where a verification comes from."""
    source = Provenance(provenance)
    return State(source.label, TONE_OF_SOURCE.get(source, Tone.OK))


def filing_state(instrument: Instrument) -> State:
    """The badge of the stored state."""
    state = InstrumentState(instrument.state)
    return State(state.label, STATE_TONES.get(state, Tone.QUIET))


def validity(instrument: Instrument, on: date) -> date | Text | None:
    """What stands under 有效期至: the day, or since when the verification no longer counts and why.

    A day only where it is true that the verification counts, or counted, until then.
    """
    now = current_of(instrument, on)
    if now.why is None or now.why == Reason.OVERDUE:
        return instrument.valid_until
    if now.why in {Reason.NEVER_VERIFIED, Reason.FAILED}:
        return None
    if now.since is None:
        return _("已失效（%(why)s）") % {"why": ENDED_WORDS[now.why]}
    return _("%(day)s 起失效（%(why)s）") % {"day": now.since, "why": ENDED_WORDS[now.why]}


def due_words(instrument: Instrument, on: date) -> tuple[Text, Text]:
    """What is due next, and who must do it."""
    due: Due = due_next(instrument, on)
    text: Text = NEXT_WORDS[due.what]
    if due.by is not None:
        text = _("%(day)s %(what)s") % {"day": due.by, "what": text}
    return text, DUTY_WORDS[due.duty]


def entry_of(act: Act, url: str = "") -> Entry:
    """One act as a line of a timeline."""
    verb = verb_of(act.verb)
    parts = [act.subject] if url else []
    if act.reason:
        parts.append(act.reason)
    return Entry(
        at=act.at,
        title=verb.label,
        who=" · ".join(filter(None, [act.actor_name, role_words(act.actor_role)])),
        text="；".join([*parts, *changes_of(act)]),
        tone=verb.tone,
        url=url or reverse("act_page", args=[act.pk]),
    )


def role_words(role: str) -> str:
    return str(Role(role).label) if role in Role.values else ""


def changes_of(act: Act) -> Iterator[str]:
    """Say each change of an act in words: 状态：在用 → 停用."""
    for name, value in act.after.items():
        label = _label(name)
        if name in UNTOLD or label is None or (value and value == act.reason):
            continue
        choices = _instrument_choices() if act.instrument_id else entity_choices()
        now, then = _words(name, value, choices), _words(name, act.before.get(name), choices)
        if not now and not then:
            continue
        yield (
            f"{label}：{then} → {now or _('无')}"
            if name in act.before and then
            else f"{label}：{now or _('无')}"
        )


def _label(name: str) -> Text | None:
    return FACT_WORDS.get(name) or instrument_labels().get(name) or entity_labels().get(name)


def _words(name: str, value: Any, choices: Mapping[str, Mapping[str, Text]]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("%(count)d 份") % {"count": len(value)}
    words = VALUE_WORDS.get(name) or choices.get(name, {})
    return str(words.get(str(value), value))


@cache
def _instrument_choices() -> Mapping[str, Mapping[str, Text]]:
    """The words of an instrument's columns; an application's step is told of its instrument."""
    words = dict(instrument_choices())
    words["state"] = dict(LineState.choices) | words["state"]
    return words
