"""What each answer says to a shopper: the word, the sentence, the colour, and what to do.

The judgement itself is regulation/trust.py; here are only its words. Colour never stands alone: every grade
has its word and its sign.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from quanheng.apps.instruments.enums import CodeState, SealEnd
from quanheng.apps.instruments.queries.scan import Card
from quanheng.packs.public_texts import public_text
from quanheng.regulation.trust import Grade, Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first screen of the scan page.

    Args:
        grade: colour and sign of the panel.
        word: the verdict in a word or two; the page shows it largest.
        sentence: why, in one sentence.
        advice: what to do; empty where there is nothing to do.
    """

    grade: Grade
    word: str
    sentence: str
    advice: str = ""


# What a seal's end is called before its day, and in the history.
SEAL_ENDS = {
    SealEnd.BROKEN: "铅封破损", SealEnd.VERIFICATION: "因检定启封", SealEnd.ADJUSTMENT: "因调整启封",
    SealEnd.REPAIR: "因维修启封",
}  # fmt: skip

DO_NOT_SETTLE = "请勿用于结算。可要求换用合格的器具，或在下方反映。"
DO_NOT_USE = "请勿使用。可要求换用合格的器具，或在下方反映。"
SETTLES = frozenset({"scale", "fuel_dispenser"})  # what somebody pays by; nobody pays by an eye tonometer
STILL_THERE = "如仍在使用，请在下方反映。"

BY_REASON: dict[Reason, Verdict] = {
    Reason.VALID: Verdict(Grade.GREEN, "有效", "检定合格，在有效期内。"),
    Reason.DUE_SOON: Verdict(Grade.AMBER, "即将到期", "检定合格，有效期即将届满，到期前须重新检定。"),
    Reason.UNCONFIRMED: Verdict(
        Grade.AMBER,
        "未核实",
        "检定情况由使用单位自报，监管部门尚未核实。",
        "可要求出示检定证书，或换用有效的器具。",
    ),
    Reason.DISPUTED: Verdict(
        Grade.AMBER,
        "复核中",
        "检定记录正在复核。",
        "复核期间可要求出示检定证书，或换用有效的器具。",
    ),
    Reason.OVERDUE: Verdict(Grade.RED, "已过期", "检定有效期已过，未重新检定。", DO_NOT_USE),
    Reason.SEAL_BROKEN: Verdict(Grade.RED, "铅封破损", "铅封已破损，原检定随之失效。", DO_NOT_USE),
    Reason.SEAL_OPENED: Verdict(
        Grade.RED, "启封待检", "铅封已依法启封，重新施封并检定合格前请勿使用。", STILL_THERE
    ),
    Reason.FAILED: Verdict(Grade.RED, "不合格", "最近一次检定不合格。", DO_NOT_USE),
    Reason.NEVER_VERIFIED: Verdict(Grade.RED, "未经检定", "已备案，暂无检定合格记录。", DO_NOT_USE),
    Reason.REVOKED: Verdict(Grade.RED, "证书注销", "检定证书已被检定机构注销，检定随之失效。", DO_NOT_USE),
    Reason.LOCKED: Verdict(Grade.RED, "已锁机", "已远程锁机，请勿使用。", DO_NOT_USE),
    Reason.UNDER_REPAIR: Verdict(Grade.RED, "维修中", "正在维修，重新检定合格前请勿使用。", STILL_THERE),
    Reason.UNDER_VERIFICATION: Verdict(Grade.RED, "检定中", "正在检定，检定合格前请勿使用。", STILL_THERE),
    Reason.NOT_FILED: Verdict(Grade.RED, "未备案", "使用单位尚未完成备案。", DO_NOT_USE),
    Reason.STOPPED: Verdict(Grade.GREY, "已停用", "使用单位已登记停用。", STILL_THERE),
    Reason.SEALED_UP: Verdict(Grade.GREY, "已封存", "已登记封存。", STILL_THERE),
    Reason.SCRAPPED: Verdict(Grade.GREY, "已报废", "已登记报废。", STILL_THERE),
}


def verdict_for(reason: Reason, day: date) -> Verdict:
    """Return what a reason says to a shopper on a day; what is said of a seizure needs a legal opinion."""
    if reason is not Reason.IMPOUNDED:
        return BY_REASON[reason]
    said = public_text("impounded", day)
    return Verdict(Grade.RED, said.word, said.sentence, STILL_THERE)


BLANK = Verdict(Grade.GREY, "空白标签", "该标签未绑定器具，不能作为检定合格的凭证。", STILL_THERE)
VOID = Verdict(
    Grade.RED, "标签作废", "该标签已作废，不能作为检定合格的凭证。", "如贴在器具上，请在下方反映。"
)
REPLACED = Verdict(
    Grade.AMBER,
    "旧标签",
    "该编码已换发，旧标签不再有效。",
    "请扫描器具上的新标签。没有新标签的，请在下方反映。",
)
FORGED = Verdict(
    Grade.RED,
    "标签存疑",
    "二维码签名不是本平台签发的，标签可能是伪造或涂改的。",
    "请勿以此标签为准，并在下方反映。",
)


def verdict_of(card: Card, day: date, *, forged: bool) -> Verdict:
    """Choose what the first screen says. A label that cannot be trusted outweighs what the ledger knows."""
    if forged:
        return FORGED
    if card.code_state == CodeState.REPLACED:
        return REPLACED
    if card.trust is None:
        return BLANK if card.code_state == CodeState.BLANK else VOID
    verdict = verdict_for(card.trust.reason, day)
    settles = card.instrument is not None and card.instrument.category in SETTLES
    return replace(verdict, advice=DO_NOT_SETTLE) if settles and verdict.advice == DO_NOT_USE else verdict


@dataclass(frozen=True, slots=True)
class Until:
    """The date under the verdict: until when it holds, or since when it does not.

    Args:
        days_left: shown only when the end is near.
        days_over: 0 unless overdue.
    """

    label: str
    day: str
    days_left: int | None = None
    days_over: int = 0


def until_of(card: Card) -> Until | None:
    """Return the date that a shopper should read next to the verdict; None where no date says anything."""
    trust, it = card.trust, card.instrument
    if trust is None or it is None:
        return None
    if trust.reason in {Reason.VALID, Reason.DUE_SOON, Reason.OVERDUE} and it.valid_until:
        left = trust.days_left or 0
        return Until(
            "有效期至",
            it.valid_until,
            left if trust.reason == Reason.DUE_SOON else None,
            max(0, -left),
        )
    if trust.reason in {Reason.SEAL_BROKEN, Reason.SEAL_OPENED} and (
        ended := _seal_ended(card, trust.reason)
    ):
        return ended
    if trust.reason == Reason.DISPUTED and it.disputed_on:
        return Until("复核起始日期", it.disputed_on)
    if trust.reason == Reason.REVOKED and it.revoked_on:
        return Until("证书注销日期", it.revoked_on)
    return Until("最近检定", it.verified_on) if trust.grade == Grade.RED and it.verified_on else None


def _seal_ended(card: Card, reason: Reason) -> Until | None:
    """When the newest seal ended in the way that the verdict names, and what it was opened for."""
    broken = reason == Reason.SEAL_BROKEN
    ends = [
        (seal.broken_on, seal.ended_as)
        for seal in card.seals
        if seal.broken_on and (seal.ended_as == SealEnd.BROKEN) == broken
    ]
    if ends:
        day, ended_as = max(ends)
        return Until(SEAL_ENDS[SealEnd(ended_as)], day)
    return None
