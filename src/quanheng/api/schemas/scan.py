"""What a scanned code answers: public facts only."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import PROVENANCE, Quantity, shown
from quanheng.api.schemas.instruments import CURRENT, CurrentOut
from quanheng.apps.instruments.enums import (
    CodeState,
    InstrumentState,
    Provenance,
    Result,
    SealEnd,
    SealPosition,
    VerificationKind,
)
from quanheng.regulation.trust import Grade

SCAN = {
    "code": "Q10W40J2GB1G6GW3RG24913R",
    "code_state": "active",
    "grade": "green",
    "reason": "valid",
    "days_left": 38,
    "verification": CURRENT,
    "instrument": {
        "name": "电子计价秤",
        "model": "ACS-30",
        "serial_number": "SN0001",
        "manufacturer": "衡器厂",
        "accuracy_class": "Ⅲ",
        "max_capacity_g": "30000",
        "e_g": "10",
        "measuring_range": "",
        "type_approval_number": "2019F123-51",
        "state": "in_use",
        "seal_broken": False,
        "seal_opened": False,
        "disputed_on": None,
        "verified_on": "2026-01-01",
        "valid_until": "2026-12-31",
        "result": "passed",
        "certificate_number": "川检2026001",
        "institute": "成都市计量检定测试院",
        "provenance": "received",
    },
    "place": {
        "site": "青羊农贸市场",
        "unit": "",
        "address": "青羊北路 1 号",
        "spot": "A12",
        "area": "成都市青羊区",
    },
    "seals": [
        {
            "number": "川A0012345",
            "position": "scale_case",
            "applied_on": "2026-01-01",
            "broken_on": None,
            "ended_as": None,
        }
    ],
    "verifications": [
        {
            "verified_on": "2026-01-01",
            "kind": "subsequent",
            "result": "passed",
            "valid_until": "2026-12-31",
            "certificate_number": "川检2026001",
            "institute": "成都市计量检定测试院",
            "voided_on": None,
            "provenance": "received",
            "in_error": False,
        }
    ],
}


class ScannedInstrument(Schema):
    """The instrument behind the code, to compare with the one at hand."""

    name: str
    model: str
    serial_number: str
    manufacturer: str
    accuracy_class: str
    max_capacity_g: Quantity | None
    e_g: Quantity | None
    measuring_range: str
    type_approval_number: str
    state: InstrumentState
    seal_broken: bool
    seal_opened: bool
    disputed_on: date | None = Field(description=gettext_noop("检定记录复核的起始日期；没有时为空"))
    verified_on: date | None
    valid_until: date | None
    result: Result | None
    certificate_number: str
    institute: str
    provenance: Provenance | None = Field(description=PROVENANCE)


class ScannedPlace(Schema):
    """Where it belongs; never a person."""

    site: str = Field(description=gettext_noop("市场、公司或门店"))
    unit: str = Field(description=gettext_noop("其下的单位；以人名为字号的不显示"))
    address: str
    spot: str = Field(description=gettext_noop("摊位号、科室、加油机号"))
    area: str


class ScannedSeal(Schema):
    """A seal number to compare."""

    number: str
    position: SealPosition
    applied_on: date
    broken_on: date | None
    ended_as: SealEnd | None = Field(description=gettext_noop("破损，或因何启封；完好时为空"))


class ScannedVerification(Schema):
    """A verification in the history."""

    verified_on: date
    kind: VerificationKind
    result: Result
    valid_until: date | None
    certificate_number: str
    institute: str
    voided_on: date | None
    provenance: Provenance = Field(description=PROVENANCE)
    in_error: bool


class ScanOut(Schema):
    """The verdict of the scan page, and what it stands on."""

    model_config = shown(SCAN)
    code: str
    code_state: CodeState
    grade: Grade = Field(
        description=gettext_noop("green 有效、amber 注意、red 请勿使用、grey 未在用或没有绑定器具")
    )
    reason: str = Field(
        description=gettext_noop("原因：regulation.trust.Reason，或 code_blank、code_void、code_replaced")
    )
    days_left: int | None
    verification: CurrentOut | None = Field(description=gettext_noop("最近一次检定现在是否作数"))
    instrument: ScannedInstrument | None
    place: ScannedPlace | None
    seals: list[ScannedSeal]
    verifications: list[ScannedVerification]
