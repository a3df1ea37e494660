"""A county with a market scale, and the institute that verifies it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.record_examination import Findings
from quanheng.apps.instruments.enums import VerificationKind
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import set_scope
from tests.factories import make_area, make_entity, make_instrument
from tests.factories.readings import scale_readings
from tests.factories.verification import Bench, make_bench, make_line


@pytest.fixture
def county(db: None) -> Area:
    return make_area("锦江区")


@pytest.fixture
def bench(county: Area) -> Bench:
    made = make_bench(county)
    set_scope(made.verifier.scope)
    return made


@pytest.fixture
def scale(county: Area) -> Instrument:
    stall = make_entity("三号摊", kind="stall", area=county)
    return make_instrument(stall, accuracy_class="Ⅲ级", max_capacity_g=15000, e_g=5, place="3 号")


@pytest.fixture
def line(scale: Instrument, bench: Bench) -> ApplicationLine:
    return make_line(scale, bench.institute)


@pytest.fixture
def findings(bench: Bench) -> Findings:
    return findings_of(bench)


def findings_of(bench: Bench, *, indication: str = "2500", **facts: Any) -> Findings:
    defaults: dict[str, Any] = {
        "verified_on": date(2026, 11, 23), "kind": VerificationKind.SUBSEQUENT,
        "standard_id": bench.standard.pk, "readings": scale_readings(indication=indication),
    }  # fmt: skip
    return Findings(**defaults | facts)
