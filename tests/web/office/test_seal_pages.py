"""Seals as the office sees them: what no longer counts is never shown as if it did, on any page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.enums import Result, SealPosition
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.repair import send_to_repair
from quanheng.apps.instruments.services.unseal import unseal
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.seal_opening import Purpose
from tests.factories import make_code, make_institute, make_instrument, make_seal, make_verification

Desk = Callable[..., Client]
pytestmark = pytest.mark.django_db
VALID_TO = date(2027, 6, 30)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def panel_of(page: str) -> str:
    """Return what the panel 当前检定 says."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.split("当前检定</h2>|<h2>铅封", page)[1]))


@pytest.fixture
def scale(stall: Entity) -> Instrument:
    scale = make_instrument(stall, serial_number="K-1", valid_until=VALID_TO, trusted_until=VALID_TO)
    make_verification(scale, valid_until=VALID_TO, certificate_number="川-1")
    make_seal(scale, number="封-12")
    make_code(scale)
    return scale


def the_seal(scale: Instrument) -> Seal:
    with acting_in(EVERYTHING):
        return Seal.objects.unscoped().get(instrument=scale, broken_on=None)


def broken(scale: Instrument, at: datetime) -> None:
    with acting_in(EVERYTHING):
        break_seal(
            instrument_id=scale.pk, seal_id=the_seal(scale).pk, reason="断开", on=at.date(), by=SYSTEM, at=at
        )


def opened(scale: Instrument, at: datetime) -> None:
    with acting_in(EVERYTHING):
        unseal(
            instrument_id=scale.pk, seal_id=the_seal(scale).pk, purpose=Purpose.VERIFICATION, reason="检定",
            on=at.date(), by=SYSTEM, at=at,
        )  # fmt: skip


def repaired(scale: Instrument, at: datetime) -> None:
    with acting_in(EVERYTHING):
        send_to_repair(instrument_id=scale.pk, reason="传感器坏", on=at.date(), by=SYSTEM, at=at)


@pytest.mark.parametrize(("end", "why"), [(broken, "铅封破损"), (opened, "已启封"), (repaired, "送修")])
def test_the_panel_says_since_when_and_why_the_verification_no_longer_counts(
    scale: Instrument, desk: Desk, at: datetime, end: Callable[[Instrument, datetime], None], why: str
) -> None:
    before = panel_of(desk().get(f"/instruments/{scale.pk}/").content.decode())
    assert "检定有效" in before
    assert "有效期至 2027-06-30" in before
    end(scale, at)
    after = panel_of(desk().get(f"/instruments/{scale.pk}/").content.decode())
    assert f"结论 已失效 失效日期 2026-11-23 失效原因 {why} 证书所载有效期 2027-06-30" in after
    assert "合格" not in after
    assert "有效期至" not in after


