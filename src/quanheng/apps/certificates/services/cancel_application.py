"""撤回: the applicant takes an instrument out of the procedure before it is received."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.application_steps import move_line
from quanheng.regulation.verification_procedure import Move


def cancel_application(*, line_id: int, by: Actor, at: datetime) -> ApplicationLine:
    """Withdraw the application for one instrument; its place in the institute's day is free again.

    Raises:
        RuleBroken: line_not_found, cannot_withdraw.
        NotYours: not a role that applies.
    """
    with move_line(acts.VERIFICATION_WITHDRAWN, Move.WITHDRAW, line_id, by=by, at=at) as line:
        pass
    return line
