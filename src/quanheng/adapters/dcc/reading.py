"""XML → `CalibrationCertificate`. What the model has no place for is named, never dropped in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from quanheng.adapters.dcc.documents import parse, without_comments
from quanheng.adapters.dcc.elements import Element, Seen
from quanheng.adapters.dcc.reading_data import read_data, read_statements
from quanheng.adapters.dcc.reading_parts import (
    read_contact,
    read_equipment,
    read_identifications,
    read_item,
    read_method,
    read_person,
    read_texts,
    reference_type,
)
from quanheng.metrology.calibration_certificate.certificate import (
    CalibrationCertificate,
    Core,
    InfluenceCondition,
    MeasurementResult,
    Place,
    Result,
)
from quanheng.metrology.calibration_certificate.checking import VERSION
from quanheng.metrology.calibration_certificate.parts import Laboratory, Software
from quanheng.packs.case_fault import CaseFault

NOT_CONTENT = {"Signature"}  # verified elsewhere


@dataclass(frozen=True, slots=True)
class Reading:
    """A certificate and the paths of what the model has no place for, such as a formula or a file."""

    certificate: CalibrationCertificate
    left_out: tuple[str, ...]


def read(data: bytes) -> Reading:
    """Read a certificate as it stands, whoever wrote it. For the signed one see `signatures.verify`.

    Raises:
        CaseFault: the file is refused (see `documents.parse`), its version is not 3.0 to 3.4, or an element
            is missing or malformed; the field is the path of the element.
    """
    return read_element(parse(data))


def read_element(root: Any) -> Reading:
    """Read a parsed certificate.

    Raises:
        CaseFault: as `read`.
    """
    plain = without_comments(root)
    seen = Seen(plain)
    certificate = _certificate(Element(plain, seen))
    left_out = (path for path in seen.left_out() if path.partition(" ")[0] not in NOT_CONTENT)
    return Reading(certificate, tuple(left_out))


def _certificate(root: Element) -> CalibrationCertificate:
    version = root.attribute("schemaVersion") or ""
    if not VERSION.fullmatch(version):
        raise CaseFault("schemaVersion", "unknown_version", f"DCC 版本“{version[:40]}”不在 3.0 至 3.4 之间。")
    administrative = root.one("dcc:administrativeData")
    laboratory = administrative.one("dcc:calibrationLaboratory")
    statements = administrative.maybe("dcc:statements")
    return CalibrationCertificate(
        schema_version=version,
        software=tuple(
            Software(read_texts(one, "dcc:name"), one.string("dcc:release"))
            for one in administrative.one("dcc:dccSoftware").each("dcc:software")
        ),
        core=_core(administrative.one("dcc:coreData")),
        items=tuple(read_item(one) for one in administrative.one("dcc:items").each("dcc:item")),
        laboratory=Laboratory(
            read_contact(laboratory.one("dcc:contact")),
            laboratory.maybe_string("dcc:calibrationLaboratoryCode"),
        ),
        persons=tuple(
            read_person(one) for one in administrative.one("dcc:respPersons").each("dcc:respPerson")
        ),
        customer=read_contact(administrative.one("dcc:customer")),
        measurements=tuple(
            _measurement(one) for one in root.one("dcc:measurementResults").each("dcc:measurementResult")
        ),
        statements=read_statements(statements, "dcc:statement"),
    )


def _core(core: Element) -> Core:
    begin, end = core.date("dcc:beginPerformanceDate"), core.date("dcc:endPerformanceDate")
    if begin is None or end is None:
        raise CaseFault(core.path, "element_missing", "缺少校准的开始日期或结束日期。")
    return Core(
        country_code=core.string("dcc:countryCodeISO3166_1"),
        languages=core.strings("dcc:usedLangCodeISO639_1"),
        mandatory_languages=core.strings("dcc:mandatoryLangCodeISO639_1"),
        unique_identifier=core.string("dcc:uniqueIdentifier"),
        begin_performance_date=begin,
        end_performance_date=end,
        performance_location=cast(Place, core.one("dcc:performanceLocation").one_of(get_args(Place))),
        identifications=read_identifications(core),
        receipt_date=core.date("dcc:receiptDate"),
        issue_date=core.date("dcc:issueDate"),
    )


def _measurement(one: Element) -> MeasurementResult:
    methods, equipment = one.maybe("dcc:usedMethods"), one.maybe("dcc:measuringEquipments")
    conditions = one.maybe("dcc:influenceConditions")
    return MeasurementResult(
        name=read_texts(one, "dcc:name"),
        description=read_texts(one, "dcc:description"),
        methods=tuple(read_method(method) for method in methods.each("dcc:usedMethod")) if methods else (),
        equipment=tuple(read_equipment(used) for used in equipment.each("dcc:measuringEquipment"))
        if equipment
        else (),
        influence_conditions=tuple(_condition(found) for found in conditions.each("dcc:influenceCondition"))
        if conditions
        else (),
        results=tuple(_result(result) for result in one.one("dcc:results").each("dcc:result")),
        statements=read_statements(one.maybe("dcc:measurementMetaData"), "dcc:metaData"),
    )


Status = Literal["beforeAdjustment", "afterAdjustment", "beforeRepair", "afterRepair"]


def _condition(one: Element) -> InfluenceCondition:
    status = one.maybe("dcc:status")
    return InfluenceCondition(
        name=read_texts(one, "dcc:name"),
        reference_type=reference_type(one),
        description=read_texts(one, "dcc:description"),
        status=cast(Status, status.one_of(get_args(Status))) if status else None,
        data=read_data(one.maybe("dcc:data")),
    )


def _result(one: Element) -> Result:
    return Result(
        name=read_texts(one, "dcc:name"),
        reference_type=reference_type(one),
        description=read_texts(one, "dcc:description"),
        data=read_data(one.maybe("dcc:data")),
    )
