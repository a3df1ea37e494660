"""The scan answer: the verdict of the scan page, without a key, without a person, not without end."""

from __future__ import annotations

import secrets
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from django.test import Client

from quanheng.api.operations.scan import answer
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.models import ScanDay
from quanheng.apps.instruments.queries.card import CardInstrument
from quanheng.apps.instruments.queries.scan import Card
from quanheng.apps.instruments.scan_counter import SCANS, ScanCounter
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_code import code_from_random, grouped
from quanheng.regulation.trust import Grade, Reason, Trust
from quanheng.web.public.verdicts import verdict_for, verdict_of
from tests.factories import (
    make_actor,
    make_code,
    make_entity,
    make_instrument,
    make_seal,
    make_verification,
)

FAR = date(2099, 1, 1)
TODAY = date(2026, 11, 23)


def new_code() -> str:
    return code_from_random(secrets.token_bytes(13))


def scan(code: str, **headers: str) -> Any:
    return Client().get(f"/api/v1/scan/{code}", headers=headers)


@pytest.mark.django_db
def test_a_code_answers_without_a_key_what_the_page_says() -> None:
    market = make_entity("青羊农贸市场", kind="market_operator")
    scale = make_instrument(
        make_entity("张三丰", kind="stall", parent=market), valid_until=FAR, trusted_until=FAR
    )
    make_verification(scale, certificate_number="川1", valid_until=FAR)
    make_seal(scale, number="F1", applied_by="李封人", applied_witness="赵见证")
    code = make_code(scale, value=new_code()).value

    for typed in (code, grouped(code), code.lower()):
        found = scan(typed)
        assert found.status_code == 200, found.content.decode()
        body = found.json()
        assert (body["code"], body["grade"], body["reason"]) == (code, "green", "valid")
    assert body["place"]["site"] == "青羊农贸市场"
    assert body["seals"][0]["number"] == "F1"
    assert body["verifications"][0]["certificate_number"] == "川1"
    for person in ("张三丰", "李封人", "赵见证"):
        assert person not in found.content.decode()


@pytest.mark.django_db
def test_a_broken_seal_shows_with_the_next_scan() -> None:
    scale = make_instrument(valid_until=FAR, trusted_until=FAR)
    code = make_code(scale, value=new_code()).value
    assert scan(code).json()["grade"] == "green"
    scale.seal_broken = True
    from quanheng.kit.scope import EVERYTHING, acting_in

    with acting_in(EVERYTHING):
        scale.save()
    assert (scan(code).json()["grade"], scan(code).json()["reason"]) == ("red", "seal_broken")


@pytest.mark.django_db
def test_a_code_that_was_never_issued_is_not_there_and_a_slip_is_named() -> None:
    code = new_code()
    unknown = scan(code)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    slip = scan(code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert (slip.status_code, slip.json()["code"], slip.json()["facts"]) == (
        422, "code_unreadable", {"fault": "check"},
    )  # fmt: skip


@pytest.mark.django_db
def test_an_address_without_a_key_is_slowed_and_a_key_is_not(program: Any) -> None:
    code = make_code(make_instrument(), value=new_code()).value
    statuses = [scan(code).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert int(scan(code)["Retry-After"]) > 0
    system = program(make_actor())
    assert system.get(f"/scan/{code}").status_code == 200


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("state", [CodeState.ACTIVE, CodeState.REPLACED])
def test_program_and_shopper_get_one_verdict(reason: Reason, state: CodeState) -> None:
    nothing: dict[str, Any] = {field.name: "" for field in fields(CardInstrument)}
    scale = CardInstrument(**nothing | {"category": "scale"})
    trust = Trust(verdict_for(reason, TODAY).grade, reason)
    card = Card(code="Q1", code_state=state, instrument=scale, trust=trust)
    assert answer(card)["grade"] == verdict_of(card, TODAY, forged=False).grade


@pytest.mark.parametrize(("state", "grade"), [(CodeState.BLANK, Grade.GREY), (CodeState.VOID, Grade.RED)])
def test_a_label_without_an_instrument_gets_one_verdict_too(state: CodeState, grade: Grade) -> None:
    card = Card(code="Q1", code_state=state)
    assert answer(card)["grade"] == verdict_of(card, TODAY, forged=False).grade == grade


@pytest.mark.django_db
def test_a_scan_by_a_program_counts_like_one_by_a_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = ScanCounter()
    monkeypatch.setattr(SCANS, "count", counter.count)
    scale = make_instrument(make_entity("市场", kind="market_operator"))
    code = make_code(scale, value=new_code()).value
    assert scan(code).status_code == 200
    assert Client().get(f"/s/{code}").status_code == 200
    assert scan(new_code()).status_code == 404
    with acting_in(EVERYTHING):
        assert counter.flush() == 2
        assert ScanDay.objects.get(instrument=scale).count == 2
