"""Whoever owns the database can change a certificate; the act that issued it, fixed in the log, tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection

from quanheng.apps.audit.log.checking import Finding
from quanheng.apps.audit.models import Act
from quanheng.apps.certificates.enums import VersionKind
from quanheng.apps.certificates.models import Certificate, CertificateVersion
from quanheng.apps.certificates.queries.against_log import check_certificates
from quanheng.apps.certificates.services.amend_certificate import amend_certificate
from quanheng.apps.certificates.services.ask_change import ask_change
from quanheng.apps.certificates.services.replace_certificate import replace_certificate
from quanheng.apps.certificates.services.revoke_certificate import revoke_certificate
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_instrument
from tests.factories.verification import Bench, issue_for_test

TABLES = ("certificates_certificateversion", "certificates_certificate")
DECIDE = {
    VersionKind.AMENDED: amend_certificate,
    VersionKind.REPLACED: replace_certificate,
    VersionKind.REVOKED: revoke_certificate,
}


@pytest.fixture
def certificates(scale: Instrument, bench: Bench, at: datetime) -> list[Certificate]:
    """One as it was issued, one for each way to change it."""
    made = [issue_for_test(at, scale, bench)]
    for kind, decide in DECIDE.items():
        more = make_instrument(scale.entity, accuracy_class="III", max_capacity_g=15000, e_g=5)
        made.append(issue_for_test(at, more, bench))
        content = {"instrument": {"model": "ACS-15"}} if kind == VersionKind.AMENDED else {}
        change = ask_change(
            certificate_id=made[-1].pk, kind=kind, reason="录错", content=content, by=bench.verifier, at=at
        )
        decide(change_id=change.pk, by=bench.approver, at=at)
    return made


@pytest.fixture
def superuser() -> Callable[[str], None]:
    """Return a function that runs SQL as the owner of the tables, triggers, references and walls off."""

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("RESET ROLE")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute("SELECT set_config('quanheng.everything', '1', false)")
            cursor.execute(statement)
            cursor.execute("SELECT set_config('quanheng.everything', '', false)")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}")

    return run


def found() -> list[Finding]:
    with acting_in(EVERYTHING):
        return check_certificates()


def test_every_version_stands_in_one_act_with_its_digest(certificates: list[Certificate]) -> None:
    with acting_in(EVERYTHING):
        told = [
            (act.after["certificate_id"], act.after["version"], act.after["digest"])
            for act in Act.objects.unscoped().filter(after__has_key="digest")
        ]
        versions = CertificateVersion.objects.unscoped()
        assert sorted(told) == sorted(versions.values_list("certificate_id", "version", "digest"))
    assert len(told) == 8
    assert found() == []


TAMPERINGS = {
    "content": (
        """UPDATE certificates_certificateversion
        SET content = jsonb_set(content, '{{instrument,model}}', '"X"')
        WHERE certificate_id = {row} AND version = 1""",
        "内容被改动",
    ),
    "content and digest": (
        """UPDATE certificates_certificateversion SET content = content || '{{"number": "假"}}',
        digest = repeat('0', 64) WHERE certificate_id = {row} AND version = 1""",
        "内容被改动",
    ),
    "digest": (
        "UPDATE certificates_certificateversion SET digest = repeat('0', 64)"
        " WHERE certificate_id = {row} AND version = 1",
        "存储的摘要",
    ),
    "slipped in": (
        """INSERT INTO certificates_certificateversion (certificate_id, version, kind, root_id, area_id,
        content, digest, reason, made_by_id, approved_by_id, at)
        SELECT certificate_id, 9, 'amended', root_id, area_id, content, digest, '补', made_by_id,
        approved_by_id, at FROM certificates_certificateversion
        WHERE certificate_id = {row} AND version = 1""",
        "未经登记",
    ),
    "deleted": (
        "DELETE FROM certificates_certificateversion WHERE certificate_id = {row} AND version = 1",
        "已被删除",
    ),
    "revived": (
        "UPDATE certificates_certificate SET state = 'valid' WHERE id = {revoked}",
        "状态被改动",
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_somebody_changed_behind_the_platforms_back_is_named(
    certificates: list[Certificate], superuser: Callable[[str], None], name: str
) -> None:
    statement, what = TAMPERINGS[name]
    row, revoked = certificates[0], certificates[-1]
    superuser(statement.format(row=row.pk, revoked=revoked.pk))
    findings = found()
    touched = revoked if name == "revived" else row
    assert what in findings[0].what
    for finding in findings:
        assert touched.number in finding.where or f"row {touched.pk} " in finding.where
