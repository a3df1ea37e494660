"""What a certificate of a two-nozzle dispenser says, without a database."""

from __future__ import annotations

from typing import Any


def certificate_content(**facts: Any) -> dict[str, Any]:
    """Return the content of a certificate; `result` is put where it belongs, other facts on top."""
    points = [
        {
            "part": nozzle, "quantity": "示值误差", "unit": "L", "nominal": "20.01", "indication": "20.00",
            "error": "0.05", "error_unit": "%", "lower_limit": "-0.30", "upper_limit": "0.30",
            "verdict": "passed",
        }
        for nozzle in ("1", "2")
    ]  # fmt: skip
    content: dict[str, Any] = {
        "schema": "quanheng/certificate/1", "kind": "certificate", "number": "JD0007-2026-000012",
        "public_code": "ABCDEFGHJKMN", "institute": {"name": "锦江区计量检定所", "authorisation": "授权7"},
        "applicant": {"name": "锦江加油站"},
        "instrument": {
            "name": "燃油加油机", "model": "DJY-2", "serial_number": "SN-77", "manufacturer": "油机厂",
            "accuracy_class": "0.3", "measuring_range": "(5～60) L/min", "place": "1 号机",
            "max_capacity_g": "", "e_g": "",
        },
        "verification": {
            "kind": "subsequent", "regulation": "JJG 443-2023", "result": facts.pop("result", "passed"),
            "verified_on": "2026-11-23", "valid_until": "2027-05-22", "place_of_work": "on_site",
        },
        "conditions": {"temperature_c": "21.5", "humidity_percent": "55"},
        "standard": {
            "name": "标准金属量器", "certificate_number": "社公 12", "accuracy": "U=0.025 %, k=2",
            "valid_to": None,
        },
        "points": points, "packs": [], "seals": [{"number": "川A0001", "position": "metering"}],
        "people": {"verifier": "张一", "checker": "李二", "approver": "王三"},
    }  # fmt: skip
    return content | facts
