"""Where a seal sits is offered by the kind of the instrument."""

from __future__ import annotations

from datetime import date

import pytest

from quanheng.packs.shipped import shipped
from quanheng.regulation.seal_positions import positions_of

TABLE = shipped().in_force("seal-positions", date(2026, 11, 30)).table("positions")
ROWS = TABLE.values["rows"]


@pytest.mark.parametrize(
    ("category", "positions"),
    [
        ("scale", ("scale_case", "adjuster", "other")),
        ("fuel_dispenser", ("flow_adjuster", "encoder", "mainboard", "other")),
        ("medical", ("housing", "adjuster", "other")),
        ("unheard-of", ("other",)),
        ("", ("other",)),
    ],
)
def test_a_kind_has_its_own_positions_and_another_place_always_fits(
    category: str, positions: tuple[str, ...]
) -> None:
    assert positions_of(ROWS, category) == positions


def test_an_item_of_its_own_goes_before_its_category() -> None:
    rows = [{"category": "scale", "positions": ["scale_case"]}, {"item": "belt", "positions": ["encoder"]}]

    assert positions_of(rows, "scale", "belt") == ("encoder", "other")
    assert positions_of(rows, "scale", "platform") == ("scale_case", "other")


def test_no_row_is_passed_off_as_certain() -> None:
    assert not TABLE.is_verified
