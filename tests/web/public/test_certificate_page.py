"""Anybody checks a certificate with its number and code; nobody finds one without both."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from quanheng.adapters.dcc.reading import read
from quanheng.adapters.signer.documents import DocumentSigner, algorithms, check_document
from quanheng.apps.certificates.content import canonical, is_published
from quanheng.apps.certificates.models import Certificate, CertificateSignature, CertificateVersion
from quanheng.apps.certificates.queries.public import PublicVersion
from quanheng.apps.certificates.services.sign_versions import Altered, sign_versions
from quanheng.kit.fields import mask_name
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.public import certificates
from tests.factories.verification import issue_for_test


@pytest.fixture(autouse=True)
def _own_keys() -> None:
    certificates.signer.cache_clear()


@pytest.fixture
def certificate(db: None, at: datetime) -> Certificate:
    return issue_for_test(at)


@pytest.fixture
def signed(certificate: Certificate, at: datetime, settings: object) -> Certificate:
    assert sign_versions(certificates.signer().sign, at=at) == 1
    return certificate


def page_of(certificate: Certificate) -> str:
    return certificates.address_of(certificate.number, certificate.public_code)


def test_number_and_code_show_what_was_issued(phone: Client, signed: Certificate) -> None:
    answer = phone.get("/c/", {"number": signed.number, "code": signed.public_code.lower()}, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("证书真实有效", signed.number, "电子计价秤", "2500&nbsp;g", "签名有效", "PDF"):
        assert words in text
    assert "签名不符" not in text
    assert "sessionid" not in answer.cookies


def test_before_eight_in_the_morning_it_is_already_today_in_china(
    phone: Client, db: None, at: datetime
) -> None:
    early = issue_for_test(at.replace(hour=0, minute=56))  # the day before in UTC
    text = phone.get(page_of(early)).content.decode()
    assert "<time>2026年11月23日</time>" in text
    assert "2026年11月22日" not in text


def test_people_are_masked_on_the_page(phone: Client, signed: Certificate) -> None:
    with acting_in(EVERYTHING):
        people = CertificateVersion.objects.unscoped().get(certificate=signed).content["people"]
    text = phone.get(page_of(signed)).content.decode()
    assert people["verifier"] not in text
    assert people["verifier"][0] + "*" in text


def test_what_is_signed_masks_what_the_page_masks_and_binds_the_full_names(
    phone: Client, signed: Certificate
) -> None:
    with acting_in(EVERYTHING):
        content = CertificateVersion.objects.unscoped().get(certificate=signed).content
    published = phone.get(f"{page_of(signed)}/1.json").json()
    for duty, name in content["people"].items():
        bound = hashlib.sha256(f"{content['people_salt']}\n{duty}\n{name}".encode()).hexdigest()
        assert published["people"][duty] == {"name": mask_name(name), "digest": bound}
    assert content["people_salt"] not in json.dumps(published)


def test_the_signed_bytes_of_the_first_edition_are_not_handed_out(
    phone: Client, signed: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {"schema": "quanheng/certificate/1", "people": {"verifier": "王小明"}}
    assert "王小明" in canonical(plain).decode()
    monkeypatch.setattr(PublicVersion, "is_published", property(lambda _one: is_published(plain)))
    assert phone.get(f"{page_of(signed)}/1.json").status_code == 404
    assert phone.get(f"{page_of(signed)}/1.pdf").status_code == 200


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(phone: Client, signed: Certificate) -> None:
    addresses = [
        certificates.address_of("JD9999-2026-000001", signed.public_code),
        certificates.address_of(signed.number, "ABCDEFGHJKMN"),
        certificates.address_of("JD9999-2026-000001", "ABCDEFGHJKMN"),
        certificates.address_of(signed.number, "x"),
        page_of(signed)[:-1],
    ]
    answers = [phone.get(address) for address in addresses]
    answers.append(phone.get("/c/", {"number": signed.number, "code": "ABCDEFGHJKMN"}, follow=True))
    answers.append(phone.get(f"{addresses[0]}/1.pdf"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_whoever_guesses_is_slowed_down(phone: Client, signed: Certificate) -> None:
    codes = [f"ABCDEFGHJK{a}{b}" for a in "MNPQR" for b in "STUVW"]
    statuses = [phone.get(certificates.address_of(signed.number, code)).status_code for code in codes]
    assert statuses[:20] == [404] * 20
    assert set(statuses[20:]) == {429}


def test_the_papers_say_the_same_and_anybody_can_check_the_signatures(
    phone: Client, signed: Certificate
) -> None:
    pdf, xml, content, sig = (
        phone.get(f"{page_of(signed)}/1.{form}").content for form in ("pdf", "xml", "json", "sig")
    )
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert signed.number in text
    assert read(xml).certificate.core.unique_identifier == signed.number
    assert json.loads(sig)["digest"] == hashlib.sha256(content).hexdigest()
    keys = {key["id"]: key for key in json.loads(phone.get("/c/keys.json").content)["keys"]}
    rows = json.loads(sig)["signatures"]
    assert [row["algorithm"] for row in rows] == list(algorithms())
    for row in rows:
        public, value = bytes.fromhex(keys[row["key"]]["public_key"]), bytes.fromhex(row["signature"])
        assert check_document(row["algorithm"], public, content, value)
        assert not check_document(row["algorithm"], public, content.replace(b"2500", b"2501"), value)


def test_before_it_is_signed_the_page_says_so_and_has_no_papers(
    phone: Client, certificate: Certificate
) -> None:
    assert "电子签名正在生成" in phone.get(page_of(certificate)).content.decode()
    assert phone.get(f"{page_of(certificate)}/1.pdf").status_code == 404


@pytest.mark.parametrize("version_and_form", ["2.pdf", "1.exe", "0.xml"])
def test_what_does_not_exist_is_not_found(phone: Client, signed: Certificate, version_and_form: str) -> None:
    assert phone.get(f"{page_of(signed)}/{version_and_form}").status_code == 404


def test_a_signature_that_does_not_fit_is_told(phone: Client, signed: Certificate) -> None:
    with acting_in(EVERYTHING):
        rows = CertificateSignature.objects.unscoped().filter(version__certificate=signed)
        rows.filter(algorithm="Ed25519").update(signature=b"0" * 64)
    text = phone.get(page_of(signed)).content.decode()
    assert "内容存疑" in text
    assert "签名不符" in text


@pytest.mark.skipif("SM2" not in algorithms(), reason="nothing signs with SM2 here")
def test_a_signature_that_this_machine_cannot_check_is_told_as_such(
    phone: Client, signed: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site that was moved to a machine without SM2: what was signed before is neither sound nor forged."""
    monkeypatch.setattr("quanheng.adapters.signer.documents.sm2", lambda: None)
    text = phone.get(page_of(signed)).content.decode()
    assert "证书真实有效" in text
    assert "暂不能核对此签名" in text
    with acting_in(EVERYTHING):
        rows = CertificateSignature.objects.unscoped().filter(version__certificate=signed)
        rows.filter(algorithm="Ed25519").delete()
    assert "内容存疑" in phone.get(page_of(signed)).content.decode(), "nothing is left that was checked"


def test_signing_twice_adds_nothing(signed: Certificate, at: datetime) -> None:
    assert sign_versions(certificates.signer().sign, at=at) == 0
    with acting_in(EVERYTHING):
        assert CertificateSignature.objects.unscoped().filter(version__certificate=signed).count() == len(
            algorithms()
        )


def test_a_content_that_was_changed_before_it_was_signed_is_not_signed(
    db: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_for_test(at)
    monkeypatch.setattr("quanheng.apps.certificates.services.sign_versions.digest", lambda _content: "0" * 64)
    with pytest.raises(Altered):
        sign_versions(DocumentSigner(certificates.signer().folder).sign, at=at)
    with acting_in(EVERYTHING):
        assert not CertificateSignature.objects.unscoped().exists()


def test_english_and_large_type_stay_with_the_visitor(phone: Client, signed: Certificate) -> None:
    answer = phone.get(
        "/c/", {"number": signed.number, "code": signed.public_code, "lang": "en", "big": "1"}, follow=True
    )
    assert b"Genuine" in answer.content
    assert b'class="big"' in answer.content
