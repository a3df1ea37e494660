"""A signature is worth what it covers: the whole certificate, by somebody who is trusted and not revoked."""

from __future__ import annotations

import copy
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateRevocationList, ReasonFlags
from dcclib.signature.signature import DCCSigner, DCCVerifier
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from quanheng.adapters.dcc.documents import NAMESPACES
from quanheng.adapters.dcc.signatures import XADES, Verified, is_signed, verify
from quanheng.adapters.dcc.signing import sign
from quanheng.adapters.dcc.trust import Trust, lists_among, load_anchors, load_revocation_list
from quanheng.adapters.dcc.writing import write
from quanheng.packs.case_fault import CaseFault
from tests.adapters.dcc.authority import END, NOW, Holder, issue, laboratory, revocation_list, root
from tests.adapters.dcc.certificates import CERTIFICATE
from tests.fuzz import fuzzed

FUZZED = fuzzed(200)
TRUST = Trust((root().certificate,), NOW)
SIGNED = sign(CERTIFICATE, laboratory().key_pem, laboratory().pem)
PLAIN = sign(CERTIFICATE, laboratory().key_pem, laboratory().pem, xades=False)
DS = f"{{{NAMESPACES['ds']}}}"


def refused(data: bytes, trust: Trust = TRUST) -> str:
    with pytest.raises(CaseFault) as fault:
        verify(data, trust)
    return fault.value.code


def signed_by(holder: Holder, *more: Holder, xades: bool = True) -> bytes:
    chain = b"".join([holder.pem, *(one.pem for one in more)])
    return sign(CERTIFICATE, holder.key_pem, chain, xades=xades)


@pytest.mark.parametrize(("data", "is_xades"), [(SIGNED, True), (PLAIN, False)])
def test_what_was_signed_by_a_trusted_laboratory_is_read_from_the_signed_bytes(
    data: bytes, *, is_xades: bool
) -> None:
    verified = verify(data, TRUST)
    assert verified.reading.certificate == CERTIFICATE
    assert (verified.is_xades, verified.signer) == (is_xades, "CN=Laboratory")
    assert (verified.claimed_at is not None) is is_xades
    assert is_signed(data)
    assert b"Signature" not in verified.signed.split(b"dcc:measurementResults")[0]


def test_a_chain_over_an_intermediate_authority_and_an_rsa_key_hold() -> None:
    middle = issue("Middle", root(), is_authority=True, signs=False)
    key = rsa.generate_private_key(65537, 2048)
    verified = verify(signed_by(issue("RSA laboratory", middle, key=key), middle), TRUST)
    assert [one.subject.rfc4514_string() for one in verified.chain] == [
        "CN=RSA laboratory", "CN=Middle", "CN=Test root",
    ]  # fmt: skip


def test_an_independent_library_signs_and_we_verify_and_the_other_way_round(tmp_path: Path) -> None:
    ours = etree.fromstring(write(CERTIFICATE))
    holder = issue("RSA laboratory", root(), key=rsa.generate_private_key(65537, 2048))
    theirs = DCCSigner(holder.key_pem.decode(), holder.pem.decode()).sign_tree(ours)
    assert isinstance(verify(etree.tostring(theirs), TRUST), Verified)
    anchors = tmp_path / "anchors.pem"
    anchors.write_bytes(root().pem)
    found = DCCVerifier(str(anchors)).verify_tree(etree.fromstring(PLAIN))
    assert found.cert == laboratory().certificate


@pytest.mark.parametrize("data", [SIGNED, PLAIN])
def test_a_changed_value_is_found_although_the_document_is_well_formed(data: bytes) -> None:
    assert refused(data.replace(b">1500<", b">1501<")) == "manipulated"


def test_without_a_signature_nothing_is_verified() -> None:
    assert not is_signed(write(CERTIFICATE))
    assert refused(write(CERTIFICATE)) == "not_signed"


def wrapped() -> bytes:
    """Move what was signed aside and put another content in its place."""
    tree = etree.fromstring(SIGNED)
    original = copy.deepcopy(tree)
    tree.find(".//si:hybrid/si:real/si:value", NAMESPACES).text = "9.99"
    tree.append(original)
    return bytes(etree.tostring(tree))


