"""A certificate is changed by two people: who asks, and who finds it on the desk and approves."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates.models import Certificate, CertificateChange
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_seal
from tests.factories.people import sign_in
from tests.factories.verification import Bench, issue_for_test, make_bench


@pytest.fixture
def bench(db: None) -> Bench:
    return make_bench(make_area("锦江区"))


@pytest.fixture
def scale(bench: Bench) -> Instrument:
    stall = make_entity("三号摊", kind="stall", area=bench.institute.area)
    return make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5, serial_number="S1")


def as_(actor: Actor) -> Client:
    return sign_in(Client(), actor)


def test_an_approver_compares_what_was_with_what_is_asked(
    bench: Bench, scale: Instrument, at: datetime
) -> None:
    certificate = issue_for_test(at, scale, bench)
    where = f"/certificates/{certificate.pk}/"
    form = as_(bench.verifier).get(f"{where}change")
    given = {name: field.initial for name, field in form.context["form"].fields.items()}
    asked = given | {"kind": "amended", "reason": "录错", "instrument-model": "ACS-15"}
    as_(bench.verifier).post(f"{where}change", asked)
    page = as_(bench.approver).get(where).content.decode()
    assert "型号/规格：<del>ACS-30</del> → <ins>ACS-15</ins>" in page


def test_a_change_of_a_certificate_waits_on_the_desk_of_who_can_approve_it(
    bench: Bench, scale: Instrument, at: datetime
) -> None:
    certificate = issue_for_test(at, scale, bench)
    where, changes = f"/certificates/{certificate.pk}/", "/certificate-changes/"
    form = as_(bench.verifier).get(f"{where}change").context["form"]
    given = {name: field.initial for name, field in form.fields.items()}
    as_(bench.verifier).post(f"{where}change", given | {"kind": "revoked", "reason": "误检"})
    assert f'href="{changes}?waiting=others"' in as_(bench.approver).get("/desk/").content.decode()
    assert where in as_(bench.approver).get(f"{changes}?waiting=others").content.decode()
    assert where not in as_(bench.verifier).get(f"{changes}?waiting=others").content.decode()
    assert where in as_(bench.verifier).get(f"{changes}?waiting=mine").content.decode()
    as_(bench.approver).post(where, {"act": "approve", "sure": "on"} | waiting(certificate))
    assert where not in as_(bench.approver).get(f"{changes}?waiting=others").content.decode()
    assert where in as_(bench.approver).get(f"{changes}?decision=approved").content.decode()
    neighbour = make_bench(bench.institute.area)
    assert where not in as_(neighbour.approver).get(changes).content.decode()


def test_whoever_asked_takes_it_back_on_the_page_of_the_certificate(
    bench: Bench, scale: Instrument, at: datetime
) -> None:
    certificate = issue_for_test(at, scale, bench)
    where = f"/certificates/{certificate.pk}/"
    form = as_(bench.verifier).get(f"{where}change").context["form"]
    given = {name: field.initial for name, field in form.fields.items()}
    as_(bench.verifier).post(f"{where}change", given | {"kind": "revoked", "reason": "误检"})
    assert "撤回申请" not in as_(bench.approver).get(where).content.decode()
    assert "撤回申请" in as_(bench.verifier).get(where).content.decode()
    empty = as_(bench.verifier).post(where, {"act": "withdraw"} | waiting(certificate)).content.decode()
    assert "<details open>" in empty
    assert "待批准的变更" in empty
    sent = {"act": "withdraw", "reason": "看错了", "sure": "on"} | waiting(certificate)
    page = as_(bench.verifier).post(where, sent, follow=True)
    assert "已撤回，证书不变" in page.content.decode()
    assert "待批准的变更" not in page.content.decode()
    history = as_(bench.verifier).get("/certificate-changes/?decision=withdrawn").content.decode()
    assert where in history


def test_instrument_and_certificate_lead_to_one_another_and_the_certificate_says_what_ended_it(
    bench: Bench, scale: Instrument, at: datetime
) -> None:
    certificate = issue_for_test(at, scale, bench)
    paper, page = f"/certificates/{certificate.pk}/", f"/instruments/{scale.pk}/"
    officer = make_actor(Role.COUNTY_OFFICER, area=scale.area)
    keeper = make_actor(Role.MARKET_OPERATOR, entity=scale.root)
    for person in (officer, keeper, bench.verifier):
        assert as_(person).get(page).content.decode().count(f'href="{paper}"') == 2
        assert f'href="{page}"' in as_(person).get(paper).content.decode()
    neighbour = make_bench(scale.area)
    assert f'href="{paper}"' not in as_(neighbour.verifier).get(page).content.decode()
    assert "检定已自" not in as_(officer).get(paper).content.decode()
    seal = make_seal(scale, number="川A1")
    with acting_in(officer.scope):
        break_seal(instrument_id=scale.pk, seal_id=seal.pk, on=at.date(), reason="断裂", by=officer, at=at)
    said = as_(keeper).get(paper).content.decode()
    assert f"检定已自 {at.date()} 失效" in said
    assert "铅封 川A1 破损" in said


def test_the_page_decides_what_it_shows_and_not_what_waits_meanwhile(
    bench: Bench, scale: Instrument, at: datetime
) -> None:
    certificate = issue_for_test(at, scale, bench)
    where = f"/certificates/{certificate.pk}/"
    form = as_(bench.verifier).get(f"{where}change").context["form"]
    given = {name: field.initial for name, field in form.fields.items()}
    as_(bench.verifier).post(f"{where}change", given | {"kind": "revoked", "reason": "误检"})
    seen = waiting(certificate)
    withdrawn = {"act": "withdraw", "reason": "看错了", "sure": "on"} | seen
    as_(bench.verifier).post(where, withdrawn)
    as_(bench.verifier).post(f"{where}change", given | {"kind": "revoked", "reason": "误检"})
    page = as_(bench.approver).post(where, {"act": "approve", "sure": "on"} | seen)
    assert "已不是页面上的这一项" in page.content.decode()
    with acting_in(EVERYTHING):
        certificate.refresh_from_db()
    assert certificate.state == "valid"


def waiting(certificate: Certificate) -> dict[str, int]:
    """Return what the page's forms say of the change that they decide."""
    with acting_in(EVERYTHING):
        rows = CertificateChange.objects.unscoped().filter(certificate=certificate)
        return {"change": rows.latest("pk").pk}
