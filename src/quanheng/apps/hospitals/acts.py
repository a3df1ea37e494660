"""The acts on half-year reports: between a hospital and its office, so the public log has the hash alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import Role
from quanheng.apps.registry.acts import LEDGER_OFFICERS
from quanheng.kit.acts import InPublicLog, acts_of
from quanheng.kit.tones import Tone

HOSPITAL_STAFF = frozenset({Role.INSTRUMENT_USER})

act = acts_of("hospitals", beyond=_("该报告不在您的管辖范围内"), in_public_log=InPublicLog.HASH_ALONE)

HALF_YEAR_WRITTEN = act("half_year_written", _("填写半年报告"), who=HOSPITAL_STAFF)
HALF_YEAR_SUBMITTED = act(
    "half_year_submitted", _("报送半年报告"), who=HOSPITAL_STAFF, tone=Tone.INFO,
    meaning="its counts are frozen",
)  # fmt: skip
HALF_YEAR_RETURNED = act("half_year_returned", _("退回半年报告"), who=LEDGER_OFFICERS, tone=Tone.BAD)
HALF_YEAR_ACCEPTED = act("half_year_accepted", _("审核通过半年报告"), who=LEDGER_OFFICERS, tone=Tone.OK)
