"""The certificate on paper says what was signed, and a phone finds the public page from it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from quanheng.adapters.certificate_pdf import Paper, Seal
from quanheng.adapters.certificate_pdf.press import Press
from tests.factories.certificate_content import certificate_content

ADDRESS = "https://check.example.cn/c/ABCDEFGHJKMN/JD0007-2026-000012"


@pytest.fixture(scope="module")
def press() -> Any:
    made = Press(documents_of_a_child=3)
    yield made
    made.close()


def paper(**facts: Any) -> Paper:
    content = certificate_content(**facts)
    words = {"passed": "合格", "failed": "不合格", "subsequent": "后续检定", "part": "油枪"}
    seals = [Seal("SM2", "00aa11bb22cc33dd", "AAAA BBBB"), Seal("Ed25519", "ffee", "CCCC DDDD")]
    return Paper(content, 1, "0" * 64, "", "", ADDRESS, seals, words, datetime(2026, 11, 23, 2, tzinfo=UTC))


def words_of(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(text.split())


def test_everything_that_a_certificate_must_say_is_printed(press: Press) -> None:
    text = words_of(press.pdf(paper()))
    for must in (
        "检定证书", "JD0007-2026-000012", "锦江加油站", "燃油加油机", "SN-77", "JJG443-2023",
        "检定结论：合格", "2026年11月23日", "2027年5月22日", "检定专用章", "标准金属量器", "社公", "张一",
        "李二", "王三", "川A0001", "油枪1",
        "油枪2", "AAAABBBB", "CCCCDDDD", "ABCDEFGHJKMN",
    ):  # fmt: skip
        assert must.replace(" ", "") in text, must


def test_the_code_on_paper_leads_to_the_public_page(press: Press) -> None:
    page = pypdfium2.PdfDocument(press.pdf(paper()))[0]
    found = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    assert [code.text for code in found] == [ADDRESS]


def test_a_revoked_version_is_stamped_and_says_why(press: Press) -> None:
    text = words_of(press.pdf(replace(paper(), version=2, stamp="已注销", reason="误检")))
    assert "已注销" in text
    assert "第2版：误检" in text


def test_a_notice_of_failure_is_called_one(press: Press) -> None:
    text = words_of(press.pdf(paper(kind="failure_notice", result="failed")))
    assert "检定结果通知书" in text
    assert "检定结论：不合格" in text


def test_the_same_version_is_the_same_bytes_from_any_child(press: Press) -> None:
    papers = [press.pdf(paper()) for _ in range(7)]  # the child is replaced twice on the way
    assert len(set(papers)) == 1


def test_two_hundred_points_go_on_over_the_pages(press: Press) -> None:
    point = certificate_content()["points"][0]
    long = replace(paper(), content=certificate_content(points=[point] * 200))
    assert len(PdfReader(io.BytesIO(press.pdf(long))).pages) > 2


@pytest.mark.parametrize("name", ["#panic()", "$ x", "*粗* _斜_", "@ref <a>", '"\\', "#" * 80])
def test_whatever_a_name_holds_is_text_and_never_a_program(press: Press, name: str) -> None:
    odd = certificate_content()
    odd["applicant"] = {"name": name}
    assert "".join(name.split()) in words_of(press.pdf(replace(paper(), content=odd)))


def test_a_child_that_died_is_replaced() -> None:
    press = Press()
    press.pdf(paper())
    assert press._child is not None
    press._child.kill()
    press._child.wait()
    with pytest.raises(OSError):  # noqa: PT011 broken pipe or nothing printed, as it happens
        press.pdf(paper())
    assert press.pdf(paper()).startswith(b"%PDF")
    press.close()
