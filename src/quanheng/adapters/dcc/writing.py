"""`CalibrationCertificate` → XML: the same certificate is always the same bytes.

Element order follows the schema of DCC 3.3. An expanded uncertainty is written as `si:expandedUnc`, which
D-SI 2.1 and 2.2 both know; a standard one as `si:standardMU` (D-SI 2.2, hence DCC 3.3).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from quanheng.adapters.dcc.documents import DCC, ROOT, SI
from quanheng.adapters.dcc.writing_parts import (
    add,
    add_contact,
    add_equipment,
    add_identifications,
    add_item,
    add_method,
    add_person,
    add_quantities,
    add_statements,
    add_texts,
    typed,
)
from quanheng.metrology.calibration_certificate.certificate import (
    CalibrationCertificate,
    Core,
    InfluenceCondition,
    MeasurementResult,
    Result,
)
from quanheng.metrology.calibration_certificate.checking import check

XSI = "http://www.w3.org/2001/XMLSchema-instance"


def write(certificate: CalibrationCertificate) -> bytes:
    """Return the certificate as UTF-8 XML, indented by two.

    Raises:
        CaseFault: the certificate must not be issued as it is (see `checking`).
    """
    return to_bytes(to_element(certificate))


def to_bytes(root: Any) -> bytes:
    """Return a document with its XML declaration and a line end."""
    body = bytes(etree.tostring(root, encoding="utf-8"))
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def to_element(certificate: CalibrationCertificate) -> Any:
    """Return the certificate as an element, to be signed.

    Raises:
        CaseFault: as `write`.
    """
    check(certificate)
    root = etree.Element(ROOT, nsmap={"dcc": DCC, "si": SI, "xsi": XSI})
    version = certificate.schema_version
    root.set(f"{{{XSI}}}schemaLocation", f"{DCC} {DCC}/v{version}/dcc.xsd")
    root.set("schemaVersion", version)
    _administrative(add(root, "dcc:administrativeData"), certificate)
    results = add(root, "dcc:measurementResults")
    for measurement in certificate.measurements:
        _measurement(add(results, "dcc:measurementResult"), measurement)
    etree.indent(root)
    return root


def _administrative(parent: Any, certificate: CalibrationCertificate) -> None:
    software = add(parent, "dcc:dccSoftware")
    for program in certificate.software:
        element = add(software, "dcc:software")
        add_texts(element, "dcc:name", program.name)
        add(element, "dcc:release", program.release)
    _core(add(parent, "dcc:coreData"), certificate.core)
    items = add(parent, "dcc:items")
    for item in certificate.items:
        add_item(items, item)
    laboratory = add(parent, "dcc:calibrationLaboratory")
    add(laboratory, "dcc:calibrationLaboratoryCode", certificate.laboratory.code)
    add_contact(laboratory, "dcc:contact", certificate.laboratory.contact)
    persons = add(parent, "dcc:respPersons")
    for person in certificate.persons:
        add_person(persons, person)
    add_contact(parent, "dcc:customer", certificate.customer)
    add_statements(parent, "dcc:statements", "dcc:statement", certificate.statements)


def _core(parent: Any, core: Core) -> None:
    add(parent, "dcc:countryCodeISO3166_1", core.country_code)
    for language in core.languages:
        add(parent, "dcc:usedLangCodeISO639_1", language)
    for language in core.mandatory_languages:
        add(parent, "dcc:mandatoryLangCodeISO639_1", language)
    add(parent, "dcc:uniqueIdentifier", core.unique_identifier)
    add_identifications(parent, core.identifications)
    add(parent, "dcc:receiptDate", core.receipt_date)
    add(parent, "dcc:beginPerformanceDate", core.begin_performance_date)
    add(parent, "dcc:endPerformanceDate", core.end_performance_date)
    add(parent, "dcc:performanceLocation", core.performance_location)
    add(parent, "dcc:issueDate", core.issue_date)


def _measurement(parent: Any, measurement: MeasurementResult) -> None:
    add_texts(parent, "dcc:name", measurement.name)
    add_texts(parent, "dcc:description", measurement.description)
    if measurement.methods:
        methods = add(parent, "dcc:usedMethods")
        for method in measurement.methods:
            add_method(methods, method)
    if measurement.equipment:
        equipment = add(parent, "dcc:measuringEquipments")
        for one in measurement.equipment:
            add_equipment(equipment, one)
    if measurement.influence_conditions:
        conditions = add(parent, "dcc:influenceConditions")
        for condition in measurement.influence_conditions:
            _condition(typed(conditions, "dcc:influenceCondition", condition.reference_type), condition)
    results = add(parent, "dcc:results")
    for result in measurement.results:
        _result(typed(results, "dcc:result", result.reference_type), result)
    add_statements(parent, "dcc:measurementMetaData", "dcc:metaData", measurement.statements)


def _condition(parent: Any, condition: InfluenceCondition) -> None:
    add_texts(parent, "dcc:name", condition.name)
    add_texts(parent, "dcc:description", condition.description)
    add(parent, "dcc:status", condition.status)
    add_quantities(add(parent, "dcc:data"), condition.data)


def _result(parent: Any, result: Result) -> None:
    add_texts(parent, "dcc:name", result.name)
    add_texts(parent, "dcc:description", result.description)
    add_quantities(add(parent, "dcc:data"), result.data)
