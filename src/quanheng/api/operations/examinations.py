"""Examinations: what a verifier's own program sends from the bench."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Router, Status

from quanheng.api.operations.declaring import holder_of, writes
from quanheng.api.schemas.examinations import ExaminationIn, ExaminationOut
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.certificates.services.new_seals import NewSeal
from quanheng.apps.certificates.services.record_examination import Findings, record_examination

router = Router(tags=["examinations"])


@router.post(
    "/verification-lines/{int:line_id}/examinations",
    operation_id="record_examination",
    **writes(
        KeyScope.WRITE_VERIFICATION,
        ExaminationOut,
        gettext_noop("录入检定结果"),
        gettext_noop(
            "检定员录入一台器具的检定数据，等待核验。数据须按检定规程做全；不全的，errors 逐"
            "项说明缺项。编号见 GET /api/v1/verification-lines。"
        ),
    ),
)
def record(request: HttpRequest, line_id: int, body: ExaminationIn) -> Any:
    said = body.model_dump() | {"seals": tuple(NewSeal(seal.number, seal.position) for seal in body.seals)}
    made = record_examination(
        line_id=line_id, findings=Findings(**said), by=holder_of(request).actor, at=timezone.now()
    )
    return Status(201, made)