def moved() -> bytes:
    tree = etree.fromstring(SIGNED)
    tree.find("dcc:measurementResults", NAMESPACES).append(tree.find("ds:Signature", NAMESPACES))
    return bytes(etree.tostring(tree))


def with_reference(uri: str) -> bytes:
    tree = etree.fromstring(PLAIN)
    tree.find(f".//{DS}Reference").set("URI", uri)
    return bytes(etree.tostring(tree))


def with_transform(algorithm: str) -> bytes:
    tree = etree.fromstring(PLAIN)
    tree.find(f".//{DS}Transforms").append(etree.Element(f"{DS}Transform", Algorithm=algorithm))
    return bytes(etree.tostring(tree))


def without(path: str) -> bytes:
    tree = etree.fromstring(PLAIN)
    element = tree.find(path, NAMESPACES)
    element.getparent().remove(element)
    return bytes(etree.tostring(tree))


def with_text(path: str, text: str) -> bytes:
    tree = etree.fromstring(PLAIN)
    tree.find(path, NAMESPACES).text = text
    return bytes(etree.tostring(tree))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (wrapped(), "several_signatures"),
        (moved(), "signature_misplaced"),
        (with_reference("#part"), "not_whole_document"),
        (with_reference("http://example.org/"), "not_whole_document"),
        (without(".//ds:SignedInfo/ds:Reference"), "not_whole_document"),
        (with_transform("http://www.w3.org/TR/1999/REC-xpath-19991116"), "transform_refused"),
        (with_transform("http://www.w3.org/TR/1999/REC-xslt-19991116"), "transform_refused"),
        (without(".//ds:Transforms/ds:Transform"), "transform_refused"),
        (without(".//ds:X509Certificate"), "bad_signature"),
        (with_text(".//ds:X509Certificate", "AAAA"), "bad_signature"),
        (with_text(".//ds:X509Certificate", "!"), "bad_signature"),
        (with_text(".//ds:SignatureValue", "AAAA"), "bad_signature"),
        (with_text(".//ds:DigestValue", "AAAA"), "bad_signature"),
    ],
)
def test_a_signature_that_does_not_cover_everything_covers_nothing(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_another_anchor_is_not_trusted() -> None:
    other = issue("Test root", is_authority=True, signs=False)
    assert refused(SIGNED, Trust((other.certificate,), NOW)) == "untrusted"
    assert refused(signed_by(issue("Stranger")), TRUST) == "untrusted"


def test_a_chain_beyond_all_measure_is_not_followed() -> None:
    assert refused(signed_by(laboratory(), *[root()] * 8)) in {"untrusted", "bad_signature"}


@pytest.mark.parametrize("at", [NOW - timedelta(days=500), END + timedelta(seconds=1)])
def test_outside_its_validity_a_certificate_signs_nothing(at: object) -> None:
    assert refused(SIGNED, Trust((root().certificate,), at)) == "certificate_expired"  # type: ignore[arg-type]


def test_a_key_that_may_not_sign_or_is_too_weak_is_refused() -> None:
    assert refused(signed_by(issue("Encipherer", root(), signs=False))) == "wrong_key_usage"
    assert refused(signed_by(issue("Silent", root(), has_usage=False))) == "wrong_key_usage"
    weak = rsa.generate_private_key(65537, 1024)
    assert refused(signed_by(issue("Weak", root(), key=weak))) == "weak_key"


def with_lists(*lists: object) -> Trust:
    return Trust((root().certificate,), NOW, lists)  # type: ignore[arg-type]


def test_a_revoked_laboratory_signs_nothing_although_its_signature_is_good() -> None:
    assert verify(SIGNED, with_lists(revocation_list()))
    assert refused(SIGNED, with_lists(revocation_list(laboratory().certificate))) == "revoked"


def test_a_revocation_from_tomorrow_does_not_reach_back_unless_the_key_was_stolen() -> None:
    later = NOW + timedelta(days=1)
    assert verify(SIGNED, with_lists(revocation_list(laboratory().certificate, on=later)))
    stolen = revocation_list(laboratory().certificate, on=later, reason=ReasonFlags.key_compromise)
    assert refused(SIGNED, with_lists(stolen)) == "revoked"
    closed = revocation_list(laboratory().certificate, on=later, reason=ReasonFlags.cessation_of_operation)
    assert verify(SIGNED, with_lists(closed))


def test_a_revocation_list_of_another_or_from_yesterday_does_not_do() -> None:
    other = issue("Test root", is_authority=True, signs=False)
    assert refused(SIGNED, with_lists(revocation_list(issuer=other))) == "no_revocation_list"
    stranger = issue("Stranger", is_authority=True, signs=False)
    assert refused(SIGNED, with_lists(revocation_list(issuer=stranger))) == "no_revocation_list"
    old = revocation_list(until=NOW - timedelta(hours=1))
    assert refused(SIGNED, with_lists(old)) == "revocation_list_out_of_date"


def carrying(*lists: CertificateRevocationList | str, tag: str = "X509CRL") -> bytes:
    """The signed file with revocation lists beside its signature, where no digest covers them."""
    root = etree.fromstring(SIGNED)
    signature = root.find("ds:Signature", NAMESPACES)
    assert signature is not None
    holder = etree.SubElement(signature, f"{{{NAMESPACES['ds']}}}Object")
    for one in lists:
        text = one if isinstance(one, str) else b64encode(one.public_bytes(Encoding.DER)).decode()
        space = NAMESPACES["ds"] if tag == "X509CRL" else XADES
        etree.SubElement(holder, f"{{{space}}}{tag}").text = text
    return bytes(etree.tostring(root))


@pytest.mark.parametrize("tag", ["X509CRL", "EncapsulatedCRLValue"])
def test_a_list_in_the_file_itself_revokes_its_signer(tag: str) -> None:
    assert refused(carrying(revocation_list(laboratory().certificate), tag=tag), TRUST) == "revoked"
    stranger = issue("Test root", is_authority=True, signs=False)  # the name alone revokes nobody
    assert verify(carrying(revocation_list(laboratory().certificate, issuer=stranger), tag=tag), TRUST)


def test_a_list_in_the_file_itself_clears_nobody() -> None:
    ours = with_lists(revocation_list(laboratory().certificate))
    assert refused(carrying(revocation_list()), ours) == "revoked"
    old = with_lists(revocation_list(until=NOW - timedelta(hours=1)))
    assert refused(carrying(revocation_list()), old) == "revocation_list_out_of_date"


def test_a_list_in_the_file_that_cannot_be_read_is_a_fault() -> None:
    assert refused(carrying("bm9uZQ=="), TRUST) == "bad_revocation_list"
    assert refused(carrying("="), TRUST) == "bad_revocation_list"
    assert refused(carrying(*[revocation_list()] * 9), TRUST) == "bad_signature"


def test_lists_are_found_among_the_anchors() -> None:
    one = revocation_list()
    assert lists_among(root().pem + one.public_bytes(Encoding.PEM) + root().pem) == (one,)
    assert lists_among(root().pem) == ()


def test_anchors_and_lists_are_read_from_files() -> None:
    assert load_anchors(root().pem) == (root().certificate,)
    one = revocation_list()
    for encoding in (Encoding.PEM, Encoding.DER):
        assert load_revocation_list(one.public_bytes(encoding)) == one
    with pytest.raises(CaseFault, match="PEM"):
        load_anchors(b"none")
    with pytest.raises(CaseFault, match="CRL"):
        load_revocation_list(b"none")


def test_a_key_that_cannot_sign_is_named() -> None:
    strange = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for key, chain, code in (
        (b"none", laboratory().pem, "bad_key"),
        (strange, laboratory().pem, "bad_key"),
        (laboratory().key_pem, b"none", "bad_certificate"),
        (root().key_pem, laboratory().pem, "key_does_not_match"),
    ):
        with pytest.raises(CaseFault) as fault:
            sign(CERTIFICATE, key, chain)
        assert fault.value.code == code


def test_a_signing_time_that_is_none_is_no_time() -> None:
    assert verify(PLAIN, TRUST).claimed_at is None


@FUZZED
@given(st.integers(0, len(SIGNED)), st.integers(0, 30), st.binary(max_size=8))
def test_no_change_of_a_signed_file_passes_as_something_else(start: int, cut: int, put: bytes) -> None:
    try:
        verified = verify(SIGNED[:start] + put + SIGNED[start + cut :], TRUST)
    except CaseFault:
        return
    assert verified.reading.certificate == CERTIFICATE
