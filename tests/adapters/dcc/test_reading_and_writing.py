"""A certificate comes back from its XML as it went in; what is hostile is refused by its name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from quanheng.adapters.dcc import documents
from quanheng.adapters.dcc.case import case_of, read_case, schema_text
from quanheng.adapters.dcc.documents import NAMESPACES, canonical
from quanheng.adapters.dcc.reading import read
from quanheng.adapters.dcc.showing import lines
from quanheng.adapters.dcc.writing import write
from quanheng.metrology.calibration_certificate.certificate import Result
from quanheng.packs.case_fault import CaseFault
from tests.adapters.dcc.certificates import CERTIFICATE, RESULTS
from tests.fuzz import fuzzed

XML = write(CERTIFICATE)
FUZZED = fuzzed()


ODD = st.binary(max_size=12) | st.sampled_from([b"<", b"</", b'"', b"&a;", b"<!--", b"1e999", b"<si:real/>"])


def refused(data: bytes) -> CaseFault:
    with pytest.raises(CaseFault) as fault:
        read(data)
    return fault.value


def test_everything_in_a_certificate_comes_back_from_its_xml() -> None:
    reading = read(XML)
    assert reading.certificate == CERTIFICATE
    assert reading.left_out == ()
    assert write(reading.certificate) == XML


def test_decimals_keep_the_digits_that_were_written() -> None:
    assert b"<si:valueXMLList>1.0000 2.0000</si:valueXMLList>" in XML


@settings(max_examples=100, deadline=None)
@given(RESULTS)
def test_any_results_come_back(results: tuple[Result, ...]) -> None:
    measurement = replace(CERTIFICATE.measurements[0], results=results)
    certificate = replace(CERTIFICATE, measurements=(measurement,))
    assert read(write(certificate)).certificate == certificate
    assert read_case(json.dumps(case_of(certificate)).encode()) == certificate


def test_the_case_is_the_certificate_and_its_schema_is_committed() -> None:
    assert read_case(json.dumps(case_of(CERTIFICATE)).encode()) == CERTIFICATE
    assert Path("docs/reference/schemas/dcc.case.schema.json").read_text("utf-8") == schema_text()


def test_an_independent_library_finds_the_same_values() -> None:
    """lxml's own XPath is the oracle of paths: identifier, numbers and units where the schema puts them."""
    root = etree.fromstring(XML)
    found = root.xpath("string(//dcc:coreData/dcc:uniqueIdentifier)", namespaces=NAMESPACES)
    assert found == CERTIFICATE.core.unique_identifier
    assert root.xpath("count(//si:hybrid/si:real)", namespaces=NAMESPACES) == 2
    units = root.xpath("//si:hybrid/si:real/si:unit/text()", namespaces=NAMESPACES)
    assert units == [r"\kilo\gram", r"\gram"]


def test_what_the_model_has_no_place_for_is_named() -> None:
    more = XML.replace(b"<dcc:data>", b"<dcc:data><dcc:formula><dcc:latex>x</dcc:latex></dcc:formula>", 1)
    assert any("formula" in path for path in read(more).left_out)


def test_a_comment_does_not_split_a_number() -> None:
    split = XML.replace(b"<si:value>1500</si:value>", b"<si:value>15<!-- 9 -->00</si:value>")
    assert split != XML
    assert read(split).certificate == CERTIFICATE


def test_older_and_newer_spellings_of_an_uncertainty_mean_the_same() -> None:
    newer = (
        XML.replace(b"<si:expandedUnc>", b"<si:measurementUncertaintyUnivariate><si:expandedMU>")
        .replace(b"</si:expandedUnc>", b"</si:expandedMU></si:measurementUncertaintyUnivariate>")
        .replace(b"si:uncertainty>", b"si:valueExpandedMU>")
    )
    assert newer != XML
    assert read(newer).certificate == CERTIFICATE


def test_a_coverage_interval_is_told_as_left_out() -> None:
    interval = XML.replace(
        b"<si:expandedUnc>", b"<si:measurementUncertaintyUnivariate><si:coverageIntervalMU>"
    ).replace(b"</si:expandedUnc>", b"</si:coverageIntervalMU></si:measurementUncertaintyUnivariate>")
    assert any("coverageIntervalMU" in path for path in read(interval).left_out)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(b"\xef\xbb\xbf" + XML).certificate == CERTIFICATE


