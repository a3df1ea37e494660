"""A shopper scans: the verdict comes first, in words and colour, and nothing is kept of the shopper."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.instruments.enums import CodeState, InstrumentState, Result, SealPosition
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.scan_counter import SCANS, ScanCounter
from quanheng.apps.instruments.services.void_verification import void_verification
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.trust import Reason
from quanheng.web.public import history, verdicts
from quanheng.web.public.english import ENGLISH
from quanheng.web.public.labels import key_ring
from quanheng.web.public.scan import scan as scan_view
from tests.factories import make_code, make_entity, make_instrument, make_item, make_seal, make_verification
from tests.factories.verification import issue_for_test
from tests.web.public.conftest import CODE, OTHER_CODE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
AddressOf = Callable[..., str]


def change(scale: Instrument, **fields: Any) -> None:
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(**fields)


def panel(page: str) -> tuple[str, str]:
    """Return colour and word of the first screen."""
    colour = re.search(r'<section class="verdict (\w+)"', page)
    word = re.search(r'<h1 id="verdict">([^<]+)<', page)
    assert colour
    assert word
    return colour[1], word[1]


def verdict(phone: Client, address: str = CODE, status: int = 200) -> tuple[str, str]:
    answer = phone.get(f"/s/{address}")
    assert answer.status_code == status
    return panel(answer.content.decode())


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        ("issued", "检定记录来源：本平台出具"),
        ("received", "检定记录来源：国家平台接收"),
        ("recorded", "检定记录来源：监管部门录入"),
        ("declared", "检定记录来源：使用单位自报（未核实）"),
    ],
)
def test_under_the_verdict_stands_who_answers_for_it(
    provenance: str, words: str, phone: Client, scale: Instrument
) -> None:
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(provenance=provenance)
    page = phone.get(f"/s/{CODE}").content.decode()
    assert words in page
    assert panel(page)[1] == ("未核实" if provenance == "declared" else "有效")


def test_where_nothing_stands_no_source_is_named(phone: Client, scale: Instrument) -> None:
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(seal_broken=True)
    assert "检定记录来源" not in phone.get(f"/s/{CODE}").content.decode()


GONE = {"verified_on": None, "valid_until": None, "trusted_until": None, "result": ""}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, ("green", "有效")),
        ({"valid_until": date(2026, 12, 22)}, ("amber", "即将到期")),
        ({"valid_until": date(2026, 11, 23)}, ("amber", "即将到期")),
        ({"valid_until": date(2026, 11, 22)}, ("red", "已过期")),
        ({"seal_broken": True}, ("red", "铅封破损")),
        ({"seal_opened": True}, ("red", "启封待检")),
        ({"seal_opened": True, "seal_broken": True}, ("red", "铅封破损")),
        ({"state": InstrumentState.FAILED, "result": Result.FAILED}, ("red", "不合格")),
        ({"state": InstrumentState.FILED, **GONE}, ("red", "未经检定")),
        ({"state": InstrumentState.FILING}, ("red", "未备案")),
        ({"disputed_on": date(2026, 11, 20)}, ("amber", "复核中")),
        ({"locked": True}, ("red", "已锁机")),
        ({"impounded": True}, ("red", "暂停使用")),
        ({"state": InstrumentState.UNDER_REPAIR}, ("red", "维修中")),
        ({"state": InstrumentState.STOPPED}, ("grey", "已停用")),
        ({"state": InstrumentState.SEALED_UP}, ("grey", "已封存")),
        ({"state": InstrumentState.SCRAPPED}, ("grey", "已报废")),
    ],
)
def test_each_state_has_its_word_and_colour(
    phone: Client, scale: Instrument, fields: dict[str, Any], shown: tuple[str, str]
) -> None:
    change(scale, **fields)
    assert verdict(phone) == shown


def test_every_reason_has_words() -> None:
    assert all(verdicts.verdict_for(reason, TODAY).word in ENGLISH for reason in Reason)


def test_a_change_shows_on_the_next_scan(phone: Client, scale: Instrument) -> None:
    assert verdict(phone) == ("green", "有效")
    change(scale, seal_broken=True)
    assert verdict(phone) == ("red", "铅封破损")
    assert phone.get(f"/s/{CODE}").headers["Cache-Control"] == "no-store"


def test_an_address_with_a_stroke_at_its_end_is_the_same_address(phone: Client, scale: Instrument) -> None:
    assert verdict(phone) == ("green", "有效")
    for address in (CODE, signed(scale)):
        assert panel(phone.get(f"/s/{address}/").content.decode()) == ("green", "有效")


def test_old_label_says_so_and_points_to_the_present_state(phone: Client, scale: Instrument) -> None:
    make_code(scale, value=OTHER_CODE, state=CodeState.REPLACED)
    page = phone.get(f"/s/{OTHER_CODE}").content.decode()
    assert panel(page) == ("amber", "旧标签")
    assert "编码所属器具的现状" in page
    assert CODE not in page.replace(OTHER_CODE, "")


@pytest.mark.parametrize(
    ("state", "shown"), [(CodeState.BLANK, ("grey", "空白标签")), (CodeState.VOID, ("red", "标签作废"))]
)
def test_label_without_an_instrument(phone: Client, state: CodeState, shown: tuple[str, str]) -> None:
    make_code(value=OTHER_CODE, state=state)
    assert verdict(phone, OTHER_CODE) == shown


def test_unknown_codes_all_get_the_same_answer(phone: Client) -> None:
    first, second = (phone.get(f"/s/{code}") for code in (CODE, OTHER_CODE))
    assert first.status_code == second.status_code == 404
    assert first.content == second.content
    assert panel(first.content.decode()) == ("red", "查无此码")


def test_mistyped_code_is_told_before_anything_is_looked_up(
    phone: Client, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    mistyped = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    with django_assert_num_queries(0):
        page = scan_view(RequestFactory().get("/"), mistyped)
    assert page.status_code == 400
    assert mistyped in page.content.decode()
    assert "校验不符" in page.content.decode()
    assert "check characters" in phone.get(f"/s/{mistyped}?lang=en").content.decode()


def test_a_scan_is_one_select(
    scale: Instrument, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    with django_assert_num_queries(1):
        scan_view(RequestFactory().get("/"), CODE)


def test_page_is_small_and_needs_neither_script_nor_cookie(phone: Client, scale: Instrument) -> None:
    for number in range(12):
        make_verification(scale, verified_on=date(2014 + number, 1, 1), valid_until=None)
        make_seal(scale, broken_on=date(2026, 1, 2))
    answer = phone.get(f"/s/{CODE}")
    page = answer.content.decode()
    assert len(answer.content) < 50_000
    assert "<script" not in page
    assert " style=" not in page
    assert not answer.cookies
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_what_to_compare_is_on_the_page(phone: Client, scale: Instrument) -> None:
    make_seal(scale, number="川-1", position=SealPosition.SCALE_CASE)
    page = phone.get(f"/s/{CODE}").content.decode()
    for shown in (scale.serial_number, "川-1", "秤体", "完好", scale.manufacturer):
        assert shown in page


def test_text_of_the_register_is_escaped(phone: Client) -> None:
    make_code(make_instrument(make_entity("<script>甲</script>")), value=CODE)
    assert "<script" not in phone.get(f"/s/{CODE}").content.decode()


def test_typed_code_leads_to_its_page(phone: Client, scale: Instrument) -> None:
    typed = f" {CODE[:10].lower()} {CODE[10:]} "
    assert phone.get("/s/", {"code": typed, "lang": "en"}).headers["Location"] == f"/s/{CODE}?lang=en"
    assert phone.get("/s/", {"code": "Q1"}).status_code == 400
    assert phone.get("/s/").status_code == 200


def test_english_and_large_type_are_links_that_keep_each_other(phone: Client, scale: Instrument) -> None:
    page = phone.get(f"/s/{CODE}?lang=en&big=1").content.decode()
    assert panel(page)[1] == "Valid"
    assert '<html lang="en" class="big">' in page
    assert 'href="?lang=en"' in page
    assert 'href="?big=1"' in page


def test_every_text_of_the_pages_has_its_english() -> None:
    folder = Path(verdicts.__file__).parent
    said = set()
    for template in (folder / "templates").glob("*.jinja"):
        said |= set(re.findall(r"""_\((?:"([^"]+)"|'([^']+)')\)""", template.read_text(encoding="utf-8")))
    texts = {one or two for one, two in said}
    for module in folder.glob("*.py"):
        if module.name != "english.py":
            texts |= set(re.findall(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"(?!"")', _code_of(module)))
    assert {text for text in texts if text not in ENGLISH and "{" not in text} == set()


@pytest.mark.parametrize(
    "words", [history.KINDS, history.POSITIONS, history.SOURCES], ids=("kind", "seal", "source")
)
def test_every_word_of_the_history_has_its_english(words: dict[str, str]) -> None:
    assert set(words.values()) - set(ENGLISH) == set()


def _code_of(module: Path) -> str:
    return re.sub(r'"""(?:.|\n)*?"""', "", module.read_text(encoding="utf-8"))


# the signature


def signed(scale: Instrument, code: str = CODE, **fields: Any) -> str:
    values: dict[str, Any] = {"serial_number": scale.serial_number, "on": TODAY} | fields
    return f"{CODE}.{key_ring().mark(code, **values)}"


def test_signed_label_says_when_it_was_issued(phone: Client, scale: Instrument) -> None:
    page = phone.get(f"/s/{signed(scale)}").content.decode()
    assert panel(page) == ("green", "有效")
    assert "二维码签名有效，签发于 2026年11月23日" in page


def test_signature_of_another_code_makes_the_label_doubtful(phone: Client, scale: Instrument) -> None:
    assert verdict(phone, signed(scale, OTHER_CODE)) == ("red", "标签存疑")
    assert verdict(phone, f"{CODE}.ABC") == ("red", "标签存疑")


def test_label_printed_for_another_serial_number_is_told(phone: Client, scale: Instrument) -> None:
    page = phone.get(f"/s/{signed(scale, serial_number='另一台')}").content.decode()
    assert "该标签为另一个出厂编号印制" in page
    blank = phone.get(f"/s/{signed(scale, serial_number='')}").content.decode()
    assert "另一个出厂编号" not in blank


def test_keys_are_published_without_their_secret(phone: Client, scale: Instrument) -> None:
    signed(scale)
    answer = phone.get("/s/keys.json")
    (key,) = answer.json()["keys"]
    assert answer.json()["site"] == "https://check.example.cn"
    assert set(key) == {"id", "algorithm", "public_key", "first_day", "last_day"}


# counting


def test_scans_are_counted_by_instrument_and_day(
    phone: Client, scale: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = ScanCounter()
    monkeypatch.setattr(SCANS, "count", counter.count)
    for _ in range(3):
        phone.get(f"/s/{CODE}")
    phone.head(f"/s/{CODE}")
    assert counter.flush() == 3
    assert counter.flush() == 0


def test_counts_wait_for_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = ScanCounter()
    counter.count(1, TODAY)
    monkeypatch.setattr("quanheng.apps.instruments.scan_counter.count_scans", _away)
    assert counter.flush() == 0
    counter.count(1, TODAY)
    assert counter._counts == {(1, TODAY): 2}


def _away(counts: object) -> None:
    raise ConnectionError


def test_a_revoked_certificate_is_said_with_its_day(phone: Client, at: datetime) -> None:
    certificate = issue_for_test(at)
    with acting_in(EVERYTHING):
        make_code(certificate.instrument, value=OTHER_CODE)
        void_verification(
            instrument_id=certificate.instrument_id, certificate_number=certificate.number, reason="冒用",
            by=SYSTEM, at=at,
        )  # fmt: skip
    page = phone.get(f"/s/{OTHER_CODE}").content.decode()
    assert panel(page) == ("red", "证书注销")
    assert "证书注销日期" in page
    assert "2026-11-23" in page
    assert "冒用" not in page


@pytest.mark.parametrize(
    ("category", "fitting", "strange"),
    [
        ("scale", ("请勿用于结算", "空秤归零"), ("请勿使用", "仲裁检定")),
        ("fuel_dispenser", ("请勿用于结算", "铅封应完好"), ("空秤归零", "公平秤")),
        ("medical", ("请勿使用", "检定合格标志"), ("请勿用于结算", "空秤归零", "公平秤")),
        ("other", ("请勿使用", "检定合格标志"), ("请勿用于结算", "空秤归零", "公平秤")),
    ],
)
def test_the_words_fit_the_instrument(
    phone: Client, scale: Instrument, category: str, fitting: tuple[str, ...], strange: tuple[str, ...]
) -> None:
    change(scale, item=make_item(f"a-{category}", category=category), state=InstrumentState.FAILED)
    change(scale, result=Result.FAILED)
    page = phone.get(f"/s/{CODE}").content.decode()
    assert all(words in page for words in fitting)
    assert not any(words in page for words in strange)
