"""The pages of verification records: confirming what was declared, and voiding with two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.enums import Provenance
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.services.void_record import ask_to_void
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_institute, make_instrument, make_verification, sign_in

Desk = Callable[..., Client]
pytestmark = pytest.mark.django_db
GONE = "所选项目已办理或已变更"


@pytest.fixture
def scale(stall: Entity) -> Instrument:
    make_institute()
    return make_instrument(stall, certificate_number="川-1")


@pytest.fixture
def asker(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.fixture
def disputed(scale: Instrument, asker: Actor, at: datetime) -> Verification:
    row = make_verification(scale, certificate_number="川-1", provenance=Provenance.RECORDED)
    with acting_in(asker.scope):
        ask_to_void(instrument_id=scale.pk, verification_id=row.pk, reason="录错了", by=asker, at=at)
    return row


def test_who_asked_for_a_voiding_is_not_offered_to_decide_it(
    scale: Instrument, asker: Actor, disputed: Verification, desk: Desk
) -> None:
    where = f"/instruments/{scale.pk}/"
    his = sign_in(Client(), asker)
    page = his.get(where).content.decode()
    assert f"{where}decide-void/" not in page
    assert f"{where}withdraw-dispute/" in page
    assert "作废申请待复核" in page  # but everybody reads that it is in doubt
    assert "须另一人复核" in his.get(f"{where}decide-void/", follow=True).content.decode()
    assert f"{where}decide-void/" in desk().get(where).content.decode()


def test_the_asker_finds_his_own_request_apart_and_takes_it_back(
    scale: Instrument, asker: Actor, disputed: Verification, desk: Desk
) -> None:
    his, other = sign_in(Client(), asker), desk()
    page, back = f"/instruments/{scale.pk}/", f"/instruments/{scale.pk}/withdraw-dispute/"
    assert back in his.get("/verification-records/?waiting=asked").content.decode()
    assert page not in his.get("/verification-records/?waiting=disputed").content.decode()
    assert "waiting=turn" not in _counted(his)
    assert "waiting=asked" in _counted(his)
    assert f"{page}decide-void/" in other.get("/verification-records/?waiting=disputed").content.decode()
    assert "waiting=turn" in _counted(other)
    assert "您可撤回的作废申请" in other.get(back, follow=True).content.decode()
    his.post(back, {"record": disputed.pk, "reason": "看错了"})
    with acting_in(EVERYTHING):
        assert Verification.objects.unscoped().get(pk=disputed.pk).disputed_at is None


def _counted(client: Client) -> str:
    """The addresses of the tiles of a desk that count something."""
    tiles = client.get("/desk/").context["worklists"]
    return " ".join(tile.url for tile in tiles if tile.text_count != "0")


def test_what_was_decided_meanwhile_is_told_in_words_and_never_by_its_number(
    scale: Instrument, disputed: Verification, desk: Desk
) -> None:
    page, decision = f"/instruments/{scale.pk}/decide-void/", {
        "record": disputed.pk, "decision": "void", "sure": "on",
    }  # fmt: skip
    officer = desk()
    officer.post(page, decision)
    with acting_in(EVERYTHING):
        assert Verification.objects.unscoped().get(pk=disputed.pk).in_error
    again = officer.post(page, decision).content.decode()
    assert GONE in again
    assert "可用的选项" not in again


def test_nothing_to_confirm_is_said_as_such(scale: Instrument, desk: Desk) -> None:
    answer = desk().get(f"/instruments/{scale.pk}/confirm-verification/", follow=True)
    assert "该器具暂无待核实的检定记录" in answer.content.decode()


def test_nothing_of_the_paper_is_filled_in_from_what_the_user_says(scale: Instrument, desk: Desk) -> None:
    row = make_verification(scale, certificate_number="自报-77", provenance=Provenance.DECLARED)
    officer, page = desk(), f"/instruments/{scale.pk}/confirm-verification/"
    form = officer.get(page).context["form"]
    assert [form[name].value() for name in ("certificate_number", "institute", "valid_until")] == [
        None,
        "",
        None,
    ]
    paper = {"record": row.pk, "certificate_number": "川-7", "institute": "市计量院", "paper_seen": "on"}
    assert "请照证书填写有效期至" in officer.post(page, paper).content.decode()
    with acting_in(EVERYTHING):
        assert Verification.objects.unscoped().get(pk=row.pk).provenance == Provenance.DECLARED


def test_a_first_verification_is_not_preset_as_a_later_one(
    stall: Entity, scale: Instrument, desk: Desk
) -> None:
    make_verification(scale)
    new = make_instrument(
        stall, state="filed", verified_on=None, valid_until=None, trusted_until=None, result="", provenance=""
    )
    officer = desk()
    forms = [officer.get(f"/instruments/{it.pk}/verification/").context["form"] for it in (new, scale)]
    assert [form["kind"].value() for form in forms] == ["initial", "subsequent"]
