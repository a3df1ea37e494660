"""A verification certificate as a digital calibration certificate (PTB DCC 3.3): the same data as the PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from quanheng.adapters.dcc.writing import write
from quanheng.metrology.calibration_certificate.certificate import (
    CalibrationCertificate,
    Core,
    InfluenceCondition,
    MeasurementResult,
    Result,
)
from quanheng.metrology.calibration_certificate.parts import (
    Contact,
    Equipment,
    Identification,
    Item,
    Laboratory,
    Method,
    ResponsiblePerson,
    Software,
    Text,
    Texts,
)
from quanheng.metrology.calibration_certificate.quantities import (
    Data,
    Numbers,
    Quantity,
    QuantityList,
    Statement,
)

SCHEMA_VERSION = "3.3.0"
UNITS = {
    "g": r"\gram", "kg": r"\kilo\gram", "L": r"\litre", "kPa": r"\kilo\pascal", "%": r"\percent",
    "MPa": r"\mega\pascal", "Pa": r"\pascal", "km": r"\kilo\metre", "m": r"\metre", "s": r"\second",
}  # fmt: skip
ROLES = {"verifier": "检定员", "checker": "核验员", "approver": "批准人"}
PLACES = {"on_site": "customer", "bench": "laboratory"}


def dcc_xml(content: Mapping[str, Any], *, version: int, issued_on: date) -> bytes:
    """Return one version as DCC XML; the same version is always the same bytes.

    Raises:
        CaseFault: the content lacks what a certificate must have.
    """
    return write(certificate_of(content, version, issued_on))


def certificate_of(content: Mapping[str, Any], version: int, issued_on: date) -> CalibrationCertificate:
    """Say with the words of DCC what the content says."""
    return CalibrationCertificate(
        schema_version=SCHEMA_VERSION,
        software=(Software(_zh("权衡"), "1"),),
        core=_core(content, version, issued_on),
        items=(_item(content["instrument"]),),
        laboratory=Laboratory(
            Contact(_zh(content["institute"]["name"])), content["institute"]["authorisation"] or None
        ),
        persons=tuple(
            ResponsiblePerson(Contact(_zh(name)), ROLES[duty], is_main_signer=duty == "approver")
            for duty, name in content["people"].items()
            if name
        ),
        customer=Contact(_zh(content["applicant"]["name"])),
        measurements=(_measurement(content),),
    )


def _core(content: Mapping[str, Any], version: int, issued_on: date) -> Core:
    done = date.fromisoformat(content["verification"]["verified_on"])
    place: Any = PLACES.get(content["verification"]["place_of_work"], "other")
    return Core(
        country_code="CN", languages=("zh",), mandatory_languages=("zh",),
        unique_identifier=content["number"], begin_performance_date=done, end_performance_date=done,
        performance_location=place, issue_date=issued_on,
        identifications=(
            Identification("calibrationLaboratory", content["public_code"], _zh("查验码")),
            Identification("calibrationLaboratory", str(version), _zh("版本")),
        ),
    )  # fmt: skip


def _item(instrument: Mapping[str, str]) -> Item:
    said = {"准确度等级": "accuracy_class", "测量范围": "measuring_range", "安装位置": "place"}
    texts = [f"{word}：{instrument[key]}" for word, key in said.items() if instrument[key]]
    return Item(
        name=_zh(instrument["name"]), model=instrument["model"] or None,
        identifications=(
            Identification("manufacturer", instrument["serial_number"] or "无", _zh("出厂编号")),
        ),
        manufacturer=Contact(_zh(instrument["manufacturer"])) if instrument["manufacturer"] else None,
        description=_zh("；".join(texts)) if texts else (),
    )  # fmt: skip


def _measurement(content: Mapping[str, Any]) -> MeasurementResult:
    standard, done = content["standard"], content["verification"]
    number = Identification("calibrationLaboratory", standard["certificate_number"], _zh("计量标准证书号"))
    return MeasurementResult(
        name=_zh("检定结果"),
        results=tuple(_results(content["points"])),
        methods=(Method(_zh("检定依据"), norms=(done["regulation"],)),) if done["regulation"] else (),
        equipment=(
            Equipment(
                _zh(standard["name"]), identifications=(number,),
                description=_zh(standard["accuracy"]) if standard["accuracy"] else (),
            ),
        ),
        influence_conditions=tuple(_conditions(content["conditions"])),
        statements=(_conclusion(done),),
    )  # fmt: skip


def _conclusion(done: Mapping[str, Any]) -> Statement:
    until = done["valid_until"]
    return Statement(
        declaration=_zh("检定结论"), conformity=("pass" if done["result"] == "passed" else "fail",),
        stated_date=date.fromisoformat(until) if until else None,
    )  # fmt: skip


def _results(points: Sequence[Mapping[str, str]]) -> list[Result]:
    return [
        Result(
            _zh(" ".join(filter(None, (point["part"], point["quantity"])))),
            (QuantityList(tuple(_quantities(point))),),
        )
        for point in points
    ]  # fmt: skip


def _quantities(point: Mapping[str, str]) -> list[Quantity]:
    """What was measured, with its limits; of what was only looked at, the answer."""
    if not point["error"]:
        return [_quantity("检查结果", point["indication"], "", point["verdict"])]
    limits = [("允许误差下限", point["lower_limit"]), ("允许误差上限", point["upper_limit"])]
    return [
        _quantity("标准值", point["nominal"], point["unit"]),
        _quantity("示值", point["indication"], point["unit"]),
        _quantity("误差", point["error"], point["error_unit"], point["verdict"]),
        *(_quantity(name, limit, point["error_unit"]) for name, limit in limits if limit),
    ]


def _quantity(name: str, value: str, unit: str, verdict: str = "") -> Quantity:
    stated = (Statement(conformity=("pass" if verdict == "passed" else "fail",)),) if verdict else ()
    if unit not in UNITS:
        return Quantity(name=_zh(name), text=_zh(f"{value} {unit}"), statements=stated)
    return Quantity((Numbers((Decimal(value),), (UNITS[unit],)),), _zh(name), statements=stated)


def _conditions(conditions: Mapping[str, str | None]) -> list[InfluenceCondition]:
    kinds = {"temperature_c": ("温度", r"\degreecelsius"), "humidity_percent": ("相对湿度", r"\percent")}
    made = []
    for key, (name, unit) in kinds.items():
        if value := conditions[key]:
            data: Data = (Quantity((Numbers((Decimal(value),), (unit,)),), _zh(name)),)
            made.append(InfluenceCondition(_zh(name), data))
    return made


def _zh(words: str) -> Texts:
    return (Text(words, "zh"),)
