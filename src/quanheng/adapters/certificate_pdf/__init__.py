"""Certificates on paper: PDF pages made by typst from what was signed. Print through press.py."""

from quanheng.adapters.certificate_pdf.document import Paper, Seal, fingerprint

__all__ = ["Paper", "Seal", "fingerprint"]
