"""What a kind of calculation is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from quanheng.kit.speaking import spoken
from quanheng.packs.rule_pack import Citation, RulePacks

# A word or sentence of ours in an answer: said in the language of whoever asked.
Words = Annotated[str, BeforeValidator(spoken)]


class Case(BaseModel):
    """What is asked. A field that nobody knows is a fault: a misspelt one must not be ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="constants")


class Result(BaseModel):
    """What came out. Decimals are written as text, so that no digit is lost on the way.

    A number that is none (an overflow) is no result: JSON would say null where a number is promised.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class CitationOut(Result):
    """The rule pack behind a result."""

    rule: str = Field(description="规则名称")
    edition: Words = Field(description="版本")
    digest: str = Field(description="规则包内容的 SHA-256")
    clauses: tuple[Words, ...] = Field(description="条款")
    is_verified: bool = Field(description="是否已对照正式文本核实")

    @classmethod
    def of(cls, citation: Citation) -> CitationOut:
        return cls(
            rule=citation.rule,
            edition=citation.edition,
            digest=citation.digest,
            clauses=citation.clauses,
            is_verified=citation.is_verified,
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a page offers it, a test evaluates it.

    Args:
        source: the text it was published in, or how it was computed.
    """

    name: str
    title: str
    source: str
    case: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calculation:
    """One kind of calculation.

    Args:
        name: as the shell and the address have it, such as ``"net-content"``.
        title: in Chinese.
        run: pure but for the packs it is handed; raises CaseFault.
        is_heavy: a case may take seconds: strangers' are evaluated apart.
    """

    name: str
    title: str
    case: type[Case]
    result: type[Result]
    run: Callable[[Any, RulePacks], Result]
    examples: tuple[Example, ...]
    is_heavy: bool = False
