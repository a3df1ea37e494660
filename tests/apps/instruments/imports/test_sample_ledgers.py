"""The four sample ledgers go in row for row as a careful clerk would decide."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.management.commands.import_ledger import import_file
from quanheng.apps.instruments.models import ImportRun, Instrument, InstrumentCode, Seal, Verification
from quanheng.apps.instruments.services.imports.undo import ask_to_undo
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.apps.registry.models import Contact, Entity

LEDGERS = Path(__file__).parents[3] / "fixtures" / "ledgers"
NAMES = ("market-scales.xlsx", "market-scales-gb18030.csv", "fuel-dispensers.xlsx", "hospital-devices.xlsx")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def province(everything: None, settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    load_areas()
    load_catalogue()


def expectation(name: str) -> dict[int, list[str]]:
    rows = json.loads((LEDGERS / f"{name}.expect.json").read_text())
    return {row["row"]: row["faults"] for row in rows}


@pytest.mark.parametrize("name", NAMES)
def test_each_row_is_decided_as_the_clerk_would(name: str) -> None:
    expected = expectation(name)

    report = import_file(LEDGERS / name, "", dry_run=False)

    faults = {fault["row"]: fault["fields"] for fault in report["faults"]}
    assert faults == {row: fields for row, fields in expected.items() if fields}
    assert (report["rows"], report["rejected"]) == (len(expected), len(faults))


def test_a_sheet_does_not_bring_a_revoked_certificate_back(tmp_path: Path) -> None:
    import_file(LEDGERS / "market-scales.xlsx", "", dry_run=False)
    scales = Instrument.objects.unscoped().filter(result="passed", root__credit_code__isnull=False)
    scale = scales.exclude(root__credit_code="").select_related("root")[0]
    gone = {"verified_on": None, "valid_until": None, "trusted_until": None, "result": "", "state": "filed"}
    Instrument.objects.unscoped().filter(pk=scale.pk).update(**gone, revoked_on=date(2026, 11, 1))
    sheet = tmp_path / "later.csv"
    for day, counts in ((date(2026, 10, 1), False), (date(2026, 11, 20), True)):
        cells = (scale.name, scale.serial_number, scale.manufacturer, str(day), f"证{day}", "合格")
        head = "器具名称,出厂编号,制造单位,检定日期,证书编号,检定结论"
        sheet.write_text(f"{head}\n{','.join(cells)}\n", encoding="utf-8")
        assert import_file(sheet, scale.root.credit_code or "", dry_run=False)["faults"] == []
        assert Verification.objects.unscoped().filter(instrument=scale, verified_on=day).exists()
        it = Instrument.objects.unscoped().get(pk=scale.pk)
        assert (it.verified_on == day, it.revoked_on is None) == (counts, counts)


def test_a_seal_without_a_position_sits_where_its_kind_is_usually_sealed(tmp_path: Path) -> None:
    import_file(LEDGERS / "hospital-devices.xlsx", "", dry_run=False)
    devices = Instrument.objects.unscoped().filter(item__category="medical", root__credit_code__isnull=False)
    device = devices.select_related("root")[0]
    sheet = tmp_path / "sealed.csv"
    rows = ("电子血压计,X-901,鱼跃,铅-901", "电子计价秤,X-902,大红鹰,铅-902")
    sheet.write_text("\n".join(("器具名称,出厂编号,制造单位,铅封编号", *rows)), encoding="utf-8")

    assert import_file(sheet, device.root.credit_code or "", dry_run=False)["faults"] == []

    found = Seal.objects.unscoped().filter(number__startswith="铅-90").values_list("number", "position")
    assert dict(found) == {"铅-901": "housing", "铅-902": "scale_case"}


@pytest.mark.parametrize("name", NAMES)
def test_importing_twice_changes_nothing(name: str) -> None:
    import_file(LEDGERS / name, "", dry_run=False)
    before = Instrument.objects.unscoped().count(), Entity.objects.unscoped().count()

    import_file(LEDGERS / name, "", dry_run=False)

    run = ImportRun.objects.unscoped().latest("id")
    assert (run.rows_new, run.rows_updated, run.rows_unchanged) == (0, 0, run.rows_read - run.rows_rejected)
    assert (Instrument.objects.unscoped().count(), Entity.objects.unscoped().count()) == before


def test_an_import_that_nothing_stands_on_is_undone_as_a_whole() -> None:
    import_file(LEDGERS / "market-scales.xlsx", "", dry_run=False)
    run = ImportRun.objects.unscoped().latest("id")

    ask_to_undo(run_id=run.pk, reason="导错了市场", by=SYSTEM)
    resume_run(run.pk, at=timezone.now())

    assert ImportRun.objects.unscoped().get(pk=run.pk).stage == ImportStage.UNDONE
    for model in (Instrument, Verification, Seal, Entity, Contact):
        assert not model.objects.unscoped().exists(), model
    assert set(InstrumentCode.objects.unscoped().values_list("state", flat=True)) == {"void"}


def test_a_dry_run_brings_nothing_into_the_ledger() -> None:
    report = import_file(LEDGERS / "fuel-dispensers.xlsx", "", dry_run=True)

    assert report["accepted"] == 121
    assert not Instrument.objects.unscoped().exists()


def test_nozzles_become_parts_of_their_dispenser_with_three_seals_each() -> None:
    import_file(LEDGERS / "fuel-dispensers.xlsx", "", dry_run=False)

    nozzle = Instrument.objects.unscoped().get(serial_number="2022WE8Y01#1-1")
    assert nozzle.parent is not None
    assert (nozzle.parent.place, nozzle.parent.serial_number) == ("1#", "2022WE8Y01")
    assert sorted(Seal.objects.unscoped().filter(instrument=nozzle).values_list("position", flat=True)) == [
        "encoder",
        "flow_adjuster",
        "mainboard",
    ]
    assert nozzle.entity.name == "中石化青羊区第E8Y加油站"
