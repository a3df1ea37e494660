"""The certificates against the acts that made them: what was changed, removed or slipped in.

The act log says of every version its certificate, number and digest (`services.binding`), and the public log
fixes the acts. A version has to be there once for each such act, with the content that fits the digest; a
certificate has to stand where its newest version left it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.db import connection

from quanheng.apps.audit.log.checking import AT_MOST, Finding
from quanheng.apps.certificates.content import digest
from quanheng.apps.certificates.enums import CertificateState, VersionKind

CHUNK = 2_000
VERSIONS = """
SELECT version.id, coalesce(certificate.number, '?'), version.version, version.content::text,
    version.digest, told.digest
FROM certificates_certificateversion version
LEFT JOIN certificates_certificate certificate ON certificate.id = version.certificate_id
LEFT JOIN LATERAL (
    SELECT act.after ->> 'digest' AS digest FROM audit_act act
    WHERE act.instrument_id = certificate.instrument_id
      AND act.after @> jsonb_build_object(
          'certificate_id', version.certificate_id, 'version', version.version)
    ORDER BY act.id LIMIT 1
) told ON true
WHERE version.id > %s ORDER BY version.id LIMIT %s
"""
MISSING = r"""
SELECT act.id, act.after ->> 'certificate_id', act.after ->> 'version' FROM audit_act act
WHERE act.verb LIKE 'certificate\_%%' AND act.after ? 'certificate_id' AND NOT EXISTS (
    SELECT FROM certificates_certificateversion version
    WHERE version.certificate_id::text = act.after ->> 'certificate_id'
      AND version.version::text = act.after ->> 'version')
ORDER BY act.id LIMIT %s
"""
STANDING = """
SELECT certificate.id, certificate.number, certificate.state, newest.kind
FROM certificates_certificate certificate
LEFT JOIN LATERAL (
    SELECT kind FROM certificates_certificateversion version
    WHERE version.certificate_id = certificate.id ORDER BY version.version DESC LIMIT 1
) newest ON true
WHERE certificate.state IS DISTINCT FROM CASE newest.kind
    WHEN %s THEN %s WHEN %s THEN %s WHEN %s THEN %s WHEN %s THEN %s END
ORDER BY certificate.id LIMIT %s
"""
LEFT_AT = {
    VersionKind.ISSUED: CertificateState.VALID,
    VersionKind.AMENDED: CertificateState.VALID,
    VersionKind.REPLACED: CertificateState.REPLACED,
    VersionKind.REVOKED: CertificateState.REVOKED,
}


def check_certificates() -> list[Finding]:
    """Compare every version with its act. The scope must let everything through; call it in one snapshot."""
    return list(islice(chain(_altered(), _missing(), _misplaced()), AT_MOST))


def _altered() -> Iterator[Finding]:
    after = 0
    while rows := _rows(VERSIONS, [after, CHUNK]):
        for version_id, number, version, content, kept, told in rows:
            where = f"certificate {number} version {version} (row {version_id})"
            if told is None:
                yield Finding(where, "没有签发它的操作记录：该版本未经登记。")
            elif digest(json.loads(content)) != told:
                yield Finding(where, "内容与操作记录中的摘要不符：内容被改动。")
            elif kept != told:
                yield Finding(where, "存储的摘要与操作记录中的不符。")
        after = rows[-1][0]


def _missing() -> Iterator[Finding]:
    for act, certificate, version in _rows(MISSING, [AT_MOST]):
        yield Finding(
            f"certificate row {certificate} version {version} (act {act})",
            "数据库中没有这一证书版本：已被删除。",
        )


def _misplaced() -> Iterator[Finding]:
    values = [str(value) for pair in LEFT_AT.items() for value in pair]
    for row, number, state, kind in _rows(STANDING, [*values, AT_MOST]):
        what = f"状态为 {state}，最新版本为 {kind}：状态被改动。" if kind else "没有任何版本。"
        yield Finding(f"certificate {number} (row {row})", what)


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
