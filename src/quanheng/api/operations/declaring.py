"""How an operation is declared: its scope, what it answers, which problems it has.

@router.get("/instruments", **reads(KeyScope.READ_LEDGER, InstrumentPage, …))
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field, Schema
from ninja.security.http import HttpAuthBase

from quanheng.api import refusals
from quanheng.api.cursors import LARGEST_PAGE, PAGE
from quanheng.api.door import ApiRequest
from quanheng.api.problems import Problem
from quanheng.api.schemas.common import ProblemOut
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder

READING = (400, 401, 403, 404, 422, 429, 500, 503)
WRITING = (*READING, 409, 411, 413)
PUBLIC = (400, 401, 404, 411, 413, 422, 429, 500, 503)


class BearerKey(HttpAuthBase):
    """Lets a key through that has the scope; the door has already found out whose key it is."""

    openapi_scheme = "bearer"

    def __init__(self, scope: KeyScope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> KeyHolder:
        """Return the holder. Raises Problem: key_missing 401, scope_missing 403."""
        holder: KeyHolder | None = getattr(request, "holder", None)
        if holder is None:
            challenge = {"WWW-Authenticate": 'Bearer realm="quanheng"'}
            raise Problem(refusals.KEY_MISSING(), headers=challenge)
        needs(holder, self.scope)
        return holder


def needs(holder: KeyHolder, scope: KeyScope) -> None:
    """Refuse a key without a scope. Raises Problem: scope_missing 403."""
    if scope not in holder.scopes:
        raise Problem(refusals.SCOPE_MISSING(scope=scope.value))


def reads(
    scope: KeyScope, answer: type[Schema], summary: str, description: str, *, headers: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the declaration of an operation that reads.

    Args:
        headers: what the answer carries besides: `ETag`; then If-None-Match may be answered 304.
    """
    return _declared(scope, {200: answer, **_problems(READING)}, summary, description, {"x-headers": headers})


def writes(
    scope: KeyScope,
    answer: type[Schema],
    summary: str,
    description: str,
    *,
    status: int = 201,
    headers: tuple[str, ...] = (),
    version_required: bool = False,
) -> dict[str, Any]:
    """Return the declaration of an operation that does an act.

    Args:
        headers: what the answer carries besides: `ETag`, `Location`.
        version_required: whether it must carry If-Match. Acts on one instrument may carry it.
    """
    responses = {status: answer, **_problems(WRITING)}
    extra = {"x-headers": headers, "x-version-required": version_required}
    return _declared(scope, responses, summary, description, extra)


def public(answer: type[Schema], summary: str, description: str) -> dict[str, Any]:
    """Return the declaration of an operation that needs no key."""
    responses: dict[int, Any] = {200: answer, **_problems(PUBLIC)}
    return {"response": responses, "summary": summary, "description": description, "auth": None}


def _problems(statuses: tuple[int, ...]) -> dict[int, Any]:
    return dict.fromkeys(statuses, ProblemOut)


def _declared(
    scope: KeyScope, responses: dict[int, Any], summary: str, description: str, extra: dict[str, Any]
) -> dict[str, Any]:
    return {
        "response": responses,
        "summary": summary,
        "description": description,
        "auth": BearerKey(scope),
        "openapi_extra": {"x-scope": scope.value, **extra},
    }


def holder_of(request: HttpRequest) -> KeyHolder:
    """Return the holder of the request's key; only operations with `reads` or `writes` have one."""
    holder = request.holder if isinstance(request, ApiRequest) else getattr(request, "holder", None)
    if holder is None:
        raise TypeError("a public operation asked for the holder of a key")
    return holder


class Paging(Schema):
    """How much of a list, and from where."""

    cursor: str = Field("", max_length=2_000, description=gettext_noop("上一页 next 中的游标，原样使用"))
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = Field(
        PAGE, description=gettext_noop("每页条数，1 至 1000")
    )


class Counting(Schema):
    """Whether a list says how many rows there are."""

    totals: bool = Field(
        False, description=gettext_noop("为 true 时返回 total：符合条件的有多少；数到一千为止")
    )


def sorting(*orders: str) -> Any:
    """Return the parameter that names an order: one of these, with a minus for the largest first."""
    said = gettext_noop("排序字段，见 pattern；前加减号为倒序，没有值的总在最后")
    return Field("id", pattern=f"^-?({'|'.join(orders)})$", description=said)


def expanding(*names: str) -> Any:
    """Return the parameter that asks for what a row refers to along with the row."""
    said = gettext_noop("随每条一并返回的关联对象，见 pattern；不填则只返回其编号")
    return Field("", pattern=f"^({'|'.join(names)})?$", description=said)
