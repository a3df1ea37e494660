"""A certification authority for tests: keys, chains and revocation lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def usage(*, signs: bool, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=False, key_encipherment=not signs and not certifies,
        data_encipherment=False, key_agreement=False, key_cert_sign=certifies, crl_sign=certifies,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def issue(
    text: str, issuer: Holder | None = None, *, key: Key | None = None, is_authority: bool = False,
    signs: bool = True, has_usage: bool = True, end: datetime = END,
) -> Holder:  # fmt: skip
    """Issue a certificate; an authority issues its own."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(text))
        .issuer_name(issuer.certificate.subject if issuer else name(text))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("lab.example.cn")]), critical=False)
    )
    if has_usage:
        builder = builder.add_extension(usage(signs=signs, certifies=is_authority), critical=True)
    return Holder(key, builder.sign(signer, hashes.SHA256()))


@cache
def root() -> Holder:
    return issue("Test root", is_authority=True, signs=False)


@cache
def laboratory() -> Holder:
    return issue("Laboratory", root())


def revocation_list(
    *revoked: x509.Certificate, issuer: Holder | None = None, on: datetime = NOW - timedelta(days=1),
    reason: x509.ReasonFlags | None = None, until: datetime = NOW + timedelta(days=7),
) -> x509.CertificateRevocationList:  # fmt: skip
    by = issuer or root()
    builder = x509.CertificateRevocationListBuilder().issuer_name(by.certificate.subject)
    builder = builder.last_update(NOW - timedelta(days=2)).next_update(until)
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(on)
        if reason:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(by.key, hashes.SHA256())
