"""更正、换发、注销: one person asks, another confirms; what was written stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.certificates.content import digest
from quanheng.apps.certificates.enums import CertificateState, Decision, VersionKind
from quanheng.apps.certificates.models import Certificate, CertificateChange, CertificateVersion
from quanheng.apps.certificates.queries.public import public_certificate
from quanheng.apps.certificates.services.amend_certificate import amend_certificate
from quanheng.apps.certificates.services.ask_change import ask_change
from quanheng.apps.certificates.services.refuse_change import refuse_change
from quanheng.apps.certificates.services.replace_certificate import replace_certificate
from quanheng.apps.certificates.services.revoke_certificate import revoke_certificate
from quanheng.apps.certificates.services.withdraw_change import withdraw_change
from quanheng.apps.instruments.enums import InstrumentState, Result
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.queries.ledger import trust_of
from quanheng.apps.instruments.queries.scan import entity_card, scan_card
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.trust import Grade, Reason
from tests.factories import make_area, make_code, make_code_value, make_institute, make_instrument
from tests.factories.acts import acts, refused
from tests.factories.verification import Bench, issue_for_test, make_bench

MODEL = {"instrument": {"model": "ACS-15"}}


@pytest.fixture
def certificate(scale: Instrument, bench: Bench, at: datetime) -> Certificate:
    return issue_for_test(at, scale, bench)


def asked(
    certificate: Certificate, bench: Bench, at: datetime, kind: VersionKind, content: Any = None
) -> CertificateChange:
    return ask_change(
        certificate_id=certificate.pk, kind=kind, reason="型号录错", content=content or {},
        by=bench.verifier, at=at,
    )  # fmt: skip


def versions(certificate: Certificate) -> list[CertificateVersion]:
    return list(CertificateVersion.objects.unscoped().filter(certificate=certificate).order_by("version"))


def test_a_correction_is_the_next_version_and_the_first_stays(
    certificate: Certificate, bench: Bench, at: datetime
) -> None:
    change = asked(certificate, bench, at, VersionKind.AMENDED, MODEL)
    amend_certificate(change_id=change.pk, by=bench.approver, at=at)
    first, second = versions(certificate)
    assert first.content["instrument"]["model"] == "ACS-30"
    assert second.content["instrument"]["model"] == "ACS-15"
    assert second.content["points"] == first.content["points"]
    assert second.content["change"] == {
        "version": 2, "kind": "amended", "reason": "型号录错", "on": "2026-11-23",
    }  # fmt: skip
    assert (second.made_by_id, second.approved_by_id) == (bench.verifier.user_id, bench.approver.user_id)
    assert all(digest(one.content) == one.digest for one in (first, second))
    assert [verb for verb, _ in acts()][-3:] == [
        "certificate_change_asked", "certificate_amended", "certificate_amended",
    ]  # fmt: skip


def test_a_revoked_certificate_turns_the_scan_page_red_at_once(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    code = make_code(Instrument.objects.unscoped().get(pk=scale.pk)).value
    before = scan_card(code, at.date())
    assert before is not None
    assert before.trust is not None
    assert before.trust.grade == Grade.GREEN
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    revoke_certificate(change_id=change.pk, by=bench.approver, at=at)
    card = scan_card(code, at.date())
    assert card is not None
    assert card.trust is not None
    assert (card.trust.grade, card.trust.reason) == (Grade.RED, Reason.REVOKED)
    assert card.instrument is not None
    assert card.instrument.revoked_on == "2026-11-23"
    it = Instrument.objects.unscoped().get(pk=scale.pk)
    assert (it.state, it.certificate_number) == (InstrumentState.FILED, "")
    assert trust_of(it, at.date()).reason == Reason.REVOKED
    gone = Verification.objects.unscoped().get(certificate_number=certificate.number)
    assert (gone.voided_on, gone.void_reason) == (at.date(), "证书注销：型号录错")
    certificate.refresh_from_db(from_queryset=Certificate.objects.unscoped())
    assert certificate.state == CertificateState.REVOKED
    assert [one.kind for one in versions(certificate)] == ["issued", "revoked"]


def trust(scale: Instrument, at: datetime) -> tuple[Grade, Reason]:
    it = Instrument.objects.unscoped().get(pk=scale.pk)
    now = trust_of(it, at.date())
    return now.grade, now.reason


def test_while_a_revocation_waits_whoever_scans_reads_that_it_is_under_review(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    assert trust(scale, at) == (Grade.AMBER, Reason.DISPUTED)
    paper = public_certificate(certificate.number, certificate.public_code)
    assert paper is not None
    assert paper.disputed_on == at.date()
    refuse_change(change_id=change.pk, reason="证书无误", by=bench.approver, at=at)
    assert trust(scale, at) == (Grade.GREEN, Reason.VALID)
    assert [verb for verb, _ in acts()][-2:] == ["certificate_change_refused"] * 2


@pytest.mark.parametrize("kind", [VersionKind.AMENDED, VersionKind.REPLACED])
def test_a_correction_of_the_paper_does_not_put_the_verification_in_doubt(
    kind: VersionKind, certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    asked(certificate, bench, at, kind, MODEL)
    assert trust(scale, at) == (Grade.GREEN, Reason.VALID)


def test_once_it_is_revoked_nothing_is_under_review_any_more(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    revoke_certificate(change_id=change.pk, by=bench.approver, at=at)
    row = Verification.objects.unscoped().get(certificate_number=certificate.number)
    it = Instrument.objects.unscoped().get(pk=scale.pk)
    assert (row.disputed_at, it.disputed_on) == (None, None)


@pytest.mark.parametrize("kind", list(VersionKind)[1:])
def test_whoever_asked_for_a_change_takes_it_back_and_nobody_else_does(
    kind: VersionKind, certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    change = asked(certificate, bench, at, kind, MODEL)
    with refused("not_the_asker"):
        withdraw_change(change_id=change.pk, reason="不必了", by=bench.approver, at=at)
    with refused("no_reason"):
        withdraw_change(change_id=change.pk, reason=" ", by=bench.verifier, at=at)
    row = withdraw_change(change_id=change.pk, reason="型号没有录错", by=bench.verifier, at=at)
    assert (row.decision, row.decided_by_id, row.decision_reason) == (
        Decision.WITHDRAWN, None, "型号没有录错",
    )  # fmt: skip
    assert trust(scale, at) == (Grade.GREEN, Reason.VALID)
    assert [one.kind for one in versions(certificate)] == ["issued"]
    with refused("already_decided"):
        withdraw_change(change_id=change.pk, reason="再来", by=bench.verifier, at=at)
    asked(certificate, bench, at, VersionKind.REVOKED)  # and may ask again


def test_another_institute_takes_nothing_back(certificate: Certificate, bench: Bench, at: datetime) -> None:
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    stranger = make_bench(bench.institute.area)
    with pytest.raises(NotYours):
        withdraw_change(change_id=change.pk, reason="不必了", by=stranger.verifier, at=at)


def test_the_code_of_the_market_says_revoked_too(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    market = scale.root
    market.code = make_code_value()
    market.save()
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    revoke_certificate(change_id=change.pk, by=bench.approver, at=at)
    card = entity_card(market.code, at.date())
    assert card is not None
    assert [trust.reason for _, trust in card.listed] == [Reason.REVOKED]


def test_a_new_verification_takes_the_place_of_a_revoked_one(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    revoke_certificate(change_id=change.pk, by=bench.approver, at=at)
    for days, reason in ((9, Reason.REVOKED), (0, Reason.VALID)):
        make_institute()
        record_verification(
            instrument_id=scale.pk, verified_on=at.date() - timedelta(days=days), result=Result.PASSED,
            certificate_number=f"证{days}", institute="市计量院", by=SYSTEM, at=at,
        )  # fmt: skip
        it = Instrument.objects.unscoped().get(pk=scale.pk)
        assert trust_of(it, at.date()).reason == reason


def test_a_replaced_certificate_points_to_the_new_one_and_the_ledger_follows(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    change = asked(certificate, bench, at, VersionKind.REPLACED, MODEL)
    new = replace_certificate(change_id=change.pk, by=bench.approver, at=at)
    certificate.refresh_from_db(from_queryset=Certificate.objects.unscoped())
    assert (certificate.state, certificate.replaced_by_id) == (CertificateState.REPLACED, new.pk)
    said = versions(new)[0].content
    assert (said["number"], said["replaces"]) == (new.number, certificate.number)
    assert said["instrument"]["model"] == "ACS-15"
    assert new.public_code != certificate.public_code
    it = Instrument.objects.unscoped().get(pk=scale.pk)
    assert (it.certificate_number, it.state) == (new.number, InstrumentState.IN_USE)
    assert Verification.objects.unscoped().filter(certificate_number=new.number, voided_on=None).exists()


def test_nobody_confirms_what_they_asked_for(certificate: Certificate, bench: Bench, at: datetime) -> None:
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    same = replace(bench.approver, user_id=bench.verifier.user_id)
    for confirm in (revoke_certificate, lambda **how: refuse_change(reason="不妥", **how)):
        with refused("same_person"):
            confirm(change_id=change.pk, by=same, at=at)


def test_a_refused_change_leaves_everything_as_it_was(
    certificate: Certificate, bench: Bench, at: datetime
) -> None:
    change = asked(certificate, bench, at, VersionKind.AMENDED, MODEL)
    with refused("no_reason"):
        refuse_change(change_id=change.pk, reason=" ", by=bench.approver, at=at)
    refuse_change(change_id=change.pk, reason="原证书无误", by=bench.approver, at=at)
    with refused("already_decided"):
        amend_certificate(change_id=change.pk, by=bench.approver, at=at)
    change.refresh_from_db(from_queryset=CertificateChange.objects.unscoped())
    assert (change.decision, change.decision_reason) == (Decision.REFUSED, "原证书无误")
    assert len(versions(certificate)) == 1


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        (VersionKind.AMENDED, {}, "nothing_corrected"),
        (VersionKind.AMENDED, {"instrument": {"model": "ACS-30"}}, "nothing_corrected"),
        (VersionKind.AMENDED, {"verification": {"result": "passed"}}, "not_correctable"),
        (VersionKind.REPLACED, {"points": {"error": "0"}}, "not_correctable"),
    ],
)
def test_readings_verdict_and_dates_are_never_corrected(
    certificate: Certificate, bench: Bench, at: datetime, kind: VersionKind, content: Any, code: str
) -> None:
    with refused(code):
        asked(certificate, bench, at, kind, content)


def test_one_change_waits_at_a_time_and_none_after_the_end(
    certificate: Certificate, bench: Bench, at: datetime
) -> None:
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    with refused("change_waiting"):
        asked(certificate, bench, at, VersionKind.AMENDED, MODEL)
    with refused("change_not_found"):
        amend_certificate(change_id=change.pk, by=bench.approver, at=at)  # it is a revocation
    revoke_certificate(change_id=change.pk, by=bench.approver, at=at)
    with refused("certificate_not_valid"):
        asked(certificate, bench, at, VersionKind.AMENDED, MODEL)


def test_another_institute_and_other_duties_change_nothing(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    neighbour, stranger = make_bench(scale.area), make_bench(make_area("青羊区"))
    change = asked(certificate, bench, at, VersionKind.REVOKED)
    hand = neighbour.approver.user_id
    for by in (
        neighbour.approver,
        replace(bench.verifier, user_id=hand),
        replace(bench.checker, user_id=hand),
    ):
        with pytest.raises(NotYours):
            revoke_certificate(change_id=change.pk, by=by, at=at)
    with acting_in(stranger.approver.scope), refused("change_not_found"):
        revoke_certificate(change_id=change.pk, by=stranger.approver, at=at)
    with acting_in(EVERYTHING):
        assert len(versions(certificate)) == 1


@pytest.mark.parametrize("kind", [VersionKind.AMENDED, VersionKind.REPLACED])
def test_what_was_corrected_on_the_certificate_is_corrected_in_the_ledger_and_on_the_scan_page(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime, kind: VersionKind
) -> None:
    code = make_code(Instrument.objects.unscoped().get(pk=scale.pk)).value
    content = {"instrument": {"model": "ACS-15", "serial_number": "S-RIGHT", "place": "9 号"}}
    change = asked(certificate, bench, at, kind, content)
    decide = amend_certificate if kind == VersionKind.AMENDED else replace_certificate
    decide(change_id=change.pk, by=bench.approver, at=at)
    card = scan_card(code, at.date())
    assert card is not None
    it = card.instrument
    assert it is not None
    assert (it.model, it.serial_number) == ("ACS-15", "S-RIGHT")
    assert Instrument.objects.unscoped().get(pk=scale.pk).place == "3 号"  # it was not moved


def test_what_the_office_has_put_right_since_stays(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    Instrument.objects.unscoped().filter(pk=scale.pk).update(model="ACS-6")
    change = asked(certificate, bench, at, VersionKind.AMENDED, MODEL)
    amend_certificate(change_id=change.pk, by=bench.approver, at=at)
    assert Instrument.objects.unscoped().get(pk=scale.pk).model == "ACS-6"


def test_a_correction_to_a_serial_number_that_is_taken_changes_nothing(
    certificate: Certificate, bench: Bench, scale: Instrument, at: datetime
) -> None:
    make_instrument(scale.entity, serial_number="TAKEN")
    content = {"instrument": {"serial_number": "TAKEN"}}
    change = asked(certificate, bench, at, VersionKind.AMENDED, content)
    with refused("serial_number_taken"):
        amend_certificate(change_id=change.pk, by=bench.approver, at=at)
    assert len(versions(certificate)) == 1
