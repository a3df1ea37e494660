"""What we export for e-CQS comes back and changes nothing: nothing is lost on the way, nothing is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.queries import province_id
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.apps.exchange.enums import Content
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.apps.exchange.queries.ecqs_runs import faults_of
from quanheng.apps.exchange.services.export_to_ecqs import start_export
from quanheng.apps.exchange.services.receive_results import receive_results
from quanheng.apps.exchange.services.resume_run import resume_run
from quanheng.apps.exchange.services.runs import files_dir
from quanheng.apps.instruments.management.commands.import_ledger import import_file
from quanheng.apps.instruments.models import ImportRun, Instrument, Verification
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit.tasks import TaskState
from tests.factories.ledger import NOW

LEDGERS = Path(__file__).parents[2] / "fixtures" / "ledgers"
NAMES = ("market-scales.xlsx", "fuel-dispensers.xlsx", "hospital-devices.xlsx")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture(autouse=True)
def province(everything: None, folder: Path) -> None:
    load_areas()
    load_catalogue()
    for name in NAMES:
        import_file(LEDGERS / name, "", dry_run=False)


def exported(content: Content, kind: str) -> Path:
    run = start_export(content=content, kind=kind, area_id=province_id(), by=SYSTEM, at=NOW)
    run = resume_run(run.pk, at=NOW)
    assert run.state == TaskState.DONE, run.message
    return files_dir() / run.file_path


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_exported_ledger_changes_nothing_when_it_comes_back(kind: str) -> None:
    before = Instrument.objects.unscoped().count()
    in_ledger = Instrument.objects.unscoped().exclude(state="scrapped")
    nozzles = in_ledger.filter(parent__isnull=False)

    report = import_file(exported(Content.LEDGER, kind), "", dry_run=False)

    run = ImportRun.objects.unscoped().latest("pk")
    wholes = nozzles.values("parent").distinct().count()
    assert report["faults"] == []
    assert (run.rows_new, run.rows_updated, run.rows_unchanged) == (0, 0, in_ledger.count() - wholes)
    assert nozzles.exists()
    assert Instrument.objects.unscoped().count() == before


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_exported_results_are_all_known_when_they_come_back(kind: str) -> None:
    before = Verification.objects.unscoped().count()
    file = exported(Content.RESULTS, kind)

    run: ExchangeRun = receive_results(name=file.name, chunks=[file.read_bytes()], by=SYSTEM, at=NOW)
    run = resume_run(run.pk, at=NOW)

    assert run.state == TaskState.DONE, run.message
    assert faults_of(run) == []
    assert (run.known, run.rows) == (before, before)
    assert run.message == "文件中的检定结果都已登记，没有变化。"
    assert Verification.objects.unscoped().count() == before
