"""What a program sends to do an act, and seals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import CHANGED_AT, Instant, PageOut, shown, strict
from quanheng.apps.instruments.enums import Result, SealEnd, SealPosition, VerificationKind
from quanheng.regulation.seal_opening import Purpose

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Seal

MOST_FILED = 1_000


class FilingIn(Schema):
    """Instruments to send to the office for review."""

    model_config = strict({"instrument_ids": [1024, 1025]})
    instrument_ids: list[int] = Field(
        min_length=1, max_length=MOST_FILED, description=gettext_noop("草稿或退回的器具")
    )


class FilingOut(Schema):
    """How many instruments now wait for the office."""

    model_config = shown({"submitted": 2})
    submitted: int


class FiledIn(Schema):
    """Instruments that wait for the office."""

    model_config = strict({"instrument_ids": [1024, 1025]})
    instrument_ids: list[int] = Field(
        min_length=1, max_length=MOST_FILED, description=gettext_noop("待备案审核的器具")
    )


class FilingReturnIn(FiledIn):
    """Filings to send back, and what is to be put right."""

    model_config = strict({"instrument_ids": [1024], "reason": "请补填制造单位"})
    reason: str = Field(min_length=1, max_length=300)


class FiledOut(Schema):
    """How many instruments it concerned."""

    model_config = shown({"instruments": 2})
    instruments: int


class VerificationIn(Schema):
    """A verification to record."""

    model_config = strict(
        {
            "verified_on": "2026-11-20",
            "result": "passed",
            "certificate_number": "川检2026099",
            "institute": "成都市计量检定测试院",
            "regulation": "JJG 539-2016",
        }
    )
    verified_on: date
    result: Result
    certificate_number: str = Field(min_length=1, max_length=80)
    institute: str = Field(min_length=1, max_length=120)
    valid_until: date | None = Field(
        None, description=gettext_noop("证书所载有效期至；不填则按目录项当时的检定周期推算")
    )
    kind: VerificationKind = VerificationKind.SUBSEQUENT
    regulation: str = Field("", max_length=40, description=gettext_noop("检定规程编号"))


class ConfirmationIn(Schema):
    """What the certificate says of a verification that a user declared."""

    model_config = strict(
        {
            "certificate_number": "川检2026099",
            "institute": "成都市计量检定测试院",
            "valid_until": "2027-11-19",
            "paper_seen": True,
        }
    )
    certificate_number: str = Field(min_length=1, max_length=80)
    institute: str = Field(min_length=1, max_length=120)
    valid_until: date | None = Field(None, description=gettext_noop("照证书填写；检定合格的必填"))
    regulation: str = Field("", max_length=40, description=gettext_noop("检定规程编号"))
    paper_seen: bool = Field(description=gettext_noop("已核对检定证书原件或照片"))


class VoidDecisionIn(Schema):
    """What a second person decides about a record that somebody asked to void."""

    model_config = strict({"agreed": False, "reason": "证书与实物一致"})
    agreed: bool = Field(description=gettext_noop("true 同意作废；false 不同意，保留该记录"))
    reason: str = Field("", max_length=200, description=gettext_noop("不同意的理由；同意的不用填"))


class SealIn(Schema):
    """A seal that was put on."""

    model_config = strict({"number": "川A0012345", "position": "scale_case", "on": "2026-11-20"})
    number: str = Field(min_length=1, max_length=60)
    position: SealPosition | None = Field(None, description=gettext_noop("位置；不填为该类器具的常用位置"))
    on: date = Field(description=gettext_noop("施封日期"))
    applied_by: str = Field("", max_length=60, description=gettext_noop("施封人；不填为密钥持有人"))
    witness: str = Field("", max_length=60)


class SealBreakIn(Schema):
    """A seal that was found broken."""

    model_config = strict({"on": "2026-11-23", "reason": "现场检查发现铅封断裂"})
    on: date = Field(description=gettext_noop("发现破损的日期"))
    reason: str = Field(min_length=2, max_length=200)
    broken_by: str = Field("", max_length=60, description=gettext_noop("发现人；不填为密钥持有人"))
    witness: str = Field("", max_length=60)


class UnsealIn(Schema):
    """A seal that was opened lawfully."""

    model_config = strict(
        {"purpose": "repair", "on": "2026-11-23", "reason": "更换传感器", "witness": "市场计量管理员"}
    )
    purpose: Purpose = Field(
        description=gettext_noop("用途：verification 检定、adjustment 调整、repair 维修；岗位决定可选的用途")
    )
    on: date = Field(description=gettext_noop("启封日期"))
    reason: str = Field(min_length=2, max_length=200)
    opened_by: str = Field("", max_length=60, description=gettext_noop("启封人；不填为密钥持有人"))
    witness: str = Field(
        "", max_length=60, description=gettext_noop("见证人；因调整或维修启封的必填，不能是启封人本人")
    )


class SealCorrectionIn(Schema):
    """The number that stands on a seal, where the ledger has another."""

    model_config = strict({"number": "川A0012346", "reason": "登记时看错一位，已核对实物"})
    number: str = Field(min_length=1, max_length=60)
    reason: str = Field(min_length=2, max_length=200)


SEAL = {
    "id": 77,
    "instrument_id": 1024,
    "number": "川A0012345",
    "position": "scale_case",
    "applied_on": "2026-01-01",
    "number_disputed": False,
    "broken_on": None,
    "ended_as": None,
    "break_reason": "",
    "applied_by": None,
    "applied_witness": None,
    "broken_by": None,
    "broken_witness": None,
    "changed_at": "2026-01-01T09:00:00+08:00",
}


class SealOut(Schema):
    """A numbered seal. Who applied, broke and witnessed it needs the scope read:personal."""

    model_config = shown(SEAL)
    id: int
    instrument_id: int
    number: str
    position: SealPosition
    applied_on: date
    number_disputed: bool = Field(description=gettext_noop("另有在用铅封登记了同一编号，待核对"))
    broken_on: date | None = Field(description=gettext_noop("启封或破损日期"))
    ended_as: SealEnd | None = Field(description=gettext_noop("破损，或因何启封；完好时为空"))
    break_reason: str
    applied_by: str | None
    applied_witness: str | None
    broken_by: str | None
    broken_witness: str | None
    changed_at: Instant = Field(description=CHANGED_AT)

    @staticmethod
    def resolve_ended_as(row: Seal) -> str | None:
        return row.ended_as or None


class SealPage(PageOut):
    """Seals, oldest first."""

    model_config = shown({"items": [SEAL], "next": None, "next_cursor": None})
    items: list[SealOut]
