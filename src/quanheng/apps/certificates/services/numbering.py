"""Numbers and codes of certificates."""

from __future__ import annotations

import secrets

from django.db.models import F

from quanheng.apps.certificates.models import CertificateSeries

SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another when it is read aloud
PUBLIC_CODE_LENGTH = 12  # 59 bits, asked for together with the number


def next_number(institute_id: int, year: int) -> str:
    """Take the institute's next certificate number of the year; two at once wait for one another."""
    return next_numbers(institute_id, year, 1)[0]


def next_numbers(institute_id: int, year: int, count: int) -> list[str]:
    """Take so many numbers that follow one another."""
    series, _ = CertificateSeries.objects.get_or_create(institute_id=institute_id, year=year)
    CertificateSeries.objects.filter(pk=series.pk).update(last=F("last") + count)
    last = CertificateSeries.objects.values_list("last", flat=True).get(pk=series.pk)
    return [f"JD{institute_id:04d}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]


def new_public_code() -> str:
    """Return a code that nobody guesses."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(PUBLIC_CODE_LENGTH))
