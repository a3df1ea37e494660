"""Which instrument a row of results is about: by our code, else by serial number with its user or maker."""

from __future__ import annotations

from collections.abc import Sequence

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.exchange.results_sheet import ResultLine
from quanheng.apps.instruments.queries.exchanged import Known, by_code, by_serial_number, known
from quanheng.kit.refusal import RuleBroken


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
            RuleBroken: code_unknown, serial_differs, too_little, instrument_unknown, ambiguous, out_of_reach.
        """
        found = self._of_code(line) if line.code else self._of_serial(line)
        if not self._by.scope.covers_area(found.area_id):
            raise RuleBroken("out_of_reach", "这台器具不在您的管辖范围内，请由其所在地机关导入。")
        return found

    def _of_code(self, line: ResultLine) -> Known:
        instrument_id = self._by_code.get(line.code)
        if instrument_id is None:
            raise RuleBroken("code_unknown", f"平台没有发放过器具码 {line.code}，请核对标签。")
        found = self._known[instrument_id]
        if line.serial_number and line.serial_number not in {
            found.serial_number,
            found.serial_number.partition("#")[0],
        }:
            raise RuleBroken(
                "serial_differs",
                f"器具码对应的器具出厂编号是“{found.serial_number}”，与本行不符，请核对是哪台器具。",
            )
        return found

    def _of_serial(self, line: ResultLine) -> Known:
        number = line.serial_number
        if not (line.credit_code or line.manufacturer):
            raise RuleBroken(
                "too_little", "只有出厂编号不能确定是哪台器具，请补填平台器具码、使用单位信用代码或制造单位。"
            )
        candidates = self._by_serial.get(number, [])
        fitting = [one for one in candidates if _fits(line, one)]
        found = [one for one in fitting if not one.is_scrapped] or fitting
        if len(found) > 1:
            raise RuleBroken(
                "ambiguous",
                f"台账中出厂编号为“{number}”的器具有 {len(found)} 台，请补填平台器具码或制造单位。",
            )
        if found:
            return found[0]
        if candidates:
            raise RuleBroken(
                "instrument_unknown", f"台账中有出厂编号“{number}”，但使用单位或制造单位与本行不符，请核对。"
            )
        raise RuleBroken(
            "instrument_unknown", f"台账中没有出厂编号“{number}”。请先登记或导入该器具，再导入它的检定结果。"
        )


def _fits(line: ResultLine, one: Known) -> bool:
    of_user = not line.credit_code or line.credit_code in one.credit_codes
    of_maker = not line.manufacturer or one.manufacturer in ("", line.manufacturer)
    return of_user and of_maker
