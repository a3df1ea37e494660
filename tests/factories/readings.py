"""What a verifier brings from the bench: complete by the regulation of the day, with nothing wrong in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

LOADS = ("100", "2500", "7500", "10000", "15000")  # Min, 500 e, half of Max, 2000 e, Max of 15 kg, e = 5 g
CORNERS = ("左前", "右前", "左后", "右后")


def scale_readings(*, indication: str = "2500", **changed: Any) -> dict[str, Any]:
    """Return a whole examination of a scale of Max 15 kg, e = 5 g.

    Args:
        indication: what it shows under 2,500 g.
        changed: parts of the readings to put in the place of those that are right.
    """
    said = {"2500": indication}
    return {
        "kind": "scale",
        "zero": {"load_g": "0", "indication_g": "0"},
        "weighing": [{"load_g": load, "indication_g": said.get(load, load)} for load in LOADS],
        "eccentricity": [{"load_g": "5000", "indication_g": "5000", "position": place} for place in CORNERS],
        "repeatability": [{"load_g": "7500", "indication_g": "7500"}] * 3,
        "discrimination": [
            {"load_g": "7500", "added_g": "7", "indication_g": "7500", "changed_g": "7505"}
        ],
        "checks": {"appearance": True},
    } | changed  # fmt: skip


def dispenser_readings(measured: dict[str, str], **changed: Any) -> dict[str, Any]:
    """Return a whole examination of a dispenser; `measured` is litres in the measure, by nozzle."""

    def runs(litres: str) -> list[dict[str, str]]:
        return [{"indicated_l": "20.00", "measured_l": litres}] * 3

    points = [
        {"nozzle": nozzle, "flow": flow, "runs": runs(litres)}
        for nozzle, litres in measured.items()
        for flow in ("大流量", "小流量")
    ]
    return {
        "kind": "fuel_dispenser", "fuels": dict.fromkeys(measured, "petrol"), "points": points,
        "checks": {"appearance": True, "self_lock": True},
    } | changed  # fmt: skip


def scale_rows(indication: str = "2500", leave_out: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the same examination of a scale as the columns of the page's table."""
    rows = [
        ("zero", "0", "0", "", "", ""),
        *(("weighing", load, indication if load == "2500" else load, "", "", "") for load in LOADS),
        *(("eccentricity", "5000", "5000", "", "", place) for place in CORNERS),
        *[("repeatability", "7500", "7500", "", "", "")] * 3,
        ("discrimination", "7500", "7500", "7", "7505", ""),
    ]
    kept = [row for row in rows if row[0] not in set(leave_out)]
    names = ("test", "load_g", "indication_g", "added_g", "changed_g", "position")
    return {name: list(column) for name, column in zip(names, zip(*kept, strict=True), strict=True)}
