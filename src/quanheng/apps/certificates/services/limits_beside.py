"""最大允许误差 beside each point: the limits over the range of one instrument, test by test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quanheng.apps.certificates.services.completing import Laid
from quanheng.calculations.conformity_model import ScaleIn
from quanheng.metrology.conformity import scales
from quanheng.metrology.conformity.limits import Limits
from quanheng.metrology.examinations.listed import Nameplate, limits_of
from quanheng.metrology.examinations.template import LimitOf, RequiredTest
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class BandBeside:
    """Limits of error up to a reference value; of the last band there is no end.

    Args:
        lower, upper: None where that side has none.
        of_value: limits are percent of the reference value.
    """

    up_to: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    unit: str
    of_value: bool = False

    def at(self, nominal: Decimal) -> tuple[Decimal | None, Decimal | None]:
        factor = abs(nominal) / HUNDRED if self.of_value else Decimal(1)
        lower, upper = (None if limit is None else limit * factor for limit in (self.lower, self.upper))
        return lower, upper


Beside = Mapping[str, Sequence[BandBeside]]


def limits_beside(laid: Laid, day: date) -> Beside:
    """Return the bands of each test; a test whose limits the nameplate leaves open is left out."""
    if laid.template.readings == "scale":
        return _of_scale(laid, day)
    if laid.template.readings == "fuel_dispenser":
        return _of_dispenser(day)
    if laid.template.readings == "tests":
        return {test.name: bands for test in laid.template.tests if (bands := _of_test(test, laid))}
    return _of_sphygmomanometer(laid.template.readings, day)


def words_beside(bands: Sequence[BandBeside], nominal: Decimal | None) -> str:
    """Say the limits at a reference value: ±2.5 g, −30～5 %, ≤ 10 %, ≥ 89 dB; "" where it is beyond."""
    for band in bands:
        if band.up_to is None or (nominal is not None and abs(nominal) <= band.up_to):
            if band.of_value and nominal is None:
                return f"{_words(band.lower, band.upper)} %"
            return f"{_words(*band.at(nominal or Decimal(0)))} {band.unit}".strip()
    return ""


def _words(lower: Decimal | None, upper: Decimal | None) -> str:
    if lower is None or upper is None:
        return f"≥ {plain(lower)}" if lower is not None else f"≤ {plain(upper or Decimal(0))}"
    if lower == 0:
        return f"≤ {plain(upper)}"
    return f"±{plain(upper)}" if lower == -upper else f"{plain(lower)}～{plain(upper)}"


def plain(value: Decimal) -> str:
    """Write a number without an exponent and without zeros that say nothing."""
    return format(value.normalize() if value else Decimal(0), "f")


def _of_scale(laid: Laid, day: date) -> Beside:
    pack = shipped().in_force("conformity/scales", day)
    scale = ScaleIn.model_validate({"kind": "scale", "weighing": []} | laid.given).scale()
    bands = scales.limit_bands(scale, laid.given["stage"], pack)
    quarter = scale.e_g * pack.table("tests").values["zero_limit_e"]
    symmetric = [BandBeside(end, limits.lower, limits.upper, "g") for end, limits in bands]
    return {
        "zero": [BandBeside(None, -quarter, quarter, "g")],
        "weighing": symmetric,
        "eccentricity": symmetric,
        "repeatability": [BandBeside(end, Decimal(0), limits.upper, "g") for end, limits in bands],
        "discrimination": [
            *(BandBeside(part.max_g, part.e_g, None, "g") for part in scale.parts[:-1]),
            BandBeside(None, scale.parts[-1].e_g, None, "g"),
        ],
    }


def _of_dispenser(day: date) -> Beside:
    mpe = shipped().in_force("conformity/fuel-dispensers", day).table("mpe").values
    reach, least = mpe["error_percent"], mpe["minimum_error_percent"]
    return {
        "flow": [BandBeside(None, -reach, reach, "%")],
        "minimum": [BandBeside(None, -least, least, "%")],
    }


def _of_sphygmomanometer(kind: str, day: date) -> Beside:
    rule = {"sphygmomanometer": "sphygmomanometers"}.get(kind, "electronic-sphygmomanometers")
    limits = shipped().in_force(f"conformity/{rule}", day).table("limits").values
    reach = limits["error_kpa"]
    beside = {"pressure": [BandBeside(None, -reach, reach, "kPa")]}
    for test, lower, upper in (
        ("zero", limits.get("zero_from_kpa"), limits.get("zero_to_kpa")),
        ("leak", Decimal(0), limits.get("leak_kpa_per_minute")),
        ("repeat", Decimal(0), limits.get("repeatability_kpa")),
    ):
        if upper is not None:
            beside[test] = [BandBeside(None, lower, upper, "kPa")]
    return beside


def _of_test(test: RequiredTest, laid: Laid) -> list[BandBeside]:
    of_value = test.limit is not None and test.limit.of == LimitOf.REFERENCE
    nameplate = Nameplate(laid.given["span"], laid.given["accuracy_class"])
    try:
        limits = limits_of(test, HUNDRED, nameplate)
    except CaseFault:
        return []
    return [BandBeside(None, *_sides(limits), test.unit, of_value)]


def _sides(limits: Limits) -> tuple[Decimal | None, Decimal | None]:
    lower, upper = (side if side.is_finite() else None for side in (limits.lower, limits.upper))
    return lower, upper


def as_data(beside: Beside) -> dict[str, list[dict[str, Any]]]:
    """Write the bands for the page, which looks up the limit while somebody types."""

    def number(value: Decimal | None) -> str | None:
        return None if value is None else plain(value)

    return {
        test: [
            {"up_to": number(band.up_to), "lower": number(band.lower), "upper": number(band.upper),
             "unit": band.unit, "of_value": band.of_value}
            for band in bands
        ]
        for test, bands in beside.items()
    }  # fmt: skip
