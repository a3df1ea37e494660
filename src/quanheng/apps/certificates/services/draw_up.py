"""What a new certificate says: one document from the record, the ledger and the institute's papers."""

from __future__ import annotations

import secrets
from datetime import date

from quanheng.apps.certificates.content import SCHEMA, Content, text
from quanheng.apps.certificates.enums import PlaceOfWork
from quanheng.apps.certificates.models import Authorisation, Certificate, Examination


def draw_up(
    certificate: Certificate, examination: Examination, *, authority: Authorisation,
    valid_until: date | None, approver: str,
) -> Content:  # fmt: skip
    """Write down everything that the certificate says."""
    it, standard = examination.instrument, examination.standard
    application = examination.line.application
    return Content(
        schema=SCHEMA, kind=certificate.kind, number=certificate.number, public_code=certificate.public_code,
        institute={
            "name": examination.institute.name, "authorisation": authority.certificate_number,
            "address": examination.institute.address, "telephone": examination.institute.telephone,
        },
        applicant={"name": application.entity.name},
        instrument={
            "name": it.name, "model": it.model, "serial_number": it.serial_number,
            "manufacturer": it.manufacturer, "accuracy_class": it.accuracy_class,
            "measuring_range": it.measuring_range, "place": it.place,
            "max_capacity_g": text(it.max_capacity_g) or "", "e_g": text(it.e_g) or "",
        },
        verification={
            "kind": examination.kind, "regulation": examination.regulation, "result": examination.result,
            "verified_on": text(examination.verified_on), "valid_until": text(valid_until),
            "place_of_work": application.place_of_work, "place": _place_of(examination),
            "record": str(examination.pk),
        } | _examined_less(examination),
        conditions={
            "temperature_c": text(examination.temperature_c),
            "humidity_percent": text(examination.humidity_percent),
        },
        standard={
            "name": standard.name, "certificate_number": standard.certificate_number,
            "accuracy": standard.accuracy, "valid_to": text(standard.valid_to),
        },
        points=examination.points, packs=examination.packs, seals=examination.seals,
        people={
            "verifier": examination.verifier.name,
            "checker": examination.checker.name if examination.checker else "",
            "approver": approver,
        },
        people_salt=secrets.token_hex(16),
    )  # fmt: skip


def _place_of(examination: Examination) -> str:
    """Where it was verified: where the instrument is used (whoever applied for it), or in the institute."""
    institute, it = examination.institute, examination.instrument
    if examination.line.application.place_of_work == PlaceOfWork.ON_SITE:
        return " ".join(filter(None, (it.entity.address or it.entity.name, it.place)))
    return institute.address or institute.name


def _examined_less(examination: Examination) -> dict[str, str | None]:
    """The clause by which less was examined, and why; whoever reads the certificate must know."""
    clause = examination.allowance
    if not clause:
        return {}
    return {"allowance": clause["title"], "allowance_reason": examination.remarks}
