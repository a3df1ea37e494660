"""Which instrument a row of results is about: by our code, else by serial number with its user or maker."""

from __future__ import annotations

from collections.abc import Sequence

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.exchange import refusals
from quanheng.apps.exchange.results_sheet import ResultLine
from quanheng.apps.instruments.queries.exchanged import Known, by_code, by_serial_number, known


class Matches:
    """The instruments that a block of rows may mean, read at once. Nothing is ever guessed."""

    def __init__(self, lines: Sequence[ResultLine], by: Actor) -> None:
        self._by = by
        self._by_code = by_code({line.code for line in lines if line.code})
        self._known = known(self._by_code.values())
        self._by_serial = by_serial_number({line.serial_number for line in lines if not line.code})

    def find(self, line: ResultLine) -> Known:
        """Return the one instrument that a row means.

        Raises:
            RuleBroken: unknown_code, serial_differs, too_little, unknown_instrument, ambiguous, out_of_reach.
        """
        found = self._of_code(line) if line.code else self._of_serial(line)
        if not self._by.scope.covers_area(found.area_id):
            raise refusals.OUT_OF_REACH()
        return found

    def _of_code(self, line: ResultLine) -> Known:
        instrument_id = self._by_code.get(line.code)
        if instrument_id is None:
            raise refusals.CODE_NOT_ISSUED(code=line.code)
        found = self._known[instrument_id]
        if line.serial_number and line.serial_number not in {
            found.serial_number,
            found.serial_number.partition("#")[0],
        }:
            raise refusals.SERIAL_DIFFERS(serial_number=found.serial_number)
        return found

    def _of_serial(self, line: ResultLine) -> Known:
        number = line.serial_number
        if not (line.credit_code or line.manufacturer):
            raise refusals.TOO_LITTLE()
        candidates = self._by_serial.get(number, [])
        fitting = [one for one in candidates if _fits(line, one)]
        found = [one for one in fitting if not one.is_scrapped] or fitting
        if len(found) > 1:
            raise refusals.AMBIGUOUS(number=number, found=len(found))
        if found:
            return found[0]
        if candidates:
            raise refusals.INSTRUMENT_DIFFERS(number=number)
        raise refusals.UNKNOWN_INSTRUMENT(number=number)


def _fits(line: ResultLine, one: Known) -> bool:
    of_user = not line.credit_code or line.credit_code in one.credit_codes
    of_maker = not line.manufacturer or one.manufacturer in ("", line.manufacturer)
    return of_user and of_maker