DTD = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_xml"),
        (b"<a>", "not_xml"),
        (b"<a/>", "not_a_certificate"),
        (XML.replace(b"?>\n", b"?>\n" + DTD, 1), "document_type"),
        (XML.replace(b"?>\n", b"?>\n" + BOMB, 1), "document_type"),
        (b"\xff" + XML, "not_utf8"),
        (XML.replace(b'encoding="UTF-8"', b'encoding="GBK"'), "not_utf8"),
        (XML.replace(b"<dcc:items>", b"<dcc:items>" + b"<dcc:x>" * 70 + b"</dcc:x>" * 70), "too_deep"),
        (XML.replace(b"<dcc:items>", b"<dcc:items>" + b"<dcc:x/>" * 100_001), "too_many_elements"),
        (XML.replace(b'schemaVersion="3.3.0"', b'schemaVersion="2.4.0"'), "unknown_version"),
        (XML.replace(b"<si:value>1500</si:value>", b"<si:value>15OO</si:value>"), "bad_value"),
        (XML.replace(b"<si:value>1500</si:value>", b"<si:value>1 2</si:value>"), "bad_value"),
        (XML.replace(b"<si:value>1500</si:value>", b"<si:value></si:value>"), "bad_value"),
        (XML.replace(b"<si:unit>\\gram</si:unit>", b""), "element_missing"),
        (XML.replace(b"<si:uncertainty>0.0030</si:uncertainty>", b""), "element_missing"),
        (XML.replace(b">laboratory<", b">moon<"), "bad_value"),
        (XML.replace(b">2026-11-02<", b">02.11.2026<"), "bad_value"),
        (XML.replace(b">2026-11-02<", b">2026-02-30<"), "bad_value"),
        (XML.replace(b"pass fail", b"pass perhaps"), "bad_value"),
        (XML.replace(b">true<", b">yes<"), "bad_value"),
        (XML.replace(b"dcc:uniqueIdentifier", b"dcc:identifier"), "element_missing"),
        (XML.replace(b"dcc:beginPerformanceDate", b"dcc:begin"), "element_missing"),
    ],
)
def test_what_is_hostile_or_malformed_is_refused_by_its_name(data: bytes, code: str) -> None:
    assert refused(data).code == code


def test_a_file_beyond_all_measure_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST", 100)
    assert refused(XML).code == "too_large"


def test_a_list_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quanheng.adapters.dcc.elements.MOST_NUMBERS", 1)
    assert refused(XML).code == "too_many_values"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"surprise": 1}, "surprise"),
        ({"core": {}}, "core.country_code"),
        (
            {"items": [{"name": [], "identifications": [{"issuer": "moon", "value": "1"}]}]},
            "items[0].identifications[0].issuer",
        ),
    ],
)
def test_a_case_that_does_not_fit_names_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(CaseFault) as fault:
        read_case(json.dumps(case_of(CERTIFICATE) | change).encode())
    assert fault.value.field == field


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_no_case(data: bytes) -> None:
    with pytest.raises(CaseFault):
        read_case(data)


def test_a_case_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quanheng.adapters.dcc.case.LARGEST", 3)
    with pytest.raises(CaseFault, match="过大"):
        read_case(b"{   }")


def test_lines_for_a_person_name_units_uncertainties_and_what_was_left_out() -> None:
    hostile = XML.replace("某公司".encode(), "某\x1b[31m公司".encode().replace(b"\x1b", b"&#x9B;"))
    told = "\n".join(lines(read(hostile), is_signed=False))
    for words in (
        "JD-2026-0001",
        "20.10 °C, U = 0.0030 (k = 2, p = 0.95)",
        "kg",
        "u = 0.0015 0.0016",
        "conformity pass, fail",
    ):
        assert words in told
    assert "\x9b" not in told


def test_canonical_bytes_do_not_depend_on_comments() -> None:
    root = etree.fromstring(XML)
    root.insert(0, etree.Comment("x"))
    assert canonical(root) == canonical(etree.fromstring(XML))


@FUZZED
@given(st.integers(0, len(XML)), st.integers(0, 40), ODD)
def test_no_change_of_the_bytes_brings_the_reader_down(start: int, cut: int, put: bytes) -> None:
    try:
        reading = read(XML[:start] + put + XML[start + cut :])
        write(reading.certificate)
    except CaseFault as fault:
        assert fault.message  # noqa: PT017


@FUZZED
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_bring_the_reader_down(data: bytes) -> None:
    with pytest.raises(CaseFault):
        read(data)
