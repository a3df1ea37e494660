"""The four ledgers as offices keep them come out row for row as a careful clerk decided."""

from __future__ import annotations

import json

import pytest

from tests.apps.instruments.ledger_sheet.world import LEDGERS, Verdicts, context, read, verdicts

FILES = ["market-scales.xlsx", "market-scales-gb18030.csv", "fuel-dispensers.xlsx", "hospital-devices.xlsx"]


def expected(name: str) -> Verdicts:
    told = json.loads((LEDGERS / f"{name}.expect.json").read_text(encoding="utf-8"))
    return {row["row"]: row["faults"] for row in told}


@pytest.mark.parametrize("name", FILES)
def test_every_row_comes_out_as_the_careful_clerk_decided(name: str) -> None:
    assert verdicts(read(LEDGERS / name)) == expected(name)


@pytest.mark.parametrize("name", FILES)
def test_every_fault_says_in_chinese_how_to_put_it_right(name: str) -> None:
    for row in read(LEDGERS / name):
        for fault in row.faults:
            assert fault.reason.endswith("。")
            assert "请" in fault.reason


def test_a_market_row_is_normalised() -> None:
    values = read(LEDGERS / "market-scales.xlsx")[0].values
    assert (values["entity_name"], values["area"], values["stall"]) == ("青羊区第一农贸市场", 510105, "A001")
    assert (values["name"], values["item"].slug) == ("计价秤", "digital-indicating-scale")
    assert (values["model"], values["accuracy_class"]) == ("ACS-15", "III")
    assert (values["max_capacity"], values["e"]) == (6000, 2)
    assert values["serial_number"] == "23161867"
    assert (str(values["verified_on"]), str(values["valid_until"])) == ("2026-02-01", "2027-01-31")
    assert (values["certificate_number"], values["seal"]) == ("川5101字第202646911号", "QF047454")
    assert values["status"] == "scrapped"


def test_the_hospital_is_known_from_the_title_alone() -> None:
    assert {row.values["credit_code"] for row in read(LEDGERS / "hospital-devices.xlsx")} == {
        "91510703BYT56BUU0L"
    }


def test_a_dispensers_nozzles_share_its_serial_number() -> None:
    rows = read(LEDGERS / "fuel-dispensers.xlsx")
    first, second = rows[0].values, rows[2].values
    assert first["serial_number"] == second["serial_number"]
    assert (first["nozzle"], second["nozzle"]) == ("1-1", "1-3")
    assert (first["name"], first["item"].slug) == ("燃油加油机", "fuel-dispenser")
    assert (first["seal_flow_adjuster"], first["seal_encoder"], first["seal_mainboard"]) == (
        "8777187",
        "3370818",
        "6276164",
    )


@pytest.mark.parametrize("name", FILES)
def test_nobody_is_asked_about_a_column_of_the_samples(name: str) -> None:
    from quanheng.apps.instruments.ledger_sheet import LedgerSheet
    from quanheng.kit.sheets import read_rows

    sheet = LedgerSheet(context())
    assert list(sheet.read(read_rows(LEDGERS / name)))
    assert sheet.questions == []
