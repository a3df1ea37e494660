"""From the content of a version to PDF: one template, one compiler that is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst

from quanheng.apps.instruments.labels.qr import qr_code, svg

TEMPLATE: Final = Path(__file__).parent / "certificate.typ"
FONTS: Final = pylopdf_fonts_zh_cn.sans_path().parent
QR_MM: Final = 30.0


@dataclass(frozen=True, slots=True)
class Seal:
    """A signature as the paper shows it.

    Args:
        fingerprint: of the signature value, grouped for reading aloud.
    """

    algorithm: str
    key_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a certificate, with what stands around its content.

    Args:
        content: what was signed (`apps.certificates.content.Content`).
        digest: SHA-256 of the content, in hexadecimal.
        stamp: a word over a version that is not in force, such as ``"已注销"``; else empty.
        address: of the public verification page, as the QR code holds it.
        words: Chinese words for the values of choices (kind of verification, result, position of a seal).
        issued_at: the moment of the version; the PDF carries it, so that it is the same bytes every time.
        is_demo: of a demonstration: every page says so.
    """

    content: Mapping[str, Any]
    version: int
    digest: str
    stamp: str
    reason: str
    address: str
    seals: Sequence[Seal]
    words: Mapping[str, str]
    issued_at: datetime
    is_demo: bool = False

    def to_json(self) -> str:
        """Return what the template reads."""
        parts: dict[str, list[Any]] = {}
        for point in self.content["points"]:
            parts.setdefault(point["part"], []).append(point)
        return json.dumps({
            "c": self.content, "version": self.version, "digest": self.digest, "stamp": self.stamp,
            "reason": self.reason, "address": self.address, "seals": [asdict(seal) for seal in self.seals],
            "words": dict(self.words), "parts": [[part, rows] for part, rows in parts.items()],
            "is_demo": self.is_demo,
            "day": self.issued_at.strftime("%Y-%m-%d"), "qr": svg(qr_code(self.address, QR_MM)).decode(),
        })  # fmt: skip


def fingerprint(value: bytes) -> str:
    """Write the beginning of a hash in groups of four, as people compare it."""
    text = value.hex().upper()[:32]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True)


def compiled(paper_json: str, moment: int) -> bytes:
    """Return the PDF of one paper.

    Args:
        paper_json: as `Paper.to_json` writes it.
        moment: seconds since 1970, written into the PDF.
    """
    data = _compiler().compile(
        format="pdf", sys_inputs={"paper": paper_json}, timestamp=moment, pdf_tags=False
    )
    if not isinstance(data, bytes):
        raise TypeError("typst returned no single document")
    return data
