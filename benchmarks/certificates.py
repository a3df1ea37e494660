"""Certificates: issued in a batch with the PDF deferred, signed twice, printed. One core.

Asked for: 500 issued a second; a PDF within 10 ms.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import common

MEASURES = ("src/quanheng/apps/certificates",)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
LINES = max(20, int(1_000 * SCALE))
SINGLY = 50
PAPERS = max(50, int(400 * SCALE))


def issue(folder: Path) -> dict[str, float]:
    """Issue one by one and in a batch, and sign; return how many a second."""
    from quanheng.adapters.signer.documents import DocumentSigner
    from quanheng.apps.certificates.services.check_examination import check_examination
    from quanheng.apps.certificates.services.issue_certificate import issue_certificate
    from quanheng.apps.certificates.services.issue_certificates import issue_certificates
    from quanheng.apps.certificates.services.record_examination import Findings, record_examination
    from quanheng.apps.certificates.services.sign_versions import sign_versions
    from quanheng.apps.instruments.enums import VerificationKind
    from quanheng.kit.scope import acting_in
    from tests.factories import make_area, make_entity, make_instrument
    from tests.factories.ledger import NOW
    from tests.factories.verification import make_bench, make_line

    area = make_area("锦江区")
    bench = make_bench(area)
    stall = make_entity("三号摊", kind="stall", area=area)
    readings = {"kind": "scale", "weighing": [{"load_g": "2500", "indication_g": "2500"}]}
    findings = Findings(NOW.date(), VerificationKind.SUBSEQUENT, bench.standard.pk, readings)
    lines = []
    for _ in range(LINES + SINGLY):
        scale = make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5)
        line = make_line(scale, bench.institute).pk
        with acting_in(bench.verifier.scope):
            record_examination(line_id=line, findings=findings, by=bench.verifier, at=NOW)
            check_examination(line_id=line, by=bench.checker, at=NOW)
        lines.append(line)
    singly = []
    for line in lines[LINES:]:
        started = time.perf_counter()
        with acting_in(bench.approver.scope):
            issue_certificate(line_id=line, by=bench.approver, at=NOW)
        singly.append(time.perf_counter() - started)
    started = time.perf_counter()
    with acting_in(bench.approver.scope):
        issued = issue_certificates(line_ids=lines[:LINES], by=bench.approver, at=NOW)
    issuing = time.perf_counter() - started
    if len(issued.certificates) != LINES:
        raise RuntimeError(f"{len(issued.refused)} of {LINES} were refused")
    signer, signed, started = DocumentSigner(folder), 0, time.perf_counter()
    while some := sign_versions(signer.sign, at=NOW):
        signed += some
    signing = time.perf_counter() - started
    return {
        "issued_per_second": round(LINES / issuing),
        "ratio_to_one_by_one": round(common.median(singly_ms(singly)) / (issuing * 1000 / LINES), 1),
        "signed_per_second": round(signed / signing),
    }


def singly_ms(seconds: list[float]) -> list[float]:
    """Return milliseconds, without the first one, which imports what a running platform has imported."""
    return [1000 * value for value in seconds[1:]]


def print_papers() -> list[float]:
    """Print different certificates through the press, one after the other; return milliseconds."""
    from quanheng.adapters.certificate_pdf import Paper, Seal
    from quanheng.adapters.certificate_pdf.press import Press
    from tests.factories.certificate_content import certificate_content

    seals = [Seal(name, "00aa11bb22cc33dd", "9F86 D081 884C 7D65") for name in ("SM2", "Ed25519")]
    first = Paper(
        certificate_content(), 1, "0" * 64, "", "", "", seals, {"passed": "合格"}, datetime.now(UTC)
    )
    press, taken = Press(), []
    for number in range(PAPERS + 1):
        content = certificate_content(number=f"JD0007-2026-{number:06d}")
        content["instrument"] |= {"serial_number": f"S{number:08d}"}
        address = f"https://check.example.cn/c/ABCDEFGHJKMN/{content['number']}"
        started = time.perf_counter()
        press.pdf(replace(first, content=content, address=address))
        taken.append((time.perf_counter() - started) * 1000)
    press.close()
    return taken[1:]  # the first one starts the child


def main() -> None:
    with common.platform(), TemporaryDirectory() as folder:
        figures = issue(Path(folder))
        taken = sorted(print_papers())
    common.report(
        "certificates", certificates=LINES, reach_issued_per_second=500, **figures, papers=PAPERS,
        reach_pdf_ms=10, pdf_ms=common.median(taken), pdf_p99_ms=round(taken[int(0.99 * len(taken))], 2),
    )  # fmt: skip


if __name__ == "__main__":
    main()
