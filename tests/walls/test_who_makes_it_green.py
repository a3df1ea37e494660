"""Who can make a scan green, and how: every door × role, asked of the scan itself.

A row says what a shopper reads after somebody tried: green only where an office, e-CQS or an institute's own
procedure answers for it. The procedure (record, check, approve) is proved in tests/apps/certificates.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.exchange.services.receive_results import receive_results
from quanheng.apps.exchange.services.resume_run import resume_run as carry_on_exchange
from quanheng.apps.instruments.enums import Provenance, Result
from quanheng.apps.instruments.models import CatalogueItem, Instrument
from quanheng.apps.instruments.queries.scan import scan_card
from quanheng.apps.instruments.services.file_instruments import accept
from quanheng.apps.instruments.services.imports.receive import receive_upload
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.apps.instruments.services.ledger_batch import open_ledger
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.apps.instruments.services.record_verification import (
    VerificationResult,
    enter_verification,
    record_verification,
)
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.regulation.trust import Grade, Reason
from tests.factories import (
    make_actor,
    make_api_key,
    make_area,
    make_code,
    make_entity,
    make_institute,
    make_instrument,
    sign_in,
)

pytestmark = pytest.mark.django_db
OFFICES = frozenset({Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.COUNTY_OFFICER})
CREDIT_CODE = "91510104DHW10JW793"
PAPER = {"certificate_number": "川5101字001", "institute": "市计量院"}


@pytest.fixture(autouse=True)
def province(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    set_scope(EVERYTHING)
    load_catalogue()
    make_institute()
    yield
    set_scope(EVERYTHING)


@pytest.fixture
def county() -> Area:
    return make_area()


@pytest.fixture
def company(county: Area) -> Entity:
    return make_entity("诚信公司", area=county, credit_code=CREDIT_CODE)


@pytest.fixture
def scale(company: Entity) -> Instrument:
    """A filed scale that nobody has verified."""
    made = make_instrument(
        company, item=CatalogueItem.objects.get(slug="digital-indicating-scale"), state="filed",
        serial_number="SN1", verified_on=None, valid_until=None, trusted_until=None, result="", provenance="",
    )  # fmt: skip
    make_code(made)
    return made


def actor_in(role: Role, county: Area, company: Entity) -> Actor:
    return make_actor(role, entity=company) if role in ENTITY_ROLES else make_actor(role, area=county)


def scanned(scale: Instrument) -> tuple[Grade, Reason]:
    """What a shopper reads."""
    set_scope(EVERYTHING)
    code = Instrument.objects.unscoped().get(pk=scale.pk).code
    card = scan_card(code or "", timezone.localdate())
    assert card is not None
    assert card.trust is not None
    return card.trust.grade, card.trust.reason


@pytest.mark.parametrize("role", list(Role))
def test_by_the_form_only_an_office_with_the_paper(
    role: Role, client: Client, county: Area, company: Entity, scale: Instrument
) -> None:
    sign_in(client, actor_in(role, county, company))
    form = {
        **PAPER, "kind": "subsequent", "result": "passed", "verified_on": str(timezone.localdate()),
        "paper_seen": "on",
    }  # fmt: skip
    client.post(f"/instruments/{scale.pk}/verification/", form)
    assert scanned(scale)[0] == (Grade.GREEN if role in OFFICES else Grade.RED)


@pytest.mark.parametrize(
    "without", ["certificate_number", "institute", "paper_seen", "verified_on", "result"]
)
def test_by_the_form_no_office_without_each_part_of_the_paper(
    without: str, client: Client, county: Area, company: Entity, scale: Instrument
) -> None:
    sign_in(client, actor_in(Role.COUNTY_OFFICER, county, company))
    form = {
        **PAPER, "kind": "subsequent", "result": "passed", "verified_on": str(timezone.localdate()),
        "paper_seen": "on",
    }  # fmt: skip
    client.post(f"/instruments/{scale.pk}/verification/", {key: form[key] for key in form if key != without})
    assert scanned(scale) == (Grade.RED, Reason.NEVER_VERIFIED)


@pytest.mark.parametrize("role", list(Role))
def test_by_the_api_only_an_offices_key(
    role: Role, client: Client, county: Area, company: Entity, scale: Instrument
) -> None:
    token = make_api_key(actor_in(role, county, company))
    client.post(
        f"/api/v1/instruments/{scale.pk}/verifications",
        {**PAPER, "verified_on": str(timezone.localdate()), "result": "passed"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"green-{role}"},
    )
    assert scanned(scale)[0] == (Grade.GREEN if role in OFFICES else Grade.RED)


def sheet(**cells: str) -> bytes:
    row = {
        "使用单位": "诚信公司", "统一社会信用代码": CREDIT_CODE, "器具名称": "电子计价秤",
        "型号规格": "ACS-30", "出厂编号": "SN9", "制造单位": "衡器厂",
        "检定日期": str(timezone.localdate() - timedelta(days=9)),
        "检定结论": "合格", "证书编号": "川5101字009", "检定机构": "市计量院",
    } | cells  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([row.keys(), row.values()])
    return out.getvalue().encode()


def imported(content: bytes, by: Actor) -> None:
    """Import a sheet as this person, past the preview."""
    set_scope(by.scope)
    try:
        run = receive_upload(
            name="台账.csv", chunks=[content], area_id=by.area_id, entity_id=by.entity_id, by=by,
            at=timezone.now(), commit_without_asking=True,
        )  # fmt: skip
    except RuleBroken:
        return
    finally:
        set_scope(EVERYTHING)
    resume_run(run.pk, at=timezone.now())


def accepted(serial_number: str) -> Instrument | None:
    """Return the imported scale once the office has accepted its filing."""
    made = Instrument.objects.unscoped().filter(serial_number=serial_number).first()
    if made is None:
        return None
    if made.state == "filing":
        accept(instrument_ids=[made.pk], by=SYSTEM, at=timezone.now())
    if made.code is None:
        make_code(made)
    return made


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("paper", [True, False])
def test_by_a_sheet_of_new_rows_only_an_offices_with_number_and_institute(
    paper: bool, role: Role, county: Area, company: Entity
) -> None:
    cells = {} if paper else {"证书编号": "", "检定机构": ""}
    imported(sheet(**cells), actor_in(role, county, company))
    made = accepted("SN9")
    if made is None:
        return
    grade, reason = scanned(made)
    if role in OFFICES and paper:
        assert grade == Grade.GREEN
    else:
        assert (grade == Grade.GREEN, reason) in {
            (False, Reason.UNCONFIRMED), (False, Reason.NEVER_VERIFIED),
        }  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_by_a_sheet_that_names_a_scale_of_the_ledger_only_an_offices(
    role: Role, county: Area, company: Entity, scale: Instrument
) -> None:
    imported(sheet(出厂编号="SN1"), actor_in(role, county, company))
    assert (scanned(scale)[0] == Grade.GREEN) == (role in OFFICES)


@pytest.mark.parametrize("role", list(Role))
def test_by_results_of_ecqs_only_an_office_that_exchanges_files(
    role: Role, county: Area, company: Entity, scale: Instrument
) -> None:
    told = {
        "统一社会信用代码": CREDIT_CODE, "器具名称": "电子计价秤", "出厂编号": "SN1", "生产厂家": "衡器厂",
        "证书编号": "川5101字001", "检定机构": "市计量院", "检定类别": "后续检定",
        "检定日期": str(timezone.localdate() - timedelta(days=9)), "检定结论": "合格",
    }  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([told.keys(), told.values()])
    actor, now = actor_in(role, county, company), timezone.now()
    set_scope(actor.scope)
    try:
        run = receive_results(name="结果.csv", chunks=[out.getvalue().encode()], by=actor, at=now)
    except RuleBroken:
        run = None
    set_scope(EVERYTHING)
    if run is not None:
        carry_on_exchange(run.pk, at=now)
    assert (scanned(scale)[0] == Grade.GREEN) == (role in OFFICES)


@pytest.mark.parametrize("provenance", list(Provenance))
def test_green_follows_provenance_and_nothing_else(provenance: Provenance, scale: Instrument) -> None:
    said = VerificationResult(timezone.localdate(), Result.PASSED, "川-1", "市计量院", provenance)
    with open_ledger([scale.pk], by=SYSTEM, at=timezone.now()) as ledger:
        enter_verification(ledger, scale.pk, said)
    amber = provenance == Provenance.DECLARED
    assert scanned(scale) == ((Grade.AMBER, Reason.UNCONFIRMED) if amber else (Grade.GREEN, Reason.VALID))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("slug", ["confirm-verification", "decide-void", "void-record"])
def test_only_an_office_confirms_or_voids(
    slug: str, role: Role, client: Client, county: Area, company: Entity, scale: Instrument
) -> None:
    said = VerificationResult(timezone.localdate(), Result.PASSED, "", "", Provenance.DECLARED)
    with open_ledger([scale.pk], by=SYSTEM, at=timezone.now()) as ledger:
        row = enter_verification(ledger, scale.pk, said)
    sign_in(client, actor_in(role, county, company))
    form = {
        **PAPER, "record": str(row.pk), "paper_seen": "on", "reason": "登记有误", "decision": "void",
        "sure": "on",
        "valid_until": (timezone.localdate() + timedelta(days=200)).isoformat(),
    }  # fmt: skip
    client.post(f"/instruments/{scale.pk}/{slug}/", form)
    confirmed = slug == "confirm-verification" and role in OFFICES
    assert scanned(scale)[0] == (Grade.GREEN if confirmed else Grade.AMBER)
    with acting_in(EVERYTHING):
        row.refresh_from_db()
    assert bool(row.disputed_at) == (slug == "void-record" and role in OFFICES)
    assert not row.in_error


@pytest.mark.parametrize("role", list(Role))
def test_whoever_asks_for_a_voiding_takes_the_green_away_at_once_and_only_an_office_asks(
    role: Role, client: Client, county: Area, company: Entity, scale: Instrument
) -> None:
    said = VerificationResult(timezone.localdate(), Result.PASSED, "川-1", "市计量院", Provenance.RECORDED)
    with open_ledger([scale.pk], by=SYSTEM, at=timezone.now()) as ledger:
        row = enter_verification(ledger, scale.pk, said)
    assert scanned(scale) == (Grade.GREEN, Reason.VALID)
    actor = actor_in(role, county, company)
    sign_in(client, actor)
    form = {"record": str(row.pk), "reason": "登记有误"}
    client.post(f"/instruments/{scale.pk}/void-record/", form)
    doubted = (Grade.AMBER, Reason.DISPUTED) if role in OFFICES else (Grade.GREEN, Reason.VALID)
    assert scanned(scale) == doubted
    other = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    other.post(f"/instruments/{scale.pk}/withdraw-dispute/", form)
    assert scanned(scale) == doubted  # nobody takes back what another one asked for
    client.post(f"/instruments/{scale.pk}/withdraw-dispute/", form)
    assert scanned(scale) == (Grade.GREEN, Reason.VALID)


def test_institute_staff_never_record_past_their_own_procedure(
    county: Area, company: Entity, scale: Instrument
) -> None:
    """Also the approver, whose act it is when a certificate is issued."""
    for role in sorted(INSTITUTE_STAFF):
        actor = actor_in(role, county, company)
        set_scope(actor.scope)
        with pytest.raises(RuleBroken):
            record_verification(
                instrument_id=scale.pk, verified_on=timezone.localdate(), result=Result.PASSED,
                certificate_number="川5101字001", institute="市计量院", by=actor, at=timezone.now(),
            )  # fmt: skip
    assert scanned(scale) == (Grade.RED, Reason.NEVER_VERIFIED)
