"""Institutes that may verify, and instruments on their way to a certificate.

bench = make_bench(county)                 # an institute with authority, a standard and three people
line = make_line(scale, bench.institute)   # accepted for today
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AgencyKind, Role
from quanheng.apps.accounts.models import Agency, Area
from quanheng.apps.certificates.enums import LineState, PlaceOfWork, StaffDuty
from quanheng.apps.certificates.models import (
    Application,
    ApplicationLine,
    Authorisation,
    Certificate,
    MeasurementStandard,
    Qualification,
)
from quanheng.apps.certificates.services.check_examination import check_examination
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.instruments.enums import VerificationKind
from quanheng.apps.instruments.models import CatalogueItem, Instrument
from tests.factories.ledger import NOW, make_entity, make_instrument, make_item
from tests.factories.people import LONG_AGO, as_system, make_actor, make_agency, make_area, serial
from tests.factories.readings import scale_readings


@dataclass(frozen=True, slots=True)
class Bench:
    """An institute that may verify one item, and the people who do."""

    institute: Agency
    item: CatalogueItem
    standard: MeasurementStandard
    verifier: Actor
    checker: Actor
    approver: Actor


@as_system
def make_bench(area: Area, item: CatalogueItem | None = None) -> Bench:
    item = item or make_item()
    institute = make_agency(f"计量检定所{serial()}", area=area, kind=AgencyKind.INSTITUTE)
    make_authorisation(institute, item, area)
    people = {
        duty: make_actor(role, agency=institute, area=area)
        for duty, role in (
            (StaffDuty.VERIFY, Role.VERIFIER),
            (StaffDuty.CHECK, Role.CHECKER),
            (StaffDuty.APPROVE, Role.APPROVER),
        )
    }
    for duty, person in people.items():
        make_qualification(institute, person, duty)
    return Bench(institute, item, make_standard(institute, item), *people.values())


@as_system
def make_authorisation(institute: Agency, item: CatalogueItem, area: Area, **fields: Any) -> Authorisation:
    defaults = {"certificate_number": f"授权{serial()}", "valid_from": LONG_AGO}
    return Authorisation.objects.create(institute=institute, item=item, area=area, **defaults | fields)


@as_system
def make_standard(institute: Agency, item: CatalogueItem, **fields: Any) -> MeasurementStandard:
    defaults = {
        "name": "M1 等级砝码标准装置",
        "certificate_number": f"社公{serial()}",
        "valid_from": LONG_AGO,
    }
    standard = MeasurementStandard.objects.create(institute=institute, **defaults | fields)
    standard.items.add(item)
    return standard


@as_system
def make_qualification(institute: Agency, person: Actor, duty: StaffDuty, **fields: Any) -> Qualification:
    defaults = {"certificate_number": f"检员{serial()}", "valid_from": LONG_AGO}
    return Qualification.objects.create(
        institute=institute, user_id=person.user_id or 0, duty=duty, **defaults | fields
    )


@as_system
def make_line(instrument: Instrument, institute: Agency, **fields: Any) -> ApplicationLine:
    """Make an accepted line, booked for the day of the act."""
    application = Application.objects.unscoped().create(
        number=f"YJ{serial():010d}", entity=instrument.entity, root=instrument.root, area=instrument.area,
        institute=institute, place_of_work=PlaceOfWork.ON_SITE, wanted_on=NOW.date(),
        slip_token=f"SLIP{serial():016d}", applied_at=NOW,
    )  # fmt: skip
    defaults = {
        "state": LineState.ACCEPTED, "booked_for": date(2026, 11, 23), "slot": serial(), "changed_at": NOW,
        "root": instrument.root, "area": instrument.area,
    }  # fmt: skip
    return ApplicationLine.objects.unscoped().create(
        application=application, instrument=instrument, institute=institute, **defaults | fields
    )


@as_system
def issue_for_test(
    at: datetime, instrument: Instrument | None = None, bench: Bench | None = None
) -> Certificate:
    """Take one scale through record, check and approval; return its certificate."""
    if instrument is None:
        area = make_area("锦江区")
        stall = make_entity("三号摊", kind="stall", area=area)
        instrument = make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5, place="3 号")
    bench = bench or make_bench(instrument.area, instrument.item)
    line = make_line(instrument, bench.institute)
    findings = Findings(at.date(), VerificationKind.SUBSEQUENT, bench.standard.pk, scale_readings())
    record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)
    check_examination(line_id=line.pk, by=bench.checker, at=at)
    return issue_certificate(line_id=line.pk, by=bench.approver, at=at)
