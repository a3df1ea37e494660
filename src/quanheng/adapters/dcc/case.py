"""The JSON case of `quanheng dcc make` and the JSON of `show`: the model itself, field by field."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from quanheng.metrology.calibration_certificate.certificate import CalibrationCertificate
from quanheng.packs.case_fault import CaseFault

LARGEST = 16 * 1024 * 1024  # bytes
_ADAPTER = TypeAdapter(CalibrationCertificate)


def read_case(data: bytes) -> CalibrationCertificate:
    """Read a case; decimals keep the digits they were written with.

    Raises:
        CaseFault: the first thing that does not fit, with its field.
    """
    if len(data) > LARGEST:
        raise CaseFault("", "too_large", "案例文件过大。")
    try:
        return _ADAPTER.validate_python(_strict_json(data), strict=False)
    except ValidationError as faults:
        first = faults.errors(include_url=False)[0]
        raise CaseFault(_field(first["loc"]), str(first["type"]), str(first["msg"])) from None
    except (ValueError, RecursionError):
        raise CaseFault("", "not_json", "案例不是 UTF-8 编码的 JSON。") from None


def case_of(certificate: CalibrationCertificate) -> dict[str, Any]:
    """Return a certificate as a case; decimals as text, empty fields left out."""
    found: dict[str, Any] = _ADAPTER.dump_python(certificate, mode="json", exclude_defaults=True)
    return found


def schema_text() -> str:
    """Return the JSON Schema of a case, as committed under docs/reference/schemas/."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _ADAPTER.json_schema()
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _strict_json(data: bytes) -> Any:
    """A number becomes a text, so that 0.10 stays 0.10 and never becomes a binary fraction."""
    return json.loads(data.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)


def _field(places: tuple[int | str, ...]) -> str:
    kinds = {"Quantity", "QuantityList"}  # which kind of a union was tried is no part of the path
    path = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in places if one not in kinds)
    return path.lstrip(".")
