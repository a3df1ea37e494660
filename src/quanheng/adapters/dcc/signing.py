"""Signing a certificate: XAdES, enveloped, C14N 1.1, SHA-256."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner
from signxml.xades.xades import XAdESDataObjectFormat, XAdESSigner

from quanheng.adapters.dcc.writing import to_bytes, to_element
from quanheng.metrology.calibration_certificate.certificate import CalibrationCertificate
from quanheng.packs.case_fault import CaseFault


def sign(
    certificate: CalibrationCertificate, key_pem: bytes, chain_pem: bytes, *, xades: bool = True
) -> bytes:
    """Return the certificate as signed XML. The same certificate signed twice differs in time and signature.

    Args:
        key_pem: the private key, RSA or elliptic curve, without a password.
        chain_pem: the signer's certificate first, intermediate ones behind.
        xades: False signs with plain XML-DSig.

    Raises:
        CaseFault: ``bad_key``, ``bad_certificate``, ``key_does_not_match``, or as `writing.write`.
    """
    key, chain = _key(key_pem), _chain(chain_pem)
    if key.public_key() != chain[0].public_key():
        raise CaseFault("key", "key_does_not_match", "私钥与签名证书不匹配。")
    options: dict[str, Any] = {
        "method": SignatureConstructionMethod.enveloped,
        "signature_algorithm": SignatureMethod.RSA_SHA256
        if isinstance(key, rsa.RSAPrivateKey)
        else SignatureMethod.ECDSA_SHA256,
        "c14n_algorithm": CanonicalizationMethod.CANONICAL_XML_1_1,
    }
    about = XAdESDataObjectFormat("Digital calibration certificate", "text/xml")
    signer = XAdESSigner(data_object_format=about, **options) if xades else XMLSigner(**options)
    return to_bytes(signer.sign(to_element(certificate), key=key, cert=chain, always_add_key_value=False))


def _key(pem: bytes) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise CaseFault("key", "bad_key", "私钥不是无口令的 PEM 格式 RSA 或椭圆曲线私钥。")
    return key


def _chain(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise CaseFault("certificate", "bad_certificate", "签名证书不是 PEM 证书。") from None
