"""Pictures as phones send them."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def jpeg(colour: str = "red", **saved: Any) -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, **{"format": "JPEG"} | saved)
    return out.getvalue()


def jpeg_with_position() -> bytes:
    """Return one whose EXIF says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Secretphone"
    exif.get_ifd(0x8825)[2] = (30.0, 40.0, 12.0)
    return jpeg(exif=exif)


def sent(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """Return it as a form sends it."""
    return SimpleUploadedFile(name, data)
