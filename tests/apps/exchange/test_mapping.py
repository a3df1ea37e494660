"""字段对照: dated, shipped or the office's own; one that cannot be used is refused with its name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quanheng.apps.exchange.enums import Content
from quanheng.apps.exchange.mapping import ECQS, SCALES, mapping_of
from quanheng.kit.refusal import RuleBroken
from quanheng.packs import shipped

DAY = date(2026, 11, 23)
SHIPPED = Path(shipped.__file__).parent / "data"


def own(folder: Path, text: str, name: str = "own.toml") -> None:
    (folder / "exchange").mkdir(exist_ok=True)
    (folder / "exchange" / name).write_text(text, encoding="utf-8")


def test_every_assumed_name_is_flagged_unverified() -> None:
    for rule in (ECQS, SCALES):
        tables = mapping_of(rule, DAY).pack.tables.values()
        assert not [table.name for table in tables if table.is_verified]
        assert all(table.source for table in tables)


def test_an_offices_own_edition_goes_before_the_shipped_one(folder: Path) -> None:
    text = (SHIPPED / "exchange-ecqs-2026.toml").read_text("utf-8")
    own(folder, text.replace('heading = "证书编号"', 'heading = "检定证书号"').replace("2026 假定", "省版 1"))
    mapping = mapping_of(ECQS, DAY)
    assert mapping.name == "exchange/ecqs 省版 1"
    assert "检定证书号" in [column.heading for column in mapping.columns(Content.RESULTS)]


def test_an_edition_that_is_not_in_force_yet_changes_nothing(folder: Path) -> None:
    text = (SHIPPED / "exchange-ecqs-2026.toml").read_text("utf-8")
    own(folder, text.replace("in_force_from = 2026-01-01", "in_force_from = 2027-01-01"))
    assert mapping_of(ECQS, DAY).pack.in_force_from == date(2026, 1, 1)
    assert mapping_of(ECQS, date(2027, 1, 1)).pack.in_force_from == date(2027, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "rule = ",
        "rule = 'exchange/ecqs'",
        "tables = 3\nrule='exchange/ecqs'\nedition='x'\ntitle='x'\nin_force_from=2026-01-01",
        "a = " + "[" * 5000,
        "# " + "x" * (300 * 1024),
    ],
    ids=["torn", "nothing in it", "no table", "deep", "too long"],
)
def test_a_file_that_cannot_be_used_is_named(folder: Path, text: str) -> None:
    own(folder, text, "省版.toml")
    with pytest.raises(RuleBroken, match=r"省版\.toml") as refusal:
        mapping_of(ECQS, DAY)
    assert refusal.value.code == "mapping_unreadable"


def test_an_edition_that_lacks_a_table_or_names_two_columns_alike_is_refused(folder: Path) -> None:
    text = (SHIPPED / "exchange-ecqs-2026.toml").read_text("utf-8")
    own(folder, text.replace("[tables.words]", "[tables.others]"))
    with pytest.raises(RuleBroken, match="words"):
        mapping_of(ECQS, DAY)
    own(folder, text.replace('heading = "器具名称"', 'heading = "出厂编号"'))
    with pytest.raises(RuleBroken, match="two columns"):
        mapping_of(ECQS, DAY)
