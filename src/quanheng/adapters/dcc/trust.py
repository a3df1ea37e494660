"""Whether a signer's certificate may sign: its chain to a given anchor, its key usage, the revocation lists.

Nothing is fetched. Anchors and lists are given by whoever asks, as files; the instant too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import verification

from quanheng.packs.case_fault import CaseFault

SMALLEST_RSA = 2048
LONGEST_CHAIN = 8
PEM_LIST = re.compile(rb"-----BEGIN X509 CRL-----.+?-----END X509 CRL-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verification stands on.

    Args:
        anchors: the certificates that are trusted.
        at: the instant at which certificates must be valid, with a time zone.
        revocation_lists: none: revocation is not checked; with any, every issuer of the chain needs one.
    """

    anchors: tuple[x509.Certificate, ...]
    at: datetime
    revocation_lists: tuple[x509.CertificateRevocationList, ...] = ()


def load_anchors(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Read PEM certificates.

    Raises:
        CaseFault: ``bad_anchor``.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError:
        raise CaseFault("anchor", "bad_anchor", "信任锚不是 PEM 证书。") from None


def load_revocation_list(data: bytes) -> x509.CertificateRevocationList:
    """Read a revocation list, PEM or DER.

    Raises:
        CaseFault: ``bad_revocation_list``.
    """
    try:
        if data.lstrip().startswith(b"-----"):
            return x509.load_pem_x509_crl(data)
        return x509.load_der_x509_crl(data)
    except ValueError:
        raise CaseFault(
            "revocation_list", "bad_revocation_list", "吊销列表不是 PEM 或 DER 格式的 CRL。"
        ) from None


def lists_among(pem: bytes) -> tuple[x509.CertificateRevocationList, ...]:
    """Return the revocation lists that stand among the certificates of a PEM file.

    Raises:
        CaseFault: ``bad_revocation_list``.
    """
    return tuple(load_revocation_list(block) for block in PEM_LIST.findall(pem))


def check_chain(
    chain: Sequence[x509.Certificate],
    trust: Trust,
    own_lists: Sequence[x509.CertificateRevocationList] = (),
) -> tuple[x509.Certificate, ...]:
    """Return the chain from the signer to an anchor.

    Args:
        chain: the certificates of the signature, the signer first.
        own_lists: that the signed file brings along. They may revoke, and never clear: whoever made the file
            chose them.

    Raises:
        CaseFault: ``certificate_expired``, ``wrong_key_usage``, ``weak_key``, ``untrusted``, ``revoked``,
            ``no_revocation_list`` or ``revocation_list_out_of_date``.
    """
    signer = chain[0]
    _validity(signer, trust.at)
    _key(signer)
    if len(chain) > LONGEST_CHAIN:
        raise _fault("untrusted", f"证书链超过 {LONGEST_CHAIN} 级。")
    try:
        found = _verifier(trust).verify(signer, list(chain[1:])).chain
    except verification.VerificationError as fault:
        raise _fault("untrusted", f"签名证书不能追溯到给定的信任锚：{fault}。") from None
    for certificate, issuer in pairwise(found):
        _not_revoked(certificate, issuer, (*trust.revocation_lists, *own_lists), trust.at)
        if trust.revocation_lists:
            _has_current_list(issuer, trust)
    return tuple(found)


def _verifier(trust: Trust) -> verification.ClientVerifier:
    policy = verification.ExtensionPolicy
    return (
        verification.PolicyBuilder()
        .store(verification.Store(list(trust.anchors)))
        .time(trust.at.astimezone(UTC))
        .max_chain_depth(LONGEST_CHAIN)
        .extension_policies(ee_policy=policy.permit_all(), ca_policy=policy.webpki_defaults_ca())
        .build_client_verifier()
    )


def _validity(certificate: x509.Certificate, at: datetime) -> None:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begin <= at <= end:
        raise _fault(
            "certificate_expired",
            f"签名证书有效期为 {begin.isoformat()} 至 {end.isoformat()}，在 {at.isoformat()} 无效。",
        )


def _key(certificate: x509.Certificate) -> None:
    """The key may sign documents: digital signature or content commitment (RFC 5280 4.2.1.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        raise _fault("wrong_key_usage", "签名证书没有说明密钥用途（keyUsage）。") from None
    if not (usage.digital_signature or usage.content_commitment):
        raise _fault("wrong_key_usage", "签名证书的密钥用途不包括数字签名。")
    key = certificate.public_key()
    strong = isinstance(key, ec.EllipticCurvePublicKey) or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA
    )
    if not strong:
        raise _fault("weak_key", f"签名密钥不是椭圆曲线或至少 {SMALLEST_RSA} 位的 RSA 密钥。")


def _not_revoked(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    at: datetime,
) -> None:
    for one in lists:
        if not _is_from(one, issuer):
            continue
        entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and (entry.revocation_date_utc <= at or _is_compromised(entry)):
            raise _fault(
                "revoked",
                f"证书 {certificate.subject.rfc4514_string()} 已于 {entry.revocation_date_utc} 被吊销。",
            )


def _has_current_list(issuer: x509.Certificate, trust: Trust) -> None:
    lists = [one for one in trust.revocation_lists if _is_from(one, issuer)]
    if not lists:
        raise _fault("no_revocation_list", f"没有 {issuer.subject.rfc4514_string()} 签发的吊销列表。")
    if not any(_is_current(one, trust.at) for one in lists):
        raise _fault("revocation_list_out_of_date", "吊销列表已过期：请取得当前的列表。")


def _is_from(one: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return one.issuer == issuer.subject and one.is_signature_valid(cast(Any, issuer.public_key()))
    except (TypeError, ValueError):
        return False


def _is_compromised(entry: x509.RevokedCertificate) -> bool:
    """A stolen key may have signed before it was noticed: such a revocation counts for the past too."""
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return False
    return reason in {x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise}


def _is_current(one: x509.CertificateRevocationList, at: datetime) -> bool:
    return one.next_update_utc is not None and at <= one.next_update_utc


def _fault(code: str, message: str) -> CaseFault:
    return CaseFault("signature", code, message)
