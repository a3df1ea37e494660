"""Signatures of certificates: XML-DSig and XAdES, enveloped, over the whole document.

What was verified is returned as the bytes that were signed; values are read from those and from nothing else
(ADR 0011). A signature over a part, a second signature, or one that stands elsewhere is refused.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import exceptions, x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier
from signxml.xades.xades import XAdESVerifier, XAdESVerifyResult

from quanheng.adapters.dcc.documents import NAMESPACES, parse, parser
from quanheng.adapters.dcc.reading import Reading, read_element
from quanheng.adapters.dcc.trust import Trust, check_chain, load_revocation_list
from quanheng.packs.case_fault import CaseFault

XADES = "http://uri.etsi.org/01903/v1.3.2#"
METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1, SignatureMethod.SHA384_RSA_MGF1, SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA384, SignatureMethod.ECDSA_SHA512,
    }
)  # fmt: skip
DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
TRANSFORMS = {
    ENVELOPED,
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
}
MOST_REFERENCES = 4  # document, signed properties, key information, and one to spare
MOST_CERTIFICATES = 8
MOST_LISTS = 8


@dataclass(frozen=True, slots=True)
class Verified:
    """A certificate whose signature holds.

    Args:
        reading: what the signed bytes say.
        signed: those bytes, canonical.
        chain: from the signer to the anchor.
        is_xades: whether the signature names its certificate and time itself (ETSI EN 319 132).
        claimed_at: the signing time that the signer states, when XAdES has one; a claim, not a proof.
    """

    reading: Reading
    signed: bytes
    chain: tuple[x509.Certificate, ...]
    is_xades: bool
    claimed_at: datetime | None

    @property
    def signer(self) -> str:
        return self.chain[0].subject.rfc4514_string()


def is_signed(data: bytes) -> bool:
    """Say whether there is any signature in a document, good or bad.

    Raises:
        CaseFault: as `documents.parse`.
    """
    return bool(_signatures(parse(data)))


def verify(data: bytes, trust: Trust) -> Verified:
    """Verify the signature of a certificate and read what it covers.

    Raises:
        CaseFault: with the field ``signature``: ``not_signed``, ``several_signatures``,
            ``signature_misplaced``, ``not_whole_document``, ``transform_refused``, ``manipulated`` (digest),
            ``bad_signature``, or what `trust.check_chain` finds; otherwise as `reading.read`.
    """
    root = parse(data)
    signature = _only_signature(root)
    _check_references(root, signature)
    chain = check_chain(_certificates(signature), trust, _own_lists(signature))
    is_xades = signature.find(f".//{{{XADES}}}SignedProperties") is not None
    signed, properties = _verify(root, chain[0], trust, is_xades=is_xades)
    return Verified(read_element(parse(signed)), signed, chain, is_xades, _claimed_at(properties))


def _signatures(root: Any) -> list[Any]:
    return list(root.iter(f"{{{NAMESPACES['ds']}}}Signature"))


def _only_signature(root: Any) -> Any:
    found = _signatures(root)
    if not found:
        raise _fault("not_signed", "证书没有签名。")
    if len(found) > 1:
        raise _fault("several_signatures", "证书含有多个签名：只接受对整份证书的一个签名。")
    if found[0].getparent() is not root:
        raise _fault("signature_misplaced", "签名不在证书的根元素下，可能是被移动的签名。")
    return found[0]


def _check_references(root: Any, signature: Any) -> None:
    """The signature covers the document that we were given, not a part that hides in it."""
    references = signature.findall("ds:SignedInfo/ds:Reference", NAMESPACES)
    if not 0 < len(references) <= MOST_REFERENCES:
        raise _fault("not_whole_document", "签名的引用数量不正确。")
    root_id = root.get("Id") or root.get("ID")
    whole = [one for one in references if one.get("URI") in {"", f"#{root_id}" if root_id else ""}]
    if len(whole) != 1 or references[0] is not whole[0]:
        raise _fault("not_whole_document", "签名没有覆盖整份证书：不读取任何数值。")
    transforms = [
        one.get("Algorithm") for one in references[0].findall("ds:Transforms/ds:Transform", NAMESPACES)
    ]
    if ENVELOPED not in transforms or not TRANSFORMS.issuperset(transforms):
        raise _fault("transform_refused", "签名使用了不接受的变换：可能遗漏了部分内容。")


def _certificates(signature: Any) -> list[x509.Certificate]:
    found = signature.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", NAMESPACES)
    if not 0 < len(found) <= MOST_CERTIFICATES:
        raise _fault("bad_signature", "签名中没有签名证书，或证书过多。")
    try:
        return [x509.load_der_x509_certificate(b64decode(one.text or "")) for one in found]
    except (ValueError, NotBase64):
        raise _fault("bad_signature", "签名中的证书无法读取。") from None


def _own_lists(signature: Any) -> list[x509.CertificateRevocationList]:
    """Return the revocation lists that the signature carries (XML-DSig 4.5.4; ETSI EN 319 132-1, 5.4.2)."""
    found = [
        *signature.iter(f"{{{NAMESPACES['ds']}}}X509CRL"),
        *signature.iter(f"{{{XADES}}}EncapsulatedCRLValue"),
    ]
    if len(found) > MOST_LISTS:
        raise _fault("bad_signature", f"签名中的吊销列表超过 {MOST_LISTS} 个。")
    try:
        return [load_revocation_list(b64decode(one.text or "")) for one in found]
    except (CaseFault, NotBase64):
        raise _fault("bad_revocation_list", "签名中所带的吊销列表无法读取。") from None


def _verify(root: Any, signer: x509.Certificate, trust: Trust, *, is_xades: bool) -> tuple[bytes, Any]:
    """Return the bytes that the signer signed, and the signed properties of XAdES."""
    configuration = SignatureConfiguration(
        location="./",
        expect_references=True,
        signature_methods=METHODS,
        digest_algorithms=DIGESTS,
        verification_time=trust.at,
    )
    verifier = XAdESVerifier() if is_xades else XMLVerifier()
    try:
        results = verifier.verify(root, x509_cert=signer, parser=parser(), expect_config=configuration)
    except InvalidDigest:
        raise _fault("manipulated", "证书内容在签名后被改动（InvalidDigest）。") from None
    except (
        SignXMLException,
        exceptions.InvalidSignature,
        exceptions.UnsupportedAlgorithm,
        etree.LxmlError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        NotImplementedError,
    ) as fault:  # signxml lets whatever a malformed signature provokes through
        raise _fault("bad_signature", f"签名无效：{type(fault).__name__}。") from None
    if not isinstance(results, list):  # one result stands alone where one reference was expected
        results = [results]
    properties = (one.signed_properties for one in results if isinstance(one, XAdESVerifyResult))
    return bytes(results[0].signed_data), next(properties, None)


def _claimed_at(properties: Any) -> datetime | None:
    text = None if properties is None else properties.findtext(f".//{{{XADES}}}SigningTime")
    try:
        return datetime.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None


def _fault(code: str, message: str) -> CaseFault:
    return CaseFault("signature", code, message)
