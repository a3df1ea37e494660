"""From the text of a case to its result, or to a list of what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, partial
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import ValidationError

import quanheng.calculations
from quanheng.calculations.calculation import Calculation, Result
from quanheng.kit.speaking import spoken
from quanheng.kit.validation import faults_of
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import NoRuleInForce, RulePacks
from quanheng.packs.shipped import shipped

LARGEST_CASE = 2**20  # bytes
OUT_OF_REACH = gettext_noop("数值过大或过小，算不出结果，请核对数量级和单位。")
DEEPEST = 20  # levels; JSON nested deeper is no case, and would exhaust the parser


class CaseRefused(ValueError):
    """The case cannot be evaluated.

    Args:
        say: gives ``faults`` in the language of the thread that reads them, not of the one that evaluates.
    """

    def __init__(self, say: Callable[[], list[dict[str, str]]]) -> None:
        super().__init__(say)
        self._say = say

    def __str__(self) -> str:
        return "；".join(f"{fault['field']}：{fault['message']}" for fault in self.faults)

    @property
    def faults(self) -> list[dict[str, str]]:
        """One ``{"field", "message"}`` for each thing that is wrong, as the case names its fields."""
        return self._say()


@cache
def calculations() -> dict[str, Calculation]:
    """Return every kind by its name: each module of this package that states a CALCULATION."""
    found = [
        import_module(f"quanheng.calculations.{module.name}")
        for module in iter_modules(quanheng.calculations.__path__)
        if not module.ispkg
    ]
    kinds = [module.CALCULATION for module in found if hasattr(module, "CALCULATION")]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.name)}


def evaluate(kind: Calculation, content: Mapping[str, Any], packs: RulePacks | None = None) -> Result:
    """Evaluate one case.

    Args:
        content: the case as plain data; numbers may be `Decimal`, `int`, `float` or text.
        packs: the rule packs to judge by; those that are shipped when None.

    Raises:
        CaseRefused: something is wrong with the case; it names the fields.
    """
    try:
        case = kind.case.model_validate(content)
    except ValidationError as invalid:
        errors = [{**fault, "loc": ("case", *fault["loc"])} for fault in invalid.errors()]
        raise CaseRefused(partial(faults_of, errors)) from None
    try:
        with np.errstate(all="ignore"):  # what overflows is found in the result
            return kind.run(case, shipped() if packs is None else packs)
    except CaseFault as fault:
        raise CaseRefused(partial(_told, fault.field, fault.message)) from None
    except NoRuleInForce as gap:
        raise CaseRefused(partial(_told, "day", gap.message)) from None
    except OverflowError:
        raise _refused(_(OUT_OF_REACH)) from None
    except ValidationError as unfit:
        if any(fault["type"] != "finite_number" for fault in unfit.errors()):
            raise
        raise _refused(_(OUT_OF_REACH)) from None


def _told(field: str, message: str) -> list[dict[str, str]]:
    return [{"field": field, "message": spoken(message)}]


def read_case(text: bytes | str) -> dict[str, Any]:
    """Read the JSON of a case; numbers with a point become `Decimal`, exact as written.

    Raises:
        CaseRefused: too large, nested too deeply, not JSON, or not an object.
    """
    if len(text) > LARGEST_CASE:
        raise _refused(_("算例至多 %(size)d KB，请缩小规模。") % {"size": LARGEST_CASE // 1024})
    try:
        case = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        too_deep = _depth(case) > DEEPEST
    except (ValueError, RecursionError) as fault:
        raise _refused(_("不是正确的 JSON：%(fault)s") % {"fault": str(fault)[:120]}) from None
    if not isinstance(case, dict):
        raise _refused(_("算例须为 JSON 对象，即写在 { } 里。"))
    if too_deep:
        raise _refused(_("算例嵌套过深，最多 %(depth)d 层。") % {"depth": DEEPEST})
    return case


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _refused(message: str) -> CaseRefused:
    return CaseRefused(partial(_told, "case", message))


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0)
