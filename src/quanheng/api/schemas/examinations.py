"""What a verifier's program sends from the bench, and what it is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import shown, strict
from quanheng.apps.instruments.enums import Result, SealPosition, VerificationKind

READINGS = {
    "kind": "scale",
    "zero": {"load_g": "0", "indication_g": "0"},
    "weighing": [{"load_g": "2500", "indication_g": "2500"}],
    "checks": {"appearance": True},
}
Measured = Annotated[Decimal, Field(max_digits=5, decimal_places=2)]


class NewSealIn(Schema):
    """A seal that the verifier put on."""

    model_config = strict({"number": "川A0012345", "position": "scale_case"})
    number: str = Field(min_length=1, max_length=60)
    position: SealPosition


class ExaminationIn(Schema):
    """The examination of one instrument, complete by its regulation's template."""

    model_config = strict({"verified_on": "2026-11-23", "standard_id": 3, "readings": READINGS})
    verified_on: date
    kind: VerificationKind = VerificationKind.SUBSEQUENT
    standard_id: int = Field(description=gettext_noop("所用计量标准"))
    readings: dict[str, Any] = Field(
        description=gettext_noop("计算 conformity 的 instrument，不含铭牌；checks 为检查项目，符合为 true")
    )
    temperature_c: Measured | None = Field(None, ge=-60, le=80)
    humidity_percent: Measured | None = Field(None, ge=0, le=100)
    seals: list[NewSealIn] = Field([], max_length=20)
    remarks: str = Field("", max_length=300)
    regulation: str = Field("", max_length=40, description=gettext_noop("检定规程编号；不填取通常的一个"))
    allowance: str = Field("", max_length=60, description=gettext_noop("允许少检的条款；不填为按规程做全"))


class ExaminationOut(Schema):
    """What was recorded; it waits for the checker."""

    model_config = shown(
        {"id": 9, "line_id": 12, "attempt": 1, "result": "passed", "regulation": "JJG 539-2016"}
    )
    id: int
    line_id: int
    attempt: int
    result: Result
    regulation: str
