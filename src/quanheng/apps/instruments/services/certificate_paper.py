"""What an office must know of a certificate before the ledger takes its word: number, institute, regulation.

Whoever reads a paper types a number; institute and regulation are picked. A number that stands on somebody
else's instrument is refused; on one of the same user's it is told, for one certificate may cover a whole with
its parts, or a batch of one user.
"""

from __future__ import annotations

from dataclasses import dataclass

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import institutes
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.queries.periods import regulations_of
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.certificate_numbers import normalise_certificate_number


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate as it may be recorded.

    Args:
        also_on: serial numbers of the same user's instruments that carry the number already.
    """

    number: str
    institute: str
    regulation: str
    also_on: tuple[str, ...] = ()


def check_paper(instrument: Instrument, *, number: str, institute: str, regulation: str, by: Actor) -> Paper:
    """Check what an office read from a certificate.

    Args:
        institute: the name of an institute that the platform knows.
        regulation: one that the table of periods names for the instrument's item, or ''.

    Raises:
        RuleBroken: bad_certificate_number, unknown_institute, unknown_regulation, certificate_elsewhere.
        NotYours: an institute's own staff: what they verify they record, check and approve.
    """
    if by.is_institute:
        raise refusals.INSTITUTE_PROCEDURE()
    read = _number(number)
    if not institutes().filter(name=institute.strip()).exists():
        raise refusals.UNKNOWN_INSTITUTE()
    if regulation.strip() and regulation.strip() not in regulations_of(instrument.item_id):
        raise refusals.UNKNOWN_REGULATION()
    return Paper(read, institute.strip(), regulation.strip(), also_on(instrument, read, institute.strip()))


def also_on(instrument: Instrument, number: str, institute: str) -> tuple[str, ...]:
    """Return the serial numbers of the same user's other instruments under a certificate number.

    Raises:
        RuleBroken: certificate_elsewhere, when it stands on an instrument of somebody else.
    """
    with acting_in(EVERYTHING):  # somebody else's may lie in another county
        rows = list(
            Verification.objects.unscoped()
            .filter(certificate_number=number, in_error=False, institute__in=(institute, ""))
            .exclude(instrument_id__in=(instrument.pk, instrument.parent_id or 0))
            .exclude(instrument__parent_id=instrument.pk)
            .select_related("instrument")
        )
    if any(row.instrument.root_id != instrument.root_id for row in rows):
        raise certificate_elsewhere(number)
    return tuple(dict.fromkeys(row.instrument.serial_number for row in rows))


def certificate_elsewhere(number: str) -> RuleBroken:
    """The refusal of a certificate that stands on somebody else's instrument."""
    return refusals.CERTIFICATE_ELSEWHERE(number=number)


def _number(text: str) -> str:
    try:
        return normalise_certificate_number(text)
    except CaseFault as fault:
        raise refusals.bad_certificate_number(fault) from None
