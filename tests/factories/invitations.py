"""Invitations and requests for an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from quanheng.apps.accounts.models import Area
from quanheng.apps.people.enums import InvitationPurpose, InvitationWay
from quanheng.apps.people.models import AccountRequest, Invitation
from quanheng.apps.people.one_time_codes import digest_of, new_number
from quanheng.apps.registry.models import Entity
from quanheng.kit.fields import keyed_hash
from tests.factories.ledger import NOW
from tests.factories.people import as_system, make_area, serial

CODE = "ABCD1234"
CREDIT_CODE = "91510104DHW10JW793"


@as_system
def make_invitation(entity: Entity, **fields: Any) -> Invitation:
    """Make an invitation of staff that CODE opens."""
    number = fields.pop("number", None) or new_number()
    defaults = {
        "digest": digest_of(number, CODE), "way": InvitationWay.PAPER, "purpose": InvitationPurpose.STAFF,
        "role": "instrument_user", "root": entity.root, "area": entity.area, "issued_by_name": "张三",
        "issued_at": NOW, "expires_at": NOW + timedelta(days=14),
    }  # fmt: skip
    return Invitation.objects.unscoped().create(number=number, entity=entity, **defaults | fields)


@as_system
def make_account_request(area: Area | None = None, **fields: Any) -> AccountRequest:
    """Make a request that waits."""
    phone = fields.pop("phone", "13800000001")
    defaults = {
        "number": f"Q{serial():06d}", "code": CREDIT_CODE, "name": "赵六", "phone": phone,
        "phone_hash": keyed_hash(phone), "words": "本店店主", "received_at": NOW,
    }  # fmt: skip
    return AccountRequest.objects.unscoped().create(area=area or make_area(), **defaults | fields)


def make_newcomers(market: Entity, area: Area, mark: Callable[..., str]) -> dict[str, Any]:
    """Make an invitation of a market's, and a request that only the office sees; return their ids."""
    invitation = make_invitation(market, name=mark(area, market), reason=mark(area, market))
    asked = make_account_request(area, words=mark(area), code=mark(area))
    return {
        "invitation_id": invitation.pk, "invitation_number": invitation.number,
        "account_request_id": asked.pk,
    }  # fmt: skip
