"""Where a verification in the ledger comes from (检定记录的来源), and what that is worth.

A verification is a fact only when somebody answers for it who is not the party that profits. The Metrology
Law (art. 9) has compulsory verification done by bodies that the government designates; a user's own word that
it was done proves nothing. Four sources, from the strongest to the weakest:

* issued: the certificate was issued on this platform (record, check, approve);
* received: e-CQS or the national platform told it, or confirmed what an office had recorded;
* recorded: an office (监管部门) read it from the paper or from its own ledger, with certificate number and
  institute;
* declared: the user says so, or nobody knows who did.

The first three prove. A declared one is shown as 未核实, is not counted as verified, and displaces nothing.
"""

from __future__ import annotations

from enum import StrEnum


class Provenance(StrEnum):
    """The source of a verification."""

    ISSUED = "issued"
    RECEIVED = "received"
    RECORDED = "recorded"
    DECLARED = "declared"


PROVEN = frozenset({Provenance.ISSUED, Provenance.RECEIVED, Provenance.RECORDED})


def is_proven(provenance: str) -> bool:
    """Say whether a source proves. An unknown or missing one does not."""
    return provenance in PROVEN


def told_by(*, office: bool, certificate_number: str, institute: str) -> Provenance:
    """Return the source of what a form, a sheet or a request says that is no certificate of this platform.

    Args:
        office: a supervision office answers for it, by its own act or in its own sheet.
        certificate_number, institute: as it says; an office's word without either is nobody's word.
    """
    if office and certificate_number.strip() and institute.strip():
        return Provenance.RECORDED
    return Provenance.DECLARED


def may_stand(new: str, *, over: str | None) -> bool:
    """Say whether a verification may become the one that counts in the place of another.

    A declared one never displaces one that is proven, whatever its date: who declares would otherwise turn
    an expired or failed instrument into an unconfirmed one by a word.

    Args:
        new: the source of the verification that comes.
        over: the source of the one that stands; None where none stands.
    """
    return over is None or is_proven(new) or not is_proven(over)


def confirmed(was: str, by: str) -> Provenance:
    """Return the source of a verification that somebody else tells again: the stronger of the two.

    Args:
        was: its source so far.
        by: who tells it now.
    """
    order = list(Provenance)
    return min(Provenance(was), Provenance(by), key=order.index)
