"""变更申请 in the browser: what was asked for beside the ledger, accepted or returned."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import ProposedChange
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import (
    make_actor,
    make_area,
    make_entity,
    make_instrument,
    make_proposal,
    sign_in,
)
from tests.factories.sheets import seen

pytestmark = pytest.mark.django_db


def test_an_officer_accepts_or_returns_and_an_operator_reads() -> None:
    area = make_area()
    market = make_entity(kind="market_operator", area=area)
    scales = [make_instrument(market), make_instrument(market)]
    with acting_in(EVERYTHING):
        asked = [
            ProposedChange.objects.unscoped().create(
                instrument=it, root=it.root, area=it.area, facts={"model": "XK-9"},
                proposed_at=timezone.now(),
            )
            for it in scales
        ]  # fmt: skip
    officer = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=area))
    operator = sign_in(Client(), make_actor(Role.MARKET_OPERATOR, entity=market))
    pages = [f"/proposals/{one.pk}/" for one in asked]

    assert "XK-9" in officer.get(pages[0]).content.decode()
    assert scales[0].serial_number in officer.get("/proposals/?state=waiting").content.decode()
    assert "同意并登记" not in operator.get(pages[0]).content.decode()
    operator.post(pages[0], {"act": "accept"})
    assert seen(scales[0]).model == "ACS-30"

    assert officer.post(pages[0], {"act": "accept"}).status_code == 302
    assert officer.post(pages[1], {"act": "return", "reason": "铭牌照片不清"}).status_code == 302
    assert (seen(scales[0]).model, seen(scales[1]).model) == ("XK-9", "ACS-30")
    assert "铭牌照片不清" in operator.get(pages[1]).content.decode()


def test_both_days_of_a_proposed_verification_are_written_alike() -> None:
    area = make_area()
    it = make_instrument(make_entity(kind="market_operator", area=area), verified_on=date(2026, 8, 7))
    said = {"verified_on": "2026-11-01", "result": "passed", "valid_until": "2027-10-31"}
    with acting_in(EVERYTHING):
        row = ProposedChange.objects.unscoped().create(
            instrument=it, root=it.root, area=it.area, proposed_at=timezone.now(),
            verification=said | {"certificate_number": "川-2", "institute": "市计量院"},
        )  # fmt: skip
    page = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=area)).get(f"/proposals/{row.pk}/")
    assert "2026-08-07" in page.content.decode()
    assert "2026-11-01" in page.content.decode()
    assert [page.context["accept"][name].value() for name in ("certificate_number", "valid_until")] == [
        None,
        None,
    ]  # fmt: skip  the officer reads them from the paper


def test_a_change_of_the_nameplate_is_asked_for_on_the_page_and_its_outcome_stands_on_the_desk() -> None:
    area = make_area()
    market = make_entity(kind="market_operator", area=area)
    scale = make_instrument(market)
    operator = sign_in(Client(), make_actor(Role.MARKET_OPERATOR, entity=market))
    page = f"/instruments/{scale.pk}/edit/"
    form = operator.get(page).context["form"]
    given = {name: form[name].value() or "" for name in form.fields if name != "item"}
    given |= {"item": scale.item_id, "item_text": scale.item.name, "model": "XK-9"}
    answer = operator.post(page, given, follow=True).content.decode()
    assert "已提交变更申请" in answer
    assert seen(scale).model == "ACS-30"
    with acting_in(EVERYTHING):
        row = ProposedChange.objects.unscoped().get(instrument=scale)
    officer = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=area))
    officer.post(f"/proposals/{row.pk}/", {"act": "return", "reason": "铭牌照片不清"})
    assert "变更申请被退回" in operator.get("/desk/").content.decode()
    assert "铭牌照片不清" in operator.get("/proposals/?decided=returned").content.decode()
    assert scale.serial_number not in operator.get("/proposals/?decided=accepted").content.decode()


def test_whoever_asked_takes_it_back_on_the_page_and_the_office_is_not_offered_to() -> None:
    area = make_area()
    market = make_entity(kind="market_operator", area=area)
    person = make_actor(Role.MARKET_OPERATOR, entity=market)
    row = make_proposal(make_instrument(market), proposed_by_id=person.user_id, asked_because="换过铭牌")
    operator = sign_in(Client(), person)
    officer = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=area))
    page = f"/proposals/{row.pk}/"
    assert "换过铭牌" in officer.get(page).content.decode()
    assert 'value="withdraw"' not in officer.get(page).content.decode()
    assert 'value="withdraw"' in operator.get(page).content.decode()
    assert "这个字段是必填项" in operator.post(page, {"act": "withdraw"}).content.decode()
    done = operator.post(
        page, {"act": "withdraw", "reason": "看错了", "sure": "on"}, follow=True
    ).content.decode()
    assert "已撤回，台账不变" in done
    assert "看错了" in done
    with acting_in(EVERYTHING):
        assert ProposedChange.objects.unscoped().get(pk=row.pk).state == "withdrawn"
    assert 'value="accept"' not in officer.get(page).content.decode()
