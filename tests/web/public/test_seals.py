"""What a shopper reads of a seal that was opened or broken, and in which order of one day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.instruments.enums import CodeState, Result, SealPosition
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.correct_seal import correct_seal
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.repair import record_repair, send_to_repair
from quanheng.apps.instruments.services.unseal import unseal
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.seal_opening import Purpose
from quanheng.web.public.certificates import address_of
from tests.factories import make_code, make_institute, make_instrument, make_seal, make_verification
from tests.factories.verification import issue_for_test
from tests.web.public.conftest import CODE, OTHER_CODE

pytestmark = pytest.mark.django_db


def the_seal(scale: Instrument) -> Seal:
    return Seal.objects.unscoped().get(instrument=scale, broken_on=None)


def opened(scale: Instrument, purpose: Purpose, at: datetime) -> None:
    with acting_in(EVERYTHING):
        unseal(
            instrument_id=scale.pk, seal_id=the_seal(scale).pk, purpose=purpose, reason="开壳", on=at.date(),
            witness="见证人", by=SYSTEM, at=at,
        )  # fmt: skip


def broken(scale: Instrument, at: datetime) -> None:
    with acting_in(EVERYTHING):
        break_seal(
            instrument_id=scale.pk, seal_id=the_seal(scale).pk, reason="断", on=at.date(), by=SYSTEM, at=at
        )


def sealed(scale: Instrument, number: str, at: datetime) -> None:
    with acting_in(EVERYTHING):
        apply_seal(
            instrument_id=scale.pk, number=number, position=SealPosition.SCALE_CASE, on=at.date(), by=SYSTEM,
            at=at,
        )  # fmt: skip


def verified(scale: Instrument, number: str, at: datetime) -> None:
    with acting_in(EVERYTHING):
        make_institute("所")
        record_verification(
            instrument_id=scale.pk, verified_on=at.date(), result=Result.PASSED, certificate_number=number,
            institute="所", valid_until=date(2027, 11, 22), by=SYSTEM, at=at,
        )  # fmt: skip


def page(phone: Client, code: str = CODE) -> str:
    return str(phone.get(f"/s/{code}").content.decode())


def happened(html: str) -> list[str]:
    """Return the names of the events of the history, newest first."""
    history = re.search(r'<ol class="history">(.*?)</ol>', html, re.S)
    return re.findall(r"<b>(.*?)</b>", history[1] if history else "")


@pytest.mark.parametrize(
    ("purpose", "words"), [(Purpose.VERIFICATION, "因检定启封"), (Purpose.ADJUSTMENT, "因调整启封")]
)
def test_a_seal_opened_lawfully_is_told_as_that_and_never_as_broken(
    phone: Client, scale: Instrument, at: datetime, purpose: Purpose, words: str
) -> None:
    make_seal(scale, number="封1")
    opened(scale, purpose, at)
    html = page(phone)
    assert '<h1 id="verdict">启封待检</h1>' in html
    assert f"<dt>{words}</dt><dd>2026年11月23日" in html
    assert "破损" not in html
    assert "有效期至" not in html
    assert words in happened(html)
    assert f'<li class="bad"><time datetime="2026-11-23">2026年11月23日</time>\n<b>{words}' not in html
    english = phone.get(f"/s/{CODE}?lang=en").content.decode()
    assert "Opened, to be verified" in english


def test_repaired_behind_an_opened_seal_it_waits_for_seal_and_verification(
    phone: Client, scale: Instrument, at: datetime
) -> None:
    make_seal(scale, number="封1")
    with acting_in(EVERYTHING):
        send_to_repair(instrument_id=scale.pk, reason="坏", on=at.date(), by=SYSTEM, at=at)
    opened(scale, Purpose.REPAIR, at)
    assert "维修中" in page(phone)
    with acting_in(EVERYTHING):
        record_repair(instrument_id=scale.pk, repairer="厂", work="换", on=at.date(), by=SYSTEM, at=at)
    html = page(phone)
    assert '<h1 id="verdict">启封待检</h1>' in html
    assert "<dt>因维修启封</dt>" in html


def test_one_days_events_stand_in_the_order_in_which_they_happened(
    phone: Client, scale: Instrument, at: datetime
) -> None:
    make_seal(scale, number="封1")
    make_verification(scale, certificate_number="川0")
    hour = timedelta(hours=1)
    broken(scale, at)
    sealed(scale, "封2", at + hour)
    verified(scale, "川1", at + 2 * hour)
    opened(scale, Purpose.VERIFICATION, at + 3 * hour)
    sealed(scale, "封3", at + 4 * hour)
    verified(scale, "川2", at + 4 * hour)  # seal and verification of one approval
    assert happened(page(phone))[:8] == [
        "检定合格", "施封", "检定失效", "因检定启封", "检定合格", "施封", "检定失效", "铅封破损",
    ]  # fmt: skip


def test_other_acts_of_the_day_stand_between_them(phone: Client, scale: Instrument, at: datetime) -> None:
    make_seal(scale, number="封1")
    make_verification(scale, certificate_number="川0")
    hour = timedelta(hours=1)
    with acting_in(EVERYTHING):
        send_to_repair(instrument_id=scale.pk, reason="坏", on=at.date(), by=SYSTEM, at=at)
    opened(scale, Purpose.REPAIR, at + hour)
    with acting_in(EVERYTHING):
        record_repair(
            instrument_id=scale.pk, repairer="厂", work="换", on=at.date(), by=SYSTEM, at=at + 2 * hour
        )
    sealed(scale, "封2", at + 3 * hour)
    assert happened(page(phone))[:5] == ["施封", "维修完成", "因维修启封", "检定失效", "送修"]


def test_the_public_record_has_the_order_of_the_log(phone: Client, scale: Instrument, at: datetime) -> None:
    make_seal(scale, number="封1")
    broken(scale, at)
    sealed(scale, "封2", at)
    verified(scale, "川1", at)
    html = phone.get(f"/s/{CODE}/record").content.decode()
    assert re.findall("检定登记|施封|铅封破损", html)[:3] == ["检定登记", "施封", "铅封破损"]


def test_an_old_label_does_not_show_the_validity_of_what_no_longer_counts(
    phone: Client, scale: Instrument, at: datetime
) -> None:
    make_code(scale, value=OTHER_CODE, state=CodeState.REPLACED)
    assert "有效期至 2026年12月31日" in page(phone, OTHER_CODE)
    make_seal(scale, number="封1")
    broken(scale, at)
    html = page(phone, OTHER_CODE)
    assert "铅封破损 2026年11月23日" in html
    assert "有效期至" not in html


def test_a_nozzle_shows_the_seals_of_its_dispenser_and_when_they_broke(
    phone: Client, scale: Instrument, at: datetime
) -> None:
    with acting_in(EVERYTHING):
        nozzle = make_instrument(scale.entity, parent=scale)
    make_code(nozzle, value=OTHER_CODE)
    make_seal(scale, number="主板封", position=SealPosition.MAINBOARD)
    assert "主板封" in page(phone, OTHER_CODE)
    broken(scale, at)
    html = page(phone, OTHER_CODE)
    assert "<dt>铅封破损</dt><dd>2026年11月23日" in html


def test_a_corrected_number_is_told(phone: Client, scale: Instrument, at: datetime) -> None:
    seal = make_seal(scale, number="错1")
    with acting_in(EVERYTHING):
        correct_seal(instrument_id=scale.pk, seal_id=seal.pk, number="对1", reason="核对", by=SYSTEM, at=at)
    html = page(phone)
    assert "更正铅封编号" in happened(html)
    assert "对1" in html


def test_a_genuine_certificate_whose_seal_broke_says_that_its_verification_is_void(
    phone: Client, at: datetime
) -> None:
    certificate = issue_for_test(at)
    where = address_of(certificate.number, certificate.public_code)
    assert '<h1 id="verdict">证书真实有效</h1>' in phone.get(where).content.decode()
    with acting_in(EVERYTHING):
        scale = Instrument.objects.unscoped().get(pk=certificate.instrument_id)
        make_seal(scale, number="封1")
    broken(scale, at)
    html = phone.get(where).content.decode()
    assert '<h1 id="verdict">检定已失效</h1>' in html
    assert "<dt>失效日期</dt><dd>2026年11月23日" in html
    assert "有效期至" not in html
