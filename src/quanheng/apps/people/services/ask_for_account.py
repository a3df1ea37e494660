"""申请开通账号: an entity asks by itself. What it is told is the same, whether it is known or not."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import area_of_code, province_id
from quanheng.apps.audit.services import record
from quanheng.apps.outbox.texts import MOBILE
from quanheng.apps.people import acts, refusals
from quanheng.apps.people.enums import AccountRequestState
from quanheng.apps.people.models import AccountRequest
from quanheng.apps.people.one_time_codes import plain
from quanheng.apps.people.services.invitations import LONGEST, RULE
from quanheng.apps.registry.queries import invitee_with_code
from quanheng.apps.registry.refusals import CREDIT_CODE_FAULTS
from quanheng.kit.fields import keyed_hash
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, NOTHING, acting_in
from quanheng.packs.shipped import shipped
from quanheng.regulation.identifiers import LENGTH, CreditCodeFault, normalise_credit_code, parse_credit_code
from quanheng.regulation.instrument_code import ALPHABET, CodeUnreadable, parse_code

PUBLIC = Actor(user_id=None, name="公众", role=None, scope=NOTHING)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which entity's account, and why. `code`: a credit code, or the code of its label."""

    code: str
    name: str
    phone: str
    words: str


def ask_for_account(*, asked: Asked, at: datetime) -> str:
    """Take a request in and return its number. Asked again while it waits, it is the same request.

    Where more wait for one code than the rule allows, nothing is kept, and the answer is the same.

    Raises:
        RuleBroken: no_request_code, bad_credit_code, no_name, not_mobile, no_request_words.
    """
    code, phone = read_code(asked.code), plain(asked.phone)
    _check(asked.name.strip(), asked.words.strip(), phone)
    with acting_in(EVERYTHING):
        waiting = AccountRequest.objects.unscoped().filter(code=code, state=AccountRequestState.WAITING)
        known = waiting.filter(phone_hash=keyed_hash(phone)).first()
        if known is not None:
            return known.number
        number = new_number(at)
        if waiting.count() < _most_waiting(at):
            _keep(number, code, phone, asked, at)
    return number


def read_code(text: str) -> str:
    """Return a credit code, or the code of an entity's label, in its normal form.

    Raises:
        RuleBroken: no_request_code, bad_credit_code.
    """
    if not text.strip():
        raise refusals.NO_REQUEST_CODE()
    try:
        return parse_code(text)
    except CodeUnreadable:
        return _credit_code(text)


def new_number(at: datetime) -> str:
    """Q, the day, six symbols by chance: nobody can count through the requests."""
    return f"Q{timezone.localtime(at):%y%m%d}-" + "".join(secrets.choice(ALPHABET) for _ in range(6))


def _credit_code(text: str) -> str:
    try:
        return parse_credit_code(text, on_an_officers_word=True)
    except CreditCodeFault as fault:
        raise _told(text, fault) from None


def _told(text: str, fault: CreditCodeFault) -> RuleBroken:
    if fault.code == "length" and len(normalise_credit_code(text)) != LENGTH:
        return refusals.NO_REQUEST_CODE()
    return CREDIT_CODE_FAULTS[fault.code](credit_code=text, **fault.facts)


def _check(name: str, words: str, phone: str) -> None:
    if not name:
        raise refusals.NO_REQUEST_NAME()
    if not MOBILE.fullmatch(phone):
        raise refusals.NOT_MOBILE()
    if not words or len(words) > LONGEST:
        raise refusals.NO_WORDS()


def _keep(number: str, code: str, phone: str, asked: Asked, at: datetime) -> None:
    entity, county = (
        invitee_with_code(code),
        _area_in(code),
    )  # both in any case: what is known takes no other time
    request = AccountRequest.objects.unscoped().create(
        number=number, code=code, entity_id=entity.entity_id if entity else None,
        area_id=entity.area_id if entity else county,
        name=asked.name.strip()[:60], phone=phone, phone_hash=keyed_hash(phone), words=asked.words.strip(),
        received_at=at,
    )  # fmt: skip
    record(
        acts.ACCOUNT_REQUESTED, by=PUBLIC, at=at, area_id=request.area_id, subject=number,
        after={"code": code},
    )  # fmt: skip


def _area_in(code: str) -> int:
    """Return the county that the code was registered in (GB 32100, positions 3 to 8), else the province."""
    return area_of_code(code[2:8]) or province_id()


def _most_waiting(at: datetime) -> int:
    return int(shipped().in_force(RULE, timezone.localdate(at)).tables["requests"].values["waiting_most"])
