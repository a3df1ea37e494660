"""Numbers and codes of certificates."""

from __future__ import annotations

import secrets

from quanheng.apps.certificates.models import CertificateSeries

SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another when it is read aloud
PUBLIC_CODE_LENGTH = 12  # 59 bits, asked for together with the number


class Numbers:
    """The numbers of an institute's year, locked until the end of the transaction: none is left out.

    numbers = Numbers(institute_id, 2026)
    numbers.next()      # the same one until it is taken
    numbers.take()
    numbers.save()
    """

    def __init__(self, institute_id: int, year: int) -> None:
        CertificateSeries.objects.get_or_create(institute_id=institute_id, year=year)
        rows = CertificateSeries.objects.select_for_update()
        self._series = rows.get(institute_id=institute_id, year=year)

    def next(self) -> str:
        """Return the number that is next."""
        series = self._series
        return f"JD{series.institute_id:04d}-{series.year}-{series.last + 1:06d}"

    def take(self) -> None:
        """The next number is given out."""
        self._series.last += 1

    def save(self) -> None:
        """Write how far the series has got."""
        self._series.save(update_fields=["last"])


def next_number(institute_id: int, year: int) -> str:
    """Take the institute's next certificate number of the year; two at once wait for one another."""
    numbers = Numbers(institute_id, year)
    number = numbers.next()
    numbers.take()
    numbers.save()
    return number


def new_public_code() -> str:
    """Return a code that nobody guesses."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(PUBLIC_CODE_LENGTH))