PAGES = ["/instruments/", "/due/", "/applications/new/?instrument={pk}", "/instruments/{whole}/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("end", "why"), [(broken, "铅封破损"), (opened, "已启封")])
def test_no_list_shows_the_validity_of_what_no_longer_counts(
    scale: Instrument, desk: Desk, at: datetime, page: str, why: str,
    end: Callable[[Instrument, datetime], None],
) -> None:  # fmt: skip
    with acting_in(EVERYTHING):
        whole = make_instrument(scale.entity)
        if "{whole}" in page:
            Instrument.objects.unscoped().filter(pk=scale.pk).update(parent=whole)
    end(scale, at)
    told = text_of(desk().get(page.format(pk=scale.pk, whole=whole.pk)))
    assert f"2026-11-23 起失效（{why}）" in told
    assert "2027-06-30" not in told


def test_the_review_of_filings_says_it_too(stall: Entity, desk: Desk, at: datetime) -> None:
    scale = make_instrument(stall, state="filing", valid_until=VALID_TO, trusted_until=VALID_TO)
    make_seal(scale)
    broken(scale, at)
    told = text_of(desk().get(f"/filings/{stall.root_id}/"))
    assert "2026-11-23 起失效（铅封破损）" in told


def test_a_seal_is_opened_for_repair_and_the_page_tells_who_and_who_saw_it(
    scale: Instrument, desk: Desk, at: datetime
) -> None:
    browser = desk(Role.INSPECTOR)
    assert "/unseal/" not in browser.get(f"/instruments/{scale.pk}/").content.decode()
    repaired(scale, at)
    form = browser.get(f"/instruments/{scale.pk}/unseal/").content.decode()
    assert "因维修启封" in form
    assert "因检定启封" not in form
    sent = {
        "seal": the_seal(scale).pk, "purpose": "repair", "reason": "更换传感器", "on": "2026-11-23",
        "opened_by": "傅师傅", "witness": "", "sure": "on",
    }  # fmt: skip
    refused = browser.post(f"/instruments/{scale.pk}/unseal/", sent)
    assert "因维修启封须有见证人" in text_of(refused)
    assert 'value="傅师傅"' in refused.content.decode()
    done = browser.post(f"/instruments/{scale.pk}/unseal/", sent | {"witness": "王见证"}, follow=True)
    told = text_of(done)
    assert "2026-11-23 傅师傅 因维修启封" in told
    assert "王见证 见证" in told
    assert "2026-11-23 因维修启封" in told  # the position's badge
    assert "破损" not in panel_of(done.content.decode())


def test_a_purpose_that_is_not_offered_is_not_taken(scale: Instrument, desk: Desk) -> None:
    sent = {"seal": the_seal(scale).pk, "purpose": "verification", "reason": "检定", "on": "2026-11-23"}
    answer = desk(Role.INSPECTOR).post(f"/instruments/{scale.pk}/unseal/", sent)
    assert answer.status_code == 200
    assert the_seal(scale).broken_on is None


def test_an_opened_seal_waits_on_a_desk_of_its_own_and_not_among_the_broken(
    scale: Instrument, desk: Desk, at: datetime
) -> None:
    opened(scale, at)
    assert "K-1" in text_of(desk().get("/instruments/?seal_opened=1"))
    assert "K-1" not in text_of(desk().get("/instruments/?seal_broken=1"))
    home = desk().get("/desk/").content.decode()
    assert "启封待检" in home


def test_two_seals_with_one_number_wait_on_the_offices_desk_until_one_is_corrected(
    scale: Instrument, stall: Entity, desk: Desk
) -> None:
    other = make_instrument(stall, serial_number="K-2")
    seal = make_seal(other, number="封-12", number_disputed=True)
    assert "铅封编号重复" in text_of(desk().get("/desk/"))
    listed = text_of(desk().get("/instruments/?disputed_seal=1"))
    assert "K-2" in listed
    page = text_of(desk().get(f"/instruments/{other.pk}/"))
    assert "编号重复" in page
    assert "另有在用铅封登记了同一编号" in page
    sent = {"seal": seal.pk, "number": "封-13", "reason": "核对实物"}
    done = text_of(desk().post(f"/instruments/{other.pk}/correct-seal/", sent, follow=True))
    assert "封-12" in done  # the history says what it was
    assert "K-2" not in text_of(desk().get("/instruments/?disputed_seal=1"))


def one_day(scale: Instrument, at: datetime) -> None:
    """Break, seal and verify, in this order, within one day."""
    broken(scale, at)
    later = at + timedelta(hours=1)
    with acting_in(EVERYTHING):
        apply_seal(
            instrument_id=scale.pk, number="封-13", position=SealPosition.SCALE_CASE, on=at.date(),
            by=SYSTEM, at=later,
        )  # fmt: skip
        make_institute("所")
        record_verification(
            instrument_id=scale.pk, verified_on=at.date(), result=Result.PASSED, certificate_number="川-2",
            institute="所", valid_until=VALID_TO, by=SYSTEM, at=later + timedelta(hours=1),
        )  # fmt: skip
    broken(scale, later + timedelta(hours=2))


@pytest.mark.parametrize("page", ["/instruments/{scale}/", "/entities/{entity}/"])
def test_the_timelines_tell_one_days_acts_as_they_happened(
    scale: Instrument, desk: Desk, at: datetime, page: str
) -> None:
    one_day(scale, at)
    html = desk().get(page.format(scale=scale.pk, entity=scale.entity_id)).content.decode()
    told = re.findall("铅封破损|施封|检定登记", text_of_timeline(html))
    assert [word for word in told if word][:4] == ["铅封破损", "检定登记", "施封", "铅封破损"]


def text_of_timeline(html: str) -> str:
    titles = re.findall(r'<ol class="qh-timeline">(.*?)</ol>', html, re.S)[0]
    return " ".join(re.findall(r"<strong[^>]*>(.*?)</strong>", titles, re.S))
