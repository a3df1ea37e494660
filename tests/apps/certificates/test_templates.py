"""Every kind of the demonstration has its template, and one reading of it is no certificate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.check_examination import check_examination
from quanheng.apps.certificates.services.completing import lay, regulations_for
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.limits_beside import limits_beside, words_beside
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.instruments.enums import VerificationKind
from quanheng.apps.instruments.models import Instrument
from quanheng.demo.goods import PRODUCTS, Product
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.metrology.examinations.template import LimitOf, RequiredTest
from quanheng.web.examinations.readings import Row, proposed, readings_of
from tests.factories import make_entity, make_instrument, make_item
from tests.factories.acts import refused
from tests.factories.readings import scale_readings
from tests.factories.verification import Bench, make_bench, make_line

SUBSEQUENT = VerificationKind.SUBSEQUENT
KINDS = {product.item: product for product in PRODUCTS}
CATEGORIES = {"digital-indicating-scale": "scale", "fuel-dispenser": "fuel_dispenser"}


def make_one(product: Product, area: Area) -> tuple[Bench, Instrument]:
    item = make_item(product.item, category=CATEGORIES.get(product.item, "medical"), name=product.name)
    instrument = make_instrument(
        make_entity("锦江医院", area=area), item=item, name=product.name, accuracy_class=product.accuracy,
        measuring_range=product.range, max_capacity_g=product.maximum_g, e_g=product.e_g,
        min_capacity_g=product.minimum_g,
    )  # fmt: skip
    with acting_in(EVERYTHING):
        return make_bench(area, item), Instrument.objects.unscoped().get(pk=instrument.pk)


def filled_in(row: Row, tests: dict[str, RequiredTest]) -> Row:
    """Fill in a proposed row as a good instrument would."""
    if "flow" in row:
        return row | {"indicated_l": "20.00", "measured_l": "20.00"}
    if "load_g" in row:
        small = {"added_g": "1", "changed_g": row["load_g"]} if row["test"] == "discrimination" else {}
        return row | {"load_g": row["load_g"] or "0", "indication_g": row["load_g"] or "0"} | small
    test = tests[row["test"]]
    if not test.has_reference:
        limit = test.limit
        least = limit is not None and limit.of == LimitOf.ABSOLUTE and limit.upper is None
        return row | {"indication": str(limit.lower) if least and limit is not None else "0"}
    number = row["reference"] or str(50 + len(row))
    return row | {"reference": number, "indication": number}


def whole(bench: Bench, it: Instrument, at: datetime) -> dict[str, Any]:
    """Return the readings of an instrument for which every proposed row was filled in."""
    laid = lay(it, SUBSEQUENT, at.date())
    tests = {test.name: test for test in laid.template.tests}
    rows = [filled_in(row, tests) for row in proposed(laid, {"1": "petrol"})]
    for number, row in enumerate(rows):  # where the verifier chooses the value, no two are the same
        chosen = "reference" in row and not proposed(laid, {})[number]["reference"]
        if chosen and tests[row["test"]].has_reference:
            row["reference"] = row["indication"] = str(20 + number)
    if "load_g" in rows[0]:
        for row in rows:
            if row["test"] == "discrimination":
                row["changed_g"] = str(int(row["load_g"]) + int(laid.given["e_g"]))
    checks = {check.name: "yes" for check in laid.template.checks}
    return readings_of(laid.template, rows, checks)


@pytest.mark.parametrize("kind", KINDS)
def test_the_proposed_rows_filled_in_make_a_certificate(kind: str, county: Area, at: datetime) -> None:
    bench, it = make_one(KINDS[kind], county)
    line = make_line(it, bench.institute).pk
    findings = Findings(at.date(), SUBSEQUENT, bench.standard.pk, whole(bench, it, at))
    with acting_in(bench.verifier.scope):
        record = record_examination(line_id=line, findings=findings, by=bench.verifier, at=at)
        assert record.result == "passed", record.points
        check_examination(line_id=line, by=bench.checker, at=at)
        certificate = issue_certificate(line_id=line, by=bench.approver, at=at)
    assert certificate.kind == "certificate"
    assert any(cited["rule"] == f"examination/{kind}" for cited in record.packs)


@pytest.mark.parametrize("kind", KINDS)
def test_with_any_test_left_out_it_is_refused_and_says_which(kind: str, county: Area, at: datetime) -> None:
    bench, it = make_one(KINDS[kind], county)
    line = make_line(it, bench.institute).pk
    readings = whole(bench, it, at)
    for name in [key for key, value in readings.items() if isinstance(value, list) and key != "points"]:
        given = {**readings, name: readings[name][:-1] if name in {"weighing", "readings"} else []}
        findings = Findings(at.date(), SUBSEQUENT, bench.standard.pk, given)
        with acting_in(bench.verifier.scope), refused("incomplete_examination"):
            record_examination(line_id=line, findings=findings, by=bench.verifier, at=at)
    unseen = Findings(at.date(), SUBSEQUENT, bench.standard.pk, {**readings, "checks": {}})
    with acting_in(bench.verifier.scope), refused("incomplete_examination"):
        record_examination(line_id=line, findings=unseen, by=bench.verifier, at=at)


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_stands_beside_every_test(kind: str, county: Area, at: datetime) -> None:
    _bench, it = make_one(KINDS[kind], county)
    laid = lay(it, SUBSEQUENT, at.date())
    beside = limits_beside(laid, at.date())
    for test in laid.template.tests:
        assert words_beside(beside[test.name], None if not test.has_reference else laid.frame.span or None)


def test_a_kind_without_a_template_says_so(county: Area, at: datetime) -> None:
    product = replace(KINDS["tonometer"], item="sundial")
    _bench, it = make_one(product, county)
    with refused("no_template"):
        lay(it, SUBSEQUENT, at.date())


def test_of_several_regulations_the_verifier_chooses(county: Area, at: datetime) -> None:
    _bench, it = make_one(KINDS["optometer"], county)
    assert regulations_for(it, at.date()) == ["JJG 892-2022", "JJG 580-2005"]
    assert lay(it, SUBSEQUENT, at.date(), regulation="JJG 580-2005").template.edition == "JJG 580-2005"


def test_what_was_recorded_before_the_rule_is_examined_anew(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    record = record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)
    for readings in ({}, scale_readings(eccentricity=[])):
        with acting_in(EVERYTHING):
            type(record).objects.unscoped().filter(pk=record.pk).update(readings=readings)
        with refused("incomplete_examination"):
            check_examination(line_id=line.pk, by=bench.checker, at=at)
    with acting_in(EVERYTHING):
        type(record).objects.unscoped().filter(pk=record.pk).update(readings=scale_readings())
    check_examination(line_id=line.pk, by=bench.checker, at=at)
    with acting_in(EVERYTHING):
        type(record).objects.unscoped().filter(pk=record.pk).update(readings={})
    with refused("incomplete_examination"):
        issue_certificate(line_id=line.pk, by=bench.approver, at=at)


def test_a_multi_interval_scale_is_laid_out_and_judged_by_its_partial_ranges(
    county: Area, at: datetime
) -> None:
    """Max 6/15 kg, e 2/5 g: one more change of the limit, at 6 kg, and 5 g from there on."""
    product = replace(KINDS["digital-indicating-scale"], range="Max 6/15 kg e=2/5 g", maximum_g=15000, e_g=2)
    _bench, it = make_one(product, county)
    with acting_in(EVERYTHING):
        laid = lay(it, SUBSEQUENT, at.date())
        assert [int(load) for load in laid.frame.marks["mpe_changes"]] == [1000, 4000, 6000, 10000]
        beside = limits_beside(laid, at.date())
        assert [words_beside(beside["weighing"], Decimal(load)) for load in (6000, 6005)] == ["±3 g", "±5 g"]
        assert [words_beside(beside["discrimination"], Decimal(load)) for load in (6000, 6005)] == [
            "≥ 2 g", "≥ 5 g",
        ]  # fmt: skip


def test_a_nameplate_with_two_capacities_and_one_interval_is_not_judged(county: Area, at: datetime) -> None:
    product = replace(KINDS["digital-indicating-scale"], range="Max 6/15 kg", maximum_g=15000, e_g=2)
    _bench, it = make_one(product, county)
    with acting_in(EVERYTHING), refused("bad_readings"):
        lay(it, SUBSEQUENT, at.date())
