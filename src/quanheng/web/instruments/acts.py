"""Every act on one instrument that has a page, in the order in which the pages offer them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from quanheng.apps.accounts.actors import Actor
from quanheng.kit.acts import may
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.instruments.code_form import ReplaceCodeForm
from quanheng.web.instruments.forms import (
    AttachForm,
    CheckForm,
    MoveForm,
    SubmitForm,
)
from quanheng.web.instruments.record_forms import (
    AskVoidForm,
    ConfirmForm,
    DecideVoidForm,
    VerificationForm,
    WithdrawDisputeForm,
)
from quanheng.web.instruments.repair_forms import (
    AskRepairMistakeForm,
    DecideRepairMistakeForm,
    WithdrawRepairMistakeForm,
)
from quanheng.web.instruments.repairer_forms import (
    ChangeRepairerForm,
    DeclineRepairForm,
    ReceiveForRepairForm,
    RecordRepairForm,
    SendToRepairForm,
)
from quanheng.web.instruments.seal_forms import (
    ApplySealForm,
    BreakSealForm,
    CorrectSealForm,
    UnsealForm,
)
from quanheng.web.instruments.status_forms import (
    DeleteDraftForm,
    ImpoundForm,
    LockForm,
    ReleaseForm,
    ResumeForm,
    ScrapForm,
    SealUpForm,
    StopForm,
    UnlockForm,
    WithdrawFilingForm,
)

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

ACT_FORMS: tuple[type[ActForm], ...] = (
    SubmitForm, DecideVoidForm, DecideRepairMistakeForm, ConfirmForm, VerificationForm, CheckForm,
    ApplySealForm, BreakSealForm, UnsealForm, CorrectSealForm, ReceiveForRepairForm, RecordRepairForm,
    ResumeForm, MoveForm, AttachForm, ReplaceCodeForm, StopForm, SealUpForm, SendToRepairForm, ScrapForm,
    LockForm, UnlockForm, DeclineRepairForm, ChangeRepairerForm, ImpoundForm, ReleaseForm, AskVoidForm,
    WithdrawDisputeForm, AskRepairMistakeForm, WithdrawRepairMistakeForm, WithdrawFilingForm,
    DeleteDraftForm,
)  # fmt: skip
FORM_OF_SLUG = {form.slug: form for form in ACT_FORMS}


def possible_acts(instrument: Instrument, actor: Actor) -> Iterable[type[ActForm]]:
    """Return the acts that this person may do to this instrument now."""
    return (
        form
        for form in ACT_FORMS
        if may(form.verb, actor, instrument) and form.possible_for(instrument, actor)
    )
