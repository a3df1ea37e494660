"""What stands behind the question mark: what an operation does not know, it refuses.

A misspelt filter would otherwise filter nothing: a program would take the whole ledger for its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import unwrap
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from quanheng.api.problems import unfit_content

Run = Callable[..., HttpResponseBase]


def operation_of(run: Any) -> Any:
    """Return the operation whose method this is, through what was laid around it."""
    return unwrap(run).__self__


def knows_its_parameters(run: Run) -> Run:
    """Refuse query parameters that the operation does not describe.

    Raises:
        Problem: unfit_content, 422.
    """
    models = [model for model in operation_of(run).models if model.__ninja_param_source__ == "query"]
    known = frozenset(name for model in models for name in model.__ninja_flatten_map__)

    @wraps(run)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        faults = [
            {"field": name, "message": _("没有该查询参数，请核对拼写或删除")}
            for name in request.GET
            if name not in known
        ]
        if faults:
            raise unfit_content(faults)
        return run(request, *args, **kwargs)

    return checked
